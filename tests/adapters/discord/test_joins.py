"""Who came to a guild: the real client over sockets, and the rules on raw events with the time told."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.adapters.discord.connection import reads
from bot.adapters.discord.joins import Joins
from bot.adapters.discord.updates import GuildMember
from bot.core.join_window import Join
from bot.core.model import DISCORD, Place
from tests.adapters.discord.conftest import Running
from tests.fakes.discord_bell import Bell
from tests.fakes.discord_server import DiscordServer
from tests.fakes.discord_state import Guild

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@dataclass
class Porch:
    """Stands for the welcomes: keeps who came, by name."""

    bell: Bell = field(default_factory=Bell)
    came: list[tuple[Place, Join]] = field(default_factory=list)

    async def greets(self, place: Place) -> bool:
        return True

    async def joined(self, place: Place, joins: Sequence[Join]) -> None:
        self.came += [(place, join) for join in joins]
        self.bell.ring()

    async def left(self, place: Place, member: str) -> None: ...

    @property
    def names(self) -> list[str]:
        return [join.name for _, join in self.came]

    async def until(self, *names: str) -> None:
        await self.bell.until(lambda: True if len(self.came) >= len(names) else None, lambda: str(self.names))
        assert self.names == list(names)


@pytest.fixture
def porch() -> Porch:
    return Porch()


@asynccontextmanager
async def serving(running: Running, porch: Porch, guild: Guild, server: DiscordServer) -> AsyncIterator[None]:
    """The adapter, once it has heard of the guild: a join before its READY would be nobody's."""
    async with running(newcomers=porch):
        server.join(guild, "first")
        await porch.until("first")
        porch.came.clear()
        server.world.advance(60)  # who joins from here on joins in this session
        yield


async def test_a_member_who_need_not_be_screened_is_told_of_at_once(
    server: DiscordServer, running: Running, porch: Porch
) -> None:
    guild = server.guild()
    async with serving(running, porch, guild, server):
        ada = server.join(guild, "ada")
        await porch.until("ada")
    place, join = porch.came[0]
    assert place == Place(DISCORD, str(guild.id))
    assert (join.member, join.at) == (str(ada.id), ada.joined)


async def test_a_member_is_told_of_after_the_screening(server: DiscordServer, running: Running, porch: Porch) -> None:
    guild = server.guild()
    async with serving(running, porch, guild, server):
        ada = server.join(guild, "ada", pending=True)
        server.join(guild, "bo")
        await porch.until("bo")
        server.screened(ada)
        await porch.until("bo", "ada")


async def test_a_role_given_right_after_the_screening_is_no_second_join(
    server: DiscordServer, running: Running, porch: Porch
) -> None:
    guild = server.guild()
    async with serving(running, porch, guild, server):
        ada = server.join(guild, "ada", pending=True)
        server.screened(ada)
        server.updated(ada)
        server.join(guild, "bo")
        await porch.until("ada", "bo")


async def test_a_member_who_was_pending_when_the_bot_was_started_anew_is_told_of(
    server: DiscordServer, running: Running, porch: Porch
) -> None:
    guild = server.guild()
    ada = guild.member("ada", pending=True)
    async with serving(running, porch, guild, server):
        server.screened(ada)
        await porch.until("ada")


async def test_bots_and_members_of_old_are_not_told_of(server: DiscordServer, running: Running, porch: Porch) -> None:
    guild = server.guild()
    old = guild.member("old")
    old.joined -= timedelta(days=2)
    async with serving(running, porch, guild, server):
        server.join(guild, "robot", bot=True)
        server.updated(old)
        server.join(guild, "bo")
        await porch.until("bo")


async def test_a_resumed_connection_tells_of_who_came_meanwhile(
    server: DiscordServer, running: Running, porch: Porch
) -> None:
    guild = server.guild()
    async with serving(running, porch, guild, server):
        server.gateway.drop()
        server.join(guild, "ada")
        await porch.until("ada")


def event(
    user: int, joined: datetime, *, guild: int = 1, pending: bool = False, shown: str | None = None, **more: Any
) -> dict[str, Any]:
    person = {"id": str(user), "username": f"user{user}", "global_name": shown}
    return {"guild_id": str(guild), "user": person, "joined_at": joined.isoformat(), "pending": pending, **more}


@dataclass
class Bench:
    """The rules, with the time told."""

    porch: Porch = field(default_factory=Porch)
    now: datetime = NOON
    most: int = 100

    def __post_init__(self) -> None:
        self.joins = Joins(self.porch, lambda: self.now, self.most)

    async def added(self, data: dict[str, Any]) -> None:
        await self._on_event(self.joins.on_join, data)

    async def updated(self, data: dict[str, Any]) -> None:
        await self._on_event(self.joins.on_update, data)

    async def _on_event(self, handle: Callable[[GuildMember], None], data: dict[str, Any]) -> None:
        self.now += timedelta(seconds=1)
        reads(GuildMember, handle)(data)
        await asyncio.sleep(0)
        await asyncio.sleep(0)


async def test_who_passes_late_counts_as_of_then_since_later_ones_were_greeted_before() -> None:
    bench = Bench()
    await bench.added(event(1, NOON, pending=True))
    bench.now += timedelta(days=3)
    await bench.updated(event(1, NOON))
    assert [join.at for _, join in bench.porch.came] == [bench.now]


async def test_a_change_of_somebody_who_came_in_this_session_is_no_join() -> None:
    bench = Bench(most=2)
    await bench.added(event(1, NOON + timedelta(seconds=1)))
    await bench.added(event(2, NOON + timedelta(seconds=2)))  # pushes the first out of what is remembered
    await bench.updated(event(1, NOON + timedelta(seconds=1)))
    assert bench.porch.names == ["user1", "user2"]


async def test_after_a_new_session_who_came_within_a_day_before_is_told_of() -> None:
    bench = Bench()
    bench.joins.on_session()
    await bench.updated(event(1, NOON - timedelta(hours=23)))
    await bench.updated(event(2, NOON - timedelta(hours=25)))
    assert bench.porch.names == ["user1"]
    assert [join.at for _, join in bench.porch.came] == [NOON - timedelta(hours=23)]


async def test_who_leaves_and_comes_again_is_a_newcomer_again() -> None:
    bench = Bench()
    await bench.added(event(1, NOON + timedelta(seconds=1)))
    await bench.added(event(1, NOON + timedelta(hours=1)))
    assert len(bench.porch.came) == 2


async def test_the_name_is_the_one_the_guild_sees() -> None:
    bench = Bench()
    await bench.added(event(1, NOON, nick="Nick", shown="Global"))
    await bench.added(event(2, NOON, shown="Global"))
    await bench.added(event(3, NOON))
    assert bench.porch.names == ["Nick", "Global", "user3"]


@pytest.mark.parametrize(
    "broken",
    [
        {},
        {"user": {}},
        {"user": {"id": "x"}, "guild_id": "1", "joined_at": NOON.isoformat()},
        {"user": {"id": "1"}, "guild_id": "1", "joined_at": "yesterday"},
        {"user": None, "guild_id": "1"},
        {"user": {"id": "1"}, "guild_id": "1", "joined_at": None},
    ],
)
async def test_an_event_that_cannot_be_read_is_left_out(broken: dict[str, Any]) -> None:
    bench = Bench()
    await bench.added(broken)
    await bench.updated(broken)
    await bench.added(event(1, NOON))
    assert bench.porch.names == ["user1"]


async def test_a_raid_is_remembered_in_a_fixed_space() -> None:
    bench = Bench(most=50)
    for number in range(1, 500):
        await bench.added(event(number, NOON, pending=number % 2 == 0))
    assert len(bench.joins._pending) <= 50
