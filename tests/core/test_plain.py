"""Words from outside come out as words: no link, mention, hashtag or command, whatever the Unicode."""

import re
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.core.markup import plain
from tests.fakes.telegram_links import found

JOINER = "\u2060"

# What Discord's client makes of plain text by itself, apart from markdown, which its renderer escapes.
DISCORD = re.compile(
    r"(?i)\b(?:https?|steam|discord)://[^\s<]"
    r"|\b(?:discord\.gg|discord\.com|discordapp\.com|discord\.new)/\S"
    r"|@everyone|@here"
    r"|<(?:@[!&]?|\#)\d+>|</[^>]+:\d+>|<a?:\w+:\d+>|<t:-?\d+|<id:\w"
)

SPAMMERS = [
    "t.me/ksm_airdrop",
    "https://t.me/+AbC",
    "T.ME/x",
    "ｔ．ｍｅ/x",
    "t․me/x",
    "discord.gg/free",
    "https://discord.gg/free",
    "discord.com/invite/free",
    "@everyone",
    "@here",
    "＠everyone",
    "﹫everyone",
    "@\u200beveryone",
    "<@123456789012345678>",
    "<@&123456789012345678>",
    "<#123456789012345678>",
    "</ask:123456789012345678>",
    "<:pepe:123456789012345678>",
    "<t:1700000000:R>",
    "<b>bold</b>",
    "<a href='http://x.io'>y</a>",
    "[x](http://evil.io)",
    "http://evil.io",
    "hxxp://evil.io",
    "evil.io",
    "evil。io",
    "evil｡io",
    "evil．io",
    "evil︒io",
    "evil․io",
    "evil﹒io",
    "evilꓸio",
    "evil۔io",
    "evil܁io",
    "evil·io",
    "evil・io",
    "evil･io",
    "evil‧io",
    "evil•io",
    "EVIL.IO/claim?x=1",
    "1.2.3.4",
    "a@b.co",
    "tg://resolve?domain=x",
    "ton://transfer/x",
    "/start",
    "／start",
    "/ban@modbot",
    "#airdrop",
    "＃airdrop",
    "$KSM",
    "＄KSM",
    "+1 555 123 4567",
    "**bold** __under__ ~~gone~~ ||spoiler|| `code`",
    "> quote",
    "# heading",
    "\u202eetirw ot thgir",
    "a\u2066b\u2069c",
    "\u200f\u200e\u061c",
    "\u200b\u200c\u200d\ufeff\u00ad",
    "\u3164",
    "\u2800\u2800",
    "Z" + "\u0301" * 200,
    "K" + "\u0489" * 50 + "usama",
    "admin\x00\x1b[31m",
    "two\nlines\r\nthree\u2028four\u2029five\x85six",
    "\ud800",
    "\U000e0041\U000e0042",
    "👨\u200d👩\u200d👧",
    "﷽" * 40,
    "ﷺ" * 64,
    "x" * 10_000,
    "",
    "   ",
]

_MIXED = st.lists(
    st.sampled_from(SPAMMERS)
    | st.text(max_size=6)
    | st.sampled_from([" ", ".", "@", "/", ":", "#", "$", "\\", "<", "a", "1", "\u2060", "\u0301"]),
    max_size=8,
).map("".join)


def _invisible(text: str) -> list[str]:
    categories = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
    return [letter for letter in text if letter != JOINER and unicodedata.category(letter) in categories]


@pytest.mark.parametrize("name", SPAMMERS)
def test_a_spammers_name_is_only_words(name: str) -> None:
    text = plain(name).text
    assert found(text) == []
    assert DISCORD.search(text) is None
    assert _invisible(text) == []


@pytest.mark.parametrize("dot", ".．․﹒。｡︒ꓸ꘎۔܁܂·・･‧•∙⋅")
def test_a_look_alike_dot_never_joins_a_name_to_an_address(dot: str) -> None:
    shown = plain(f"kusama{dot}network").text
    assert f"{JOINER}network" in shown


@given(_MIXED, st.sampled_from(["", "Welcome, ", "“", "("]), st.sampled_from(["", "!", "”", ", and"]))
@example("http://a.b", "", "")
def test_no_words_become_a_link_a_mention_or_a_command(words: str, before: str, after: str) -> None:
    text = f"{before}{plain(words).text}{after}"
    assert found(text) == []
    assert DISCORD.search(text) is None


@given(_MIXED | st.text(), st.integers(1, 80))
def test_words_are_bounded_and_one_line_and_visible(words: str, limit: int) -> None:
    text = plain(words, limit).text
    assert len(text.replace(JOINER, "")) <= limit
    assert len(text) <= 2 * limit
    assert len(text.splitlines()) <= 1
    assert text == text.strip()
    assert "  " not in text
    assert _invisible(text) == []


@given(st.text(), st.text("\u0300\u0301\u0489\u20dd\u093f\u200b\u2800", max_size=300))
def test_no_letter_carries_more_than_two_marks(words: str, marks: str) -> None:
    run = 0
    for letter in plain(words + marks, 200).text:
        run = run + 1 if unicodedata.category(letter).startswith("M") else 0
        assert run <= 2


# Without the Catalan letters that are an L and a raised dot, after which there is a word joiner.
@given(
    st.text(
        st.characters(categories=["Ll", "Lu", "Nd"], max_codepoint=0x24F, exclude_characters="Ŀŀ"),
        min_size=1,
        max_size=40,
    )
)
def test_an_ordinary_name_stays_as_it_is(name: str) -> None:
    composed = unicodedata.normalize("NFKC", name)
    assert plain(name).text == (composed if len(composed) <= 64 else plain(name).text)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Ada", "Ada"),
        ("  Ada   Lovelace ", "Ada Lovelace"),
        ("王小明", "王小明"),
        ("Nguyễn Thị Hương", "Nguyễn Thị Hương"),
        ("Şükrü Öztürk", "Şükrü Öztürk"),
        ("Дмитрий", "Дмитрий"),
        ("محمد", "محمد"),
        ("नमस्ते", "नमस्ते"),
        ("J. R. R.", "J. R. R."),
        ("a\u200bb\u202ec", "abc"),
        ("🦜 KSM", "🦜 KSM"),
        ("x" * 65, "x" * 63 + "…"),
        ("Z\u0301\u0302\u0303\u0304", "\u0179\u0302\u0303"),
    ],
)
def test_peoples_names_are_kept(name: str, shown: str) -> None:
    assert plain(name).text == shown


def test_a_name_of_nothing_visible_is_empty() -> None:
    assert plain("\u3164\u200b\u2800 \u202e").text == ""


def test_a_huge_name_takes_no_time_beyond_its_limit() -> None:
    assert plain("﷽" * 1_000_000, 10).text.endswith("…")


def test_the_recogniser_sees_what_is_not_made_plain() -> None:
    seen = [name for name in SPAMMERS if found(name) or DISCORD.search(name)]
    assert {"t.me/ksm_airdrop", "@everyone", "/start", "#airdrop", "$KSM", "evil.io", "a@b.co"} <= set(seen)
