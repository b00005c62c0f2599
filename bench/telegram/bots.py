"""The bots that are measured, each a program of its own. Its law: ours is the whole bot as `run` starts it, with its
database; a twin is as its library's documentation has it.
"""

import asyncio
import json
import os
import signal
import socket
import sys
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from shutil import copytree
from typing import Final, final

from bench.child import ROOT, ChildFailed
from bench.telegram.api import GROUPS, PATH, SECRET, BotApi
from bot.adapters.telegram.render import render
from bot.app import shelf_of
from bot.config import settings
from bot.core.community import Community
from bot.core.model import TELEGRAM, Place, Risk
from bot.store.address import address
from bot.store.store import open_store

OURS: Final = "ours"
PTB: Final = "python-telegram-bot"
AIOGRAM: Final = "aiogram"
TELEBOT: Final = "pyTelegramBotAPI"
_PROGRAMS: Final = {PTB: "bare_ptb.py", AIOGRAM: "bare_aiogram.py", TELEBOT: "bare_telebot.py"}
TOKEN: Final = "7000000001:AAa-token-that-only-the-benchmark-knows"
_START: Final = 60.0  # seconds
_KEPT: Final = ("PATH", "HOME", "LANG")
_LOG: Final = "log"
_CALM: Final = 1.0  # seconds in which a process that rests works for less than a hundredth of them


@final
@dataclass(frozen=True, slots=True)
class Bot:
    """A bot that runs: its Bot API, its process, and the port of its webhook where it has one."""

    api: BotApi
    process: int
    port: int | None

    async def answer(self, number: int, at_once: int) -> tuple[float, float, str | None]:
        """Let it answer so many; returns its CPU seconds and the seconds that passed for each, and why they do not
        count, or None.
        """
        began, worked = time.perf_counter(), cpu_of(self.process)
        if self.port is None:
            await self.api.polled(number, at_once)
        else:
            await self.api.pushed(number, at_once, self.port)
        passed, worked = time.perf_counter() - began, cpu_of(self.process) - worked
        return worked / number, passed / number, self.api.wrong()

    async def rest(self) -> None:
        """Wait until it has nothing left to do: our bot reads its content once more soon after its start."""
        await asyncio.sleep(2 * _CALM)
        async with asyncio.timeout(_START):
            while True:
                worked = cpu_of(self.process)
                await asyncio.sleep(_CALM)
                if cpu_of(self.process) - worked < _CALM / 100:
                    return


def cpu_of(process: int) -> float:
    """CPU seconds of another process until now, all its threads (Linux keeps such a clock for each)."""
    return time.clock_gettime((~process << 3) | 2)


def words() -> str:
    """What the bot answers to the benchmark's question."""
    shelf = shelf_of(settings(), kept=False)
    shelf.open()
    edition = shelf.edition
    reply = edition.explainer("whatisksm", edition.language("en"), Risk.GENERAL)
    assert reply is not None
    return render(reply).text


@asynccontextmanager
async def running(
    kind: str, text: str, folder: Path, *, at_once: int, webhook: bool, watched: bool = False
) -> AsyncIterator[Bot]:
    """The bot while it serves. `watched` has ours run under a watch; it is stopped kindly then, else killed.

    Raises:
        ChildFailed: it ended by itself, or did not ask for updates in a minute.
    """
    api = BotApi(text)
    url, port = f"http://127.0.0.1:{await api.start()}", _free_port() if webhook else None
    if kind == OURS:
        copytree(ROOT / "responses", folder / "responses")  # whoever edits there is not to be measured
        await _prepared(folder)
        program = ["-m", "bench.telegram.watched"] if watched else ["-m", "bot", "run"]
        environment = _environment(url, port, folder)
    else:
        program, environment = [*_twin(kind, text, folder), *_options(url, at_once, port)], {}
    kept = {key: os.environ[key] for key in _KEPT if key in os.environ}
    with (folder / _LOG).open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *program,
            cwd=ROOT,
            env={**kept, "PYTHONPATH": str(ROOT), **environment},
            stdout=log,
            stderr=log,
        )
    try:
        await _ready(api, process, folder)
        yield Bot(api, process.pid, port)
        if watched:
            process.terminate()
            await asyncio.wait_for(process.wait(), _START)
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
        await api.close()


async def held(text: str, folder: Path, number: int, *, at_once: int, webhook: bool) -> float:
    """For how many milliseconds ours held its event loop at most while it answered so many."""
    async with running(OURS, text, folder, at_once=at_once, webhook=webhook, watched=True) as bot:
        await bot.answer(number, at_once)
        await bot.rest()
        os.kill(bot.process, signal.SIGUSR1)
        for _ in range(3):
            await bot.answer(number, at_once)
    said = (folder / _LOG).read_text("utf-8").splitlines()
    return float(json.loads(said[-1])["hold"])


async def _ready(api: BotApi, process: asyncio.subprocess.Process, folder: Path) -> None:
    serving, ended = asyncio.create_task(api.ready.wait()), asyncio.create_task(process.wait())
    await asyncio.wait({serving, ended}, timeout=_START, return_when=asyncio.FIRST_COMPLETED)
    ended.cancel()
    if not serving.done():
        serving.cancel()
        raise ChildFailed(f"the bot did not start\n{(folder / _LOG).read_text('utf-8')[-2000:]}")


def _twin(kind: str, text: str, folder: Path) -> list[str]:
    said = folder / "text"
    said.write_text(text, "utf-8")
    return [str(ROOT / "bench" / "telegram" / "twins" / _PROGRAMS[kind]), "--text", str(said)]


def _options(url: str, at_once: int, port: int | None) -> list[str]:
    hook = ["--port", str(port), "--path", PATH, "--secret", SECRET] if port else []
    return ["--api", url, "--token", TOKEN, "--at-once", str(at_once), *hook]


def _environment(url: str, port: int | None, folder: Path) -> Mapping[str, str]:
    hook = {"WEBHOOK_URL": f"https://bot.example{PATH}", "WEBHOOK_SECRET": SECRET} if port else {}
    return {
        "TELEGRAM_TOKEN": TOKEN,
        "TELEGRAM_API_URL": url,
        "DATA_DIR": str(folder),
        "RESPONSES_DIR": str(folder / "responses"),
        "PORT": str(port or 0),
        "LOG_LEVEL": "info",
        **hook,
    }


async def _prepared(folder: Path) -> None:
    """The groups' settings as their moderators left them: no pause between questions."""

    def unhurried(community: Community) -> Community:
        return replace(community, cooldown=0)

    async with open_store(address(None, folder)) as store:
        for group in GROUPS:
            await store.settings.change(Place(TELEGRAM, str(group), str(group)), unhurried)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
