"""Holds the content in use and reloads it when its files change.

A reload applies completely or not at all, so a mistake in the files never leaves the bot without content. The last good
version is stored on disk, for a restart while the files have mistakes.
"""

import asyncio
import gc
import hashlib
import logging
import shutil
from collections.abc import AsyncIterable, Awaitable, Callable, Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import final

from bot.content.files import Stamp, stamps
from bot.core.catalog import Catalog
from bot.core.errors import MOST_SHOWN, ContentError, Problem
from bot.core.model import Risk
from bot.core.sealed_catalog import SealedCatalog

_log = logging.getLogger(__name__)

Listener = Callable[[SealedCatalog], Awaitable[None]]
_REVISION = "revision"  # the file with the revision of the stored version; written last, so it marks a complete copy
_OVERLAY = ".{}"  # the name of an overlay's folder in the stored version; no content file begins with a dot


@final
class LiveContent:
    """The content in use. `problems` has the mistakes in the files if an older version is in use because of them.

    `read` makes a catalog from the folders of a pack and of its overlays, or raises ContentError. `stored` is the
    folder for the last good version, or None to store none. `floor` and `locale` are the operator's lowest level of
    warning and default language.
    """

    def __init__(
        self,
        folders: Sequence[Path],
        stored: Path | None,
        read: Callable[..., Catalog],
        floor: Risk,
        locale: str = "",
    ) -> None:
        self._folders, self._stored, self._read, self._floor, self._locale = folders, stored, read, floor, locale
        paths = "\0".join(str(one.absolute()) for one in self._folders)
        self._origin = hashlib.sha256(paths.encode("utf-8", "surrogateescape")).hexdigest()[:12]
        self._edition: SealedCatalog | None = None
        self._listeners: list[Listener] = []
        self._after_reload: list[Callable[[], None]] = []
        self.problems: tuple[Problem, ...] = ()
        self._used: list[Stamp] = []  # the state of the files when the edition was read
        self._store_failed = False
        self._storing = asyncio.Lock()

    @property
    def edition(self) -> SealedCatalog:
        """The sealed answers of the version in use.

        Raises:
            RuntimeError: `open` has not been called.
        """
        if self._edition is None:
            raise RuntimeError("the content is not open")
        return self._edition

    @property
    def stale(self) -> bool:
        """Whether an older version is in use because the files have mistakes."""
        return bool(self.problems)

    def listen(self, listener: Listener) -> None:
        """Call `listener` with each new version once it is in use."""
        self._listeners.append(listener)

    def watch_problems(self, callback: Callable[[], None]) -> None:
        """Call `callback` after each reload, successful or not."""
        self._after_reload.append(callback)

    def open(self) -> None:
        """Load the files, or the last good version if they have problems.

        Raises:
            ContentError: the files have problems, and there is no good version.
        """
        stamp = stamps(self._folders)
        try:
            self._edition = self._load(self._folders)
        except ContentError as error:
            self._edition = self._last_good()
            if self._edition is None:
                raise
            self._report(error.problems)
        else:
            self._store(stamp)

    async def watch(self, changes: AsyncIterable[object]) -> None:
        """Reload at each change until `changes` ends."""
        async for _ in changes:
            try:
                await self.reload()
            except Exception:  # a library's error over strange files must not end the watch
                _log.exception("the content could not be read; version %s stays in use", self.edition.catalog.revision)
            for callback in self._after_reload:
                callback()

    async def reload(self) -> None:
        """Read the files. Use them if they are valid, else keep the version in use and report the problems."""
        stamp = await asyncio.to_thread(stamps, self._folders)
        if stamp == self._used and not self.problems:
            return
        try:
            edition = await asyncio.to_thread(self._load, self._folders, seal=True)
        except ContentError as error:
            if error.problems != self.problems:
                self._report(error.problems)
            return
        repaired, self.problems = self.stale, ()
        if edition.catalog.revision == self.edition.catalog.revision:
            self._used = stamp
            if repaired:
                _log.info("the content's problems are fixed")
            return
        self._edition = edition
        async with self._storing:
            await asyncio.to_thread(self._store, stamp)
        _log.info("content revision %s is in use", edition.catalog.revision)
        for listener in self._listeners:
            try:
                await listener(self.edition)
            except Exception:  # the other listeners must still be called
                _log.exception("a listener failed on content revision %s", edition.catalog.revision)

    async def keep(self) -> None:
        """Store the version in use if that failed before, for example on a full disk."""
        async with self._storing:
            if self._store_failed:
                await asyncio.to_thread(self._store, self._used)

    def _load(self, folders: Iterable[Path], *, seal: bool = False) -> SealedCatalog:
        """Read the content. With `seal`, seal all explainers now, since doing it later would block the event loop."""
        gc.disable()  # a collection while many lasting objects are made would block the event loop for 50 ms
        try:
            catalog = self._read(*folders)
            edition = SealedCatalog(catalog, self._floor, self._locale, lambda: datetime.now(UTC).date())
        finally:
            gc.enable()
            gc.freeze()  # later collections skip these objects
        if seal:
            edition.seal_all()
        return edition

    def _report(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        count, shown = len(problems), [*map(str, problems[:MOST_SHOWN])]
        if more := count - len(shown):
            shown.append(f"and {more} more: `python -m bot check` lists them")
        what = "the content has %d problem(s); the last good version %s is in use:\n%s"
        _log.error(what, count, self.edition.catalog.revision, "\n".join(shown))

    def _last_good(self) -> SealedCatalog | None:
        """Return the version stored on disk. If a crash interrupted storing the next one, that one if complete."""
        for folder in (self._stored, self._stored.with_suffix(".new")) if self._stored else ():
            if (mark := _mark(folder)) and mark.partition(" ")[2] == self._origin:
                try:
                    return self._load((folder, *sorted(folder.glob(_OVERLAY.format("[0-9]")))))
                except ContentError as error:
                    _log.warning("the content stored in %s cannot be used: %s", folder, error.problems[0])
        return None

    def _store(self, stamp: list[Stamp]) -> None:
        """Store a copy of the files, unless that revision is stored already or they changed since `stamp`."""
        failed_before, self._used, self._store_failed = self._store_failed, stamp, False
        mark = f"{self.edition.catalog.revision} {self._origin}"
        if not self._stored or _mark(self._stored) == mark:
            return
        fresh = self._stored.with_suffix(".new")
        try:
            self._stored.parent.mkdir(mode=0o700, parents=True, exist_ok=True)  # no other user may read DATA_DIR
            shutil.rmtree(fresh, ignore_errors=True)
            for number, (folder, names) in enumerate(zip(self._folders, stamp, strict=True)):
                _copy(folder, names, fresh / _OVERLAY.format(number) if number else fresh)
            if stamps(self._folders) != stamp:
                return  # the files changed meanwhile; the next reload stores them
            (fresh / _REVISION).touch(0o600)
            (fresh / _REVISION).write_text(mark, "ascii")
            shutil.rmtree(self._stored, ignore_errors=True)
            fresh.rename(self._stored)
        except OSError as error:
            self._store_failed = True
            if not failed_before:
                _log.warning("the last good content could not be stored in %s: %s", self._stored, error.strerror)
        else:
            if failed_before:
                _log.info("the last good content is stored in %s again", self._stored)


def _copy(folder: Path, names: Iterable[str], target: Path) -> None:
    """Copy the YAML files among those names. Only the bot's user may read the copies."""
    files = [name for name in names if name.endswith(".yaml")]
    for parent in sorted({parent for name in files for parent in Path(name).parents}):
        (target / parent).mkdir(mode=0o700)
    for name in files:
        shutil.copyfile(folder / name, target / name)
        (target / name).chmod(0o600)


def _mark(folder: Path) -> str | None:
    """Return the revision of a stored version and a hash of the folders it was read from. None if there is none."""
    try:
        return (folder / _REVISION).read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        return None
