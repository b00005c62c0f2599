"""Somebody sets the machine's date a day on or back while the bot runs: nothing happens twice, never, or too soon."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from bot.features.pins import EditIntervals
from tests.fakes.discord_objects import Member
from tests.fakes.told import ToldClock
from tests.faults.stage import Whole, served

JUMPS = [pytest.param(timedelta(days=1), id="on"), pytest.param(timedelta(days=-1), id="back")]
PIN = {"topic": "whatisksm"}


@dataclass
class Set:
    """The bot, whose date is set by hand; both platforms keep the true time."""

    bot: Whole
    time: ToldClock

    def pass_(self, seconds: float) -> None:
        """Time goes by everywhere."""
        self.bot.discord.advance(seconds)
        self.time.pass_(seconds)

    def jump(self, by: timedelta) -> None:
        """The date is set; no time goes by."""
        self.time.set_on += by

    async def says(self, command: str, options: dict[str, str], who: Member | None = None) -> str:
        """What the bot answers in the first channel, to its owner unless told."""
        asked = self.bot.discord.slash(self.bot.channel, who or self.bot.boss, command, options)
        return (await asked.message()).content

    def greetings(self) -> int:
        """How many were posted so far."""
        sent = (one.body["content"] for one in self.bot.discord.done("POST", r"/messages$"))
        return sum(" joined." in content for content in sent)

    async def greeted(self, count: int) -> None:
        """Somebody joins, before screening and past it; return once so many greetings stand, fail at one more."""
        before = await self.says("pins", {})
        member = self.bot.discord.join(self.bot.guild, f"newcomer {count}", pending=True)
        self.bot.discord.screened(member)
        assert await self.says("pins", {}) == before, "the bot has heard of it"
        self.pass_(20)
        await self.bot.discord.until(lambda: self.greetings() >= count, f"{count} greetings")
        self.pass_(90)
        await self.says("pins", {})
        assert self.greetings() == count


@pytest.fixture
async def set_(tmp_path: Path) -> AsyncIterator[Set]:
    paces = dict.fromkeys(("discord", "telegram", "playground"), EditIntervals(0.0, 0.0))
    time = ToldClock()
    async with served(tmp_path, clock=time.clock(), paces=paces) as bot:
        yield Set(bot, time)


@pytest.mark.parametrize("jump", JUMPS)
async def test_a_date_that_is_set_changes_no_wait(set_: Set, jump: timedelta) -> None:
    bot, hurried = set_.bot, set_.bot.guild.member("ada")
    assert "greeted" in await set_.says("welcome", {"action": "on"})
    await set_.greeted(1)
    assert "⚠️" in await set_.says("whatisksm", {}, hurried)
    set_.jump(jump)
    assert "⚠️" not in await set_.says("whatisksm", {}, hurried), "still too soon"
    set_.pass_(3)
    assert "⚠️" in await set_.says("whatisksm", {}, hurried)
    await set_.greeted(2)
    assert "greeted" in await set_.says("welcome", {"action": "on"})  # under a date that is wrong
    set_.jump(-jump)
    await set_.greeted(3)
    await bot.both_answer()
    await bot.ready()


@pytest.mark.parametrize("jump", JUMPS)
async def test_pins_follow_their_text_whatever_the_date(set_: Set, jump: timedelta) -> None:
    bot, file = set_.bot, "en/answers/whatisksm.yaml"
    assert "Pinned" in await set_.says("pin", PIN)
    (pinned,) = (one for one in bot.channel.messages.values() if one.pinned)
    titles = ["What is KSM?", "What is KSM, plainly?", "What is KSM?", "What is KSM, plainly?"]
    for old, new, by in zip(titles, titles[1:], (jump, -jump, jump), strict=False):
        set_.jump(by)
        bot.content.edit(file, old, new)
        await bot.discord.until(lambda new=new: f"**{new}**" in pinned.content, new)  # type: ignore[misc]  # mypy infers no type for a lambda's default
    await set_.says("pin", PIN)
    assert sum(one.pinned for one in bot.channel.messages.values()) == 1


async def test_a_date_far_ahead_makes_nothing_be_forgotten_before_its_time(set_: Set) -> None:
    bot = set_.bot
    assert "7" in await set_.says("settings", {"name": "cooldown", "value": "7"})
    assert "⚠️" in await set_.says("whatisksm", {})
    guild = bot.discord.guild()
    owner, hall = guild.members[guild.owner_id], guild.channel()
    await bot.discord.slash(hall, owner, "settings", {"name": "cooldown", "value": "9"}).message()
    bot.discord.remove_bot(guild)
    set_.pass_(60)
    await set_.says("pins", {})
    set_.jump(timedelta(days=40))
    for _ in range(3):
        set_.pass_(60)
        await bot.both_answer()
    assert _stored(bot.data) >= {guild.id, bot.guild.id}
    set_.jump(timedelta(days=-40))
    assert (await set_.says("stats", {})).splitlines()[-1].endswith(">: 4"), "whatisksm was asked four times"


def _stored(data: Path) -> set[int]:
    with closing(sqlite3.connect(data / "bot.sqlite3")) as connection:
        return {int(row[0]) for row in connection.execute("SELECT id FROM communities WHERE platform = 'discord'")}
