"""Commands answered while ten thousand pins are edited at Telegram's pace, by the bot as it is run. Its law: both
stretches are of one process, and the row counts only where the edits leave at that pace.
"""

import asyncio
import os
import sys
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from statistics import quantiles
from time import perf_counter
from typing import Any

from aiohttp import web

from bench.child import ROOT, ChildFailed
from bench.inside.house import edit, place, stored
from bench.row import Measured
from bench.start.stage import home
from bench.telegram.api import parameters, sent
from bot.app import read_content
from bot.core.edition import Edition
from bot.pins import PACES
from bot.store.address import address
from bot.store.store import open_store

_PINS = 10_000
_SECONDS, _EVERY = 15.0, 0.05  # of each stretch, and between two commands
_PATIENCE = 60.0
_TOKEN = "7000000001:AAbench-token-of-the-pins-benchmark-0"
_ME = {"id": 7_000_000_001, "is_bot": True, "first_name": "Kusama", "username": "kusama_bench_bot"}


class Api:
    """As much of Telegram as these two stretches need: who asked is told when they are answered."""

    def __init__(self) -> None:
        self.polled, self.edited = asyncio.Event(), asyncio.Event()
        self.edits = 0
        self._updates: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._asking: dict[int, asyncio.Future[None]] = {}
        self._number = 0

    async def ask(self) -> float:
        """Somebody asks in a community of their own; milliseconds until the answer comes."""
        self._number += 1
        chat, text = int(place(self._number).community or 0), "/staking"
        self._asking[chat] = answered = asyncio.get_running_loop().create_future()
        message = {
            "message_id": self._number,
            "date": 1_795_000_000,
            "chat": {"id": chat, "type": "supergroup", "title": "Community"},
            "from": {"id": 5_000_000 + self._number, "is_bot": False, "first_name": "Eve"},
            "text": text,
            "entities": [{"type": "bot_command", "offset": 0, "length": len(text)}],
        }
        before = perf_counter()
        self._updates.put_nowait({"update_id": self._number, "message": message})
        async with asyncio.timeout(_PATIENCE):
            await answered
        return (perf_counter() - before) * 1000

    async def serve(self, request: web.Request) -> web.Response:
        """One call."""
        method, body = request.match_info["method"].casefold(), await request.read()
        if method == "getupdates":
            return web.json_response({"ok": True, "result": await self._updates_now(parameters(body))})
        if method in ("sendmessage", "editmessagetext"):
            said = parameters(body)
            if method == "sendmessage":
                self._asking.pop(int(said["chat_id"])).set_result(None)
            else:
                self.edits += 1
                self.edited.set()
            return web.json_response({"ok": True, "result": sent(said)})
        known: Mapping[str, Any] = {"getme": _ME, "getmycommands": []}
        return web.json_response({"ok": True, "result": known.get(method, True)})

    async def _updates_now(self, said: Mapping[str, Any]) -> list[dict[str, Any]]:
        self.polled.set()
        if not int(said.get("timeout", 0)):
            return []
        first = await self._updates.get()
        return [first, *(self._updates.get_nowait() for _ in range(self._updates.qsize()))]


@asynccontextmanager
async def _served(api: Api) -> AsyncIterator[str]:
    app = web.Application()
    app.router.add_route("*", "/bot{token}/{method}", api.serve)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


@asynccontextmanager
async def _running(settings: Mapping[str, str], url: str) -> AsyncIterator[None]:
    known = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "TELEGRAM_TOKEN": _TOKEN, "TELEGRAM_API_URL": url}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "run", env={**known, **settings}, cwd=settings["DATA_DIR"]
    )
    try:
        yield
    finally:
        process.kill()
        await process.wait()


async def _stretch(api: Api) -> float:
    """The p99 of many commands, in milliseconds."""
    asking = []
    for _ in range(int(_SECONDS / _EVERY)):
        asking.append(asyncio.create_task(api.ask()))
        await asyncio.sleep(_EVERY)
    return quantiles(await asyncio.gather(*asking), n=100, method="inclusive")[98]


async def _round(folder: Path, number: int) -> tuple[float, float, float]:
    """p99 while pins are edited, p99 before, and edits a second meanwhile."""
    settings, api = home(folder), Api()
    content = Path(settings["RESPONSES_DIR"])
    edition = Edition(read_content(content))
    async with open_store(address(None, Path(settings["DATA_DIR"]))) as store:
        await stored(store, edition, range(number), "whatisksm")
    async with _served(api) as url, _running(settings, url), asyncio.timeout(_PATIENCE + 4 * _SECONDS):
        await api.polled.wait()
        await api.ask()
        await asyncio.sleep(4.0)  # the start is over: what was trained is loaded, the files were looked at again
        idle = await _stretch(api)
        before = api.edits
        edit(content / "en" / "answers" / "whatisksm.yaml", "What is the KSM token?")
        await api.edited.wait()
        first = api.edits
        busy = await _stretch(api)
        return busy, idle, (api.edits - first) / _SECONDS if not before else -1.0


def measure(number: int = _PINS, rounds: int = 3) -> Measured:
    """Milliseconds; void where pins were edited before anything changed, too fast, or hardly at all."""
    told = []
    for _ in range(rounds):
        with tempfile.TemporaryDirectory() as folder:
            try:
                told.append(asyncio.run(_round(Path(folder), number)))
            except TimeoutError as error:
                raise ChildFailed("a command was not answered in time") from error
    most = 1 / PACES["telegram"].overall
    odd = [pace for _, _, pace in told if not most / 2 <= pace <= most * 1.1]
    void = f"{odd[0]:.1f} edits a second, where Telegram's pace is {most:.0f}" if odd else None
    return Measured(tuple(one[0] for one in told), tuple(one[1] for one in told), void)
