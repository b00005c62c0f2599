"""Messages over REST: send, edit, read, delete. The bot's rights in the channel are asked before the body.

`old_edits` is the quota for editing messages more than an hour old (None: unlimited); past it comes code 30046.
"""

from __future__ import annotations

from typing import Any

from tests.fakes import discord_rights as rights
from tests.fakes.discord_files import File
from tests.fakes.discord_messages import DEFAULT, EPHEMERAL, Message, judge, pings
from tests.fakes.discord_objects import FORUM, Channel, Json, User
from tests.fakes.discord_refusal import Refusal, missing_access, missing_permissions, unknown
from tests.fakes.discord_rights import Right
from tests.fakes.discord_state import World
from tests.fakes.discord_wire import Call, Wire

_KEPT_FLAGS = 1 << 2 | EPHEMERAL | 1 << 12 | 1 << 15
_NONCE_SECONDS = 300


class Posts:
    """The message routes, and the one place where a message comes to be."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.old_edits: int | None = None
        self.old_edits_retry_after = 0.01

    def route(self, wire: Wire) -> None:
        base = "/channels/{channel}/messages"
        wire.add("POST", base, self._create)
        wire.add("GET", base, self._list)
        wire.add("GET", base + "/{message}", self._read)
        wire.add("PATCH", base + "/{message}", self._edit)
        wire.add("DELETE", base + "/{message}", self._delete)
        wire.add("POST", "/channels/{channel}/typing", self._typing)

    def reach(self, call: Call, right: Right = Right.NONE) -> Channel:
        """The channel that a call names, if the bot sees it and has the right there."""
        channel = self.world.channels.get(call.id("channel"))
        if channel is None:
            raise unknown(10003, "Channel")
        if not channel.has_bot:
            raise missing_access()
        if channel.guild is not None:
            bits = rights.in_channel(channel.guild.me, channel)
            if not bits & Right.VIEW_CHANNEL:
                raise missing_access()
            if right and not bits & right:
                raise missing_permissions()
        return channel

    def find(self, call: Call, right: Right = Right.NONE) -> Message:
        """The message that a call names."""
        message = self.reach(call, right).messages.get(call.id("message"))
        if message is None:
            raise unknown(10008, "Message")
        return message

    def add(self, channel: Channel, author: User, body: Json, **more: Any) -> Message:
        """Keeps a judged message and tells the gateway; an ephemeral one (`seen_by`) is kept out of the channel."""
        files = more.pop("files", {})
        message = Message(
            id=self.world.new_id(),
            channel=channel,
            author=author,
            created=self.world.now,
            flags=int(body.get("flags") or 0) & _KEPT_FLAGS,
            reference=self._reference(body, channel),
            **more,
        )
        self.fill(message, body, files)
        message.edited = None
        self.world.messages[message.id] = message
        if message.seen_by is None:
            channel.messages[message.id] = message
            self._tell("MESSAGE_CREATE", message)
        return message

    def fill(self, message: Message, body: Json, files: dict[str, bytes]) -> None:
        """Writes what a body says into a message; what it leaves out stays."""
        message.content = body["content"] or "" if "content" in body else message.content
        message.components = self._numbered(body.get("components", message.components) or [])
        message.embeds = body.get("embeds", message.embeds) or []
        if files or "attachments" in body:
            kept = {int(one["id"]) for one in body.get("attachments") or [] if int(one["id"]) > len(files)}
            message.attachments = [one for one in message.attachments if int(one["id"]) in kept]
            message.attachments += [self._attachment(name, data) for name, data in files.items()]
        message.edited = self.world.now

    def changed(self, message: Message, *, words: bool = True) -> None:
        """Tells the gateway of an edit (or a pin), unless only one user sees the message."""
        message.edits += words
        if message.seen_by is None:
            self._tell("MESSAGE_UPDATE", message)

    def drop(self, message: Message) -> None:
        """Removes a message. Deleting a pinned one sends no event about pins."""
        self.world.messages.pop(message.id, None)
        message.channel.messages.pop(message.id, None)
        message.channel.pins.pop(message.id, None)
        if message.seen_by is None:
            self._tell("MESSAGE_DELETE", message, whole=False)

    def _tell(self, event: str, message: Message, *, whole: bool = True) -> None:
        if not message.channel.has_bot:
            return
        guild = message.channel.guild
        body: Json = message.json() if whole else {"id": str(message.id), "channel_id": str(message.channel.id)}
        if guild is not None:
            body["guild_id"] = str(guild.id)
            member = guild.members.get(message.author.id)
            if whole and member is not None:
                body["member"] = {key: value for key, value in member.json().items() if key != "user"}
        self.world.emit(event, body, guild.id if guild else None)

    def _create(self, call: Call) -> Json:
        channel = self.reach(call)
        if channel.kind == FORUM:
            raise Refusal(400, 50008, "Cannot send messages in a non-text channel")
        self._may_send(channel)
        self._may_attach(channel, call)
        body = call.body or {}
        judge(body | ({"attachments": list(call.files)} if call.files else {}))
        nonce = str(body["nonce"]) if body.get("nonce") is not None else None
        if nonce and body.get("enforce_nonce") and (same := self._sent(channel, nonce)):
            return same.json()
        bot = self.world.bot
        found = pings(body, channel, bot)
        return self.add(channel, bot, body, pings=found, nonce=nonce, files=call.files).json()

    def _may_send(self, channel: Channel) -> None:
        if channel.guild is None:
            return
        bits = rights.in_channel(channel.guild.me, channel)
        if not bits & (Right.SEND_MESSAGES_IN_THREADS if channel.is_thread else Right.SEND_MESSAGES):
            raise missing_permissions()
        self.open_thread(channel, bits)
        if channel.archived:
            channel.archived = False
            channel.changed()

    def _may_attach(self, channel: Channel, call: Call) -> None:
        if call.files and channel.guild and not rights.in_channel(channel.guild.me, channel) & Right.ATTACH_FILES:
            raise missing_permissions()

    def open_thread(self, channel: Channel, bits: int, *, strict: bool = False) -> None:
        """Refuses what cannot be done in a locked thread (or, when strict, in an archived one)."""
        if (channel.locked and not bits & Right.MANAGE_THREADS) or (strict and channel.archived):
            raise Refusal(400, 50083, "Thread is archived")

    def _sent(self, channel: Channel, nonce: str) -> Message | None:
        for one in reversed(channel.messages.values()):
            if one.nonce == nonce and one.author is self.world.bot:
                return one if (self.world.now - one.created).total_seconds() < _NONCE_SECONDS else None
        return None

    def _read(self, call: Call) -> Json:
        return self.find(call, Right.READ_MESSAGE_HISTORY).json()

    def _list(self, call: Call) -> list[Json]:
        channel = self.reach(call)
        if channel.guild and not rights.in_channel(channel.guild.me, channel) & Right.READ_MESSAGE_HISTORY:
            return []
        before = int(call.query.get("before", 1 << 63))
        after = int(call.query.get("after", 0))
        found = [one for one in channel.messages.values() if after < one.id < before]
        limit = min(int(call.query.get("limit", 50)), 100)
        chosen = found[:limit] if "after" in call.query else found[-limit:]
        return [one.json() for one in reversed(chosen)]

    def _edit(self, call: Call) -> Json:
        message = self.find(call)
        body = call.body or {}
        if message.author is not self.world.bot:
            raise Refusal(403, 50005, "Cannot edit a message authored by another user")
        if message.kind not in (DEFAULT, 19, 20, 23):
            raise Refusal(403, 50021, "Cannot execute action on a system message")
        guild = message.channel.guild
        if guild is not None:
            self.open_thread(message.channel, rights.in_channel(guild.me, message.channel), strict=True)
        self._may_attach(message.channel, call)
        judge(body, partial=True)
        self._count_old(message)
        self.fill(message, body, call.files)
        whole = {"content": message.content} | body
        message.pings = pings(whole, message.channel, message.author)
        self.changed(message)
        return message.json()

    def _count_old(self, message: Message) -> None:
        if self.old_edits is None or (self.world.now - message.created).total_seconds() <= 3600:
            return
        if self.old_edits <= 0:
            words = "Maximum number of edits to messages older than 1 hour reached. Try again later"
            raise Refusal(429, 30046, words, {"retry_after": self.old_edits_retry_after, "global": False})
        self.old_edits -= 1

    def _delete(self, call: Call) -> None:
        message = self.find(call)
        guild = message.channel.guild
        if message.author is not self.world.bot:
            if guild is None:
                raise Refusal(403, 50003, "Cannot execute action on a DM channel")
            if not rights.in_channel(guild.me, message.channel) & Right.MANAGE_MESSAGES:
                raise missing_permissions()
        self.drop(message)

    def _typing(self, call: Call) -> None:
        self.reach(call)

    def _reference(self, body: Json, channel: Channel) -> Json | None:
        reference = body.get("message_reference")
        if not reference:
            return None
        if int(reference.get("message_id") or 0) not in channel.messages and reference.get("fail_if_not_exists", True):
            raise Refusal(400, 50035, "Invalid Form Body", {"errors": {"message_reference": {"_errors": []}}})
        return {"type": 0, "channel_id": str(channel.id), "message_id": str(reference.get("message_id"))}

    def _numbered(self, rows: list[Json]) -> list[Json]:
        parts = [dict(row) for row in rows]
        for number, row in enumerate(parts):
            row["id"] = number * 10 + 1
            row["components"] = [
                {"id": number * 10 + 2 + at, **one} for at, one in enumerate(row.get("components", []))
            ]
        return parts

    def _attachment(self, name: str, data: bytes) -> Json:
        return self.world.files.attachment(self.world.new_id(), File(name, data))
