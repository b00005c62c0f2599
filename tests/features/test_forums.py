"""Titles of new posts in forums, over the wire with the real settings, and with the whole bot."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.core.model import Match, Outcome, Place, Risk
from bot.core.sealed_catalog import SealedCatalog
from bot.features.forums import Forums
from tests.builders import shipped
from tests.fakes.discord_objects import Channel
from tests.faults.stage import Whole, served
from tests.house import House, house
from tests.waiting import PATIENCE, until

FORUM = Place("discord", "1", "20")


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[House]:
    async with house(tmp_path) as one:
        one.edition = SealedCatalog(shipped())
        await one.communities.change(FORUM, lambda it: replace(it, forums=frozenset({"20"})))
        one.matcher.outcome, one.matcher.command = Outcome.EXPLAINER, "whatisksm"
        yield one


def forums(home: House) -> Forums:
    return Forums(
        lambda: home.edition,
        home.communities,
        home.responder.questions,
        home.statistics.count,
        lambda: home.now,
    )


def post(number: int) -> Place:
    return replace(FORUM, thread=str(100 + number))


async def test_a_sure_title_gets_its_explainer_once_with_the_communitys_warning_and_the_ratings(home: House) -> None:
    await home.communities.change(
        FORUM, lambda it: replace(it, risk_floor=Risk.HIGH, languages={"20": "ru"}, channels=frozenset({"5"}))
    )
    here = forums(home)
    reply = await here.on_post(post(1), "7", "What is KSM?")
    russian = shipped().languages["ru"]
    assert reply is not None
    assert reply.warning == russian.warnings[Risk.HIGH]
    assert [one.rating for one in reply.buttons if one.rating] == ["helpful", "wrong"]
    assert await here.on_post(post(1), "7", "What is KSM?") is None


@pytest.mark.parametrize("outcome", [Outcome.ADVICE, Outcome.PRICE])
async def test_a_title_that_asks_for_advice_is_declined_with_the_warning(home: House, outcome: Outcome) -> None:
    home.matcher.outcome, home.matcher.command = outcome, None
    reply = await forums(home).on_post(post(1), "7", "Should I buy now?")
    assert reply is not None
    assert (reply.outcome, bool(reply.warning)) == (outcome, True)


@pytest.mark.parametrize("outcome", [Outcome.SUGGEST, Outcome.NONE, Outcome.SCAM, Outcome.ABOUT, Outcome.RISK])
async def test_anything_less_sure_is_silence(home: House, outcome: Outcome) -> None:
    home.matcher.outcome, home.matcher.command, home.matcher.nearest = outcome, None, ("whatisksm",)
    assert await forums(home).on_post(post(1), "7", "hm") is None


@pytest.mark.parametrize("outcome", [Outcome.EXPLAINER, Outcome.ADVICE])
async def test_what_is_likely_but_not_sure_is_silence(home: House, outcome: Outcome) -> None:
    home.matcher.outcome, home.matcher.score = outcome, 0.89
    assert await forums(home).on_post(post(1), "7", "Proposal 123 discussion") is None


async def test_a_forum_that_nobody_named_is_not_even_looked_at(home: House) -> None:
    assert await forums(home).on_post(replace(post(1), channel="21"), "7", "What is KSM?") is None
    assert await forums(home).on_post(Place("discord", "2", "20", "100"), "7", "What is KSM?") is None
    assert home.matcher.asked == []


async def test_a_raid_of_posts_is_silence_and_takes_no_place_of_a_question(home: House) -> None:
    here = forums(home)
    answers = [await here.on_post(post(number), str(number), "What is KSM?") for number in range(50)]
    assert [bool(one) for one in answers] == [True] * 5 + [False] * 45
    assert len(home.matcher.asked) == 5
    home.now += 60
    assert [bool(await here.on_post(post(number), "7", "What is KSM?")) for number in range(50, 54)] == [
        *(True, True),
        *(False, False),
    ]


async def test_while_somebody_waits_for_an_answer_posts_get_none(home: House) -> None:
    here, gate = forums(home), asyncio.Event()
    match = home.matcher.match

    async def slow(text: str) -> Match:
        await gate.wait()
        return await match(text)

    home.matcher.match = slow  # type: ignore[method-assign]  # a question that takes its time
    waiting = asyncio.create_task(home.responder.questions.match("What is KSM?", "somebody"))
    await asyncio.sleep(0)
    assert await here.on_post(post(1), "7", "What is KSM?") is None
    gate.set()
    await waiting
    assert await here.on_post(post(2), "8", "What is KSM?") is not None


async def settled(bot: Whole, value: str, channel: Channel | None = None, *, forged: bool = False) -> str:
    """What `/settings forum` answers to the boss."""
    options = {"name": "forum", "value": value} | ({"channel": channel} if channel else {})
    return (await bot.discord.slash(bot.channel, bot.boss, "settings", options, forged=forged).message()).content


def said(bot: Whole, thread: Channel) -> list[str]:
    return [one.content for one in thread.messages.values() if one.author.id == bot.discord.world.bot.id]


async def test_the_whole_bot_answers_a_post_in_a_named_forum_and_no_other_thread(tmp_path: Path) -> None:
    async with served(tmp_path) as bot, asyncio.timeout(PATIENCE):
        forum, other = bot.guild.forum("help"), bot.guild.forum("other")
        silent = [bot.guild.thread(forum, "What is KSM?")]
        saved = await settled(bot, "on", forum)
        assert saved.startswith("Saved.")
        assert f"<#{forum.id}>" in saved
        bot.discord.fail_next("POST", "/channels/[0-9]+/messages$", status=403, code=40058)  # the post comes first
        answered = bot.guild.thread(forum, "What is KSM?")
        await until(lambda: said(bot, answered))
        silent += [bot.guild.thread(other, "What is staking?"), bot.guild.thread(bot.channel, "What is KSM?")]
        declined = bot.guild.thread(forum, "Should I buy KSM now?")
        await until(lambda: said(bot, declined))
        (words,) = said(bot, answered)
        assert words.startswith("**What is KSM?**\n**⚠️ Crypto is high-risk.")
        assert "⚠️" in said(bot, declined)[0]
        assert [said(bot, one) for one in silent] == [[]] * 3
        assert (await settled(bot, f"<#{forum.id}> off")).startswith("Saved.")
        assert "on or off" in await settled(bot, "help on")
        assert "name alone is not understood" in await settled(bot, "#help on")
        talk = bot.guild.channel("talk")
        for sent in (settled(bot, f"<#{talk.id}> on"), settled(bot, "on", talk, forged=True)):
            assert (await sent).startswith(f"<#{talk.id}> is no forum. Choose a forum channel")
        assert "on or off" in await settled(bot, "")
        gone = bot.guild.forum("gone")
        assert (await settled(bot, f"<#{gone.id}> on")).startswith("Saved.")
        gone.delete()
        assert "no such channel" in await settled(bot, f"<#{gone.id}> on")
        assert (await settled(bot, f"<#{gone.id}> off")).startswith("Saved.")
        quiet = bot.guild.thread(forum, "What is KSM?")
        await bot.discord.slash(bot.channel, bot.guild.member("bea"), "whatiskusama").message()
        assert said(bot, quiet) == []


async def test_telegram_has_no_forums_with_posts(tmp_path: Path) -> None:
    async with served(tmp_path) as bot, asyncio.timeout(PATIENCE):
        group, boss = bot.telegram.chat(rights=("can_pin_messages",)), bot.telegram.member()
        group.put(boss, "creator")
        asked = bot.telegram.send(group, boss, "/settings forum here on")
        assert await bot.answered(asked) == "Only Discord has forums with posts."
