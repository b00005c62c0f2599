"""Answers a message or a press: to all in the chat, or to the one member whom it concerns."""

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

LONGEST_WAIT: Final = 20.0  # seconds that a message to a group waits, after which an asker is told instead
_TROUBLE: Final = "something-went-wrong"
ONE_MOMENT: Final = "one-moment"
_ELSEWHERE: Final = "translation-elsewhere"


@final
class Delivery:
    """Gets answers and sends them over `bot`.

    In a group, the answer to a press is shown to whoever pressed, and so are the answers to some commands
    (`CommandInfo.shown`), to ephemeral commands and all words about having to wait. Where that is impossible, words
    that fit are shown in the bubble over a pressed button; otherwise answers that all may see are posted, and the rest
    is not shown. In a channel everything is seen by all; a press there opens the direct chat with the bot instead.
    """

    def __init__(
        self, bot: send.Bot, answers: Answers, rights: ChatRights, ephemeral: Ephemeral, pace: PerChat
    ) -> None:
        self._bot, self._answers, self._rights, self._ephemeral, self._pace = bot, answers, rights, ephemeral, pace

    async def deliver(
        self, request: Request, message: Message, pressed: CallbackQuery | None = None, notice: str | None = None
    ) -> None:
        """Answer the message, or the press of its button, or say that notice instead."""
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
            # A caller who cannot be told privately waits for the answer, as a moderator does for what they ask.
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
        """Stop the button's spinner, with a notice that fits the bubble, and the link that asks for the `topic` in the
        direct chat. Never raises.
        """
        try:
            await send.acknowledge(self._bot, query.id, notice, topic)
        except Exception as error:
            report("telegram.not_acknowledged", error)

    async def _translate(self, query: CallbackQuery, message: Message, request: Request, needed: Right) -> None:
        """Show the answer to whoever pressed, in their language. Where that cannot be shown to them alone, the bubble
        names the link that asks for it in the direct chat.
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
        """Show the reply to that reader alone, else to all if they may see it."""
        turns = request.turns_page and reply.command == request.command
        if pressed and turns and await self._turned(pressed, message, request.place, reply, for_one=bool(reader)):
            return
        secret = (shown is Shown.SECRET and not request.guest) or message.ephemeral_message_id is not None
        hidden = secret and message.chat.type in GROUPS
        if message.chat.type != PRIVATE and reply.private and reply.is_notice:
            hidden = True  # words about having to wait
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

    async def _turned(
        self, query: CallbackQuery, message: Message, place: Place, reply: Reply, *, for_one: bool
    ) -> bool:
        """Put the reply in the place of the pressed menu, if nobody else reads that; also where a new message would be
        one more for all. False where it is to be a new message, as for what cannot be edited any more.
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
    """Log the error and where it was raised. Its text may quote a member, so only its type is logged."""
    frames = traceback.extract_tb(error.__traceback__)
    where = f"{frames[-1].name}:{frames[-1].lineno}" if frames else ""
    reason = error.reason if isinstance(error, PlatformError) else None
    log.warning(event, error=type(error).__name__, reason=reason, where=where)
