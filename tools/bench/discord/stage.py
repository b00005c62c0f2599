"""What all scenes need: the answer that both bots give, and both of them connected, and at rest."""

import asyncio
import json
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, final

from tools.bench import spawn
from tools.bench.discord import process
from tools.bench.discord.pretend import Answer, Pretend, pretending
from tools.bench.discord.process import Bot

COMMAND = "whatisksm"


@final
@dataclass(frozen=True, slots=True)
class Connected:
    """A bot and the Discord it is connected to."""

    pretend: Pretend
    bot: Bot


def expected() -> dict[str, Any]:
    """Name, text and buttons of the answer that is asked for, as our own content has it."""
    from bot.adapters.playground.preview import on_discord
    from bot.config import settings
    from bot.core.model import DISCORD, Member, Place, Request
    from bot.runtime.content import responder_of

    request = Request(Place(DISCORD, "1", "2"), Member("1"), COMMAND, "", "en-US")
    reply = asyncio.run(responder_of(settings()).respond(request))
    assert reply
    return {"name": COMMAND, **on_discord(reply)}


def wrong(answers: Sequence[Answer], wanted: dict[str, Any]) -> str | None:
    """Why these are not the answers that were asked for, or None."""
    for answer in answers:
        data = answer.body["data"]
        rows = [[(one["label"], one["custom_id"]) for one in row["components"]] for row in data.get("components", [])]
        if data.get("content") != wanted["text"]:
            return f"a wrong text: {data.get('content')!r:.60}"
        if rows != [[(one["label"], one["id"]) for one in row] for row in wanted["buttons"]]:
            return "wrong buttons"
        if data["allowed_mentions"].get("parse") != []:
            return "an answer that may mention people"
    return None


@asynccontextmanager
async def ours(guilds: int, **more: str) -> AsyncIterator[Connected]:
    """The whole bot in so many guilds."""
    async with pretending(guilds) as pretend, process.ours(pretend, **more) as bot:
        yield Connected(pretend, bot)


@asynccontextmanager
async def bare(guilds: int, answer: dict[str, Any], **more: str) -> AsyncIterator[Connected]:
    """The twin in so many guilds."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "answer.json"
        file.write_text(json.dumps(answer), "utf-8")
        async with pretending(guilds) as pretend, process.bare(pretend, file, **more) as bot:
            yield Connected(pretend, bot)


async def rested(*bots: Connected) -> None:
    """Wait until what a bot begins with is over."""
    await spawn.rested(*(one.bot.process.pid for one in bots))


def percentile(answers: Sequence[Answer], part: float = 0.99) -> float:
    """Milliseconds within which that part of the answers came."""
    seconds = sorted(answer.seconds for answer in answers)
    return seconds[min(len(seconds) - 1, int(len(seconds) * part))] * 1000
