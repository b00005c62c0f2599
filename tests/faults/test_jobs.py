"""What is done beside the platforms fails for a reason nobody thought of: it is begun again, and nobody notices."""

import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest

from bot.runtime.clock import Clock
from tests.fakes.told import ToldClock
from tests.faults.stage import served
from tests.waiting import until


class Broken(ToldClock):
    """A clock that can break: then nobody can be told the date."""

    broken = False

    def wall(self) -> datetime:
        """The date, if there is one."""
        if self.broken:
            raise OSError("no date")
        return super().wall()

    def clock(self) -> Clock:
        """This clock as the bot is handed it."""
        return Clock(self, self.wall, self.sleep)


async def test_upkeep_and_health_that_died_are_begun_again_and_both_platforms_never_stopped(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    time = Broken()
    async with served(tmp_path, clock=time.clock()) as bot:
        time.broken = True
        time.pass_(60)
        await until(lambda: len(bot.naps.taken) == 2)
        assert {"maintenance failed", "health check failed"} <= {one.getMessage() for one in caplog.records}
        time.broken = False
        await bot.both_answer()
        assert _counted(bot.data) == 0
        bot.naps.over()
        await until(lambda: _counted(bot.data) == 2)
        await bot.ready()


def _counted(data: Path) -> int:
    """How many replies were written down."""
    with closing(sqlite3.connect(data / "bot.sqlite3")) as connection:
        return int(connection.execute("SELECT coalesce(sum(times), 0) FROM counts").fetchone()[0])
