"""What can be made to go wrong between the bot and Telegram, and the record of every call."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.telegram_state import Json, Upload


@dataclass(frozen=True)
class Fault:
    """One way to fail; `after`: Telegram has acted all the same, only its answer is lost."""

    kind: str
    status: int = 500
    description: str = "Internal Server Error"
    parameters: dict[str, int] = field(default_factory=dict)
    after: bool = False
    gate: asyncio.Event = field(default_factory=asyncio.Event, compare=False)


def hold() -> Fault:
    """A slow Telegram: the call is done and answered once the test sets the fault's `gate`."""
    return Fault("hold")


HANG = Fault("hang")
CLOSE = Fault("close")
BROKEN_JSON = Fault("broken_json")
LOST_ANSWER = Fault("close", after=True)


def status(code: int, description: str, **parameters: int) -> Fault:
    """Any refusal, as in `status(500, "Internal Server Error")`."""
    return Fault("status", code, description, parameters)


def flood(retry_after: int) -> Fault:
    """429; `retry_after` in seconds."""
    return status(429, f"Too Many Requests: retry after {retry_after}", retry_after=retry_after)


@dataclass
class Ordered:
    """A fault that waits for its call, the next or (`skip`) a later one; `times` None stays until it is healed."""

    method: str
    fault: Fault
    chat_id: int | None
    times: int | None
    skip: int = 0

    def fits(self, method: str, params: Json) -> bool:
        """Whether it strikes this call."""
        named = self.method in {"*", method}
        fits = named and self.times != 0 and (self.chat_id is None or params.get("chat_id") == self.chat_id)
        if fits and self.skip:
            self.skip -= 1
            return False
        return fits


@dataclass
class Call:
    """One call as decoded; `status` is None while it is under way, 0 when no answer was given."""

    method: str
    params: Json
    files: dict[str, Upload]
    status: int | None = None
    result: Any = None
    description: str = ""

    @property
    def ok(self) -> bool:
        """Telegram did as asked, and said so."""
        return self.status == 200

    @property
    def text(self) -> str:
        """The words of the call, before any parsing."""
        return str(self.params.get("text") or self.params.get("caption") or "")
