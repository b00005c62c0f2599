"""What the fake Telegram remembers: members, chats, messages and pins, shown as the Bot API shows them."""

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]

ADMIN_RIGHTS = (
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
    "can_pin_messages",
    "can_manage_topics",
)
PRESENT = {"creator", "administrator", "member", "restricted"}
SEND_RIGHTS = (
    *(f"can_send_{what}" for what in ("messages", "audios", "documents", "photos", "videos", "video_notes")),
    *(f"can_send_{what}" for what in ("voice_notes", "polls", "other_messages")),
    *("can_add_web_page_previews", "can_react_to_messages", "can_change_info", "can_invite_users"),
    *("can_pin_messages", "can_manage_topics", "can_edit_tag"),
)


@dataclass(eq=False)
class Member:
    """An account; `blocked`: it stopped the bot, `started`: it has spoken to the bot in private."""

    id: int
    first_name: str
    username: str | None = None
    language_code: str | None = None
    is_bot: bool = False
    last_name: str | None = None
    blocked: bool = False
    started: bool = True

    def shown(self) -> Json:
        """The User object."""
        told = {
            "username": self.username,
            "last_name": self.last_name,
            "language_code": None if self.is_bot else self.language_code,
        }
        known = {name: value for name, value in told.items() if value}
        return {"id": self.id, "is_bot": self.is_bot, "first_name": self.first_name, **known}


ANONYMOUS = Member(1087968824, "Group", "GroupAnonymousBot", is_bot=True)
CHANNEL_BOT = Member(136817688, "Channel", "Channel_Bot", is_bot=True)


@dataclass
class Membership:
    """What a member is in one chat, and may do there."""

    member: Member
    status: str = "member"
    rights: frozenset[str] = frozenset()
    is_anonymous: bool = False
    is_member: bool = True  # of a restricted one

    @property
    def present(self) -> bool:
        """In the chat now."""
        return self.status in PRESENT and (self.status != "restricted" or self.is_member)

    def may(self, right: str) -> bool:
        """Holds an administrator's right."""
        return self.status == "creator" or (self.status == "administrator" and right in self.rights)

    def shown(self) -> Json:
        """The ChatMember object of its kind."""
        told: Json = {"user": self.member.shown(), "status": self.status}
        if self.status == "creator":
            told["is_anonymous"] = self.is_anonymous
        if self.status == "administrator":
            told |= {right: right in self.rights for right in {*ADMIN_RIGHTS, *self.rights}}
            told |= {"can_be_edited": False, "is_anonymous": self.is_anonymous}
        if self.status == "restricted":
            told |= {right: right in self.rights for right in SEND_RIGHTS}
            told |= {"is_member": self.is_member, "until_date": 0}
        if self.status == "kicked":
            told["until_date"] = 0
        return told


@dataclass(frozen=True)
class Upload:
    """A file that came with a call."""

    name: str
    data: bytes


@dataclass(eq=False)
class Message:
    """One message as stored; `delivered`: an update told the bot of it."""

    chat: "Chat"
    id: int
    content: Json
    sender: Member
    sender_chat: "Chat | None" = None
    thread: int | None = None
    delivered: bool = False

    @property
    def text(self) -> str:
        """Text or caption."""
        return str(self.content.get("text") or self.content.get("caption") or "")

    @property
    def entities(self) -> list[Json]:
        """What is formatted, and what the server itself turned into links."""
        return list(self.content.get("entities") or self.content.get("caption_entities") or [])

    @property
    def buttons(self) -> list[list[Json]]:
        """The rows of the inline keyboard."""
        return list(self.content.get("reply_markup", {}).get("inline_keyboard", []))

    @property
    def pinned(self) -> bool:
        """Among the chat's pins."""
        return self.id in self.chat.pins

    def shown(self, depth: int = 1) -> Json:
        """The Message object; what it answers is shown one level deep."""
        told: Json = {
            "message_id": self.id,
            "date": self.content["date"],
            "chat": self.chat.shown(),
            "from": self.sender.shown(),
        }
        if self.sender_chat:
            told["sender_chat"] = self.sender_chat.shown()
        if self.chat.type == "channel":  # who posted is not told
            del told["from"]
            told["sender_chat"] = self.chat.shown()
        told |= {name: value for name, value in self.content.items() if not name.startswith("reply_to")}
        answered = self.chat.messages.get(self.content.get("reply_to", 0))
        if answered and depth:
            told["reply_to_message"] = answered.shown(depth - 1)
        if self.thread:
            told |= {"message_thread_id": self.thread, "is_topic_message": True}
        elif answered and self.chat.type == "supergroup" and not self.chat.is_forum:
            told["message_thread_id"] = answered.root  # a chain of replies, and no topic
        return told

    @property
    def root(self) -> int:
        """The first message of the chain of replies this one stands in."""
        above = self.chat.messages.get(self.content.get("reply_to", 0))
        return above.root if above else self.id


@dataclass(eq=False)
class Chat:
    """A private chat, group, supergroup or channel; `topics` by thread id, `pins` the newest last, `ephemeral` what one
    member and the bot alone see.
    """

    id: int
    type: str
    title: str
    username: str | None = None
    is_forum: bool = False
    members: dict[int, Membership] = field(default_factory=dict)
    topics: dict[int, str] = field(default_factory=dict)
    closed_topics: set[int] = field(default_factory=set)
    messages: dict[int, Message] = field(default_factory=dict)
    pins: list[int] = field(default_factory=list)
    migrated_to: "Chat | None" = None
    ephemeral: dict[int, Message] = field(default_factory=dict)
    ephemeral_ids: Iterator[int] = field(default_factory=lambda: itertools.count(501))
    ids: Iterator[int] = field(default_factory=lambda: itertools.count(2))  # 1 is the General topic

    def put(
        self,
        member: Member,
        status: str = "member",
        rights: Iterable[str] = (),
        is_anonymous: bool = False,
        is_member: bool = True,
    ) -> Membership:
        """Set what a member is here, telling nobody."""
        self.members[member.id] = Membership(member, status, frozenset(rights), is_anonymous, is_member)
        return self.members[member.id]

    def membership(self, member: Member) -> Membership:
        """What a member is here; one who never was has left."""
        return self.members.get(member.id) or Membership(member, "left")

    def topic(self, title: str) -> int:
        """Open a topic; returns its thread id."""
        thread = next(self.ids)
        self.topics[thread] = title
        return thread

    def store(
        self, sender: Member, content: Json, thread: int | None = None, sender_chat: "Chat | None" = None
    ) -> Message:
        """Keep a new message under the next id."""
        message = Message(self, next(self.ids), content, sender, sender_chat, thread)
        self.messages[message.id] = message
        return message

    def said(self, member: Member) -> list[Message]:
        """A member's messages that still stand, oldest first; service messages are left out."""
        return [one for one in self.messages.values() if one.sender is member and one.text]

    def shown(self) -> Json:
        """The Chat object."""
        told: Json = {"id": self.id, "type": self.type}
        told |= {"first_name": self.title} if self.type == "private" else {"title": self.title}
        if self.username:
            told["username"] = self.username
        return told | ({"is_forum": True} if self.is_forum else {})

    def shown_in_full(self) -> Json:
        """The ChatFullInfo object; of the pins only the newest."""
        told = self.shown() | {
            "accent_color_id": 0,
            "max_reaction_count": 11,
            "accepted_gift_types": dict.fromkeys(
                ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels"),
                False,
            ),
        }
        pinned = self.messages.get(self.pins[-1]) if self.pins else None
        return told | ({"pinned_message": pinned.shown()} if pinned else {})
