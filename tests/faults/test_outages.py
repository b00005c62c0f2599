"""Outages of every length, in told time and over real sockets: each platform is served again within a minute of its
return, and the log has a line for the beginning, one for the end, and at most one a minute between them.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, cast

import pytest

from bot.adapters.discord.adapter import DiscordAdapter
from bot.adapters.telegram.adapter import TelegramAdapter
from bot.content.live_content import LiveContent
from bot.runtime.health import Health
from bot.runtime.lease_runner import LeaseRunner
from bot.runtime.supervisor import Supervisor
from bot.runtime.telemetry import Metrics
from bot.store.leases import LocalLeases
from tests.adapters.discord.spoken import Remembered as DiscordOffers
from tests.adapters.discord.spoken import SpokenResponder
from tests.adapters.telegram.stage import KNOWN, Answering, Remembered
from tests.fakes.discord_gateway import IDENTIFY, RESUME
from tests.fakes.discord_server import DiscordServer
from tests.fakes.telegram import TelegramServer
from tests.fakes.told import ToldClock
from tests.faults.line import Line
from tests.runtime.test_health import Files
from tests.waiting import until

LENGTHS = [10.0, 74.0, 600.0, 3 * 3600.0]
names = pytest.mark.parametrize("name", ["discord", "telegram"])
lengths = pytest.mark.parametrize("seconds", LENGTHS)


async def _fine() -> None: ...


@dataclass
class Served:
    """A platform under the supervisor and the health check. `down` and `up` begin and end its outage."""

    adapter: DiscordAdapter | TelegramAdapter
    down: Callable[[], Awaitable[None]]
    up: Callable[[], Awaitable[None]]
    clock: ToldClock
    shown: Callable[[], bool]
    discord: DiscordServer | None = None
    metrics: Metrics = field(default_factory=Metrics)

    def __post_init__(self) -> None:
        self.supervisor = Supervisor(self.metrics, self.clock, self.clock.sleep, lambda: 1.0)
        adapter = self.adapter
        self.health = Health(
            {adapter.name: lambda: adapter.trouble},
            self.supervisor.watches,
            _fine,
            cast(LiveContent, Files()),
            metrics=self.metrics,
            clock=self.clock.clock(),
        )

    async def pass_(self, seconds: float) -> None:
        """Let time pass during an outage. Attempts take none of it."""
        end = self.clock.now + seconds
        while self.clock.now < end:
            await until(lambda: self.clock.sleepers)
            await self.health.state()
            self.clock.pass_(min(1.0, end - self.clock.now))

    async def outage(self, seconds: float) -> float:
        """An outage of that length; returns how long after it the platform was served again."""
        await self.down()
        await until(lambda: not self.adapter.ready)
        await self.pass_(seconds)
        await self.up()
        return await self.back()

    async def back(self) -> float:
        """Return once the platform is served, after how many seconds."""
        since = self.clock.now
        while not self.adapter.ready:
            await until(lambda: self.clock.sleepers or self.adapter.ready)
            await self.health.state()
            if not self.adapter.ready:
                self.clock.pass_(1.0)
        await self.health.state()
        return self.clock.now - since

    def frames(self, op: int) -> int:
        """How many frames with that op came to Discord's gateway."""
        assert self.discord
        return sum(one["op"] == op for one in self.discord.gateway.received)


@asynccontextmanager
async def _discord(clock: ToldClock) -> AsyncIterator[Served]:
    async with DiscordServer() as server:
        told: dict[str, Any] = {"clock": clock, "sleep": clock.sleep}
        offers = DiscordOffers()
        adapter = DiscordAdapter(server.token, SpokenResponder(), offers, **told)
        yield Served(adapter, server.down, server.up, clock, lambda: offers.calls == 1, server)


@asynccontextmanager
async def _telegram(clock: ToldClock) -> AsyncIterator[Served]:
    async with TelegramServer() as server, Line(server.base_url) as line:
        told: dict[str, Any] = {"clock": clock, "sleep": clock.sleep}
        offers = Remembered()
        adapter = TelegramAdapter(server.token, Answering(KNOWN), offers, base_url=line.url, **told)
        yield Served(adapter, line.down, line.up, clock, lambda: len(offers.hashes) == 4)


@asynccontextmanager
async def served(name: str, *, away: bool = False) -> AsyncIterator[Served]:
    """A platform that is served, or (`away`) one that is in an outage when the bot starts."""
    async with (_discord if name == "discord" else _telegram)(ToldClock()) as one:
        if away:
            await one.down()
        adapter = one.adapter
        leased = LeaseRunner(name, LocalLeases(), (name,), lambda _: adapter.run(), lambda: adapter.ready)
        keeping = asyncio.create_task(one.supervisor.keep(leased))
        try:
            if not away:
                await one.back()
                await until(one.shown)  # the menu, which has waits of its own
            yield one
        finally:
            keeping.cancel()
            await asyncio.gather(keeping, return_exceptions=True)


@names
@lengths
async def test_a_platform_is_served_within_a_minute_of_its_return(name: str, seconds: float) -> None:
    async with served(name) as one:
        assert await one.outage(seconds) <= 60


@names
@lengths
async def test_a_platform_that_was_away_at_the_start_is_served_within_a_minute_of_its_return(
    name: str, seconds: float
) -> None:
    async with served(name, away=True) as one:
        await one.pass_(seconds)
        await one.up()
        assert await one.back() <= 60


@names
async def test_the_second_outage_is_over_as_soon_as_the_first(name: str) -> None:
    async with served(name) as one:
        for _ in range(3):
            assert await one.outage(600) <= 60


@names
async def test_an_outage_is_a_line_at_its_beginning_one_at_its_end_and_at_most_one_a_minute(
    name: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL, "discord.gateway")  # as `telemetry.set_up` has it
    caplog.set_level(logging.INFO, "bot")
    async with served(name) as one:
        assert [record.getMessage() for record in caplog.records] == [], "a start is none"
        await one.outage(600)
        records = [record for record in caplog.records if record.name != "aiohttp.server"]  # which is the fake's
        first, *between, last = records
        assert first.getMessage().startswith(f"{name}: ")
        assert len(between) <= 10
        assert last.getMessage().startswith(f"{name}: back after 6")
        assert not any(record.exc_info for record in records)


@pytest.mark.parametrize("seconds", [10.0, 74.0])
async def test_a_short_outage_of_discord_costs_no_new_session(seconds: float) -> None:
    async with served("discord") as one:
        await one.outage(seconds)
        assert (one.frames(IDENTIFY), one.frames(RESUME)) == (1, 1)


@pytest.mark.parametrize("seconds", [74.0, 600.0])
async def test_a_session_that_discord_forgot_is_followed_by_a_new_one_within_a_minute(seconds: float) -> None:
    async with served("discord") as one:
        assert one.discord
        one.discord.gateway.forget()
        assert await one.outage(seconds) <= 60
        assert one.frames(IDENTIFY) == 2


async def test_a_gateway_that_takes_connections_and_drops_them_is_not_asked_without_pause() -> None:
    async with served("discord") as one:
        assert one.discord
        one.discord.gateway.dropping = True
        one.discord.gateway.drop()
        await until(lambda: not one.adapter.ready)
        await one.pass_(600)
        assert one.discord.gateway.dropped < 60
        one.discord.gateway.dropping = False
        assert await one.back() <= 60


async def test_a_gateway_that_ends_every_session_at_once_never_uses_up_the_sessions_of_a_day() -> None:
    async with served("discord") as one:
        assert one.discord
        gateway = one.discord.gateway
        gateway.total, gateway.left, gateway.reset_after = 100, 60, 86_400.0
        for _ in range(24 * 60):
            if one.adapter.ready:
                gateway.invalidate()
                await until(lambda: not one.adapter.ready)
            await until(lambda: one.clock.sleepers or one.adapter.ready)
            one.clock.pass_(60)
            gateway.reset_after -= 60
        assert 0 < gateway.left <= 10, "they are used, and the last ones are spread over the day"
