"""One look at all pins of a platform. Its law: it knows how much is under way, and that is bounded."""

import asyncio
from dataclasses import dataclass, field
from typing import Any, final

from bot.core.ports import Platform
from bot.core.sealed_catalog import SealedCatalog
from bot.features.pins.pace import Pace

_ROOM = 500  # pins that are taken up at once; most of them await their chat's turn
_CALLS = 100  # pins being edited and not yet noted: as many may be edited again after a crash


@final
@dataclass(slots=True)
class Round:
    """One look at all pins of a platform, for one edition."""

    platform: Platform
    edition: SealedCatalog
    pace: Pace
    room: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(_ROOM))
    calls: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(_CALLS))
    waiting: set[asyncio.Task[Any] | None] = field(default_factory=set)  # those whose turn has not come
    failures: int = 0  # in a row
    updated: int = 0
    troubled: int = 0
    over: bool = False

    def done(self, task: asyncio.Task[Any]) -> None:
        """One pin less. Told by the task's end, since one that is cancelled early never ran."""
        self.waiting.discard(task)
        self.room.release()
