"""Messages in a group that only one member sees: who can get one, and whether this Bot API server can send them.

Bot API 10.2 introduced them, and 10.3 the parameters that are used here. python-telegram-bot supports neither.
"""

from contextlib import suppress
from typing import final

from bot.adapters.telegram import send
from bot.adapters.telegram.requests import community
from bot.adapters.telegram.rights import ChatRights
from bot.adapters.telegram.updates import GROUPS, CallbackQuery, Message, User
from bot.core.disclaimer import Reply
from bot.core.errors import Forbidden, PlatformError
from bot.core.model import Place, Right


@final
class Ephemeral:
    """Shows messages to one member alone, where the server supports it.

    A server older than Bot API 10.3 ignores the parameters and shows the message to all. So the first use checks
    whether the server has a method of 10.2, and the result is remembered. A server of 10.2 passes the check: once it
    has shown a message to all, no more are sent.
    """

    def __init__(self, bot: send.Bot, rights: ChatRights) -> None:
        self._bot, self._rights = bot, rights
        self._is_supported: bool | None = None

    async def reader_of(self, message: Message, pressed: CallbackQuery | None = None) -> User | None:
        """Return the user who alone can be shown the answer to the message, or to the press of its button. None if
        everybody would see the answer, or while Telegram does not tell.
        """
        user = (pressed or message).from_user
        if message.chat.type not in GROUPS or message.guest_query_id is not None:
            return None
        with suppress(PlatformError):
            if pressed:
                return user if await self._supports() else None
            if message.ephemeral_message_id is not None:
                return user
            if user and message.sender_chat is None and await self.shows_alone(community(message.chat)):
                return user
        return None

    async def show_answer(
        self,
        place: Place,
        reply: Reply,
        user: int,
        answers: Message | CallbackQuery | None = None,
        *,
        hidden: bool,
        once: bool = False,
    ) -> bool:
        """Show the reply to that user. Returns True if they were shown it, alone or, unless it is `hidden`, with all
        others. A hidden reply that the server shows to all is deleted. Raises PlatformError.
        """
        seen_by_all = await send.show_alone(self._bot, place, reply, user, answers, once=once)
        if seen_by_all is None:
            return True
        self._is_supported = False
        if hidden:
            await send.delete(self._bot, seen_by_all)
        return not hidden

    async def shows_alone(self, place: Place) -> bool:
        """Whether any member of that group can be shown a message alone, at any time. Raises PlatformError while
        Telegram does not tell.
        """
        return await self._supports() and await self._rights.administers(place)

    async def show(self, place: Place, member: str, reply: Reply) -> bool:
        """Show the reply to that member alone. Returns False if Telegram does not show it to them, or if the outcome is
        unknown. A reply that the server shows to all is deleted.

        Raises:
            PlatformError: Forbidden if no member can be shown it.
        """
        if not await self.shows_alone(place):
            raise Forbidden("the bot cannot show a message to one member alone there")
        try:
            shown = await self.show_answer(place, reply, int(member), hidden=True, once=True)
        except PlatformError as refused:
            if not refused.permanent or type(refused) is not PlatformError:
                raise
            still = Right.JOINS in await self._rights.ask(place, None)
            self._rights.follow(place, administers=still)
            if still:  # so the member is the cause: they may have left
                return False
            raise Forbidden("the bot is no administrator there") from refused
        if not shown:
            raise Forbidden("the Bot API server shows messages for one member to all")
        return True

    async def _supports(self) -> bool:
        """Whether the server can send them. Raises PlatformError if it does not answer."""
        if self._is_supported is None:
            self._is_supported = await send.knows_ephemeral(self._bot)
        return self._is_supported
