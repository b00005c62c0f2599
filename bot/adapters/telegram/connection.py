"""How the line to Telegram stands, as the polling tells it. Its law: a line that says nothing is told from one that is
quiet as soon as an answer is overdue.
"""

from collections.abc import Callable, Mapping
from enum import StrEnum
from http import HTTPStatus
from types import MappingProxyType
from typing import Final, final

from bot.core.faults import Fault
from bot.runtime.telemetry import Wire


@final
class State(StrEnum):
    """How the connection stands."""

    STOPPED = "stopped"
    STARTING = "starting"
    SERVING = "serving"
    CONFLICT = "conflict"  # another process receives this bot's updates; this one keeps trying
    UNREACHED = "unreached"  # the last poll failed; the library keeps trying, ever less often (up to 30 s apart)


_LATE: Final = 1.5  # seconds that the answer to a poll may take longer than Telegram was told to wait
_POLLED: Final[Mapping[int, State]] = MappingProxyType(
    {HTTPStatus.OK: State.SERVING, HTTPStatus.CONFLICT: State.CONFLICT}
)
_FAULTS: Final[Mapping[State, Fault]] = MappingProxyType(
    {State.CONFLICT: Fault.CONFLICT, State.UNREACHED: Fault.UNREACHED}
)


@final
class Line:
    """One bot's line. `poll` is how many seconds lie between two answers where there is nothing to tell; `elapsed`
    counts the seconds that the network takes. `undelivered` is whether Telegram fails to bring updates to a webhook.
    """

    def __init__(self, wire: Wire, poll: float, elapsed: Callable[[], float]) -> None:
        self._wire, self._poll, self._elapsed = wire, poll, elapsed
        self._heard_at = 0.0
        self.state, self.undelivered = State.STOPPED, False

    def serving(self) -> None:
        """Updates are asked for, as of now."""
        self.state, self.undelivered, self._heard_at = State.SERVING, False, self._elapsed()

    def heard(self, status: int) -> None:
        """A poll, or a look at the webhook, ended with that HTTP status, 0 for none."""
        self._heard_at = self._elapsed()
        if self.state in {State.STOPPED, State.STARTING}:
            return
        if self.state is State.SERVING and status != HTTPStatus.OK:
            self._wire.interrupted()
        self.state = _POLLED.get(status, State.UNREACHED)

    def fails_to_bring(self, undelivered: bool) -> None:
        """Whether Telegram fails to bring updates to the webhook."""
        self.undelivered = undelivered

    def trouble(self, *, asking: bool) -> Fault | None:
        """Why nothing is received, if so. `asking` is False while what has come keeps us from asking for more."""
        if self.state is not State.SERVING:
            return _FAULTS.get(self.state, Fault.STARTING)
        if not asking:
            return Fault.OVERLOADED
        if self._elapsed() - self._heard_at > self._poll + _LATE:
            return Fault.SILENT
        return Fault.UNDELIVERED if self.undelivered else None
