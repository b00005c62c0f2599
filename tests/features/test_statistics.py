"""What was asked, as moderators read it; wiping on request; and what is done again and again."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, insert, update

from bot.core.buttons import Confirmation
from bot.core.community import Pin, PinState
from bot.core.errors import StoreError
from bot.core.model import DISCORD, TELEGRAM, MessageRef, Outcome, Place, Right
from bot.runtime.maintenance import FLUSH, Maintenance
from bot.store.backup import backup
from bot.store.tables import communities, counts, pins
from tests.house import GUILD, House, house, listed

MEMBER = Right.SEND | Right.HISTORY


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[House]:
    async with house(tmp_path / "data") as one:
        yield one


async def stored(home: House, folder: Path) -> int:
    """How many rows there are, what is not yet written included."""
    return await backup(home.store, folder / "backup")


async def test_stats_tells_what_was_asked_and_what_became_of_it(home: House) -> None:
    for command in ("whatisksm", "whatisksm", "relay-chain", "risk"):
        await home.reply(f"/{command}")
    for outcome in (Outcome.NONE, Outcome.NONE, Outcome.SUGGEST, Outcome.PRICE, Outcome.ADVICE, Outcome.SCAM):
        home.matcher.outcome = outcome
        await home.reply("/ask something")
    assert listed(await home.says("/stats")) == [
        "The last 30 days:",
        "All replies: 10",
        "Answered with an explainer: 3",
        "Answered with a choice of topics: 1",
        "Declined (advice, prices, scams): 3",
        "No reviewed answer: 2",
        f"Day by day: {'·' * 29}█ (most on one day: 10)",
        f"Not answered, day by day: {'·' * 29}█ (most on one day: 2)",
        "/whatisksm: 2",
        "/relay-chain: 1",
    ]


async def test_stats_is_the_same_before_and_after_the_counts_are_written(home: House) -> None:
    await home.reply("/whatisksm")
    before = await home.says("/stats")
    await home.store.counts.flush()
    assert await home.says("/stats") == before


async def test_stats_draws_each_day_the_oldest_first_and_what_was_not_answered_below(home: House) -> None:
    home.matcher.outcome = Outcome.EXPLAINER
    for asked in (1, 8, 4):
        for _ in range(asked):
            await home.reply("/whatisksm")
        home.day += timedelta(days=1)
    assert f"Day by day: {'·' * 26}▁█▄· (most on one day: 8)" in await home.says("/stats")
    assert "Not answered" not in await home.says("/stats")
    home.matcher.outcome = Outcome.NONE
    await home.reply("/ask something")
    assert f"Not answered, day by day: {'·' * 29}█ (most on one day: 1)" in await home.says("/stats")


async def test_stats_looks_thirty_days_back_and_at_this_community_alone(home: House) -> None:
    await home.reply("/whatisksm")
    await home.reply("/relay-chain", Place(DISCORD, "2", "20"))
    home.day += timedelta(days=29)
    assert "/whatisksm: 1" in await home.says("/stats")
    assert "/relay-chain" not in await home.says("/stats")
    home.day += timedelta(days=1)
    assert await home.says("/stats") == "Nothing was asked in the last 30 days."


async def test_words_that_another_version_stored_are_borne(home: House) -> None:
    await home.reply("/whatisksm")
    await home.store.counts.flush()
    await home.store.pins.record(Pin(MessageRef(GUILD, "5"), "whatisksm", None, "digest"))
    row = {"platform": "discord", "community": "1", "day": home.day, "command": "old", "outcome": "new", "times": 3}

    def write(connection: Connection) -> None:
        connection.execute(insert(counts).values(row))
        connection.execute(update(pins).values(state="new", missing=1 << 20))
        connection.execute(update(communities).values(locale="xx", channels=["gone"]))

    await home.store.database.write(write)
    assert "All replies: 1" in await home.says("/stats")
    assert "channels: #gone" in await home.says("/settings")
    (pin,) = await home.store.pins.of(GUILD)
    assert (pin.state, pin.missing) == (PinState.STALE, Right.NONE)
    assert await home.store.pins.kinds("discord") == []


async def test_nothing_is_counted_of_a_direct_chat_but_the_operators_total(home: House, tmp_path: Path) -> None:
    await home.reply("/whatisksm", Place(DISCORD, None, "99"))
    assert await stored(home, tmp_path) == 0
    labels = {"platform": "discord", "command": "whatisksm", "outcome": "explainer"}
    assert home.metrics.registry.get_sample_value("kusamabot_replies_total", labels) == 1


async def test_an_unknown_command_makes_no_label_of_its_own(home: House) -> None:
    await home.reply("/whatever-somebody-typed", Place(TELEGRAM, None, "99"))
    counters = list(home.metrics.replies.collect())
    assert {sample.labels["command"] for one in counters for sample in one.samples} == {"help"}


async def test_forget_wipes_all_at_once_and_leaves_nothing_behind(home: House, tmp_path: Path) -> None:
    await home.says("/settings risk high")
    await home.reply("/whatisksm")
    assert await stored(home, tmp_path) == 2
    await home.reply("/relay-chain")
    assert "Everything is deleted" in await home.forgets()
    assert await stored(home, tmp_path) == 0
    assert "risk: general" in await home.says("/settings")


async def test_forget_wipes_no_other_community(home: House, tmp_path: Path) -> None:
    await home.reply("/whatisksm", Place(DISCORD, "2", "20"))
    await home.forgets()
    assert await stored(home, tmp_path) == 2


async def test_nothing_is_wiped_before_the_asker_presses_within_a_minute(home: House, tmp_path: Path) -> None:
    await home.reply("/whatisksm")
    asked = await home.reply("/Privacy FORGET!")
    assert asked is not None
    (button,) = asked.buttons
    assert (button.label, asked.warning) == ("Delete everything", None)
    assert button.confirms == Confirmation("forget", "7", int(home.now) + 60)

    async def pressing(**more: Any) -> str:
        return await home.says("", patient=False, **({"press": button.id} | more))

    assert "Only the person who asked" in await pressing(member="8")
    assert "right to manage" in await pressing(rights=MEMBER)
    forged = replace(button, confirms=replace(button.confirms, until=button.confirms.until + 3600))
    assert "too old" in await pressing(press=forged.id)
    home.now += 61
    assert "too old" in await pressing()
    assert await stored(home, tmp_path) == 2
    home.now -= 1
    assert "Everything is deleted" in await pressing()
    assert await stored(home, tmp_path) == 0


async def test_an_anonymous_administrator_is_asked_to_forget_as_themselves(home: House, tmp_path: Path) -> None:
    await home.reply("/whatisksm", group := Place(TELEGRAM, "-100", "-100"))
    assert "as yourself" in await home.says("/privacy forget", group, member="-100")
    assert await stored(home, tmp_path) == 2


async def test_privacy_alone_is_the_page_for_everybody(home: House) -> None:
    reply = await home.reply("/privacy", GUILD, MEMBER)
    assert reply is not None
    assert (reply.command, reply.outcome) == ("privacy", Outcome.PAGE)


async def test_privacy_with_other_words_says_what_to_type(home: House) -> None:
    assert "/privacy forget" in await home.says("/privacy please")


async def test_nothing_is_to_be_wiped_in_a_direct_chat(home: House) -> None:
    direct = Place(TELEGRAM, None, "7")
    assert await home.says("/privacy forget", direct, MEMBER) == "Nothing is stored about a direct chat."


def upkeep(home: House, naps: list[float], rounds: int) -> Maintenance:
    """The upkeep for so many rounds; `naps` takes the pauses between them."""

    async def sleep(seconds: float) -> None:
        naps.append(seconds)
        if len(naps) == rounds:
            raise asyncio.CancelledError

    return maintenance(home, home.communities.forget_left, sleep)


def maintenance(home: House, forget_left: Any, sleep: Any) -> Maintenance:
    return Maintenance(
        home.store.counts,
        forget_left,
        lambda: home.day,
        sleep,
        home.troubles.append,
        recheck=home.communities.recheck,
        keep=lambda: asyncio.sleep(0),
    )


async def run(job: Maintenance) -> None:
    """Until its last nap."""
    with pytest.raises(asyncio.CancelledError):
        await job.run()


async def test_counts_are_written_every_minute(home: House) -> None:
    await home.reply("/whatisksm")
    naps: list[float] = []
    await run(upkeep(home, naps, 2))
    assert naps == [FLUSH, FLUSH]
    await home.store.counts.forget(GUILD)  # only what was never written is lost by this
    assert "/whatisksm: 1" in await home.says("/stats")


async def test_a_community_is_wiped_seven_days_after_the_bot_left(home: House, tmp_path: Path) -> None:
    await home.says("/settings risk high")
    await home.communities.left(GUILD)
    job = upkeep(home, [], 1)
    home.day += timedelta(days=7)
    await job.round()
    assert await stored(home, tmp_path) == 1
    home.day += timedelta(days=1)
    await job.round()
    assert await stored(home, tmp_path) == 0
    assert "risk: general" in await home.says("/settings")


async def test_a_community_that_takes_the_bot_back_keeps_everything(home: House, tmp_path: Path) -> None:
    await home.says("/settings risk high")
    await home.communities.left(GUILD)
    await home.communities.returned(GUILD)
    home.day += timedelta(days=30)
    await upkeep(home, [], 1).round()
    assert "risk: high" in await home.says("/settings")


async def test_a_group_that_moved_keeps_its_settings(home: House) -> None:
    group = Place(TELEGRAM, "-5", "-5")
    await home.says("/settings risk high", group)
    await home.says("/settings channels here", group)
    await home.communities.moved(group, "-1005")
    said = await home.says("/settings", Place(TELEGRAM, "-1005", "-1005"))
    assert "risk: high" in said
    assert "1 topic, this one" in said


class Broken:
    """A store that refuses everything until `mended`."""

    def __init__(self) -> None:
        self.mended = False
        self.wiped: list[date] = []

    async def forget_left(self, before: date) -> tuple[Place, ...]:
        if not self.mended:
            raise StoreError("The disk is full", "Make room")
        self.wiped.append(before)
        return ()


async def test_what_the_store_refuses_is_told_and_due_again_in_the_next_round(home: House) -> None:
    broken = Broken()
    job = maintenance(home, broken.forget_left, asyncio.sleep)
    await job.round()
    assert [one.reason for one in home.troubles] == ["The disk is full"]
    broken.mended = True
    await job.round()
    await job.round()
    assert broken.wiped == [home.day - timedelta(days=7)]


async def test_what_the_store_refuses_of_coming_and_going_is_reported_and_never_raised(home: House) -> None:
    (home.store.database.file or Path()).unlink()
    await home.communities.left(GUILD)
    await home.communities.moved(replace(GUILD, community="3"), "4")
    assert len(home.troubles) == 2
