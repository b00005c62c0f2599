"""The bot's own parts over a store in a temporary folder, without a platform. Its law: built as the service builds
it.
"""

import asyncio
import re
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from time import monotonic

from sqlalchemy import insert

from bot.config import Settings, made
from bot.content.live_content import LiveContent
from bot.core.community import Pin
from bot.core.disclaimer import Reply
from bot.core.model import Member, MessageRef, Place, Request
from bot.core.sealed_catalog import SealedCatalog
from bot.features.pins import PACES, Figures
from bot.features.pins.wanted import wanted
from bot.runtime.clock import Clock
from bot.runtime.container import Container
from bot.runtime.content import open_content
from bot.runtime.telemetry import Metrics
from bot.store import mappers
from bot.store.leases import SoleLeases
from bot.store.store import Store, open_store
from bot.store.tables import communities, pins
from bot.store.url import address
from tools.bench.child import ROOT

AT_ONCE: Mapping[str, Figures] = dict.fromkeys(PACES, Figures(0.0, 0.0))
PLATFORM = "telegram"


class House:
    """The parts, with the store, the shelf and the folder of the content, which may be edited."""

    def __init__(self, settings: Settings, shelf: LiveContent, store: Store, paces: Mapping[str, Figures]) -> None:
        self._leap = 0.0
        clock = Clock(seconds=lambda: monotonic() + self._leap)
        self.store, self.shelf, self.content = store, shelf, settings.responses_dir
        self.parts = Container(settings, shelf, store, leases=SoleLeases(), metrics=Metrics(), paces=paces, clock=clock)

    def later(self) -> None:
        """An hour goes by at once."""
        self._leap += 3600.0

    def edit(self, word: str, locale: str = "en", command: str = "whatisksm") -> None:
        """A writer changes an answer's words."""
        edit(self.content / locale / "answers" / f"{command}.yaml", word)


def edit(path: Path, word: str) -> None:
    """Give the answer in that file another title."""
    path.write_text(re.sub(r"(?m)^title:.*$", f'title: "{word}"', path.read_text("utf-8"), count=1), "utf-8")


@asynccontextmanager
async def house(paces: Mapping[str, Figures] = PACES) -> AsyncIterator[House]:
    """Open until the block ends; nothing of it is begun."""
    with tempfile.TemporaryDirectory() as folder:
        content = Path(folder) / "responses"
        shutil.copytree(ROOT / "responses", content, ignore=shutil.ignore_patterns("questions"))
        given = {"responses_dir": str(content), "data_dir": folder, "playground": "false"}
        settings = made(given)
        shelf = open_content(settings, keep=True)
        async with open_store(address(None, settings.data_dir)) as store:
            yield House(settings, shelf, store, paces)


def request(number: int, command: str, home: int = 0) -> Request:
    """The member of that number asks in the community of the number `home`."""
    return Request(place(home), Member(str(1_000_000 + number)), command)


def place(number: int) -> Place:
    """The community of that number."""
    return Place(PLATFORM, str(-100_000 - number), str(-100_000 - number))


def _rows(reply: Reply, numbers: Sequence[int]) -> Iterator[dict[str, object]]:
    for number in numbers:
        yield mappers.pin_row(Pin(MessageRef(place(number), "7"), reply.command, None, reply.digest))


async def stored(store: Store, edition: SealedCatalog, numbers: Sequence[int], command: str | None = None) -> None:
    """Let these communities be known to the store, none with a pause between questions, each with a pin of that command
    as this edition shows it.
    """
    some = [{"platform": PLATFORM, "id": place(number).community, "cooldown": 0} for number in numbers]
    reply = wanted(edition, command, None, edition.operator_floor) if command else None
    async with store.database.writing() as connection:
        await connection.execute(insert(communities), some)
        if reply:
            await connection.execute(insert(pins), list(_rows(reply, numbers)))


class Still:
    """A platform that takes every edit at once and counts it."""

    name = PLATFORM
    ready = True

    def __init__(self) -> None:
        self.edits = 0
        self._edited = asyncio.Event()

    async def edit(self, _: MessageRef, __: Reply) -> bool:
        """Taken; it is still pinned."""
        self.edits += 1
        self._edited.set()
        return True

    async def until(self, number: int) -> None:
        """Return once so many edits were taken."""
        while self.edits < number:
            self._edited.clear()
            await self._edited.wait()
