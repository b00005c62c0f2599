"""What members and the bot may do in a group, asked of Telegram."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import reduce
from typing import Final, final

from cachetools import LRUCache, TTLCache
from telegram import Bot, ChatMember, ChatMemberAdministrator, ChatMemberMember, ChatMemberOwner, ChatMemberRestricted

from bot.adapters.telegram.errors import translated
from bot.core.model import Member, Place, Request, Right, Rights

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
        self._asking: dict[tuple[Place, str], asyncio.Task[tuple[Rights, Rights]]] = {}
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

    async def ask(self, place: Place, member: Member | None) -> Rights:
        """What the member, or the bot itself (None), may do there now. Raises PlatformError.

        Somebody who posts as a channel has no rights; somebody who posts as the group itself has those that all its
        anonymous administrators have.
        """
        if place.community is None:
            return Right.SEND | Right.HISTORY
        chat = int(place.community)
        if member is not None and member.id == place.community:
            return of_anonymous(await translated(self._bot.get_chat_administrators(chat)))
        if member is not None and member.id.startswith("-"):
            return Right.NONE
        return of_member(await translated(self._bot.get_chat_member(chat, int(member.id) if member else self._bot.id)))

    async def complete(self, request: Request) -> Request:
        """The request with the member's and the bot's rights. Anyone who writes in a channel is one of its
        administrators, and Telegram does not tell which: they get the rights that all who may post there share.
        """
        key = request.place, request.member.id
        if key in self._lacking:
            return request
        asking = self._asking.get(key)
        if asking is None:
            asking = self._asking[key] = asyncio.create_task(self._ask_both(request))
            asking.add_done_callback(lambda _: self._asking.pop(key, None))
        theirs, ours = await asyncio.shield(asking)
        return replace(request, rights=theirs, bot_rights=ours)

    async def _ask_both(self, request: Request) -> tuple[Rights, Rights]:
        place, member = request.place, request.member
        is_post = request.broadcast and member.id == place.community  # a press there is a subscriber's own
        asking = self._of_posters(place) if is_post else self.ask(place, member)
        theirs, ours = await asyncio.gather(asking, self.ask(place, None))
        self.follow(place, administers=Right.JOINS in ours)
        if not theirs & _MODERATOR:
            self._lacking[place, member.id] = True
        return theirs, ours

    async def _of_posters(self, channel: Place) -> Rights:
        administrators = await translated(self._bot.get_chat_administrators(int(channel.community or 0)))
        posters = [one for one in administrators if one.user.id != self._bot.id and _may_post(one)]
        return reduce(Right.__and__, map(of_member, posters), ~Right.NONE)


def of_member(member: ChatMember) -> Rights:
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


def _may_post(member: ChatMember) -> bool:
    return isinstance(member, ChatMemberOwner) or (
        isinstance(member, ChatMemberAdministrator) and bool(member.can_post_messages)
    )


def of_anonymous(administrators: Sequence[ChatMember]) -> Rights:
    """What every anonymous administrator may do: Telegram does not tell which of them writes."""
    hidden = [a for a in administrators if isinstance(a, ChatMemberOwner | ChatMemberAdministrator) and a.is_anonymous]
    return reduce(Right.__and__, map(of_member, hidden)) if hidden else Right.NONE
