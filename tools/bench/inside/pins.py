"""Pins over a store: a look at all of them where nothing changed, in milliseconds of the process's CPU."""

import asyncio
import sys

from bot.core.ports import Platform
from tools.bench.child import cpu, tell
from tools.bench.inside.house import AT_ONCE, PLATFORM, Still, house, stored
from tools.bench.watch import Watch

_SEEN = 100  # edits after a change, by which it is seen that there would have been some


async def main(number: int) -> None:
    """So many pins, all of which show what they should."""
    async with house(AT_ONCE) as home:
        still = Still()
        await stored(home.store, home.shelf.edition, range(number), "whatisksm")
        home.parts.platforms[PLATFORM] = platform(still)
        await home.parts.refresh.round(PLATFORM)  # the first look notes which edition is in use
        async with Watch() as watch:
            before = cpu()
            await home.parts.refresh.round(PLATFORM)
            spent = cpu() - before
        edits = still.edits
        home.edit("What is the KSM token?")
        await home.shelf.reload()
        round_ = asyncio.create_task(home.parts.refresh.round(PLATFORM))
        await still.until(min(number, _SEEN))
        round_.cancel()
        await asyncio.wait({round_})
        tell(spent=spent * 1000, edits=edits, held=watch.longest)


def platform(still: Still) -> Platform:
    """As much of a platform as a refresh asks for."""
    return still  # type: ignore[return-value]  # it is never asked for more


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
