"""What can go wrong, as values. Every error says what its receiver can do about it."""

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.core.faults import Fault
    from bot.core.model import Notice, Right, Value


@final
@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One mistake in the content, told to a writer.

    `file` is relative to the content folder, `line` counts from 1 (0: the file as a whole), `what` says what is
    wrong and `remedy` what would be right.
    """

    file: str
    line: int
    what: str
    remedy: str

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else self.file
        return f"{where}: {self.what}. {self.remedy}"


class ContentError(Exception):
    """The content cannot be used; `problems` holds every reason at once, sorted by file and line."""

    def __init__(self, problems: "Sequence[Problem]") -> None:
        self.problems = tuple(sorted(problems))
        super().__init__(f"{len(self.problems)} problem(s) in the content")


class PlatformError(Exception):
    """A platform refused or did not answer.

    `permanent` tells that trying the same again is useless; `retry_after` how long the platform asks to wait, for
    this one chat or channel.
    """

    def __init__(self, reason: str, *, permanent: bool, retry_after: timedelta | None = None) -> None:
        self.reason = reason
        self.permanent = permanent
        self.retry_after = retry_after
        super().__init__(reason)


@final
class MessageGone(PlatformError):
    """The message, its topic or its channel no longer exists."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason, permanent=True)


@final
class Forbidden(PlatformError):
    """The bot lacks `right` in that place (None: it may not even see the place)."""

    def __init__(self, reason: str, right: "Right | None" = None) -> None:
        self.right = right
        super().__init__(reason, permanent=True)


@final
class Closed(PlatformError):
    """The topic or thread is closed: nothing in it can be sent or changed until somebody opens it."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason, permanent=True)


@final
class Full(PlatformError):
    """The channel holds as many pins as the platform allows."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason, permanent=True)


@final
class Unauthorised(PlatformError):
    """The platform does not know the bot any more: no call at all will be taken."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason, permanent=True)


@final
class Moved(PlatformError):
    """The community lives on under the id `new` (a Telegram group that became a supergroup)."""

    def __init__(self, new: str) -> None:
        self.new = new
        super().__init__(f"moved to {new}", permanent=False)


class StoreError(Exception):
    """What is remembered cannot be read or written now. `reason` and `remedy` are for the operator and hold no
    password and no stored word. `fault` is what the database itself suffers, None where that is not the cause."""

    def __init__(self, reason: str, remedy: str, fault: "Fault | None" = None) -> None:
        self.reason = reason
        self.remedy = remedy
        self.fault = fault
        super().__init__(f"{reason}. {remedy}")


class Busy(Exception):
    """Too much is waiting already; the same may be asked again in a moment."""


class BadInput(ValueError):
    """Somebody typed something that cannot be used; the notice `key` with its `values` says what to type instead,
    `rows` (further notices, one a line) what there is to choose from."""

    def __init__(
        self, key: str, values: "Mapping[str, Value] | None" = None, *, rows: "tuple[Notice, ...]" = ()
    ) -> None:
        self.key = key
        self.values = values or {}
        self.rows = rows
        super().__init__(key)
