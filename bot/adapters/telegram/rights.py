"""What members and the bot may do in a group, asked of Telegram."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial, reduce
from typing import Final, final

from cachetools import LRUCache, TTLCache
from telegram import Bot, ChatMember, ChatMemberAdministrator, ChatMemberMember, ChatMemberOwner, ChatMemberRestricted

from bot.adapters.telegram.errors import translated
from bot.core.model import Member, Place, Request, Right

REMEMBERED: Final = 10.0  # seconds that a member without a moderator's rights counts as one
_MODERATOR: Final = Right.MANAGE | Right.PIN
_CHATS: Final = 4096  # in so many the bot's own standing is remembered


@final
class ChatRights:
    """The rights of members and of `bot`. `clock` gives monotonic seconds.

    Telegram is asked about a moderator at every use. That a member is none is remembered for a moment, and commands
    that come at the same time share one answer.
    """

    def __init__(self, bot: Bot, clock: Callable[[], float]) -> None:
        self._bot = bot
        self._asking: dict[tuple[Place, str], asyncio.Task[tuple[Right, Right]]] = {}
        self._lacking: TTLCache[tuple[Place, str], bool] = TTLCache(4096, REMEMBERED, clock)
        self._administered: LRUCache[str | None, bool] = LRUCache(_CHATS)

    async def administers(self, place: Place) -> bool:
        """Whether the bot is an administrator of that community. Telegram is asked once; then `follow` is called when
        that changes. Raises PlatformError.
        """
        if place.community not in self._administered:
            self.follow(place, administers=Right.JOINS in await self.ask(place, None))
        return self._administered[place.community]

    def follow(self, place: Place, *, administers: bool) -> None:
        """Remember whether the bot is an administrator of that community."""
        self._administered[place.community] = administers

    async def ask(self, place: Place, member: Member | None, *, is_channel: bool = False) -> Right:
        """What the member, or the bot itself (None), may do there now. Raises PlatformError.

        Somebody who posts as a channel has no rights; somebody who posts as the group itself has those that all its
        anonymous administrators have, and in a channel those that all have who may post there.
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
        """The request with the member's and the bot's rights."""
        key = request.place, request.member.id
        if key in self._lacking:
            return request
        asking = self._asking.get(key)
        if asking is None:
            asking = self._asking[key] = asyncio.create_task(self._ask_both(request))
            asking.add_done_callback(partial(self._asked, key))
        await asyncio.wait([asking])  # goes on if one who asked is cancelled
        theirs, ours = asking.result()
        return replace(request, rights=theirs, bot_rights=ours)

    def _asked(self, key: tuple[Place, str], asking: asyncio.Task[tuple[Right, Right]]) -> None:
        self._asking.pop(key, None)
        if not asking.cancelled():
            asking.exception()  # heard, even if all who asked were cancelled

    async def _ask_both(self, request: Request) -> tuple[Right, Right]:
        place, member = request.place, request.member
        asking = self.ask(place, member, is_channel=request.broadcast)
        theirs, ours = await asyncio.gather(asking, self.ask(place, None))
        self.follow(place, administers=Right.JOINS in ours)
        if not theirs & _MODERATOR:
            self._lacking[place, member.id] = True
        return theirs, ours


def of_member(member: ChatMember) -> Right:
    """What that member may do. Pinning and settings are for administrators: a group where everybody may pin makes
    nobody a moderator. In a channel, who may edit messages may pin. Bots read no history here, so nobody lacks that
    right.
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
    """What every anonymous administrator may do: Telegram does not tell which of them writes."""
    return _shared(one for one in administrators if getattr(one, "is_anonymous", False))


def of_posters(administrators: Sequence[ChatMember], bot: int) -> Right:
    """What everybody but the bot may do who may post in a channel."""
    people = [one for one in administrators if one.user.id != bot]
    return _shared(one for one in people if getattr(one, "can_post_messages", isinstance(one, ChatMemberOwner)))


def _shared(members: Iterable[ChatMember]) -> Right:
    """What each of them may do; nothing if there is nobody."""
    rights = [of_member(one) for one in members]
    return reduce(Right.__and__, rights) if rights else Right.NONE
