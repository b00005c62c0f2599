"""Whether updates come in, and why not. The connection counts as silent as soon as an answer is overdue."""

from collections.abc import Callable
from typing import Final, final

from bot.core.faults import Fault
from bot.runtime.telemetry import Wire

_LATE: Final = 1.5  # seconds that an answer may take longer than Telegram was asked to wait


@final
class Connection:
    """One bot's connection. Telegram is to answer every `every` seconds; `elapsed` counts real seconds. `undelivered`
    is set while Telegram cannot deliver updates to the webhook.
    """

    def __init__(self, wire: Wire, every: float, elapsed: Callable[[], float]) -> None:
        self._wire, self._every, self._elapsed = wire, every, elapsed
        self._fault: Fault | None = Fault.STARTING
        self._answered_at = 0.0
        self.undelivered = False

    def on_start(self) -> None:
        """Updates are asked for from now on."""
        self._fault, self._answered_at, self.undelivered = None, self._elapsed(), False

    def on_stop(self) -> None:
        """No more updates are asked for."""
        self._fault = Fault.STARTING

    def on_answer(self) -> None:
        """Telegram answered."""
        self._fault, self._answered_at = None, self._elapsed()

    def on_failure(self, *, conflict: bool) -> None:
        """Telegram did not answer, or (`conflict`) said that another process receives the updates."""
        self._answered_at = self._elapsed()
        if self._fault is None:
            self._wire.interrupted()
        self._fault = Fault.CONFLICT if conflict else Fault.UNREACHED

    def trouble(self, *, full: bool) -> Fault | None:
        """Why no updates come in, or None. `full` says that no more can be taken in for now."""
        if self._fault is not None:
            return self._fault
        if full:
            return Fault.OVERLOADED
        if self._elapsed() - self._answered_at > self._every + _LATE:
            return Fault.SILENT
        return Fault.UNDELIVERED if self.undelivered else None
