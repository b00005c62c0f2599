"""The edition in use. Its law: a writer's mistake never takes it away; content changes all or nothing, and the last
good version is kept on disk, so that a restart over broken files serves it still.
"""

import asyncio
import gc
import logging
import shutil
from collections.abc import AsyncIterable, Awaitable, Callable
from pathlib import Path
from typing import final

from bot.content.files import Stamp
from bot.content.files import stamp as stamp_of
from bot.core.catalog import Catalog
from bot.core.errors import ContentError, Problem
from bot.core.model import DEFAULT_LOCALE, Risk
from bot.core.sealed_catalog import SealedCatalog

_log = logging.getLogger(__name__)

Listener = Callable[[SealedCatalog], Awaitable[None]]
_REVISION = "revision"  # the file that names what is kept


@final
class LiveContent:
    """Holds the edition that is served, and what is wrong with the files if they are newer and broken.

    `read` makes a catalog of a folder or raises ContentError. `kept` is a folder for the last good version (None:
    none is kept); `floor` and `locale` are the operator's own.
    """

    def __init__(
        self,
        folder: Path,
        kept: Path | None,
        read: Callable[[Path], Catalog],
        floor: Risk,
        locale: str = DEFAULT_LOCALE,
    ) -> None:
        self._folder, self._kept, self._read, self._floor, self._locale = folder, kept, read, floor, locale
        self._edition: SealedCatalog | None = None
        self._listeners: list[Listener] = []
        self._told: list[Callable[[], None]] = []
        self.problems: tuple[Problem, ...] = ()
        self._used: Stamp | None = None  # of the files that the edition was read from

    @property
    def edition(self) -> SealedCatalog:
        """The edition to answer from. Only after `open`."""
        if self._edition is None:
            raise RuntimeError("the shelf is not open")
        return self._edition

    @property
    def stale(self) -> bool:
        """Whether an older version is served because the files have problems."""
        return bool(self.problems)

    def listen(self, listener: Listener) -> None:
        """Call `listener` with each new edition after it came into use."""
        self._listeners.append(listener)

    def watch_problems(self, told: Callable[[], None]) -> None:
        """Call `told` after every reading of the files, whether it brought an edition or problems."""
        self._told.append(told)

    def open(self) -> None:
        """Load the files, or the last good version where they have problems.

        Raises:
            ContentError: the files have problems, and no good version is kept.
        """
        stamp = stamp_of(self._folder)
        try:
            self._edition = self._sealing(self._taken(self._folder))
        except ContentError as error:
            kept = self._last_good()
            if kept is None:
                raise
            self._edition = self._sealing(kept)
            self._tell(error.problems)
        else:
            self._keep(stamp)

    async def watch(self, changes: AsyncIterable[object]) -> None:
        """Reload at every change told, until there are no more."""
        async for _ in changes:
            try:
                await self.reload()
            except Exception:  # whatever a library raises over strange files: what is served stays served
                _log.exception("the content could not be read; version %s stays", self.edition.catalog.revision)
            for told in self._told:
                told()

    async def reload(self) -> None:
        """Take the files as they are now: the new edition if they are right, else the problems beside the old one."""
        stamp = await asyncio.to_thread(stamp_of, self._folder)
        if stamp == self._used and not self.problems:
            return
        try:
            edition = await asyncio.to_thread(self._prepared)
        except ContentError as error:
            if error.problems != self.problems:
                self._tell(error.problems)
            return
        repaired, self.problems = self.stale, ()
        if edition.catalog.revision == self.edition.catalog.revision:
            self._used = stamp
            if repaired:
                _log.info("the content's problems are mended")
            return
        self._edition = edition
        await asyncio.to_thread(self._keep, stamp)
        _log.info("content revision %s is in use", edition.catalog.revision)
        for listener in self._listeners:
            try:
                await listener(self.edition)
            except Exception:  # one that fails takes the edition from no other
                _log.exception("content revision %s could not be announced to all", edition.catalog.revision)

    def _taken(self, folder: Path) -> Catalog:
        gc.disable()  # a collection while much is made that stays would hold the event loop for 50 ms
        try:
            return self._read(folder)
        finally:
            gc.enable()
            gc.freeze()  # and no later one has to look at it

    def _prepared(self) -> SealedCatalog:
        """The files as an edition whose explainers are sealed already: that would hold the event loop for a while."""
        edition = self._sealing(self._taken(self._folder))
        edition.seal_all()
        return edition

    def _sealing(self, catalog: Catalog) -> SealedCatalog:
        return SealedCatalog(catalog, self._floor, self._locale)

    def _tell(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        _log.error(
            "the content has %d problem(s), the last good version %s is served:\n%s",
            len(problems),
            self.edition.catalog.revision,
            "\n".join(map(str, problems)),
        )

    def _last_good(self) -> Catalog | None:
        """The version kept on disk, or the one before where a crash fell between the two."""
        for folder in (self._kept, self._kept.with_suffix(".old")) if self._kept else ():
            if (folder / "source.yaml").exists():
                try:
                    return self._taken(folder)
                except ContentError as error:
                    _log.warning("the content kept in %s is of no use: %s", folder, error.problems[0])
        return None

    def _keep(self, stamp: Stamp) -> None:
        """Copy the good files aside, as they were at `stamp`, unless that revision is kept; the folder is exchanged as
        a whole, so that a crash leaves a whole one.
        """
        self._used = stamp
        revision = self.edition.catalog.revision
        if self._kept is None or _revision(self._kept) == revision:
            return
        fresh, old = self._kept.with_suffix(".new"), self._kept.with_suffix(".old")
        try:
            self._kept.parent.mkdir(mode=0o700, parents=True, exist_ok=True)  # DATA_DIR is nobody else's
            shutil.rmtree(fresh, ignore_errors=True)
            for name in [name for name in stamp if name.endswith(".yaml")]:
                target = fresh / name
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(self._folder / name, target)
            (fresh / _REVISION).write_text(revision, "ascii")
            if stamp_of(self._folder) != stamp:
                return  # somebody wrote meanwhile: the next change is on its way
            if self._kept.exists():
                shutil.rmtree(old, ignore_errors=True)
                self._kept.rename(old)
            fresh.rename(self._kept)
            shutil.rmtree(old, ignore_errors=True)
        except OSError as error:
            _log.warning("the last good content could not be kept in %s: %s", self._kept, error.strerror)


def _revision(kept: Path) -> str | None:
    """Which revision is kept there."""
    try:
        return (kept / _REVISION).read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        return None
