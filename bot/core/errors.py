"""The errors that cross module boundaries. Each says what the caller can do about it."""

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.core.faults import Fault
    from bot.core.model import Notice, Right, Value

MOST_SHOWN: Final = 100  # problems on a page or in the log; more of them would block the event loop


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One mistake in the content, for its writer.

    `file` is relative to the content folder, `line` counts from 1 (0: the whole file), `what` says what is wrong and
    `remedy` what would be right.
    """

    file: str
    line: int
    what: str
    remedy: str

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else self.file
        return f"{where}: {self.what}. {self.remedy}"


class ContentError(Exception):
    """The content cannot be used. `problems` has all the reasons, sorted by file and line."""

    def __init__(self, problems: "Sequence[Problem]") -> None:
        self.problems = tuple(sorted(problems))
        super().__init__(f"{len(self.problems)} problem(s) in the content")


class PlatformError(Exception):
    """A platform refused a call or did not answer.

    With `permanent` the same call will fail again. `retry_after` is how long the platform asks to wait in this chat or
    channel. `fault` is what is wrong where that needs a step of its own from the operator.
    """

    def __init__(
        self, reason: str, *, permanent: bool, retry_after: timedelta | None = None, fault: "Fault | None" = None
    ) -> None:
        self.reason = reason
        self.permanent = permanent
        self.retry_after = retry_after
        self.fault = fault
        super().__init__(reason)


class _PermanentError(PlatformError):
    def __init__(self, reason: str) -> None:
        super().__init__(reason, permanent=True)


class MessageGone(_PermanentError):
    """The message, its topic or its channel no longer exists."""


class Closed(_PermanentError):
    """The topic or thread is closed: nothing can be sent or changed there until somebody opens it."""


class Full(_PermanentError):
    """The channel has as many pins as the platform allows."""


class Unauthorised(_PermanentError):
    """The platform no longer accepts the bot's token: every call will fail."""


class Forbidden(_PermanentError):
    """The bot lacks `right` in that place (None: it may not even see the place)."""

    def __init__(self, reason: str, right: "Right | None" = None) -> None:
        self.right = right
        super().__init__(reason)


class Moved(PlatformError):
    """The community has the id `new` now (a Telegram group that became a supergroup)."""

    def __init__(self, new: str) -> None:
        self.new = new
        super().__init__(f"moved to {new}", permanent=False)


class StoreError(Exception):
    """The store cannot be read or written now. `reason` and `remedy` are for the operator and contain no password and
    nothing that is stored. `fault` is what is wrong with the database itself, None if something else is the cause."""

    def __init__(self, reason: str, remedy: str, fault: "Fault | None" = None) -> None:
        self.reason = reason
        self.remedy = remedy
        self.fault = fault
        super().__init__(f"{reason}. {remedy}")


class Busy(Exception):
    """Too many requests are waiting; the same may be asked again in a moment."""


class BadInput(ValueError):
    """Somebody typed something that cannot be used, or may not do it. The notice `key` with its `values` and `rows`
    tells them what to type instead, or what is missing."""

    def __init__(
        self, key: str, values: "Mapping[str, Value] | None" = None, *, rows: "tuple[Notice, ...]" = ()
    ) -> None:
        self.key = key
        self.values = values or {}
        self.rows = rows
        super().__init__(key)
