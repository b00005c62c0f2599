"""A program with both platforms on the loopback, until it has answered on both. Its law: ready is who has answered, and
the platforms run in the driver.
"""

import asyncio
import os
import shutil
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import final

from bench.child import ROOT, ChildFailed
from tests.fakes.discord_server import DiscordServer
from tests.fakes.telegram import TelegramServer

_SECONDS = 60.0  # until a program that does not answer is given up
_SETTLED = 0.05  # part of a core that a program at rest may still use
_KEPT = ("PATH", "HOME", "LANG")
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
        known = {key: os.environ[key] for key in _KEPT if key in os.environ}
        known |= {"PYTHONPATH": str(ROOT), "PYTHONHASHSEED": "0", "SHARDS": "1"}
        known |= {"TELEGRAM_TOKEN": telegram.token, "TELEGRAM_API_URL": telegram.base_url.removesuffix("/bot")}
        known |= {"DISCORD_TOKEN": discord.token, **discord.environment, **settings}
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bench.start.pointed", module, *arguments, env=known, cwd=settings.get("FOLDER", ROOT)
        )
        try:
            async with asyncio.timeout(_SECONDS):
                answers = await _answers(telegram, discord)
            yield Started(process.pid, spent(process.pid), answers)
        except (TimeoutError, AssertionError) as error:
            raise ChildFailed(f"{module}: no answer on both platforms in {_SECONDS:.0f} s") from error
        finally:
            if process.returncode is None:
                process.kill()
            await process.wait()


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


async def settled(pid: int) -> None:
    """Wait until the program rests: a second in which it hardly works."""
    async with asyncio.timeout(_SECONDS):
        before = -1.0
        while (now := spent(pid)) - before > _SETTLED:
            before = now
            await asyncio.sleep(1.0)


def spent(pid: int) -> float:
    """CPU seconds of a living program, all its threads."""
    fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def resident(pid: int) -> float:
    """MiB of a living program that are in memory."""
    pages = int(Path(f"/proc/{pid}/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20
