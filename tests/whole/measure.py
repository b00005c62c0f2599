"""What a guild and an answer cost, measured on a bot in a process of its own: `python -m tests.whole.measure`.

Memory is what the kernel counts as resident, time is what it counts as spent on the process's CPU.
"""

import asyncio
import os
import tempfile
from pathlib import Path
from typing import Any

from tests.fakes.discord_server import DiscordServer
from tests.fakes.telegram import TelegramServer
from tests.waiting import PATIENCE
from tests.whole.process import Bot, running

GUILDS, CHANNELS, ROLES = 2_000, 20, 10
ANSWERS = 600  # at the thirty a second that Telegram takes


def resident(bot: Bot) -> int:
    """Bytes."""
    pages = int(Path(f"/proc/{bot.process.pid}/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def spent(bot: Bot) -> float:
    """Seconds of CPU."""
    fields = Path(f"/proc/{bot.process.pid}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def connected(guilds: int) -> tuple[int, float]:
    """Resident bytes, and seconds of CPU, once so many guilds have been told of."""
    async with DiscordServer(point=False) as discord:
        for number in range(guilds):
            guild = discord.guild(f"Guild {number}")
            for channel in range(CHANNELS):
                guild.channel(f"channel-{channel}")
            for role in range(ROLES):
                guild.role(f"Role {role}")
        settings: dict[str, Any] = {"DISCORD_TOKEN": discord.token, "SHARDS": "1"} | discord.environment
        point = ("tests.fakes.discord_point", "bot")
        with tempfile.TemporaryDirectory() as home:
            async with running(Path(home), module=point, **settings) as bot:
                async with asyncio.timeout(PATIENCE):
                    while (await bot.get("/readyz"))[0] != 200:
                        await discord.gateway.connected(1)
                return resident(bot), spent(bot)


async def answered() -> float:
    """Seconds of CPU for each answer to a command on Telegram, its HTTP included."""
    async with TelegramServer(privacy=False) as telegram:
        settings: dict[str, Any] = {
            "TELEGRAM_TOKEN": telegram.token,
            "TELEGRAM_API_URL": telegram.base_url.removesuffix("/bot"),
        }
        with tempfile.TemporaryDirectory() as home:
            async with running(Path(home), **settings) as bot:
                await telegram.until_polling()
                before = spent(bot)
                for _ in range(ANSWERS):  # each by somebody else, so that nobody has to cool down
                    member = telegram.member()
                    telegram.send(telegram.private(member), member, "/whatisksm")
                await telegram.wait_for("sendMessage", ANSWERS)
                return (spent(bot) - before) / ANSWERS


async def main() -> None:
    """Print the figures, one a line."""
    empty, began = await connected(1)
    full, ended = await connected(1 + GUILDS)
    print(f"a process with one guild: {empty / 2**20:.0f} MiB")
    print(f"a guild of {CHANNELS} channels and {ROLES} roles: {(full - empty) / GUILDS / 1024:.1f} KiB")
    print(f"taking one in at the start: {(ended - began) / GUILDS * 1000:.2f} ms of CPU")
    print(f"an answer on Telegram: {await answered() * 1000:.2f} ms of CPU")


if __name__ == "__main__":
    asyncio.run(main())
