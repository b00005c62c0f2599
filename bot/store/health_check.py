"""Whether the database can be read and written now. Its law: a look is short, and takes a look's time even where the
disk or the network hangs.
"""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Final, final

from sqlalchemy import text

from bot.store.engine import Database, identity
from bot.store.errors import damaged, require_descriptors, slow

PATIENCE: Final = 2.0  # seconds
_HELD: Final = 1.0  # seconds that another program may hold the file before that is told
_READ: Final = "SELECT version_num FROM alembic_version"
_MALFORMED: Final = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
_WRITE: Final = "UPDATE alembic_version SET version_num = version_num"  # changes nothing, and writes a page


@final
class Look:
    """Looks at one database.

    An SQLite file is opened anew each time, by its name: the bot's own connections would not notice that it is gone.
    Where another file has taken its place they are closed, so that the next ones open that. Nothing is written, unless
    the last change failed: then only a change tells that there can be any again. `patience` is in seconds.
    """

    def __init__(self, database: Database, patience: float = PATIENCE) -> None:
        self._database, self._patience = database, patience
        self._file: tuple[int, int] | None = None
        self._hanging: asyncio.Future[None] | None = None

    async def __call__(self) -> None:
        """Return if all is well.

        Raises:
            StoreError: it cannot be read or written, or does not answer in time.
        """
        hanging = self._hanging
        if hanging is None or hanging.done():
            hanging = self._hanging = asyncio.ensure_future(self._taken())
            hanging.add_done_callback(_noted)
        await asyncio.wait({hanging}, timeout=self._patience)
        if not hanging.done():
            raise slow()
        hanging.result()

    async def close(self) -> None:
        """Wait for no look any more."""
        if self._hanging is not None:
            self._hanging.cancel()
            await asyncio.gather(self._hanging, return_exceptions=True)

    async def _taken(self) -> None:
        file, before = self._database.file, self._database.failing
        failing = before is not None
        require_descriptors()
        if file is None:
            async with self._database.writing() if failing else self._database.reading() as connection:
                await connection.execute(text(_WRITE if failing else _READ))
            return
        with self._database.told(changing=failing):
            found = await asyncio.to_thread(_at, file, write=failing)
        if self._database.failing is before:  # else a change failed during the look, of which it knows nothing
            self._database.failing = None
        if self._file not in {None, found}:
            await self._database.close()
        self._file = found


def _noted(look: asyncio.Future[None]) -> None:
    """Take note of how it ended: whoever began it may have stopped waiting, and asyncio complains of errors unread."""
    if not look.cancelled():
        look.exception()


def _at(file: Path, *, write: bool) -> tuple[int, int]:
    """Take the right to write, as any change does, and give it back; returns which file it is."""
    try:
        with closing(_connected(file, "rw")) as connection:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute(_WRITE if write else _READ)
            connection.execute("COMMIT")
            return identity(file)
    except sqlite3.DatabaseError as error:
        if _malformed(error) and is_broken(file):
            raise damaged() from error
        raise


def is_broken(file: Path) -> bool:
    """Whether SQLite, having read the whole file, finds it damaged or no database. Blocking."""
    try:
        with closing(_connected(file, "ro")) as connection:
            return bool(connection.execute("PRAGMA integrity_check(1)").fetchone() != ("ok",))
    except sqlite3.DatabaseError as error:
        return _malformed(error)


def _connected(file: Path, mode: str) -> sqlite3.Connection:
    return sqlite3.connect(f"{file.absolute().as_uri()}?mode={mode}", timeout=_HELD, isolation_level=None, uri=True)


def _malformed(error: sqlite3.Error) -> bool:
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in _MALFORMED
