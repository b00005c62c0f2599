"""The bots that are measured, each a program of its own. Its law: ours is the whole bot as `run` starts it, with its
database; a twin is as its library's documentation has it.
"""

import json
import signal
import socket
import time
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from shutil import copytree
from typing import Final, final

from bot.adapters.telegram.render import render
from bot.config import settings
from bot.core.community import Community
from bot.core.model import TELEGRAM, Place, Risk
from bot.runtime.content import open_content
from bot.store.store import open_store
from bot.store.url import address
from tools.bench.child import ROOT
from tools.bench.spawn import begun, cpu, left, rested, spawned
from tools.bench.telegram.api import GROUPS, PATH, SECRET, BotApi

OURS: Final = "ours"
PTB: Final = "python-telegram-bot"
AIOGRAM: Final = "aiogram"
TELEBOT: Final = "pyTelegramBotAPI"
_PROGRAMS: Final = {PTB: "bare_ptb.py", AIOGRAM: "bare_aiogram.py", TELEBOT: "bare_telebot.py"}
TOKEN: Final = "7000000001:AAa-token-that-only-the-benchmark-knows"
_START: Final = 60.0  # seconds
_LOG: Final = "log"


@final
@dataclass(frozen=True, slots=True)
class Bot:
    """A bot that runs: its Bot API, its process, and the port of its webhook where it has one."""

    api: BotApi
    process: Process
    port: int | None

    async def answer(self, number: int, at_once: int) -> tuple[float, float, str | None]:
        """Let it answer so many; returns its CPU seconds and the seconds that passed for each, and why they do not
        count, or None.
        """
        began, worked = time.perf_counter(), self.cpu()
        if self.port is None:
            await self.api.polled(number, at_once)
        else:
            await self.api.pushed(number, at_once, self.port)
        passed, worked = time.perf_counter() - began, self.cpu() - worked
        return worked / number, passed / number, self.api.wrong()

    def cpu(self) -> float:
        """CPU seconds until now."""
        return cpu(self.process.pid)

    async def rest(self) -> None:
        """Wait until it has nothing left to do: our bot reads its content once more soon after its start."""
        await rested(self.process.pid)


def words() -> str:
    """What the bot answers to the benchmark's question."""
    edition = open_content(settings()).edition
    reply = edition.explainer("whatisksm", edition.language("en"), Risk.GENERAL)
    assert reply is not None
    return render(reply).text


@asynccontextmanager
async def running(
    kind: str, text: str, folder: Path, *, at_once: int, webhook: bool, watched: bool = False
) -> AsyncIterator[Bot]:
    """The bot while it serves, with its data in `folder`. `watched` has ours run under a watch.

    Raises:
        ChildFailed: it ended by itself, or did not ask for updates in a minute.
    """
    api = BotApi(text)
    url, port = f"http://127.0.0.1:{await api.start()}", _free_port() if webhook else None
    if kind == OURS:
        copytree(ROOT / "responses", folder / "responses")  # whoever edits there is not to be measured
        await _prepared(folder)
        program = ["-m", *(("tools.bench.pointed",) if watched else ()), "bot", "run"]
        settings = {**_settings(url, port, folder), **({"WATCHED": "1"} if watched else {})}
    else:
        program, settings = [*_twin(kind, text, folder), *_options(url, at_once, port)], {}
    try:
        with (folder / _LOG).open("wb") as log:
            async with spawned(*program, settings=settings, folder=folder, output=log) as process:
                await begun(process, api.ready.wait(), _START, lambda: (folder / _LOG).read_text("utf-8"))
                yield Bot(api, process, port)
    finally:
        await api.close()


async def held(text: str, folder: Path, number: int, *, at_once: int, webhook: bool) -> float:
    """For how many milliseconds ours held its event loop at most while it answered so many."""
    async with running(OURS, text, folder, at_once=at_once, webhook=webhook, watched=True) as bot:
        await bot.answer(number, at_once)
        await bot.rest()
        bot.process.send_signal(signal.SIGUSR1)
        for _ in range(3):
            await bot.answer(number, at_once)
        bot.process.send_signal(signal.SIGUSR1)
        await left(bot.process, signal.SIGTERM)
    told = [line for line in (folder / _LOG).read_text("utf-8").splitlines() if line.startswith('{"held"')]
    return float(json.loads(told[-1])["held"])


def _twin(kind: str, text: str, folder: Path) -> list[str]:
    said = folder / "text"
    said.write_text(text, "utf-8")
    return [str(ROOT / "tools" / "bench" / "telegram" / "twins" / _PROGRAMS[kind]), "--text", str(said)]


def _options(url: str, at_once: int, port: int | None) -> list[str]:
    hook = ["--port", str(port), "--path", PATH, "--secret", SECRET] if port else []
    return ["--api", url, "--token", TOKEN, "--at-once", str(at_once), *hook]


def _settings(url: str, port: int | None, folder: Path) -> Mapping[str, str]:
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
