"""A program with both platforms on the loopback, until it has answered on both. Its law: ready is who has answered, and
the platforms run in the driver.
"""

import asyncio
import shutil
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import final

from tests.fakes.discord_server import DiscordServer
from tests.fakes.telegram import TelegramServer
from tools.bench.child import ROOT, ChildFailed
from tools.bench.spawn import cpu, spawned

_SECONDS = 60.0  # until a program that does not answer is given up
COMMAND = "whatisksm"


@final
@dataclass(frozen=True, slots=True)
class Started:
    """A program that has answered once on each platform: the CPU seconds it took until then."""

    pid: int
    cpu: float
    answers: tuple[str, str]


def home(path: Path) -> dict[str, str]:
    """A bot's environment in a folder of its own, with a copy of the content."""
    content = path / "responses"
    shutil.copytree(ROOT / "responses", content, ignore=shutil.ignore_patterns("questions"))
    return {"RESPONSES_DIR": str(content), "DATA_DIR": str(path / "data"), "PORT": "0", "LOG_LEVEL": "error"}


@asynccontextmanager
async def started(module: str, *arguments: str, settings: Mapping[str, str]) -> AsyncIterator[Started]:
    """`python -m MODULE ARGUMENTS…` once it has answered on both platforms; killed at the end.

    Raises:
        ChildFailed: it ends, or says nothing for a minute.
    """
    async with TelegramServer(privacy=False) as telegram, DiscordServer(point=False) as discord:
        known = {"SHARDS": "1", "DISCORD_TOKEN": discord.token, **discord.environment, **settings}
        known |= {"TELEGRAM_TOKEN": telegram.token, "TELEGRAM_API_URL": telegram.base_url.removesuffix("/bot")}
        folder = Path(settings.get("FOLDER", ROOT))
        async with spawned("-m", "tools.bench.pointed", module, *arguments, settings=known, folder=folder) as process:
            try:
                async with asyncio.timeout(_SECONDS):
                    answers = await _answers(telegram, discord)
                yield Started(process.pid, cpu(process.pid), answers)
            except (TimeoutError, AssertionError) as error:
                raise ChildFailed(f"{module}: no answer on both platforms in {_SECONDS:.0f} s") from error


async def _answers(telegram: TelegramServer, discord: DiscordServer) -> tuple[str, str]:
    """Ask on both; what came back."""
    guild = discord.guild()
    channel, ada = guild.channel(), guild.member("ada")
    chat, eve = telegram.chat("supergroup"), telegram.member()
    telegram.send(chat, eve, f"/{COMMAND}")
    asked = asyncio.create_task(telegram.wait_for("sendMessage", seconds=_SECONDS))
    await discord.gateway.connected(1)
    said = await discord.slash(channel, ada, COMMAND, forged=True).message()
    (call, *_) = await asked
    return said.content, str(call.params["text"])
