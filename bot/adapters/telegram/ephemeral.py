"""Messages in a group that only one member sees: who may get one, and whether this Bot API server can send them.

Bot API 10.2 brought them, 10.3 gave them the parameters that are used here; python-telegram-bot knows neither.
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
    """Whether the server takes such messages, found out when it first matters and remembered for the process.

    A server from before Bot API 10.3 ignores the parameters and shows the message to all. So it is asked for a method
    that it lacks before any is sent, and no more are sent when one was shown to all even so (10.2 has the method).
    """

    def __init__(self, bot: send.Bot, rights: ChatRights) -> None:
        self._bot, self._rights = bot, rights
        self._known: bool | None = None

    async def reader_of(self, message: Message, pressed: CallbackQuery | None = None) -> User | None:
        """Who alone can be shown the answer to the message, or to the press of its button; None if only all can, or
        while that cannot be found out.
        """
        user = (pressed or message).from_user
        if message.chat.type not in GROUPS or message.guest_query_id is not None:
            return None
        with suppress(PlatformError):
            if pressed:
                return user if await self._knows() else None
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
        """Whether that user was shown the reply, or all were, who may see it if it is not `hidden`. What they may not
        see is removed. Raises PlatformError.
        """
        seen_by_all = await send.show_alone(self._bot, place, reply, user, answers, once=once)
        if seen_by_all is None:
            return True
        self._known = False
        if hidden:
            await send.delete(self._bot, seen_by_all)
        return not hidden

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
            shown = await self.show_answer(place, reply, int(member), hidden=True, once=True)
        except PlatformError as refused:
            if not refused.permanent or type(refused) is not PlatformError:
                raise
            still = Right.JOINS in await self._rights.ask(place, None)
            self._rights.follow(place, administers=still)
            if still:  # the member has left, say
                return False
            raise Forbidden("the bot is no administrator there") from refused
        if not shown:
            raise Forbidden("the Bot API server shows to all what was for one member")
        return True

    async def _knows(self) -> bool:
        """Whether the server can send them. Raises PlatformError while that cannot be found out."""
        if self._known is None:
            self._known = await send.knows_ephemeral(self._bot)
        return self._known
