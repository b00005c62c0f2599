"""Messages in a group that only one member sees: who may get one, and whether this Bot API server can send them.

Bot API 10.2 brought them, 10.3 gave them the parameters that are used here; python-telegram-bot knows neither.
"""

from typing import final

from telegram.ext import ExtBot

from bot.adapters.telegram import send
from bot.adapters.telegram.requests import community
from bot.adapters.telegram.rights import ChatRights
from bot.adapters.telegram.updates import GROUPS, CallbackQuery, Message
from bot.core.disclaimer import Reply
from bot.core.errors import Closed, Forbidden, MessageGone, Moved, PlatformError
from bot.core.model import Place, Right


@final
class Ephemeral:
    """Whether the server takes such messages, found out when it first matters and remembered for the process.

    A server from before Bot API 10.3 ignores the parameters and shows the message to all. So it is asked for a method
    that it lacks before any is sent, and `refuted` is called when one was shown to all even so (10.2 has the method).
    """

    def __init__(self, bot: "ExtBot[None]", rights: ChatRights) -> None:
        self._bot, self._rights = bot, rights
        self._known: bool | None = None

    def refuted(self) -> None:
        """The server showed such a message to all."""
        self._known = False

    async def reader_of(self, said: Message | CallbackQuery) -> send.Reader | None:
        """Who alone can be shown the answer to a message or a press; None if only all can, or while that cannot be
        found out.
        """
        try:
            return await self._reader_of(said)
        except PlatformError:
            return None

    async def _reader_of(self, said: Message | CallbackQuery) -> send.Reader | None:
        message = said if isinstance(said, Message) else said.message
        if message is None or message.chat.type not in GROUPS or said.from_user is None:
            return None
        if message.guest_query_id is not None:
            return None
        if isinstance(said, CallbackQuery):
            return send.Reader(said.from_user.id, query=said.id) if await self._knows() else None
        if said.ephemeral_message_id is not None:
            return send.Reader(said.from_user.id, answers={"ephemeral_message_id": said.ephemeral_message_id})
        if said.sender_chat is None and await self._knows() and await self._rights.administers(community(said.chat)):
            return send.Reader(said.from_user.id, answers={"message_id": said.message_id})
        return None

    async def shows_alone(self, place: Place) -> bool:
        """Whether any member of that group can be shown a message alone, at any time. Raises PlatformError while that
        cannot be found out."""
        return await self._knows() and await self._rights.administers(place)

    async def show(self, place: Place, member: str, reply: Reply) -> bool:
        """Show the reply to that member alone; False if Telegram does not show it to them, or whether it did is not
        known. What was shown to all is removed.

        Raises:
            PlatformError: Forbidden if no member can be shown it.
        """
        if not await self.shows_alone(place):
            raise Forbidden("the bot cannot show a message to one member alone there")
        try:
            seen_by_all = await send.show_alone(self._bot, place, reply, send.Reader(int(member)), once=True)
        except (Closed, Forbidden, MessageGone, Moved):
            raise
        except PlatformError as refused:
            if not refused.permanent:
                raise
            still = Right.JOINS in await self._rights.ask(place, None)
            self._rights.follow(place, administers=still)
            if still:  # the member has left, say
                return False
            raise Forbidden("the bot is no administrator there") from refused
        if seen_by_all is not None:
            self.refuted()
            await send.delete(self._bot, seen_by_all)
            raise Forbidden("the Bot API server shows to all what was for one member")
        return True

    async def _knows(self) -> bool:
        """Whether the server can send them. Raises PlatformError while that cannot be found out."""
        if self._known is None:
            self._known = await send.knows_ephemeral(self._bot)
        return self._known
