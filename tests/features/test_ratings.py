"""Answers are rated by their readers, counted without ids, and moderators see how."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.adapters.discord import render as discord
from bot.adapters.telegram import render as telegram
from bot.core.buttons import Rating
from bot.core.community import Community
from bot.core.disclaimer import Reply, seal
from bot.core.join_window import DAY
from bot.core.model import DISCORD, TELEGRAM, Member, Outcome, Place, Request, Risk
from bot.core.sealed_catalog import SealedCatalog
from bot.core.spans import flatten, units
from bot.features.statistics import DAYS
from bot.store.backup import backup
from tests.builders import shipped
from tests.house import GUILD, House, house, listed

OTHER = Place(DISCORD, "2", "20")
DIRECT = Place(TELEGRAM, None, "7")


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[House]:
    async with house(tmp_path / "data") as one:
        yield one


def request(rating: Rating, command: str, place: Place = GUILD, *, member: str = "7", locale: str = "en") -> Request:
    return Request(place, Member(member), command, locale, private=True, rating=rating)


async def press(
    home: House,
    rating: Rating = Rating.HELPFUL,
    command: str = "whatisksm",
    place: Place = GUILD,
    *,
    member: str = "7",
    locale: str = "en",
) -> str:
    """The words that the presser sees, a minute later."""
    home.now += 60
    reply = await home.responder.respond(request(rating, command, place, member=member, locale=locale))
    assert reply is not None
    assert (reply.outcome, reply.private) == (Outcome.NOTICE, True)
    return flatten(reply.body)


def rated(reply: Reply | None) -> list[Rating]:
    return [one.rating for one in reply.buttons if one.rating] if reply else []


async def test_every_explainer_that_answers_somebody_can_be_rated_in_its_last_row(home: House) -> None:
    for words, place in (("/whatisksm", GUILD), ("/what_is_ksm", GUILD), ("/start whatisksm", DIRECT)):
        reply = await home.reply(words, place)
        assert reply is not None
        assert rated(reply) == [Rating.HELPFUL, Rating.WRONG]
        ids = [f"v1:en:{reply.command}:helpful", f"v1:en:{reply.command}:wrong"]
        for rows in (discord.render(reply).rows, telegram.render(reply).keyboard):
            assert [id_ for row in rows[:-1] for _, id_ in row] == [one.id for one in reply.buttons[:-2]]
            assert [id_ for _, id_ in rows[-1]] == ids


async def test_nothing_else_can_be_rated(home: House) -> None:
    for words in ("/help", "/risk", "/topics", "/about", "/settings", "/stats"):
        assert rated(await home.reply(words)) == [], words
    for outcome in (Outcome.ADVICE, Outcome.PRICE, Outcome.SCAM, Outcome.SUGGEST, Outcome.NONE, Outcome.ABOUT):
        home.matcher.outcome = outcome
        assert rated(await home.reply("/ask something")) == [], outcome
    assert [rated(one) for one in await home.responder.search("", "en")] == [[]] * 5


def test_a_pin_has_no_ratings_and_the_digest_that_it_had_before_there_were_any() -> None:
    catalog = shipped()
    before = replace(catalog, languages={one: replace(it, ratings={}) for one, it in catalog.languages.items()})
    for command in catalog.explainers:
        pinned = SealedCatalog(catalog).explainer(command, catalog.default, Risk.GENERAL)
        answer = SealedCatalog(catalog).explainer(command, catalog.default, Risk.GENERAL, rated=True)
        older = SealedCatalog(before).explainer(command, before.default, Risk.GENERAL, rated=True)
        assert pinned
        assert answer
        assert older
        assert rated(pinned) == []
        assert pinned.digest == older.digest != answer.digest
        assert "rating" not in repr(pinned.buttons)


async def test_a_press_is_counted_for_its_community_answer_language_and_day(home: House) -> None:
    assert await press(home) == "Thank you. Your rating was counted without your name."
    assert "/stats" in await press(home, Rating.WRONG, member="8")
    await press(home, Rating.WRONG, "relay-chain")
    await press(home, Rating.WRONG, "relay-chain", member="8", locale="es")
    await press(home, place=OTHER)
    said = await home.says("/stats")
    assert listed(said)[-2:] == [
        "/relay-chain: helpful 0, something is wrong 2",
        "/whatisksm: helpful 1, something is wrong 1",
    ]
    await home.store.counts.flush()
    assert await home.says("/stats") == said
    counted = {(one.command, one.locale, one.rating, one.times) for one in await home.statistics.ratings()}
    assert counted == {
        ("whatisksm", "en", Rating.HELPFUL, 2),
        ("whatisksm", "en", Rating.WRONG, 1),
        ("relay-chain", "en", Rating.WRONG, 1),
        ("relay-chain", "es", Rating.WRONG, 1),
    }
    home.day += timedelta(days=DAYS)
    assert await home.says("/stats") == "Nothing was asked in the last 30 days."


async def test_stats_does_not_speak_of_ratings_while_there_are_none(home: House) -> None:
    await home.reply("/whatisksm")
    assert "helpful" not in await home.says("/stats")


async def test_a_members_second_press_on_an_answer_within_a_day_counts_once(home: House) -> None:
    await press(home)
    assert "already" in await press(home, Rating.WRONG)
    home.now += DAY - 180
    assert "already" in await press(home)
    await press(home, locale="es")
    assert "helpful 2, something is wrong 0" in await home.says("/stats")
    home.now += DAY
    assert "Thank you" in await press(home)


@pytest.mark.parametrize(
    ("command", "locale"), [("gone", "en"), ("whatisksm", "xx"), ("help", "en"), ("settings", "en")]
)
async def test_a_button_of_an_answer_that_is_gone_is_an_old_button(home: House, command: str, locale: str) -> None:
    assert "too old" in await press(home, command=command, locale=locale)
    assert await home.statistics.ratings() == ()


async def test_a_direct_chat_is_counted_in_the_operators_metrics_alone(home: House, tmp_path: Path) -> None:
    await press(home, place=DIRECT)
    labels = {"platform": "telegram", "command": "whatisksm", "rating": "helpful"}
    assert home.metrics.registry.get_sample_value("kusamabot_ratings_total", labels) == 1
    assert await backup(home.store, tmp_path / "backup") == 0


async def test_forget_wipes_the_ratings_written_or_not(home: House, tmp_path: Path) -> None:
    await press(home)
    await home.store.counts.flush()
    await press(home, member="8")
    await home.forgets()
    assert await home.statistics.ratings() == ()
    assert await backup(home.store, tmp_path / "backup") == 0


async def test_a_rating_has_to_wait_like_any_other_press(home: House) -> None:
    await press(home)
    home.now -= 60
    assert await press(home, command="relay-chain") == "One moment, please. Try again in 3 s."


def test_the_notices_fit_telegrams_bubble_and_both_buttons_half_a_row() -> None:
    for language in shipped().languages.values():
        assert max(map(len, language.ratings.values())) <= 18, language.locale
        for key in ("rated-helpful", "rated-wrong", "rated-already"):
            assert units(flatten(language.notices[key])) <= 200, (language.locale, key)


async def test_the_longest_statistics_fit_discord_in_every_language(home: House) -> None:
    for command in shipped().explainers:
        for number in range(100):
            home.statistics.count(GUILD, command, Outcome.EXPLAINER)
            for rating in Rating:
                home.statistics.rate(request(rating, command, member=f"{rating}{number}"), rating)
    told = await home.statistics.stats(Request(GUILD, Member("7"), "stats"), Community(DISCORD, "1"))
    for language in shipped().languages.values():
        reply = seal(told, language, Risk.GENERAL)
        assert "100" in flatten(reply.body), "counts of three digits"
        assert discord.overflow(reply) is None, language.locale
