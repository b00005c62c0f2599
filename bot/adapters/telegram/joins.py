"""Reports members who join or leave a group, and when the bot itself is added or removed or its group gets a new id.

Where the bot is an administrator, Telegram sends a status change for each member who joins or leaves, and elsewhere at
most a service message. Where it sends both, only the status change counts.
"""

from datetime import UTC, datetime
from typing import final

from bot.adapters.telegram.requests import community
from bot.adapters.telegram.rights import ChatRights
from bot.adapters.telegram.updates import GROUPS, PRIVATE, Chat, ChatMemberUpdated, Message, User
from bot.core.join_window import Join
from bot.core.model import TELEGRAM, Place
from bot.core.ports import CommunityEvents, Newcomers


@final
class Joins:
    """Reports members who joined or left to `newcomers`, and changes of the bot's communities to `events`. The methods
    may raise PlatformError and StoreError.
    """

    def __init__(self, newcomers: Newcomers | None, events: CommunityEvents | None, rights: ChatRights) -> None:
        self._newcomers, self._events, self._rights = newcomers, events, rights

    async def on_my_chat_member(self, change: ChatMemberUpdated) -> None:
        """Handle a change of the bot's own status. A direct chat is no community, so its changes are not reported."""
        self._rights.follow(community(change.chat), administers=change.new_chat_member.is_administrator)
        if self._events and change.chat.type != PRIVATE:
            gone = change.new_chat_member.status in ("left", "kicked")
            await (self._events.left if gone else self._events.returned)(community(change.chat))

    async def on_chat_member(self, change: ChatMemberUpdated) -> None:
        """Handle a change of a member's status. Telegram sends it only to bots that are administrators."""
        self._rights.follow(community(change.chat), administers=True)
        new, user = change.new_chat_member, change.new_chat_member.user
        if new.is_present == change.old_chat_member.is_present or user.is_bot:
            return
        if new.is_present:
            await self._joined(change.chat, (user,), change.date)
        elif self._newcomers:
            await self._newcomers.left(community(change.chat), str(user.id))

    async def on_service_message(self, message: Message) -> None:
        """Handle a service message: the group became a supergroup, or members joined or left."""
        if message.migrate_to_chat_id is not None:
            await self.on_moved(message.chat.id, str(message.migrate_to_chat_id))
        people, left = tuple(user for user in message.new_chat_members if not user.is_bot), message.left_chat_member
        if not (people or left) or not self._newcomers:
            return
        place = community(message.chat)
        if not await self._newcomers.greets(place) or await self._rights.administers(place):
            return
        if people:
            await self._joined(message.chat, people, message.date)
        if left:
            await self._newcomers.left(place, str(left.id))

    async def on_moved(self, group: int, new: str) -> None:
        """Report that the group has the id `new` now."""
        if self._events:
            await self._events.moved(Place(TELEGRAM, str(group), str(group)), new)

    async def _joined(self, chat: Chat, users: tuple[User, ...], date: int) -> None:
        if self._newcomers and chat.type in GROUPS:
            at = datetime.fromtimestamp(date, UTC)
            await self._newcomers.joined(community(chat), [Join(str(user.id), user.full_name, at) for user in users])
