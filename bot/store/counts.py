"""How often each command was used and each answer rated, per community and day. Counting is in memory; `flush` writes
it down.
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
from bot.store.tables import counts, key_of, ratings, settle

_log = logging.getLogger(__name__)

_COMMAND = re.compile(r"[a-z0-9_-]{0,64}")
_LOCALE = re.compile(r"[A-Za-z0-9-]{2,16}")
_BATCH = 500
MOST_WAITING: Final = 100_000
"""How many different counts wait in memory to be written down, some 30 MiB: it may be days until a disk has room."""
MOST_TIMES = 10**12
"""The highest count that is kept: sums of such counts fit into 64 bits on both databases."""


TABLES: Final = (counts, ratings)
"""The tables of counts, in the order in which they are written."""

_Key = tuple[str, str, date, *tuple[str, ...]]
"""The primary key of a count: platform, community, day, and what was counted."""


@final
class CountRows:
    """`bot.core.ports.Counts`, which documents the methods."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._fresh: Counter[tuple[Table, _Key]] = Counter()
        self._writing = asyncio.Lock()
        self._full = False  # so that counts are left out, and that was logged

    def count(self, place: Place, command: str, outcome: Outcome, day: date) -> None:
        """Raises ValueError if `command` is no command's name, so that members' words are never stored."""
        if not _COMMAND.fullmatch(command):
            raise ValueError("only commands are counted")
        if place.community is not None:
            self._note((counts, (place.platform, place.community, day, command, outcome)))

    def rate(self, place: Place, command: str, locale: str, rating: Rating, day: date) -> None:
        """Raises ValueError if `command` is no command's name, or `locale` no language."""
        if not (_COMMAND.fullmatch(command) and _LOCALE.fullmatch(locale)):
            raise ValueError("only ratings of commands are counted")
        if place.community is not None:
            self._note((ratings, (place.platform, place.community, day, command, locale, rating)))

    def _note(self, cell: tuple[Table, _Key], times: int = 1) -> None:
        if cell in self._fresh or len(self._fresh) < MOST_WAITING:
            self._fresh[cell] += times
        elif not self._full:
            self._full = True
            _log.warning(
                "%d counts wait to be stored: communities beyond these are not counted meanwhile", MOST_WAITING
            )

    async def flush(self) -> None:
        """If the caller is cancelled, the write goes on, and the database reports its error."""
        writing = asyncio.ensure_future(self._flush())
        writing.add_done_callback(lambda done: done.cancelled() or done.exception())
        await asyncio.wait([writing])
        writing.result()

    async def _flush(self) -> None:
        async with self._writing:
            if self._fresh:
                batch, self._fresh = self._fresh, Counter()
                try:
                    await self._database.write(partial(_add, batch))
                except BaseException:
                    newer, self._fresh = self._fresh, batch
                    for cell, times in newer.items():
                        self._note(cell, times)
                    raise
                self._full = False

    async def statistics(self, place: Place, since: date) -> Sequence[Count]:
        known = {outcome.value for outcome in Outcome}  # else another version's
        found = await self._sums(counts, key_of(place), since, by_day=True)
        return tuple(
            Count(day, one, Outcome(outcome), times) for (day, one, outcome), times in found if outcome in known
        )

    async def ratings(self, place: Place | None, since: date) -> Sequence[RatingCount]:
        known = {rating.value for rating in Rating}
        found = await self._sums(ratings, key_of(place) if place else None, since)
        return tuple(
            RatingCount(command, locale, Rating(rating), times)
            for (command, locale, rating), times in found
            if rating in known
        )

    async def _sums(
        self, table: Table, home: tuple[str, str] | None, since: date, *, by_day: bool = False
    ) -> list[tuple[tuple[Any, ...], int]]:
        """What was counted from that day on, by all columns of the key behind the day; most frequent first."""
        first = 2 if by_day else 3
        columns = [*table.primary_key][first:]
        mine = [table.c.day >= since, *((table.c.platform == home[0], table.c.community == home[1]) if home else ())]
        query = select(*columns, func.sum(table.c.times)).where(*mine).group_by(*columns)
        async with self._writing:
            found = await self._database.read(lambda connection: connection.execute(query).all())
            total = Counter({tuple(row[:-1]): int(row[-1]) for row in found})
            for (counted, key), times in self._fresh.items():
                if counted is table and key[2] >= since and home in (None, key[:2]):
                    total[key[first:]] += times
        return sorted(total.items(), key=lambda item: (-item[1], item[0]))

    async def drop(self, before: date) -> None:
        def work(connection: Connection) -> None:
            for table in TABLES:
                connection.execute(delete(table).where(table.c.day < before))

        await self._database.write(work)

    async def forget(self, place: Place) -> None:
        """Drop what is in memory of that community, once a running flush has ended."""
        mine = key_of(place)
        async with self._writing:
            self._fresh = Counter({cell: times for cell, times in self._fresh.items() if cell[1][:2] != mine})


def added(table: Table, times: ColumnElement[int]) -> Case[int]:
    """A stored count with `times` more, at most MOST_TIMES."""
    return case((table.c.times >= MOST_TIMES - times, MOST_TIMES), else_=table.c.times + times)


def _add(fresh: Mapping[tuple[Table, _Key], int], connection: Connection) -> None:
    """All processes write in the same order, so that two never wait for each other."""
    settle(connection, *{key[:2] for _, key in fresh})
    for table in TABLES:
        new = insert(connection, table)
        total = {"times": added(table, new.excluded.times)}
        add = new.on_conflict_do_update(index_elements=list(table.primary_key), set_=total)
        names, keys = table.columns.keys(), sorted(key for counted, key in fresh if counted is table)
        for start in range(0, len(keys), _BATCH):
            batch = keys[start : start + _BATCH]
            connection.execute(add, [dict(zip(names, (*key, fresh[table, key]), strict=True)) for key in batch])
