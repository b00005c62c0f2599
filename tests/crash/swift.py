"""The bot as a process of its own that edits pins faster than real platforms would let it: for tests that kill it."""

import asyncio

from bot.config import load_settings
from bot.features.pins import EditIntervals
from bot.runtime import telemetry
from bot.runtime.service import Service

EVERY = 0.002  # seconds between two edits


async def serve() -> None:
    """Until it is killed."""
    given = load_settings()
    telemetry.set_up(given.log_level, given.log_format, given.secrets)
    swift = EditIntervals(0.0, EVERY)
    await Service(given, {"telegram": swift, "discord": swift, "playground": swift}).run()


if __name__ == "__main__":
    asyncio.run(serve())
