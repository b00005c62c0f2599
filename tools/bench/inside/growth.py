"""What a thing costs where there are 1, 10, 100 and 1,000 of it. Its law: a row is ok where each of a thousand costs no
more than each of a hundred.
"""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from functools import partial

from bot.core.model import Risk
from bot.core.sealed_catalog import SealedCatalog
from tools.bench.child import child, cpu, tell
from tools.bench.inside.house import AT_ONCE, PLATFORM, House, Still, house, request, stored
from tools.bench.inside.pins import platform
from tools.bench.row import Measured, Row, grown

SIZES = (1, 10, 100, 1_000)
_TIMES = {1: 50, 10: 20, 100: 5}  # what is short is done again
# A straight line is 1, growth by the square 10; what is above 1 is how much a shared machine makes equal runs differ.
_STEADY, _STORED = 1.2, 1.5  # with a store, its threads and files are in the figure
_Pass = Callable[[], Awaitable[None]]


async def answers(home: House, number: int) -> _Pass:
    """So many answers in one community."""
    await stored(home.store, home.shelf.edition, [0])
    commands = tuple(home.shelf.edition.catalog.explainers)

    async def once() -> None:
        for turn in range(number):
            assert await home.parts.responder.respond(request(turn, commands[turn % len(commands)]))

    return once


async def communities(home: House, number: int) -> _Pass:
    """The first answer in each of so many communities: what each chose is read from the store."""
    await stored(home.store, home.shelf.edition, range(number))

    async def once() -> None:
        home.later()  # what is known of them is too old
        for turn in range(number):
            assert await home.parts.responder.respond(request(turn, "whatisksm", turn))

    return once


async def pins(home: House, number: int) -> _Pass:
    """A look at so many pins where nothing changed."""
    await stored(home.store, home.shelf.edition, range(number), "whatisksm")
    home.parts.platforms[PLATFORM] = platform(Still())

    async def once() -> None:
        await home.parts.refresh.round(PLATFORM)

    return once


async def edits(home: House, number: int) -> _Pass:
    """So many pins edited, since the warning became louder, or quieter again."""
    await stored(home.store, home.shelf.edition, range(number), "relay-chain")
    still = Still()
    home.parts.platforms[PLATFORM] = platform(still)
    editions = [home.shelf.edition, SealedCatalog(home.shelf.edition.catalog, Risk.HIGH)]

    async def once() -> None:
        before = still.edits
        editions.reverse()
        home.shelf._edition = editions[0]
        await home.parts.refresh.round(PLATFORM)
        assert still.edits == before + number

    return once


THINGS: dict[str, Callable[[House, int], Awaitable[_Pass]]] = {
    "answers": answers,
    "communities": communities,
    "pins": pins,
    "edits": edits,
}


async def main(thing: str, most: int) -> None:
    """CPU seconds of a pass by size."""
    costs = list[tuple[int, float]]()
    for size in [size for size in SIZES if size <= most]:
        async with house(AT_ONCE) as home:
            once = await THINGS[thing](home, size)
            await once()  # what is done for the first time alone
            times = _TIMES.get(size, 1)
            before = cpu()
            for _ in range(times):
                await once()
            costs.append((size, (cpu() - before) / times))
    tell(costs=costs)


def measure(thing: str, most: int = SIZES[-1], rounds: int = 7) -> Measured:
    """Microseconds of each where there are a thousand (ours), and where there are a hundred (floor)."""
    told = [dict(child("tools.bench.inside.growth", thing, most)["costs"]) for _ in range(rounds)]
    return grown(thing, told, most, min(100, most))


ROWS = tuple(
    Row(f"growth-{thing}", f"{what}: each of 1,000 beside each of 100", "µs", goal, True, partial(measure, thing))
    for thing, goal, what in (
        ("answers", _STEADY, "an answer"),
        ("communities", _STORED, "a community's first answer, its settings read from the store"),
        ("pins", _STEADY, "a pin looked at, nothing changed"),
        ("edits", _STORED, "a pin edited and noted"),
    )
)

if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2])))
