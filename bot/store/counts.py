"""Counts of command uses and answer ratings, per community and day. They are kept in memory until `flush` writes them
to the database.
"""

import asyncio
import logging
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any, Final, final

from sqlalchemy import Case, ColumnElement, Connection, Table, case, delete, func, select

from bot.core.buttons import Rating
from bot.core.community import Count, RatingCount
from bot.core.model import Outcome, Place
from bot.store.database import Database, insert
from bot.store.tables import counts, ensure_communities, key_of, ratings

_log = logging.getLogger(__name__)

_COMMAND = re.compile(r"[a-z0-9_-]{0,64}")
_LOCALE = re.compile(r"[A-Za-z0-9-]{2,16}")
_BATCH = 500
MOST_WAITING: Final = 100_000
"""The highest number of unwritten counts in memory, about 30 MiB. A full disk may keep them waiting for days."""
MOST_TIMES = 10**12
"""The highest count that is stored, so that sums of counts fit into 64 bits on both databases."""

TABLES: Final = (counts, ratings)
"""The tables of counts, in the order in which `flush` writes them."""

_Key = tuple[str, str, date, *tuple[str, ...]]
"""The primary key of a count: platform, community, day, and what was counted."""


@final
class CountRows:
    """Implements `bot.core.ports.Counts`, where the methods are documented."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._unwritten: Counter[tuple[Table, _Key]] = Counter()
        self._writing = asyncio.Lock()
        self._full = False  # whether counts are being dropped, which is logged once

    def count(self, place: Place, command: str, outcome: Outcome, day: date) -> None:
        """Raises ValueError if `command` is not a command name, so that members' text is never stored."""
        if not _COMMAND.fullmatch(command):
            raise ValueError("only commands are counted")
        if place.community is not None:
            self._add((counts, (place.platform, place.community, day, command, outcome)))

    def rate(self, place: Place, command: str, locale: str, rating: Rating, day: date) -> None:
        """Raises ValueError if `command` is not a command name or `locale` is not a language tag."""
        if not (_COMMAND.fullmatch(command) and _LOCALE.fullmatch(locale)):
            raise ValueError("only ratings of commands are counted")
        if place.community is not None:
            self._add((ratings, (place.platform, place.community, day, command, locale, rating)))

    def _add(self, cell: tuple[Table, _Key], times: int = 1) -> None:
        if cell in self._unwritten or len(self._unwritten) < MOST_WAITING:
            self._unwritten[cell] += times
        elif not self._full:
            self._full = True
            _log.warning("%d counts wait to be stored; new ones are dropped until they are written", MOST_WAITING)

    async def flush(self) -> None:
        """If the caller is cancelled, the write continues, and the database reports any error."""
        writing = asyncio.ensure_future(self._flush())
        writing.add_done_callback(lambda done: done.cancelled() or done.exception())
        await asyncio.wait([writing])
        writing.result()

    async def _flush(self) -> None:
        async with self._writing:
            if self._unwritten:
                batch, self._unwritten = self._unwritten, Counter()
                try:
                    await self._database.write(partial(_write, batch))
                except BaseException:
                    newer, self._unwritten = self._unwritten, batch
                    for cell, times in newer.items():
                        self._add(cell, times)
                    raise
                self._full = False

    async def statistics(self, place: Place, since: date) -> Sequence[Count]:
        known = {outcome.value for outcome in Outcome}  # another version of the bot may have stored others
        sums = await self._sums(counts, key_of(place), since, by_day=True)
        return tuple(
            Count(day, command, Outcome(outcome), times) for (day, command, outcome), times in sums if outcome in known
        )

    async def ratings(self, place: Place | None, since: date) -> Sequence[RatingCount]:
        known = {rating.value for rating in Rating}
        sums = await self._sums(ratings, key_of(place) if place else None, since)
        return tuple(
            RatingCount(command, locale, Rating(rating), times)
            for (command, locale, rating), times in sums
            if rating in known
        )

    async def _sums(
        self, table: Table, community: tuple[str, str] | None, since: date, *, by_day: bool = False
    ) -> list[tuple[tuple[Any, ...], int]]:
        """Sums of the counts since that day, most frequent first, grouped by the key columns after the day (and by the
        day with `by_day`). Includes unwritten counts.
        """
        first = 2 if by_day else 3
        columns = [*table.primary_key][first:]
        conditions = [table.c.day >= since]
        if community:
            conditions += [table.c.platform == community[0], table.c.community == community[1]]
        query = select(*columns, func.sum(table.c.times)).where(*conditions).group_by(*columns)
        async with self._writing:
            rows = await self._database.read(lambda connection: connection.execute(query).all())
            total = Counter({tuple(row[:-1]): int(row[-1]) for row in rows})
            for (counted, key), times in self._unwritten.items():
                if counted is table and key[2] >= since and community in (None, key[:2]):
                    total[key[first:]] += times
        return sorted(total.items(), key=lambda item: (-item[1], item[0]))

    async def drop(self, before: date) -> None:
        def delete_old(connection: Connection) -> None:
            for table in TABLES:
                connection.execute(delete(table).where(table.c.day < before))

        await self._database.write(delete_old)

    async def forget(self, place: Place) -> None:
        """Drop the unwritten counts of that community, after a running flush has ended."""
        community = key_of(place)
        async with self._writing:
            others = {cell: times for cell, times in self._unwritten.items() if cell[1][:2] != community}
            self._unwritten = Counter(others)


def capped_sum(table: Table, times: ColumnElement[int]) -> Case[int]:
    """SQL for a stored count plus `times`, at most MOST_TIMES."""
    return case((table.c.times >= MOST_TIMES - times, MOST_TIMES), else_=table.c.times + times)


def _write(batch: Mapping[tuple[Table, _Key], int], connection: Connection) -> None:
    """Add the counts to the stored ones. All processes write in the same order, so that none deadlock."""
    ensure_communities(connection, *{key[:2] for _, key in batch})
    for table in TABLES:
        new = insert(connection, table)
        total = {"times": capped_sum(table, new.excluded.times)}
        add = new.on_conflict_do_update(index_elements=list(table.primary_key), set_=total)
        names, keys = table.columns.keys(), sorted(key for counted, key in batch if counted is table)
        for start in range(0, len(keys), _BATCH):
            rows = [(*key, batch[table, key]) for key in keys[start : start + _BATCH]]
            connection.execute(add, [dict(zip(names, row, strict=True)) for row in rows])
