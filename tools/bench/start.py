"""Measures how fast the bot starts, and its memory when idle and after it answered a question."""

import json
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.fakes.discord_server import DiscordServer
from tests.fakes.telegram import TelegramServer
from tools.bench.process import Program, Void, run, running
from tools.bench.row import Row, Scenario
from tools.bench.stage import COMMAND, explainer, home

_ROUNDS = 5
_LIBRARIES = "import discord, telegram.ext, aiohttp.web, yaml"
_PROGRAMS = (("bot", "run"), ("tools.bench.discord_twin", "both"))
_QUESTION = "/ask what do I need the token for?"


@asynccontextmanager
async def started(settings: dict[str, str], *module: str, question: str | None = None) -> AsyncIterator[Program]:
    """Run a program until it has answered a command on both platforms and, if given, the question on Telegram."""
    folder = Path(settings["FOLDER"])
    (folder / "answer.json").write_text(json.dumps(explainer()["discord"]), "utf-8")
    async with TelegramServer(privacy=False) as telegram, DiscordServer(point=False) as discord:
        settings = {**settings, **discord.environment, "SHARDS": "1", "DISCORD_TOKEN": discord.token}
        settings |= {"TELEGRAM_TOKEN": telegram.token, "TELEGRAM_API_URL": telegram.base_url.removesuffix("/bot")}
        guild, chat = discord.guild(), telegram.chat("supergroup")

        async def answered() -> None:
            for number, text in enumerate([f"/{COMMAND}", *([question] if question else [])], 1):
                telegram.send(chat, telegram.member(), text)
                call = (await telegram.wait_for("sendMessage", number, seconds=100.0))[-1]
                assert "⚠️" in str(call.params["text"])
            await discord.gateway.connected(1)
            message = await discord.slash(guild.channel(), guild.member("ada"), COMMAND, forged=True).message()
            assert "⚠️" in message.content

        command = ("-m", "tests.fakes.discord_point", *module)
        async with running(command, settings, folder, answered()) as program:
            yield program


async def _starts(later: Row, first: Row) -> None:
    for _ in range(_ROUNDS):
        for side, module in enumerate(_PROGRAMS):
            with home() as settings:
                for row in (first, later):
                    async with started(settings, *module) as program:
                        row.sides[side].append(program.cpu)


async def _memory(rest: Row, asked: Row) -> None:
    for _ in range(3):
        ours, twin = _PROGRAMS
        for sides, module, question in (
            ((rest.ours,), ours, None),
            ((asked.ours,), ours, _QUESTION),
            ((rest.twin, asked.twin), twin, None),
        ):
            with home() as settings:
                async with started(settings, *module, question=question) as program:
                    await program.rest()
                    for side in sides:
                        side.append(program.resident)


async def _commands(ask: Row, check: Row) -> None:
    with home() as settings:
        for path in Path(settings["RESPONSES_DIR"]).iterdir():  # noqa: ASYNC240 - nothing else runs
            if path.is_dir() and path.name != "en":
                shutil.rmtree(path)
        for _ in range(_ROUNDS):
            for row, arguments, says in ((ask, ("ask", f"/{COMMAND}"), "⚠️"), (check, ("check",), "en (20)")):
                result = run(("-m", "bot", *arguments), settings, Path(settings["FOLDER"]))
                if says not in result.output:
                    raise Void(f"wrong output: {result.output[:80]!r}")
                row.ours.append(result.cpu)
                row.twin.append(run(("-c", _LIBRARIES)).cpu)


SCENARIOS = (
    Scenario(
        _starts,
        (
            Row("start-ready", "CPU until it answers on both platforms, compared with a minimal bot on both", "s", 2.0),
            Row("start-first", "the same for the first start, which creates tables and registers commands", "s", 2.5),
        ),
    ),
    Scenario(
        _memory,
        (
            Row("idle-memory", "memory when idle, with encoder, compared with a minimal bot on both", "MiB", 1.9),
            Row("asked-memory", "the same after it answered a question", "MiB", 2.5),
        ),
    ),
    Scenario(
        _commands,
        (
            Row(
                "start-ask",
                f'CPU of `ask "/{COMMAND}"` in one language, compared with importing both libraries',
                "s",
                1.0,
            ),
            Row("start-check", "CPU of `check` of one language, compared with importing both libraries", "s", 0.9),
        ),
    ),
)
