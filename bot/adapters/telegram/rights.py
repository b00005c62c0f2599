"""Asks Telegram what members and the bot itself may do in a group or channel."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial, reduce
from typing import Final, final

from cachetools import LRUCache, TTLCache
from telegram import Bot, ChatMember, ChatMemberAdministrator, ChatMemberMember, ChatMemberOwner, ChatMemberRestricted

from bot.adapters.telegram.errors import translated
from bot.core.model import Member, Place, Request, Right

REMEMBERED: Final = 10.0  # seconds for which it is remembered that a member has no moderator's rights
_MODERATOR: Final = Right.MANAGE | Right.PIN
_CHATS: Final = 4096  # chats for which it is remembered whether the bot is an administrator


@final
class ChatRights:
    """The rights of members and of `bot`. `clock` gives monotonic seconds.

    A moderator's rights are asked for at every use. It is remembered for `REMEMBERED` seconds that a member has none.
    Commands of one member in one place at the same time share one answer of Telegram.
    """

    def __init__(self, bot: Bot, clock: Callable[[], float]) -> None:
        self._bot = bot
        self._tasks: dict[tuple[Place, str], asyncio.Task[tuple[Right, Right]]] = {}
        self._lacking: TTLCache[tuple[Place, str], bool] = TTLCache(4096, REMEMBERED, clock)
        self._administered: LRUCache[str | None, bool] = LRUCache(_CHATS)

    async def administers(self, place: Place) -> bool:
        """Whether the bot is an administrator of that community. Asks Telegram once; afterwards `follow` is called when
        that changes. Raises PlatformError.
        """
        if place.community not in self._administered:
            self.follow(place, administers=Right.JOINS in await self.ask(place, None))
        return self._administered[place.community]

    def follow(self, place: Place, *, administers: bool) -> None:
        """Remember whether the bot is an administrator of that community."""
        self._administered[place.community] = administers

    async def ask(self, place: Place, member: Member | None, *, is_channel: bool = False) -> Right:
        """Return what the member, or the bot itself (None), may do there now. Raises PlatformError.

        A member who posts in the name of a channel has no rights in a group. One who posts in the name of the group has
        the rights that all its anonymous administrators share. In a channel (`is_channel`), that is every member who
        may post: they have the rights that all of these share.
        """
        if place.community is None:
            return Right.SEND | Right.HISTORY
        chat = int(place.community)
        if member is not None and member.id == place.community:
            administrators = await translated(self._bot.get_chat_administrators(chat))
            return of_posters(administrators, self._bot.id) if is_channel else of_anonymous(administrators)
        if member is not None and member.id.startswith("-"):
            return Right.NONE
        return of_member(await translated(self._bot.get_chat_member(chat, int(member.id) if member else self._bot.id)))

    async def complete(self, request: Request) -> Request:
        """Return the request with the rights of the member and the bot. It stays without them if the member had no
        moderator's rights a moment ago. Raises PlatformError.
        """
        key = request.place, request.member.id
        if key in self._lacking:
            return request
        task = self._tasks.get(key)
        if task is None:
            task = self._tasks[key] = asyncio.create_task(self._ask_both(request))
            task.add_done_callback(partial(self._on_done, key))
        await asyncio.wait([task])  # unlike `await task`, does not cancel it when one of the callers is cancelled
        theirs, ours = task.result()
        return replace(request, rights=theirs, bot_rights=ours)

    def _on_done(self, key: tuple[Place, str], task: asyncio.Task[tuple[Right, Right]]) -> None:
        self._tasks.pop(key, None)
        if not task.cancelled():
            task.exception()  # marks it as retrieved, in case all callers were cancelled

    async def _ask_both(self, request: Request) -> tuple[Right, Right]:
        place, member = request.place, request.member
        asking = self.ask(place, member, is_channel=request.broadcast)
        theirs, ours = await asyncio.gather(asking, self.ask(place, None))
        self.follow(place, administers=Right.JOINS in ours)
        if not theirs & _MODERATOR:
            self._lacking[place, member.id] = True
        return theirs, ours


def of_member(member: ChatMember) -> Right:
    """Return what that member may do.

    Only administrators get the rights to pin and to change settings: where everybody may pin, that makes nobody a
    moderator. In a channel, an administrator who may edit messages may pin. All who may send get the right to read the
    history, because bots read none on Telegram.
    """
    match member:
        case ChatMemberOwner():
            return ~Right.NONE
        case ChatMemberAdministrator():
            held = Right.SEND | Right.HISTORY | Right.ATTACH | Right.JOINS
            held |= Right.PIN if member.can_pin_messages or member.can_edit_messages else Right.NONE
            held |= Right.MANAGE if member.can_change_info else Right.NONE
            return held | (Right.DELETE if member.can_delete_messages else Right.NONE)
        case ChatMemberRestricted(is_member=True, can_send_messages=True):
            return Right.SEND | Right.HISTORY | (Right.ATTACH if member.can_send_documents else Right.NONE)
        case ChatMemberMember():
            return Right.SEND | Right.HISTORY | Right.ATTACH
        case _:
            return Right.NONE


def of_anonymous(administrators: Sequence[ChatMember]) -> Right:
    """Return what every anonymous administrator may do, because Telegram does not tell which of them wrote."""
    return _shared(one for one in administrators if getattr(one, "is_anonymous", False))


def of_posters(administrators: Sequence[ChatMember], bot: int) -> Right:
    """Return what every administrator, except the bot, who may post in the channel may do."""
    people = [one for one in administrators if one.user.id != bot]
    return _shared(one for one in people if getattr(one, "can_post_messages", isinstance(one, ChatMemberOwner)))


def _shared(members: Iterable[ChatMember]) -> Right:
    """The rights that all of the members have; `Right.NONE` without members."""
    rights = [of_member(one) for one in members]
    return reduce(Right.__and__, rights) if rights else Right.NONE
