"""The edition in use. Its law: a writer's mistake never takes it away; content changes all or nothing, and the last
good version is kept on disk, so that a restart over broken files serves it still.
"""

import asyncio
import logging
import shutil
from collections.abc import AsyncIterable, Awaitable, Callable
from pathlib import Path
from typing import final

from bot.core.catalog import Catalog
from bot.core.edition import Edition
from bot.core.errors import ContentError, Problem
from bot.core.model import Risk

_log = logging.getLogger(__name__)

Listener = Callable[[Edition], Awaitable[None]]
_KEPT = ("source.yaml", "*/policy.yaml", "*/interface.yaml", "*/answers/*.yaml")


@final
class Shelf:
    """Holds the edition that is served, and what is wrong with the files if they are newer and broken.

    `read` makes a catalog of a folder or raises ContentError. `kept` is a folder for the last good version (None:
    none is kept); `floor` the operator's own risk floor.
    """

    def __init__(self, folder: Path, kept: Path | None, read: Callable[[Path], Catalog], floor: Risk) -> None:
        self._folder, self._kept, self._read, self._floor = folder, kept, read, floor
        self._edition: Edition | None = None
        self._listeners: list[Listener] = []
        self._told: list[Callable[[], None]] = []
        self.problems: tuple[Problem, ...] = ()

    @property
    def edition(self) -> Edition:
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
            ContentError: the files have problems, and no good version was ever kept.
        """
        try:
            self._edition = Edition(self._read(self._folder), self._floor)
        except ContentError as error:
            if self._kept is None or not (self._kept / "source.yaml").exists():
                raise
            self._edition = Edition(self._read(self._kept), self._floor)
            self._tell(error.problems)
        else:
            self._keep()

    async def watch(self, changes: AsyncIterable[object]) -> None:
        """Reload at every change told, until there are no more."""
        async for _ in changes:
            await self.reload()
            for told in self._told:
                told()

    async def reload(self) -> None:
        """Take the files as they are now: the new edition if they are right, else the problems beside the old one."""
        try:
            catalog = await asyncio.to_thread(self._read, self._folder)
        except ContentError as error:
            if error.problems != self.problems:
                self._tell(error.problems)
            return
        repaired, self.problems = self.stale, ()
        if catalog.revision != self.edition.catalog.revision:
            self._edition = Edition(catalog, self._floor)
            await asyncio.to_thread(self._keep)
            _log.info("content revision %s is in use", catalog.revision)
        elif repaired:
            _log.info("the content's problems are mended")
        for listener in self._listeners:
            await listener(self.edition)

    def _tell(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        _log.error(
            "the content has %d problem(s), the last good version %s is served:\n%s",
            len(problems),
            self.edition.catalog.revision,
            "\n".join(map(str, problems)),
        )

    def _keep(self) -> None:
        """Copy the good files aside; the folder is exchanged as a whole, so that a crash leaves a whole one."""
        if self._kept is None:
            return
        fresh, old = self._kept.with_suffix(".new"), self._kept.with_suffix(".old")
        try:
            for path in (fresh, old):
                shutil.rmtree(path, ignore_errors=True)
            for pattern in _KEPT:
                for file in self._folder.glob(pattern):
                    target = fresh / file.relative_to(self._folder)
                    target.parent.mkdir(parents=True, exist_ok=True)
                    shutil.copyfile(file, target)
            if self._kept.exists():
                self._kept.rename(old)
            fresh.rename(self._kept)
            shutil.rmtree(old, ignore_errors=True)
        except OSError as error:
            _log.warning("the last good content could not be kept in %s: %s", self._kept, error.strerror)
