"""The words of a greeting on both platforms: names stay words whatever they are, and the warning stands above."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.discord import render as discord
from bot.adapters.telegram import render as telegram
from bot.core.community import Community
from bot.core.disclaimer import Reply
from bot.core.errors import BadInput
from bot.core.greeting import LONGEST_LINE, checked, greeting, longest
from bot.core.join_window import Join, JoinBatch, JoinWindow
from bot.core.model import Risk
from bot.core.sealed_catalog import SealedCatalog
from bot.core.spans import flatten
from tests.adapters.discord.reader import read
from tests.builders import no_fault, shipped
from tests.fakes.telegram_links import found

NOW = datetime(2026, 11, 22, tzinfo=UTC)
HERE = Community("telegram", "-5")
SPAM = [
    "t.me/free_airdrop",
    "https://t.me/joinchat/abc",
    "discord.gg/kusama",
    "discord.com/invite/x",
    "www.example.com",
    "@everyone",
    "@here",
    "@kusama_support",
    "<@123456789012345678>",
    "<@&123456789012345678>",
    "<#123456789012345678>",
    "<b>Admin</b>",
    "<a href='http://x.io'>x</a>",
    "[x](http://evil.io)",
    "**bold** __u__ ~~s~~ ||spoiler|| `code`",
    "# heading",
    "-# small",
    "> quote",
    "- item",
    "1. item",
    "/start",
    "/whatisksm@bot",
    "#airdrop $KSM",
    "+1 555 123 4567 89",
    "mail@example.com",
    "\u202emoc.live\u202c",
    "\u2066t\u200b.\u200bme/x\u2069",
    "t․me/x",
    "ｔ．ｍｅ／ｘ",
    "z" + "\u0301" * 200,
    "Кusаmа Suрроrt",
    "\u200b\u200c\u200d\ufeff",
    "<t:1700000000:R>",
    "<:emoji:123456789012345678>",
    ":tada:",
    "tg://user?id=1",
    "e\u0336v\u0336i\u0336l\u0336",
    "line\nbreak\r\n# x",
    "*",
    "_",
    "\\",
]
HOSTILE = st.one_of(
    st.text(max_size=80),
    st.sampled_from(SPAM),
    st.lists(st.sampled_from([*SPAM, ".", "/", "@", "://", "io", "me", "\u2060", " ", "a"]), max_size=5).map("".join),
)


def greeted(*names: str, others: int = 0, line: str | None = None, **changed: object) -> Reply:
    window = JoinWindow()
    for number, name in enumerate(names):
        window.add(Join(str(number), name, NOW), 0.0)
    gathered = window.take()
    assert gathered
    gathered = replace(gathered, count=gathered.count + others)
    community = replace(HERE, welcome_line=line, **changed)  # type: ignore[arg-type]  # named by the tests alone
    return greeting(SealedCatalog(shipped()), community, gathered)


def said(reply: Reply) -> str:
    return flatten(reply.body)


def raid(count: int = 300, line: str | None = None) -> Reply:
    return greeting(SealedCatalog(shipped()), replace(HERE, welcome_line=line), JoinBatch(count, (), NOW, raid=True))


PLAIN_DISCORD = read(discord.render(greeted("Ada")).content).marks
PLAIN_TELEGRAM = [one["type"] for one in found(telegram.render(greeted("Ada")).text)]
LOCALES = sorted(shipped().languages)


@given(HOSTILE, HOSTILE, st.sampled_from(LOCALES))
def test_no_name_becomes_markup_a_link_or_a_mention_on_discord(one: str, two: str, locale: str) -> None:
    shown = discord.render(greeted(one, two, locale=locale))
    assert read(shown.content).marks == PLAIN_DISCORD
    assert shown.mention is None


@given(HOSTILE, HOSTILE, st.sampled_from(LOCALES))
def test_no_name_becomes_a_link_a_mention_or_a_command_on_telegram(one: str, two: str, locale: str) -> None:
    shown = telegram.render(greeted(one, two, locale=locale))
    assert [entity["type"] for entity in found(shown.text)] == PLAIN_TELEGRAM
    assert {entity.kind for entity in shown.entities} == {"bold"}


@given(HOSTILE, st.sampled_from(["{names}durov", "Hi.{names}", "#{names}", "/{names}", "{names}.org", "x{names}y"]))
def test_names_and_the_line_around_them_never_join_to_a_link(name: str, line: str) -> None:
    reply = greeted(name, "me", line=line)
    assert read(discord.render(reply).content).marks == PLAIN_DISCORD
    assert [entity["type"] for entity in found(telegram.render(reply).text)] == PLAIN_TELEGRAM


@pytest.mark.parametrize("name", SPAM)
def test_what_spammers_call_themselves_stays_words(name: str) -> None:
    reply = greeted(name, line="Say hello to {names} here.")
    assert read(discord.render(reply).content).marks == PLAIN_DISCORD
    assert [entity["type"] for entity in found(telegram.render(reply).text)] == PLAIN_TELEGRAM


@given(st.text(max_size=LONGEST_LINE))
def test_whatever_line_is_taken_shows_neither_links_nor_markup(line: str) -> None:
    try:
        kept = checked(line, no_fault)
    except BadInput:
        return
    reply = greeted("Ada", line=kept)
    assert "link" not in read(discord.render(reply).content).marks
    assert read(discord.render(reply).content).marks == PLAIN_DISCORD
    kinds = [entity["type"] for entity in found(telegram.render(reply).text)]
    assert [kind for kind in kinds if kind != "bot_command"] == []


def test_the_warning_stands_under_the_title_and_above_all_else() -> None:
    for reply in (greeted("Ada"), raid()):
        for text in (discord.render(reply).content, telegram.render(reply).text):
            title, warning, *_ = text.split("\n")
            assert "Welcome" in title
            assert warning.strip("*").startswith("⚠️")


def test_the_floor_of_the_community_and_of_the_operator_is_kept() -> None:
    high = shipped().default.warnings[Risk.HIGH]
    assert greeted("Ada", risk_floor=Risk.HIGH).warning == high
    gathered = JoinBatch(1, (), NOW)
    assert greeting(SealedCatalog(shipped(), Risk.HIGH), HERE, gathered).warning == high


def test_names_are_listed_and_the_rest_is_counted() -> None:
    assert "Ada has joined." in said(greeted("Ada"))
    assert "Ada and Bo have joined." in said(greeted("Ada", "Bo"))
    assert "Ada, Bo and Cy have joined." in said(greeted("Ada", "Bo", "Cy"))
    assert "A, B, C, D, E and one other have joined." in said(greeted("A", "B", "C", "D", "E", "F"))
    assert "A, B, C, D, E and 37 others have joined." in said(greeted("A", "B", "C", "D", "E", others=37))


def test_a_raid_is_told_as_a_number() -> None:
    assert "300 new members have joined" in said(raid())


def test_the_line_of_the_moderators_stands_instead_of_ours() -> None:
    body = said(greeted("Ada", line="Make yourself at home."))
    assert "Ada has joined.\n\nMake yourself at home." in body
    assert "Good to have you here" not in body


def test_a_line_that_has_the_names_says_who_came() -> None:
    body = said(greeted("Ada", "Bo", line="Hello {names}, look around!"))
    assert body.startswith("Hello Ada and Bo, look around!\n\n")
    assert "have joined" not in body


def test_in_a_raid_a_line_that_has_the_names_gives_way_to_ours() -> None:
    body = said(raid(line="Hello {names}!"))
    assert "Hello" not in body
    assert "Good to have you here" in body
    assert "Look around." in said(raid(line="Look around."))


def test_a_command_in_the_line_is_one_the_platform_can_follow() -> None:
    reply = greeted("Ada", line="See /kusama_vs_polkadot or /nothing.")
    assert "/kusama-vs-polkadot" in said(reply)
    assert "/kusama_vs_polkadot" in telegram.render(reply).text
    assert "bot_command" not in [one["type"] for one in found(telegram.render(reply).text.partition("or ")[2][:10])]


def test_it_says_what_keeps_newcomers_safe_and_offers_three_explainers() -> None:
    reply = greeted("Ada")
    assert "seed phrase" in said(reply)
    assert [button.command for button in reply.buttons] == ["whatiskusama", "whatisksm", "kusama-risks"]


def test_the_longest_greeting_fits_both_platforms() -> None:
    edition = SealedCatalog(shipped())
    for language in shipped().languages.values():
        for reply in longest(edition, language):
            assert (discord.overflow(reply), telegram.overflow(reply)) == (None, None)


@given(
    st.lists(st.text(min_size=1, max_size=64), min_size=1, max_size=5),
    st.lists(st.just("{names}") | st.text(), max_size=LONGEST_LINE // len("{names}")).map("".join),
)
def test_every_greeting_fits_both_platforms(names: list[str], line: str) -> None:
    try:
        kept = checked(line, no_fault)
    except BadInput:
        kept = None
    reply = greeted(*names, others=100_000, line=kept, risk_floor=Risk.HIGH)
    assert (discord.overflow(reply), telegram.overflow(reply)) == (None, None)


@pytest.mark.parametrize(
    ("line", "key"),
    [
        ("x" * (LONGEST_LINE + 1), "too-long"),
        ("Hello {name}", "placeholder"),
        ("Hello {community}", "placeholder"),
        ("Hello {", "placeholder"),
        ("Hello {names}, yes, {names}", "placeholder"),
        ("\u200b\u202e", "placeholder"),
        ("Join t.me/kusama", "link"),
        ("Join discord.gg/x", "link"),
        ("See https://example.com", "link"),
        ("See [this](x)", "link"),
        ("See example。com", "link"),
        ("See kusama︒network", "link"),
        ("See kusama．network", "link"),
        ("See kusama․network", "link"),
        ("See kusamaꓸnetwork", "link"),
        ("See 127.0.0.1", "link"),
        ("Write to mailto:me", "link"),
        ("Ask @support", "mention"),
        ("Hello @{names}", "mention"),
        ("See t.{names}/x", "link"),
        ("Hi <@123456789>", "mention"),
        ("Attention @everyone", "mention"),
    ],
)
def test_a_line_that_cannot_be_used_is_told_why(line: str, key: str) -> None:
    with pytest.raises(BadInput) as refused:
        checked(line, no_fault)
    assert refused.value.key == f"welcome-message-{key}"


@pytest.mark.parametrize(
    "line",
    [
        "Welcome to the community, say hi!",
        "Hello {names}, good to have you here 👋",
        "¡Hola {names}! Bienvenidos.",
        "Привет! Загляните в /topics, там всё по порядку.",
        "欢迎大家，先看看 /whatiskusama 吧。",
        "欢迎大家。先看看规则。Kusama的问题都可以问。",
        "Read the rules first, then ask away. No question is too small...",
    ],
)
def test_a_friendly_line_is_taken_as_it_is(line: str) -> None:
    assert checked(line, no_fault) in (line, line.replace("，", ",").replace("！", "!"))


def test_a_line_in_which_a_fault_is_found_is_refused() -> None:
    with pytest.raises(BadInput) as refused:
        checked("Buy KSM now, {names}", lambda line: line if "Buy" in line else None)
    assert refused.value.key == "welcome-message-advice"
