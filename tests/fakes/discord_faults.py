"""What can be made to go wrong over HTTP. A fault is asked for by a test, and happens a stated many times."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.discord_refusal import Refusal


@dataclass(eq=False)
class Fault:
    """The next `times` requests that fit fail in this way; `after`: what they asked for is done all the same.

    `status` with `code` and `message` is an answer; 429 takes `retry_after` (true seconds) and `scope` (user,
    shared, global). `cut` closes the socket with no answer, `half` in the middle of one, `hang` keeps silent
    until `release()`, `slow` answers as ever but only after `release()`, `broken_json` is a 200 that cannot be
    read. `hit` is set when it has happened.
    """

    method: str
    path: str
    status: int = 500
    code: int = 0
    message: str = "Internal Server Error"
    retry_after: float = 0.01
    scope: str = "user"
    cut: bool = False
    half: bool = False
    hang: bool = False
    slow: bool = False
    broken_json: bool = False
    after: bool = False
    times: int = 1
    skip: int = 0  # so many requests that fit are let through first
    hit: asyncio.Event = field(default_factory=asyncio.Event)
    released: asyncio.Event = field(default_factory=asyncio.Event)

    def fits(self, method: str, path: str) -> bool:
        """Whether this request is to fail; counts it if so."""
        if self.times <= 0 or self.method not in (method, "*") or not re.search(self.path, path):
            return False
        if self.skip:
            self.skip -= 1
            return False
        self.times -= 1
        return True

    def release(self) -> None:
        """Lets go of a hanging or slow request."""
        self.released.set()

    def body(self) -> dict[str, Any]:
        if self.status != 429:
            return {"message": self.message, "code": self.code}
        body = over(self.retry_after, self.scope)
        return body | ({"code": self.code, "message": self.message} if self.code else {})


@dataclass(eq=False)
class Bucket:
    """A true limit: `limit` requests in `window` true seconds for each channel, guild or webhook."""

    method: str
    path: str
    limit: int
    window: float
    taken: dict[str, list[float]] = field(default_factory=dict)

    def take(self, method: str, path: str, key: str) -> None:
        """Counts a request, and refuses it when the bucket is empty."""
        if self.method not in (method, "*") or not re.search(self.path, path):
            return
        now = asyncio.get_running_loop().time()
        recent = [one for one in self.taken.get(key, []) if one > now - self.window]
        if len(recent) >= self.limit:
            raise Refusal(429, 0, "You are being rate limited.", over(recent[0] + self.window - now, "user"))
        self.taken[key] = [*recent, now]


def over(retry_after: float, scope: str) -> dict[str, Any]:
    return {
        "message": "You are being rate limited.",
        "code": 0,
        "retry_after": round(retry_after, 3),
        "global": scope == "global",
        "scope": scope,
    }


def limited(body: dict[str, Any]) -> dict[str, str]:
    """The headers of a 429 with this body."""
    headers = {
        "Retry-After": str(max(1, round(float(body.get("retry_after", 0))))),
        "X-RateLimit-Remaining": "0",
        "X-RateLimit-Reset-After": str(body.get("retry_after", 0)),
        "X-RateLimit-Scope": str(body.get("scope", "user")),
    }
    return headers | ({"X-RateLimit-Global": "true"} if body.get("global") else {})
