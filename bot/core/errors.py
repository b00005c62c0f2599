"""The errors that cross package boundaries. Each tells the caller what can be done about it."""

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
    """A mistake in the content, described for its writer.

    `file` is relative to the content folder. `line` counts from 1; 0 means the whole file. `what` says what is wrong,
    `remedy` how to correct it.
    """

    file: str
    line: int
    what: str
    remedy: str

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else self.file
        return f"{where}: {self.what}. {self.remedy}"


class ContentError(Exception):
    """The content cannot be used. `problems` has all its mistakes, sorted by file and line."""

    def __init__(self, problems: "Sequence[Problem]") -> None:
        self.problems = tuple(sorted(problems))
        super().__init__(f"{len(self.problems)} problem(s) in the content")


class PlatformError(Exception):
    """A platform refused a call or did not answer.

    If `permanent`, the same call will fail again. `retry_after` is how long the platform asks the bot to wait in this
    chat or channel. `fault` is set if the operator has to do something specific about it.
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
    """The topic or thread is closed. Nothing can be sent or changed there until it is reopened."""


class Full(_PermanentError):
    """The channel has as many pins as the platform allows."""


class Unauthorised(_PermanentError):
    """The platform no longer accepts the bot's token. Every call will fail."""


class Forbidden(_PermanentError):
    """The bot lacks `right` in that place. None means that it cannot even see the place."""

    def __init__(self, reason: str, right: "Right | None" = None) -> None:
        self.right = right
        super().__init__(reason)


class Moved(PlatformError):
    """The community's id is now `new`: a Telegram group became a supergroup."""

    def __init__(self, new: str) -> None:
        self.new = new
        super().__init__(f"moved to {new}", permanent=False)


class StoreError(Exception):
    """The store cannot be read or written now.

    `reason` and `remedy` are for the operator; they contain no password and no stored data. `fault` is the fault of the
    database, None if the cause is something else.
    """

    def __init__(self, reason: str, remedy: str, fault: "Fault | None" = None) -> None:
        self.reason = reason
        self.remedy = remedy
        self.fault = fault
        super().__init__(f"{reason}. {remedy}")


class Busy(Exception):
    """Too many requests are waiting. The caller may try again in a moment."""


class BadInput(ValueError):
    """A member typed something that cannot be used, or lacks a right.

    The notice `key`, with its `values` and `rows`, tells them what to type instead or what is missing.
    """

    def __init__(
        self, key: str, values: "Mapping[str, Value] | None" = None, *, rows: "tuple[Notice, ...]" = ()
    ) -> None:
        self.key = key
        self.values = values or {}
        self.rows = rows
        super().__init__(key)
