"""Measures answers on Telegram, by polling and by webhook, compared with minimal bots; and first answers in a group."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

from tools.bench.process import running
from tools.bench.row import Row, Scenario
from tools.bench.stage import Bot, Round, explainer, home
from tools.bench.telegram_api import GROUPS, PATH, SECRET, BotApi

_TOKEN = "7000000001:AAa-token-that-only-the-benchmark-knows"
_PEERS = {
    "ptb": "python-telegram-bot with its defaults",
    "ptb-tuned": "python-telegram-bot on uvloop, 16 at once",
    "aiogram": "aiogram",
    "telebot": "pyTelegramBotAPI",
}
_WAYS = {"poll": "polling", "hook": "by webhook"}
_ROUNDS = {1: (300, 7), 256: (1024, 5)}  # by the number of questions at the same time: answers per round, and rounds
_WARM = len(GROUPS)  # answers before the first round
_FRESH, _TURNS = 200, 7  # groups per round in which the bot has not answered before, and rounds


@asynccontextmanager
async def bot(settings: dict[str, str], peer: str = "", *, webhook: bool = False) -> AsyncIterator[Bot]:
    """Run the bot, or a minimal one on the library `peer`, in the folder of these settings."""
    folder, port = Path(settings["FOLDER"]), _free_port() if webhook else None
    api = BotApi(port)
    settings = settings | {"TELEGRAM_TOKEN": _TOKEN, "TELEGRAM_API_URL": await api.start()}
    if webhook:
        settings |= {"WEBHOOK_URL": f"https://bot.example{PATH}", "WEBHOOK_SECRET": SECRET, "PORT": str(port)}
    (folder / "answer.json").write_text(json.dumps(explainer()["telegram"]), "utf-8")
    command = ("-m", "tools.bench.telegram_twins", peer) if peer else ("-m", "bot", "run")
    try:
        async with running(command, settings, folder, api.ready.wait()) as program:
            api.cpu = lambda: program.cpu
            yield Bot(api, program)
    finally:
        api.close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


async def _answers(way: str, flight: int, *rows: Row) -> None:
    """Measure all bots in turns."""
    number, turns = _ROUNDS[flight]
    rounds: dict[str, list[Round]] = {kind: [] for kind in ("", *_PEERS)}
    async with AsyncExitStack() as stack:
        bots: dict[str, Any] = {}
        for kind in rounds:
            settings = stack.enter_context(home(communities=() if kind else GROUPS))
            bots[kind] = await stack.enter_async_context(bot(settings, kind, webhook=way == "hook"))
            await bots[kind].round(_WARM, flight)
        await asyncio.gather(*(one.program.rest() for one in bots.values()))
        for turn in range(turns):
            for kind in bots if turn % 2 else reversed(bots):
                rounds[kind].append(await bots[kind].round(number, flight))
    for peer, cpu, rate in zip(_PEERS, rows[::2], rows[1::2], strict=True):
        for side, kind in enumerate(("", peer)):
            cpu.sides[side].extend(one.cpu for one in rounds[kind])
            rate.sides[side].extend(one.rate for one in rounds[kind])


async def _first(plain: Row, known: Row) -> None:
    """Measure the first answer in a group since the start, an answer of a minimal bot, and one in a known group."""
    groups = range(GROUPS.start - _FRESH * _TURNS, GROUPS.start)
    with home(communities=[*groups, *GROUPS]) as mine, home() as theirs:
        async with bot(mine) as ours, bot(theirs, "telebot") as twin:
            await ours.round(_WARM)
            await twin.round(_WARM)
            await ours.program.rest()
            for turn in range(_TURNS):
                first = await ours.round(_FRESH, 1, groups[turn * _FRESH : (turn + 1) * _FRESH])
                plain.ours.append(first.cpu)
                known.ours.append(first.cpu)
                known.twin.append((await ours.round(_FRESH)).cpu)
                plain.twin.append((await twin.round(_FRESH)).cpu)


async def _growth(row: Row) -> None:
    for _ in range(3):
        for side, size in zip(row.sides, (1_000, 100), strict=True):
            groups = range(GROUPS.start - size, GROUPS.start)
            with home(communities=[*groups, *GROUPS]) as settings:
                async with bot(settings) as ours:
                    await ours.round(_WARM)
                    await ours.program.rest()
                    side.append((await ours.round(size, 1, groups)).cpu)


def _rows(way: str, flight: int) -> tuple[Row, ...]:
    rows = list[Row]()
    for peer, description in _PEERS.items():
        name = f"telegram-{way}-{flight}-{peer}"
        conditions = f"{_WAYS[way]}, {flight} at the same time, compared with {description}"
        goal = 0.5 if peer.startswith("ptb") else 1.0
        rows.append(Row(f"{name}-cpu", f"CPU of an answer, {conditions}", "µs", goal))
        rows.append(Row(name, f"answers per second, {conditions}", "/s", 1 / goal, at_most=False))
    return tuple(rows)


_FIRST = "CPU of the first answer in a group since the start, compared with"
SCENARIOS = (
    *(Scenario(partial(_answers, way, flight), _rows(way, flight)) for way in _WAYS for flight in _ROUNDS),
    Scenario(
        _first,
        (
            Row("telegram-first", f"{_FIRST} an answer of pyTelegramBotAPI", "µs", 1.5),
            Row("telegram-first-known", f"{_FIRST} one in a known group", "µs", 2.0),
        ),
    ),
    Scenario(
        _growth,
        (Row("growth-communities", "CPU of a group's first answer, with 1,000 groups compared with 100", "µs", 1.5),),
    ),
)
