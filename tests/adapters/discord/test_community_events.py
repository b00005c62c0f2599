"""Guilds that the bot is in, comes to and leaves, as the gateway tells of them."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.adapters.discord.joins import Batcher
from bot.core.model import DISCORD, Place
from tests.adapters.discord.conftest import Running
from tests.fakes.discord_bell import Bell
from tests.fakes.discord_server import DiscordServer


@dataclass
class Book:
    """Stands for the doors: keeps who came and went, and takes its time while `open` is not set."""

    bell: Bell = field(default_factory=Bell)
    told: list[tuple[str, tuple[Place, ...]]] = field(default_factory=list)
    open: asyncio.Event = field(default_factory=asyncio.Event)

    async def moved(self, place: Place, new: str) -> None:
        raise AssertionError("no guild ever moves")

    async def left(self, place: Place) -> None:
        await self._note("left", place)

    async def returned(self, *places: Place) -> None:
        await self._note("returned", *places)

    async def _note(self, what: str, *places: Place) -> None:
        self.told.append((what, places))
        self.bell.ring()
        await self.open.wait()

    async def until(self, guilds: int) -> None:
        def look() -> bool | None:
            return True if sum(len(places) for _, places in self.told) >= guilds else None

        await self.bell.until(look, lambda: str(self.told))


async def test_guilds_that_are_told_of_while_the_store_is_busy_are_noted_together(
    server: DiscordServer, running: Running
) -> None:
    guilds = [server.guild(f"Guild {number}") for number in range(30)]
    channel, ada = guilds[-1].channel(), guilds[-1].member("ada")
    book = Book()
    async with running(events=book):
        await server.slash(channel, ada, "whatisksm").message()  # so all guilds before were read
        book.open.set()
        await book.until(len(guilds))
    assert len(book.told) <= 2
    assert {what for what, _ in book.told} == {"returned"}
    assert [place for _, places in book.told for place in places] == [Place(DISCORD, str(one.id)) for one in guilds]


async def test_an_outage_is_neither_coming_nor_going_and_a_removal_is(server: DiscordServer, running: Running) -> None:
    guild, other = server.guild(), server.guild()
    channel, ada = other.channel(), other.member("ada")
    book = Book()
    book.open.set()
    async with running(events=book):
        await server.slash(channel, ada, "whatisksm").message()
        await book.until(2)
        before = len(book.told)
        server.raw("GUILD_DELETE", {"id": str(guild.id), "unavailable": True})
        server.raw("GUILD_CREATE", {"id": str(guild.id), "unavailable": True})
        server.raw("GUILD_DELETE", {"id": str(guild.id)})
        await book.until(3)
    assert book.told[before:] == [("left", (Place(DISCORD, str(guild.id)),))]


async def test_a_removal_between_two_arrivals_keeps_its_place() -> None:
    batches = list[tuple[str, ...]]()
    gate = asyncio.Event()

    async def hand_on(batch: Sequence[str]) -> None:
        batches.append(tuple(batch))
        await gate.wait()

    batcher: Batcher[str] = Batcher(hand_on)
    batcher.put("came")
    await asyncio.sleep(0)
    for word in ("went", "came again"):
        batcher.put(word)
    gate.set()
    for _ in range(3):
        await asyncio.sleep(0)
    assert batches == [("came",), ("went", "came again")]
    batcher.put("later")
    await asyncio.sleep(0)
    assert batches[-1] == ("later",)


async def test_of_more_than_it_holds_the_latest_are_handed_on() -> None:
    batches = list[tuple[int, ...]]()

    async def hand_on(batch: Sequence[int]) -> None:
        batches.append(tuple(batch))

    batcher: Batcher[int] = Batcher(hand_on, most=3)
    for number in range(10):
        batcher.put(number)
    await asyncio.sleep(0)
    assert batches == [(7, 8, 9)]
