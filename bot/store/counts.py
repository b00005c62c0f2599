"""Counts per community, command and day. Its law: counting costs no query, and what could not be written is kept."""

import asyncio
import re
from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple, final

from sqlalchemy import delete, func, select

from bot.core.community import Count
from bot.core.model import Outcome, Place
from bot.store import mappers
from bot.store.engine import Database
from bot.store.settings import settle
from bot.store.tables import counts

_COMMAND = re.compile(r"[a-z0-9_-]{0,64}")
_BATCH = 500


class _Cell(NamedTuple):
    platform: str
    community: str
    day: date
    command: str
    outcome: Outcome


@final
class CountRows:
    """`bot.core.ports.Counts` over a database."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._fresh: Counter[_Cell] = Counter()
        self._writing = asyncio.Lock()

    def count(self, place: Place, command: str, outcome: Outcome, day: date) -> None:
        """Add one, in memory until the next flush. A direct chat is not counted.

        Raises:
            ValueError: `command` is no command's name, so that nobody's words are ever counted.
        """
        if not _COMMAND.fullmatch(command):
            raise ValueError("only commands are counted")
        if place.community is not None:
            self._fresh[_Cell(place.platform, place.community, day, command, outcome)] += 1

    async def flush(self) -> None:
        """Write down what was counted; it is kept if that fails."""
        async with self._writing:
            batch, self._fresh = self._fresh, Counter()
            try:
                await self._write(sorted(batch.items()))
            except BaseException:
                self._fresh.update(batch)
                raise

    async def _write(self, cells: Sequence[tuple[_Cell, int]]) -> None:
        """One transaction for everything, in one order for all processes, so that none waits for another in turn."""
        if not cells:
            return
        insert = self._database.insert(counts)
        add = insert.on_conflict_do_update(
            index_elements=list(counts.primary_key), set_={"times": counts.c.times + insert.excluded.times}
        )
        async with self._database.writing() as connection:
            for platform in sorted({cell.platform for cell, _ in cells}):
                ids = {cell.community for cell, _ in cells if cell.platform == platform}
                await settle(self._database, connection, platform, *ids)
            for start in range(0, len(cells), _BATCH):
                batch = cells[start : start + _BATCH]
                await connection.execute(add, [{**cell._asdict(), "times": times} for cell, times in batch])

    async def statistics(self, place: Place, since: date) -> Sequence[Count]:
        """The counts of a community from that day on, what was not yet written included; most frequent first."""
        platform, community = mappers.key(place)
        mine = (counts.c.platform == platform, counts.c.community == community, counts.c.day >= since)
        query = select(counts.c.command, counts.c.outcome, func.sum(counts.c.times)).where(*mine)
        async with self._writing, self._database.reading() as connection:
            found = (await connection.execute(query.group_by(counts.c.command, counts.c.outcome))).all()
            known = [row for row in found if row[1] in Outcome.__members__.values()]  # else another version's word
            total = Counter({(command, Outcome(outcome)): int(times) for command, outcome, times in known})
            for cell, times in self._fresh.items():
                if cell[:2] == (platform, community) and cell.day >= since:
                    total[cell.command, cell.outcome] += times
        ranked = sorted(total.items(), key=lambda item: (-item[1], item[0]))
        return tuple(Count(command, outcome, times) for (command, outcome), times in ranked)

    async def drop(self, before: date) -> None:
        """Forget the days before that one."""
        async with self._database.writing() as connection:
            await connection.execute(delete(counts).where(counts.c.day < before))

    async def forget(self, place: Place) -> None:
        """Forget what was counted of that community and not yet written, once a flush that runs has ended."""
        mine = mappers.key(place)
        async with self._writing:
            self._fresh = Counter({cell: times for cell, times in self._fresh.items() if cell[:2] != mine})
