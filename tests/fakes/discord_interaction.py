"""What a person began by typing a command or pressing a button. A test waits on it, and never polls."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tests.fakes.discord_bell import Bell
from tests.fakes.discord_messages import EPHEMERAL, Message
from tests.fakes.discord_objects import Channel, Json, User
from tests.fakes.discord_rights import Right

COMMAND, COMPONENT, AUTOCOMPLETE, MODAL = 2, 3, 4, 5
SAY, DEFER, DEFER_UPDATE, UPDATE, CHOICES, SHOW_MODAL = 4, 5, 6, 7, 8, 9


@dataclass(eq=False)
class Interaction:
    """One interaction and all that came of it.

    `callback` is the first response's body; `original` the message it made or (for a press) the message pressed;
    `followups` what was sent after it.
    """

    id: int
    kind: int
    user: User
    channel: Channel
    created: datetime
    bell: Bell
    pressed: Message | None = None
    token: str = field(default_factory=lambda: secrets.token_urlsafe(60))
    payload: Json = field(default_factory=dict)
    callback: Json | None = None
    original: Message | None = None
    loading: bool = False
    followups: list[Message] = field(default_factory=list)

    @property
    def guest(self) -> bool:
        """Whether the bot is not installed where this was begun, only by its user."""
        return "0" not in self.payload["authorizing_integration_owners"]

    @property
    def hidden(self) -> bool:
        """Whether the platform shows every answer to the user alone: a guest's, without Use External Apps."""
        member = self.payload.get("member")
        return self.guest and member is not None and not int(member["permissions"]) & Right.USE_EXTERNAL_APPS

    @property
    def may_attach(self) -> bool:
        """Whether an answer may carry files."""
        return bool(int(self.payload["app_permissions"]) & Right.ATTACH_FILES)

    @property
    def ephemeral(self) -> bool:
        """Whether the first response was for this user alone."""
        return bool(((self.callback or {}).get("data") or {}).get("flags", 0) & EPHEMERAL)

    @property
    def metadata(self) -> Json:
        return {
            "id": str(self.id),
            "type": self.kind,
            "user": self.user.json(),
            "authorizing_integration_owners": self.payload.get("authorizing_integration_owners", {}),
        }

    @property
    def response(self) -> Awaitable[Json]:
        """To be awaited: the body of the first response."""
        return self.bell.until(lambda: self.callback, self._what)

    async def message(self) -> Message:
        """The message the person sees in the end: the response, or what a deferred one was edited into."""

        def look() -> Message | None:
            return None if self.loading else self.original

        return await self.bell.until(look, self._what)

    async def choices(self) -> list[tuple[str, Any]]:
        """Name and value of each suggestion that autocompletion gave."""
        body = await self.response
        return [(one["name"], one["value"]) for one in body["data"]["choices"]]

    async def followup(self, count: int = 1) -> Message:
        """The so-manieth message sent after the first response."""

        def look() -> Message | None:
            return self.followups[count - 1] if len(self.followups) >= count else None

        return await self.bell.until(look, self._what)

    def _what(self) -> str:
        return f"an answer to {self.payload.get('data')}; so far {self.callback}, {len(self.followups)} followups"
