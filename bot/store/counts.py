"""How often each command was used, per community and day. Counting is in memory; `flush` writes it down."""

import asyncio
import re
from collections import Counter
from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import NamedTuple, final

from sqlalchemy import Case, ColumnElement, Connection, case, delete, func, select

from bot.core.community import Count
from bot.core.model import Outcome, Place
from bot.store.database import Database, insert
from bot.store.tables import counts, key_of, settle

_COMMAND = re.compile(r"[a-z0-9_-]{0,64}")
_BATCH = 500
MOST_TIMES = 10**12
"""The highest count that is kept: sums of such counts fit into 64 bits on both databases."""


class _Cell(NamedTuple):
    platform: str
    community: str
    day: date
    command: str
    outcome: Outcome


@final
class CountRows:
    """`bot.core.ports.Counts`."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._fresh: Counter[_Cell] = Counter()
        self._writing = asyncio.Lock()

    def count(self, place: Place, command: str, outcome: Outcome, day: date) -> None:
        """Add one, in memory until the next flush. A direct chat is not counted.

        Raises:
            ValueError: `command` is no command's name, so that members' words are never stored.
        """
        if not _COMMAND.fullmatch(command):
            raise ValueError("only commands are counted")
        if place.community is not None:
            self._fresh[_Cell(place.platform, place.community, day, command, outcome)] += 1

    async def flush(self) -> None:
        """Write down what was counted; it is kept if that fails. If the caller is cancelled, the write goes on."""
        await asyncio.shield(asyncio.ensure_future(self._flush()))

    async def _flush(self) -> None:
        async with self._writing:
            if self._fresh:
                batch, self._fresh = self._fresh, Counter()
                try:
                    await self._database.write(partial(_add, sorted(batch.items())))
                except BaseException:
                    self._fresh.update(batch)
                    raise

    async def statistics(self, place: Place, since: date) -> Sequence[Count]:
        """The counts of a community from that day on, those in memory included; most frequent first."""
        platform, community = key_of(place)
        mine = (counts.c.platform == platform, counts.c.community == community, counts.c.day >= since)
        query = select(counts.c.command, counts.c.outcome, func.sum(counts.c.times)).where(*mine)
        grouped = query.group_by(counts.c.command, counts.c.outcome)
        async with self._writing:
            found = await self._database.read(lambda connection: connection.execute(grouped).all())
            known = [row for row in found if row[1] in Outcome.__members__.values()]  # else another version's
            total = Counter({(command, Outcome(outcome)): int(times) for command, outcome, times in known})
            for cell, times in self._fresh.items():
                if cell[:2] == (platform, community) and cell.day >= since:
                    total[cell.command, cell.outcome] += times
        ranked = sorted(total.items(), key=lambda item: (-item[1], item[0]))
        return tuple(Count(command, outcome, times) for (command, outcome), times in ranked)

    async def drop(self, before: date) -> None:
        """Delete the counts of days before that one."""
        await self._database.write(lambda connection: connection.execute(delete(counts).where(counts.c.day < before)))

    async def forget(self, place: Place) -> None:
        """Drop what is in memory of that community, once a running flush has ended."""
        mine = key_of(place)
        async with self._writing:
            self._fresh = Counter({cell: times for cell, times in self._fresh.items() if cell[:2] != mine})


def added(times: ColumnElement[int]) -> Case[int]:
    """A stored count with `times` more, at most MOST_TIMES."""
    return case((counts.c.times >= MOST_TIMES - times, MOST_TIMES), else_=counts.c.times + times)


def _add(cells: Sequence[tuple[_Cell, int]], connection: Connection) -> None:
    """All processes write in the same order, so that two never wait for each other."""
    new = insert(connection, counts)
    add = new.on_conflict_do_update(index_elements=list(counts.primary_key), set_={"times": added(new.excluded.times)})
    for platform in sorted({cell.platform for cell, _ in cells}):
        settle(connection, platform, *{cell.community for cell, _ in cells if cell.platform == platform})
    for start in range(0, len(cells), _BATCH):
        connection.execute(add, [{**cell._asdict(), "times": times} for cell, times in cells[start : start + _BATCH]])
