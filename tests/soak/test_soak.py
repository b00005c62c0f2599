"""An hour in a minute: the bot whole between both platforms, thousands of commands and attacks, and nothing that stays
behind.

`make soak` lives through the whole hour, `make test` through a quarter of it with fewer questions.
"""

import asyncio
import gc
import logging
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.core.community import Community, PinState
from bot.core.model import Place
from bot.features.pins import EditIntervals
from bot.runtime.content_setup import read_content
from bot.store.store import open_store
from bot.store.url import address
from tests.fakes.told import ToldClock
from tests.faults.stage import Whole, served
from tests.soak.attackers import Attackers
from tests.soak.groups import Groups
from tests.soak.guilds import Guilds
from tests.soak.measure import MIB, Holding, held

ROUNDS = int(os.environ.get("SOAK_ROUNDS", "4"))  # of five minutes; twelve are an hour
QUESTIONS = int(os.environ.get("SOAK_QUESTIONS", "40"))  # a round, on both platforms together
# By so much a bot may have grown between the middle and the end. It remembers the ids of the last 4,096 updates of
# Telegram, who joined within a day, and when whoever asked lately may ask again, each in some four blocks; all of that
# is bounded, and not yet full. The attackers of a round leave some 3,000 to 8,000, in the first rounds most.
BLOCKS = 6_000 + (12_000 + 4 * QUESTIONS) * (ROUNDS // 2)
RESIDENT = 12 * MIB
KEPT = 16  # connections that are kept open for the next request, more than there were
# What one holds: the line's two ways and their keeper, the server's handler, and a request that is being answered; a
# socket at each of its four ends. Whatever stayed behind after each question would be more than this.
TASKS, FILES = 5 * KEPT, 4 * KEPT
TITLES = ("What is KSM, in short?", "What is KSM, plainly?", "What is KSM, anyway?")
_AT_ONCE = dict.fromkeys(("discord", "telegram", "playground"), EditIntervals(0.0, 0.0))


class Hour:
    """Five minutes after another, in which everything happens."""

    def __init__(self, bot: Whole, time: ToldClock) -> None:
        self.bot, self.time = bot, time
        self.groups, self.guilds = Groups(bot), Guilds(bot)
        self.attackers = Attackers(bot, self.groups, self.guilds)
        self.title = "What is KSM?"

    async def settle(self) -> None:
        """Moderators set the bot up."""
        await asyncio.gather(self.groups.settle(), self.guilds.settle())

    def pass_(self, seconds: float) -> None:
        """Time goes by, for the bot and both platforms."""
        self.bot.discord.advance(seconds)
        self.time.pass_(seconds)

    async def round(self, number: int) -> None:
        """Five minutes."""
        await asyncio.gather(self.attackers.round(), self._questions(max(1, QUESTIONS // 20)))
        await self._newcomers(3, 30)
        await self._newcomers(25, 70)  # a raid
        await self._rewritten(number)
        await asyncio.gather(self.groups.move(), self.guilds.move())
        self.pass_(70)
        await self.attackers.rest()
        await self.bot.ready()
        self.bot.nothing_twice()
        self.groups.tidy()
        self.guilds.tidy()

    async def _questions(self, batches: int) -> None:
        for _ in range(batches):
            await asyncio.gather(self.groups.ask(10), self.guilds.ask(10))
            self.pass_(120 / batches + 10)

    async def _newcomers(self, count: int, seconds: float) -> None:
        self.pass_(70)  # those who came before are no part of this
        await asyncio.gather(self.groups.come(count), self.guilds.come(count))
        self.pass_(seconds)
        await asyncio.gather(self.groups.greetings(), self.guilds.greetings())

    async def _rewritten(self, number: int) -> None:
        """A writer gives an explainer another title, and every pin follows."""
        title = TITLES[number % len(TITLES)]
        self.bot.content.edit("en/answers/whatisksm.yaml", self.title, title)
        self.title = title
        await asyncio.gather(self.groups.renewed(title), self.guilds.renewed(title))


@asynccontextmanager
async def lived(home: Path) -> AsyncIterator[tuple[Hour, list[Holding]]]:
    """A bot that has settled down; what it held is noted in the middle and at the end."""
    time = ToldClock()
    async with served(home, clock=time.clock(), paces=_AT_ONCE, read=read_content, playground=True) as bot:
        hour, noted = Hour(bot, time), list[Holding]()
        await hour.settle()
        for number in range(ROUNDS):
            await hour.round(number)
            if number in (ROUNDS // 2 - 1, ROUNDS - 1):
                noted.append(await held())
        yield hour, noted


async def test_an_hour_leaves_nothing_behind(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    unheard: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: unheard.append(context))
    before = await held()
    async with lived(tmp_path) as (hour, noted):
        first, last = noted
        assert last.blocks - first.blocks < BLOCKS, last.grown(first)
        assert last.resident - first.resident < RESIDENT, last.grown(first)
        assert len(last.tasks) <= len(first.tasks) + TASKS, last.grown(first)
        assert last.files.total() <= first.files.total() + FILES, last.grown(first)
    after = await held()
    assert (after.tasks, after.files) == (before.tasks, before.files), after.grown(before)
    gc.collect()
    assert unheard == []
    assert [one.getMessage() for one in caplog.records if one.levelno >= logging.ERROR] == []
    await _what_moderators_chose_is_recorded_once(tmp_path, hour)


async def _what_moderators_chose_is_recorded_once(home: Path, hour: Hour) -> None:
    """Also that nothing was changed by those who had no right to."""
    places = [Place("telegram", str(chat.id)) for chat in hour.groups.chats]
    places += [Place("discord", str(guild.id)) for guild in hour.guilds.guilds]
    shown = [hour.groups.pin(chat).id for chat in hour.groups.chats]
    shown += [hour.guilds.pin(guild).id for guild in hour.guilds.guilds]
    async with open_store(address(None, home / "data")) as store:
        found = [pin for place in places for pin in await store.pins.of(place)]
        chosen = [await store.communities.read(place) for place in places]
    for place, one in zip(places, chosen, strict=True):
        assert one
        assert one.welcome
        kept = Community(place.platform, place.community, welcome=one.welcome)
        assert replace(one, last_greeting=None, greeted_until=None) == kept
    assert [int(pin.ref.message) for pin in found] == shown
    assert {(pin.state, pin.digest == found[0].digest) for pin in found} == {(PinState.CURRENT, True)}
