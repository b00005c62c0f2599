"""Answers a message or a press, and decides who sees the answer: all in the chat, or only the caller."""

import asyncio
import traceback
from dataclasses import replace
from typing import Final, final

import structlog

from bot.adapters.telegram import send
from bot.adapters.telegram.ephemeral import Ephemeral
from bot.adapters.telegram.pacing import PerChat
from bot.adapters.telegram.render import fits_bubble
from bot.adapters.telegram.rights import ChatRights
from bot.adapters.telegram.updates import GROUPS, PRIVATE, CallbackQuery, Message, User
from bot.core.commands import Shown
from bot.core.disclaimer import Reply
from bot.core.errors import PlatformError
from bot.core.model import MessageRef, Place, Request, Right
from bot.core.ports import Answers

log = structlog.get_logger(__name__)

LONGEST_WAIT: Final = 20.0  # seconds; if a message to a group would wait longer, the asker gets a notice instead
_TROUBLE: Final = "something-went-wrong"
ONE_MOMENT: Final = "one-moment"
_ELSEWHERE: Final = "translation-elsewhere"


@final
class Delivery:
    """Gets answers from the responder and sends them over `bot`.

    In a group, only the caller sees the answer to a press, to an ephemeral command and to some other commands
    (`CommandInfo.shown`), and each notice about having to wait. Where the server cannot show it to them alone, a short
    notice is shown in the bubble over the pressed button. Other answers are posted if all may see them, else dropped.
    In a channel all see everything, so a press opens the direct chat with the bot instead.
    """

    def __init__(
        self, bot: send.Bot, answers: Answers, rights: ChatRights, ephemeral: Ephemeral, pace: PerChat
    ) -> None:
        self._bot, self._answers, self._rights, self._ephemeral, self._pace = bot, answers, rights, ephemeral, pace

    async def deliver(
        self, request: Request, message: Message, pressed: CallbackQuery | None = None, notice: str | None = None
    ) -> None:
        """Answer the message, or the press of its button. With `notice`, a notice's key, show that notice instead."""
        if pressed and request.broadcast and not (request.rating or request.confirms):
            await send.open_chat(self._bot, pressed.id, request.command)
            return
        info, reader = self._answers.info(request), None
        needed = info.needs(request.text)
        if pressed and request.translates is not None and message.chat.type in GROUPS:
            await self._translate(pressed, message, request, needed)
            return
        for_one = pressed or message.ephemeral_message_id is not None or info.shown is not Shown.ALL or notice
        if for_one and not request.rating:
            reader = await self._ephemeral.reader_of(message, pressed)
        is_late = self._pace.wait(int(request.place.community or 0)) > LONGEST_WAIT
        if is_late and not (reader or notice or needed):
            reader = await self._ephemeral.reader_of(message, pressed)
            # A caller who cannot get a private notice waits for the answer. So does a moderator with a command.
            notice = ONE_MOMENT if pressed or reader else None
        if reader or notice:
            request = replace(request, private=True)
        reply = self._answers.notice(notice, request) if notice else await self._reply(request, needed)
        if pressed and (reply is None or fits_bubble(reply)):
            await self.acknowledge(pressed, reply)
        elif reply is not None:
            stop = [self.acknowledge(pressed)] if pressed else []
            await asyncio.gather(*stop, self._show(request, reply, message, pressed, reader=reader, shown=info.shown))

    async def acknowledge(self, query: CallbackQuery, notice: Reply | None = None, topic: str | None = None) -> None:
        """Stop the button's spinner. Shows the notice, which must fit, in the bubble over the button, with the link
        that asks for the `topic` in the direct chat. Never raises.
        """
        try:
            await send.acknowledge(self._bot, query.id, notice, topic)
        except Exception as error:
            report("telegram.not_acknowledged", error)

    async def _translate(self, query: CallbackQuery, message: Message, request: Request, needed: Right) -> None:
        """Show the answer in the language of the member who pressed the button. If it cannot be shown to them alone,
        the bubble has the link that asks for it in the direct chat.
        """
        reply = await self._reply(request, needed)
        if reply is None or fits_bubble(reply):
            await self.acknowledge(query, reply)
            return
        elsewhere = self._answers.notice(_ELSEWHERE, request), request.command
        try:
            reader = await self._ephemeral.reader_of(message, query)
            alone = reader and await self._ephemeral.show_answer(request.place, reply, reader.id, query, hidden=True)
        except PlatformError:
            await self.acknowledge(query, *elsewhere)
            raise
        await (self.acknowledge(query) if alone else self.acknowledge(query, *elsewhere))

    async def _show(
        self,
        request: Request,
        reply: Reply,
        message: Message,
        pressed: CallbackQuery | None,
        *,
        reader: User | None,
        shown: Shown,
    ) -> None:
        """Show the reply to that reader alone. If that is not possible, show it to all if they may see it."""
        turns = request.turns_page and reply.command == request.command
        if pressed and turns and await self._replaced(pressed, message, request.place, reply, for_one=bool(reader)):
            return
        secret = (shown is Shown.SECRET and not request.guest) or message.ephemeral_message_id is not None
        hidden = secret and message.chat.type in GROUPS
        if message.chat.type != PRIVATE and reply.private and reply.is_notice:
            hidden = True  # a notice about having to wait
        if hidden and reader is None:
            reader = await self._ephemeral.reader_of(message, pressed)
        asked = pressed or message
        try:
            if reader and await self._ephemeral.show_answer(request.place, reply, reader.id, asked, hidden=hidden):
                return
        except PlatformError as refused:
            if hidden or not refused.permanent:
                raise
            log.info("telegram.not_shown_alone", reason=refused.reason)
        if hidden:
            return
        if message.guest_query_id is not None:
            await send.answer_guest(self._bot, message.guest_query_id, reply)
            return
        attached = message.message_id and (pressed or message.chat.type != PRIVATE)
        attach = MessageRef(request.place, str(message.message_id)) if attached else None
        await send.post(self._bot, request.place, reply, attach)

    async def _replaced(
        self, query: CallbackQuery, message: Message, place: Place, reply: Reply, *, for_one: bool
    ) -> bool:
        """Edit the pressed menu to show the reply. Done if only the presser sees the menu, or if the reply cannot be
        shown to them alone (not `for_one`): a new message would then be one more for all. Returns False if the reply
        needs a new message, also because Telegram refuses the edit.
        """
        try:
            if message.ephemeral_message_id is not None:
                await send.edit_alone(self._bot, place, reply, query.from_user.id, message.ephemeral_message_id)
                return True
            if not for_one:
                await send.edit(self._bot, MessageRef(place, str(message.message_id)), reply)
                return True
        except PlatformError as failure:
            if not failure.permanent:
                raise
        return False

    async def _reply(self, request: Request, needed: Right) -> Reply | None:
        try:
            if needed:
                request = await self._rights.complete(request)
            return await self._answers.respond(request)
        except Exception as error:
            report("telegram.no_answer", error)
            return self._answers.notice(_TROUBLE, request)


def report(event: str, error: Exception) -> None:
    """Log the error's type and where it was raised, but not its text, which may quote a member."""
    frames = traceback.extract_tb(error.__traceback__)
    where = f"{frames[-1].name}:{frames[-1].lineno}" if frames else ""
    reason = error.reason if isinstance(error, PlatformError) else None
    log.warning(event, error=type(error).__name__, reason=reason, where=where)
