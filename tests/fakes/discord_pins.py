"""Pins of the pretend Discord. Pinning asks for PIN_MESSAGES, which no other right stands in for.

Facts: its own right since 2026-02; routes under `messages/pins` since 2025-06, the older ones refused here; 250 a
channel (30003); pinning posts a system message of type 6; without READ_MESSAGE_HISTORY the list is simply empty.
"""

from __future__ import annotations

from datetime import datetime

from tests.fakes import discord_rights as rights
from tests.fakes.discord_messages import PINNED, Message
from tests.fakes.discord_objects import Channel, Json, User
from tests.fakes.discord_posts import Posts
from tests.fakes.discord_refusal import Refusal
from tests.fakes.discord_rights import Right
from tests.fakes.discord_wire import Call, Wire

_CAP = 250


class Pins:
    """The pin routes, and pinning by people."""

    def __init__(self, posts: Posts, problems: list[str]) -> None:
        self.posts = posts
        self.world = posts.world
        self.cap = _CAP
        self._problems = problems

    def route(self, wire: Wire) -> None:
        wire.add("GET", "/channels/{channel}/messages/pins", self._list)
        wire.add("PUT", "/channels/{channel}/messages/pins/{message}", self._pin)
        wire.add("DELETE", "/channels/{channel}/messages/pins/{message}", self._unpin)
        wire.add("GET", "/channels/{channel}/pins", self._legacy)
        wire.add("PUT", "/channels/{channel}/pins/{message}", self._legacy)
        wire.add("DELETE", "/channels/{channel}/pins/{message}", self._legacy)

    def pin(self, message: Message, by: User) -> None:
        """Pins a message, whoever does it; twice is once."""
        channel = message.channel
        if message.pinned:
            return
        if len(channel.pins) >= self.cap:
            raise Refusal(400, 30003, f"Maximum number of pins reached ({self.cap})")
        channel.pins[message.id] = self.world.moment()
        self._told(message)
        told = self.posts.add(channel, by, {}, kind=PINNED)
        told.reference = {"type": 0, "channel_id": str(channel.id), "message_id": str(message.id)}

    def unpin(self, message: Message) -> None:
        """Unpins a message, whoever does it; one that is not pinned stays so."""
        if message.channel.pins.pop(message.id, None) is not None:
            self._told(message)

    def _told(self, message: Message) -> None:
        channel = message.channel
        self.posts.changed(message, words=False)
        body: Json = {
            "channel_id": str(channel.id),
            "last_pin_timestamp": max(channel.pins.values()).isoformat() if channel.pins else None,
        }
        guild = channel.guild
        if guild is not None:
            body["guild_id"] = str(guild.id)
        self.world.emit("CHANNEL_PINS_UPDATE", body, guild.id if guild else None)

    def _pin(self, call: Call) -> None:
        message = self.posts.find(call, Right.PIN_MESSAGES)
        self._open(message.channel)
        self.pin(message, self.world.bot)

    def _unpin(self, call: Call) -> None:
        message = self.posts.find(call, Right.PIN_MESSAGES)
        self._open(message.channel)
        self.unpin(message)

    def _open(self, channel: Channel) -> None:
        if channel.guild is not None:
            self.posts.open_thread(channel, rights.in_channel(channel.guild.me, channel), strict=True)

    def _list(self, call: Call) -> Json:
        channel = self.posts.reach(call)
        if channel.guild and not rights.in_channel(channel.guild.me, channel) & Right.READ_MESSAGE_HISTORY:
            return {"items": [], "has_more": False}
        newest = sorted(channel.pins.items(), key=lambda pin: (pin[1], pin[0]), reverse=True)
        if "before" in call.query:
            before = datetime.fromisoformat(call.query["before"])
            newest = [pin for pin in newest if pin[1] < before]
        limit = min(int(call.query.get("limit", 50)), 50)
        items = [{"pinned_at": at.isoformat(), "message": channel.messages[one].json()} for one, at in newest]
        return {"items": items[:limit], "has_more": len(items) > limit}

    def _legacy(self, call: Call) -> None:
        self._problems.append(f"the old pin routes are not to be used: {call.method} {call.path}")
        raise Refusal(404, 0, "404: Not Found")
