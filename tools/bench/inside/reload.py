"""How long the event loop is held while six languages are read anew and taken, in milliseconds."""

import asyncio
import sys

from tools.bench.child import tell
from tools.bench.inside.house import AT_ONCE, PLATFORM, Still, house, stored
from tools.bench.inside.pins import platform
from tools.bench.watch import Watch


async def main(times: int) -> None:
    """An answer is changed again and again, and pins follow it."""
    async with house(AT_ONCE) as home:
        still = Still()
        await stored(home.store, home.shelf.edition, range(10), "whatisksm")
        home.parts.platforms[PLATFORM] = platform(still)
        keeping = asyncio.create_task(home.parts.refresh.keep(PLATFORM))
        revisions, holds = set[str](), list[float]()
        for number in range(times):
            home.edit(f"Version {'abcdefghij'[number % 10]}")
            async with Watch() as watch:
                await home.shelf.reload()
                await still.until(10 * (number + 1))
            revisions.add(home.shelf.edition.catalog.revision)
            holds.append(watch.longest)
        keeping.cancel()
        await asyncio.wait({keeping})
        tell(holds=holds, revisions=len(revisions), languages=len(home.shelf.edition.catalog.languages))


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
