"""Who came to a group, from what Telegram tells of it. Its law: where the bot is an administrator a change of standing
tells it, elsewhere a service message does; never both.
"""

from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Final, final

from bot.adapters.telegram.updates import ADMINISTRATORS, GROUPS, PRESENT, Change, Chat, Message, Standing, Update
from bot.core.join_window import Join
from bot.core.model import TELEGRAM, Place, Right, Rights
from bot.core.ports import Newcomers

_CHATS: Final = 4096  # of so many the bot's own standing is remembered


@final
class Arrivals:
    """Tells `newcomers` of joins. `rights` asks Telegram for the bot's own rights in a chat; that is done once, then
    followed.
    """

    def __init__(self, newcomers: Newcomers, rights: Callable[[Place], Awaitable[Rights]]) -> None:
        self._newcomers, self._rights = newcomers, rights
        self._admin: OrderedDict[str, bool] = OrderedDict()

    async def take(self, update: Update) -> None:
        """Look at one update; most are about something else.

        Raises:
            PlatformError, StoreError: it cannot be told whether somebody is to be greeted.
        """
        if update.my_chat_member is not None:
            mine = update.my_chat_member
            self._keep(str(mine.chat.id), _administers(mine.new_chat_member))
        elif update.chat_member is not None:
            self._keep(str(update.chat_member.chat.id), True)  # nobody else is sent these
            if join := _changed(update.chat_member):
                await self._newcomers.joined(_place(update.chat_member.chat), (join,))
        elif update.message is not None and update.message.new_chat_members:
            await self._announced(update.message)

    async def _announced(self, message: Message) -> None:
        place, joins = _place(message.chat), _named(message)
        if joins and await self._newcomers.greets(place) and not await self._is_admin(place):
            await self._newcomers.joined(place, joins)

    async def _is_admin(self, place: Place) -> bool:
        chat = place.community or ""
        if chat not in self._admin:
            held = await self._rights(place)
            self._keep(chat, Right.JOINS in held)
        return self._admin[chat]

    def _keep(self, chat: str, admin: bool) -> None:
        self._admin[chat] = admin
        self._admin.move_to_end(chat)
        if len(self._admin) > _CHATS:
            self._admin.popitem(last=False)


def _named(message: Message) -> tuple[Join, ...]:
    users = message.new_chat_members if message.chat.type in GROUPS else ()
    return tuple(Join(str(user.id), user.full_name, message.date) for user in users if not user.is_bot)


def _changed(change: Change) -> Join | None:
    user = change.new_chat_member.user
    came = _present(change.new_chat_member) and not _present(change.old_chat_member)
    if not came or user.is_bot or change.chat.type not in GROUPS:
        return None
    return Join(str(user.id), user.full_name, change.date)


def _present(member: Standing) -> bool:
    return member.status in PRESENT or (member.status == "restricted" and member.is_member)


def _administers(member: Standing) -> bool:
    return member.status in ADMINISTRATORS


def _place(chat: Chat) -> Place:
    return Place(TELEGRAM, str(chat.id), str(chat.id))
