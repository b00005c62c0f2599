"""A moderator's walk, with the real clients on both platforms: turn on, pin, edit, raise, revoke, diagnose, leave."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot.adapters.discord.adapter import DiscordAdapter
from bot.adapters.telegram.adapter import TelegramAdapter
from bot.core.community import Community
from bot.core.model import Place, Risk
from bot.core.ports import Platform
from bot.features.access import Access
from bot.features.answers import Responder
from bot.features.diagnosis import Diagnosis
from bot.features.settings_command import SettingsCommand
from bot.features.statistics import Statistics
from bot.features.welcomes.greeter import Greeter
from bot.features.welcomes.welcome_command import WelcomeCommand
from bot.runtime.content_setup import matcher_of, page_values
from bot.store.store import Store
from bot.store.tables import communities
from tests.adapters.discord.test_joins import Porch
from tests.builders import RESPONSES, no_fault, why_name_hidden
from tests.fakes.discord_rights import Right as Bit
from tests.fakes.discord_server import DiscordServer
from tests.fakes.telegram import Member, Message, TelegramServer
from tests.features.pins.stage import (
    NOW,
    Container,
    OnDiscord,
    OnTelegram,
    Side,
    edited,
    parts,
    round_,
    serving,
    unexpected,
)
from tests.waiting import PATIENCE

LOUD = "You could lose all the money you put in"
TODAY = date(2026, 11, 22)
DISCORD_OPTIONS = {
    "settings": ("name", "value"),
    "welcome": ("action", "text"),
    "pin": ("topic",),
    "privacy": ("action",),
}


def furnished(made: Container, platforms: dict[str, Platform]) -> None:
    """Everything that moderators use, beside the pins."""

    def edition() -> Any:
        return made.shelf.edition

    statistics = Statistics(made.store.counts, lambda *_: None, lambda *_: None, lambda: TODAY, lambda: 0.0)
    made.responder = Responder(
        edition,
        made.communities.of,
        matcher_of(lambda: made.shelf.edition.catalog, RESPONSES),
        page_values,
        access=Access(made.told.clock),
        counted=statistics.count,
        on_store_error=unexpected,
    )
    moderation = SettingsCommand(edition, made.communities, lambda: NOW)
    clock = made.told
    welcomes = Greeter(
        edition, made.communities, platforms, why_name_hidden, clock=clock.clock, sleep=clock.sleep, now=lambda: NOW
    )
    greetings = WelcomeCommand(made.communities, welcomes, lambda: NOW, no_fault)
    handlers = {
        "settings": moderation.settings,
        "privacy": moderation.privacy,
        "stats": statistics.stats,
        "diagnose": Diagnosis(made.store.pins, lambda: made.shelf.stale).diagnose,
        "welcome": greetings.welcome,
    }
    for command, handler in handlers.items():
        made.responder.learn(command, handler)


class Walk(ABC):
    """A community, its moderator and a member of it."""

    side: Side

    @abstractmethod
    async def says(self, words: str) -> str:
        """The moderator types it; returns the answer."""

    @abstractmethod
    async def presses(self) -> str:
        """The moderator presses the button under the last answer; returns what it says."""

    @abstractmethod
    async def asks(self, words: str) -> str:
        """A member types it; returns the answer."""

    @abstractmethod
    def remove(self) -> None:
        """The bot is put out of the community."""

    @abstractmethod
    def readmit(self) -> None:
        """And taken in again."""


class TelegramWalk(Walk):
    def __init__(self, made: Container, server: TelegramServer) -> None:
        self.side = self.here = OnTelegram(made, server)
        self.server, self.chat = server, self.here.chat
        self.chat.put(self.here.moderator, "administrator", ["can_pin_messages", "can_change_info"])
        self.member = server.member("Ada")

    async def says(self, words: str) -> str:
        return await self.here.answer_to(self._types(words, self.here.moderator))

    def _types(self, words: str, member: Member) -> Message:
        """An app sends what the menu marks so that the bot alone sees it."""
        alone = words.startswith(("/settings", "/stats", "/diagnose"))
        return self.server.send(self.chat, member, words, thread=self.here.thread, ephemeral=alone)

    async def presses(self) -> str:
        shown = max(self.chat.messages.values(), key=lambda one: one.id)
        query = self.server.press(shown, shown.buttons[0][0]["callback_data"], self.here.moderator)
        return str((await self.server.until(lambda: self.server.answer_to(query)))["text"])

    async def asks(self, words: str) -> str:
        return await self.here.answer_to(self._types(words, self.member))

    async def meets_silence(self, words: str) -> bool:
        """Whether a member gets no answer, as far as it is known when the moderator has got two to what came later."""
        said = self.server.send(self.chat, self.member, words, thread=self.here.thread)
        await self.says("/settings")
        await self.says("/settings")
        calls = self.server.of("sendMessage")
        return all((one.params.get("reply_parameters") or {}).get("message_id") != said.id for one in calls)

    def remove(self) -> None:
        self.server.change(self.chat, self.server.bot, "kicked")

    def readmit(self) -> None:
        self.server.change(self.chat, self.server.bot, "member")


class DiscordWalk(Walk):
    def __init__(self, made: Container, server: DiscordServer) -> None:
        self.side = self.here = OnDiscord(made, server)
        self.server = server
        bits = Bit.PIN_MESSAGES | Bit.MANAGE_GUILD
        self.here.moderator = self.here.guild.member("boss", permissions=bits)
        self.member = self.here.guild.member("ada")

    async def says(self, words: str) -> str:
        command, *given = words.removeprefix("/").split(" ", 2)
        options = dict(zip(DISCORD_OPTIONS.get(command, ()), given, strict=False))
        asked = self.server.slash(self.here.channel, self.here.moderator, command, options)
        self.last = await asked.message()
        assert asked.ephemeral
        return self.last.shown

    async def presses(self) -> str:
        pressed = self.server.press(self.last, self.last.buttons[0][1], self.here.moderator)
        return (await pressed.message()).shown

    async def asks(self, words: str) -> str:
        return (await self.server.slash(self.here.channel, self.member, words.removeprefix("/")).message()).shown

    def remove(self) -> None:
        self.server.remove_bot(self.here.guild)

    def readmit(self) -> None:
        self.server.guild("Nest", id=self.here.guild.id)


@asynccontextmanager
async def walking(platform: str, path: Path) -> AsyncIterator[Walk]:
    """The bot on that platform, connected."""
    async with AsyncExitStack() as stack:
        made = await stack.enter_async_context(parts(path))
        platforms: dict[str, Platform] = {}
        furnished(made, platforms)
        server: Any = await stack.enter_async_context(TelegramServer() if platform == "telegram" else DiscordServer())
        if platform == "telegram":
            adapter: Platform = TelegramAdapter(
                server.token,
                made.responder,
                made.store.offers,
                base_url=server.base_url,
                drain=2,
                events=made.communities,
            )
            walk: Walk = TelegramWalk(made, server)
            began = server.until_polling()
        else:
            adapter = DiscordAdapter(
                server.token, made.responder, made.store.offers, newcomers=Porch(), events=made.communities
            )
            walk = DiscordWalk(made, server)
            began = server.gateway.connected()
        platforms[platform] = adapter
        made.taught(adapter)
        await stack.enter_async_context(serving(adapter, began))
        yield walk


@pytest.fixture(params=["telegram", "discord"])
async def walk(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Walk]:
    async with walking(request.param, tmp_path) as one:
        yield one


async def eventually(true: Callable[[], Awaitable[bool]]) -> None:
    """Look again and again until it is so: an event has no answer to wait for."""
    async with asyncio.timeout(PATIENCE):
        while not await true():
            pass


async def test_a_moderator_turns_on_pins_edits_raises_revokes_and_reads_the_diagnosis(walk: Walk) -> None:
    side = walk.side
    assert "New members are greeted" in await walk.says("/welcome on")
    for topic in ("whatiskusama", "relay-chain"):
        assert "Pinned" in await walk.says(f"/pin {topic}")
    assert len(side.pinned) == 2
    assert not any(LOUD in text for text in side.pinned)

    await edited(side, "whatiskusama", "What is Kusama?", "So, what is Kusama?")
    await round_(side)
    assert sum("So, what is Kusama?" in text for text in side.pinned) == 1

    assert "risk: high" in await walk.says("/settings risk high")
    await round_(side)
    assert [LOUD in text for text in side.pinned] == [True, True]
    assert "risk: high" in await walk.says("/settings")
    assert "No problems found" in await walk.says("/diagnose")

    side.disarm()
    said = await walk.says("/diagnose")
    assert "Pin Messages" in said
    assert "Greetings go to" in said
    assert "risk: general" in await walk.says("/settings risk general")
    assert "All replies" not in await walk.says("/stats")


async def test_a_member_gets_no_further_than_the_right_that_is_missing(walk: Walk) -> None:
    if isinstance(walk, TelegramWalk):
        assert "the right to manage the community" in await walk.asks("/settings")
    else:
        assert isinstance(walk, DiscordWalk)
        forged = walk.server.slash(walk.here.channel, walk.member, "settings", forged=True)
        assert "the right to manage the community" in (await forged.message()).shown


async def test_outside_of_its_channels_the_bot_is_quiet_and_moderators_still_reach_it(walk: Walk) -> None:
    own = "1 topic, this one" if isinstance(walk, TelegramWalk) else f"<#{walk.here.channel.id}>"  # type: ignore[attr-defined]  # Discord's
    assert f"channels: {own}" in await walk.says("/settings channels here")
    assert LOUD in await walk.asks("/whatisksm")
    await walk.says("/settings channels all")
    elsewhere = "<#123456789012345678>" if isinstance(walk, DiscordWalk) else "here"
    if isinstance(walk, TelegramWalk):
        walk.here.thread = walk.chat.topic("Elsewhere")
    await walk.says(f"/settings channels {elsewhere}")
    if isinstance(walk, TelegramWalk):
        walk.here.thread = walk.chat.topic("Quiet")
    walk.side.parts.told.now += 60
    if isinstance(walk, TelegramWalk):
        assert await walk.meets_silence("/whatiskusama")
    else:
        assert await walk.asks("/whatiskusama") == "The bot does not answer in this channel."
    assert "channels: everywhere" in await walk.says("/settings channels all")


async def test_who_asks_too_often_is_told(walk: Walk) -> None:
    assert LOUD in await walk.asks("/whatisksm")
    assert "One moment, please." in await walk.asks("/whatisksm")
    if isinstance(walk, TelegramWalk):
        assert await walk.meets_silence("/whatisksm")


async def test_stats_counts_what_members_asked(walk: Walk) -> None:
    await walk.asks("/whatisksm")
    walk.side.parts.told.now += 60
    await walk.asks("/risk")
    said = await walk.says("/stats")
    assert "All replies: 2" in said
    assert "whatisksm: 1" in said


async def test_forgetting_waits_for_a_second_press_and_then_wipes_at_once(walk: Walk) -> None:
    await walk.says("/settings risk high")
    assert "press the button" in await walk.says("/privacy forget")
    assert await walk.side.parts.store.communities.read(walk.side.place) is not None
    assert "Everything is deleted" in await walk.presses()
    assert await walk.side.parts.store.communities.read(walk.side.place) is None


async def left_on(store: Store, place: Place) -> bool:
    """Whether the store knows that the bot left, without wiping anything that it may keep."""
    kept = await store.communities.read(place)
    return kept is not None and place in [Place(one.platform, one.community) for one in await _gone(store)]


async def _gone(store: Store) -> list[Place]:
    gone = select(communities.c.platform, communities.c.id).where(communities.c.left_on.is_not(None))
    rows = await store.database.read(lambda connection: connection.execute(gone).all())
    return [Place(platform, id_) for platform, id_ in rows]


async def test_a_removal_is_noted_and_taken_back_when_the_bot_returns(walk: Walk) -> None:
    await walk.says("/settings risk high")
    store, here = walk.side.parts.store, Place(walk.side.place.platform, walk.side.place.community)
    walk.remove()
    await eventually(lambda: left_on(store, here))
    walk.readmit()

    async def back() -> bool:
        return not await left_on(store, here)

    await eventually(back)
    assert await store.communities.read(here) is not None


async def test_a_group_that_becomes_a_supergroup_keeps_its_settings(tmp_path: Path) -> None:
    async with walking("telegram", tmp_path) as walk:
        assert isinstance(walk, TelegramWalk)
        here, group = walk.here, walk.server.chat("group", rights=["can_pin_messages"])
        group.put(here.moderator, "administrator", ["can_change_info"])
        assert "Saved." in await here.answer_to(walk.server.send(group, here.moderator, "/settings risk high"))
        place = Place("telegram", str(walk.server.migrate(group).id))

        async def moved() -> bool:
            found: Community | None = await here.parts.store.communities.read(place)
            return found is not None and found.risk_floor is Risk.HIGH

        await eventually(moved)


async def test_an_outage_of_discord_is_no_removal(tmp_path: Path) -> None:
    async with walking("discord", tmp_path) as walk:
        assert isinstance(walk, DiscordWalk)
        await walk.says("/settings risk high")
        walk.server.outage(walk.here.guild)
        other = walk.server.guild("Other")
        walk.side.parts.told.now += 60
        boss = other.member("boss", permissions=Bit.MANAGE_GUILD)
        await walk.server.slash(other.channel(), boss, "settings").message()
        assert await _gone(walk.side.parts.store) == []
