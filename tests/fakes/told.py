"""A clock in a test's hand: time passes when the test says so, and whoever sleeps wakes then."""

import asyncio
from datetime import UTC, datetime, timedelta

from bot.runtime.clock import Clock


class ToldClock:
    """Counts seconds. `sleep` is for the code under test, `pass_` for the test. Its date goes along, `set_on` by
    whatever the test says, as when somebody sets a machine's clock.
    """

    def __init__(self, now: float = 1_000.0, date: datetime = datetime(2026, 11, 22, 12, tzinfo=UTC)) -> None:
        self.now = now
        self.set_on = timedelta(0)
        self._date, self._began = date, now
        self._sleepers: list[tuple[float, asyncio.Future[None]]] = []

    def __call__(self) -> float:
        return self.now

    def wall(self) -> datetime:
        """The date and time of a machine whose clock was set on by `set_on`."""
        return self._date + timedelta(seconds=self.now - self._began) + self.set_on

    def clock(self) -> Clock:
        """This clock as the bot is handed it."""
        return Clock(self, self.wall, self.sleep)

    @property
    def sleepers(self) -> int:
        """How many sleep now."""
        return sum(not sleeper.done() for _, sleeper in self._sleepers)

    async def sleep(self, seconds: float) -> None:
        """Wait until the test has let so many seconds pass."""
        sleeper = asyncio.get_running_loop().create_future()
        self._sleepers.append((self.now + seconds, sleeper))
        await sleeper

    def pass_(self, seconds: float) -> None:
        """Let seconds pass at once; who wakes by it runs when the test next awaits."""
        self.now += seconds
        for until, sleeper in self._sleepers:
            if until <= self.now and not sleeper.done():
                sleeper.set_result(None)
        self._sleepers = [one for one in self._sleepers if not one[1].done()]
