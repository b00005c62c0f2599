"""A reply as Discord shows it."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.adapters.discord.render import Renderer, overflow, render
from bot.core.buttons import Button
from bot.core.model import Member, Outcome
from bot.core.spans import Bold, Bullets, ChannelRef, CommandRef, Italic, Paragraph, Span, Text
from tests.adapters.discord.reader import read
from tests.adapters.discord.spoken import BUTTONS, WARNING, answer, notice, spans

_SNIPPETS = (
    r"\ ` * _ ~ | > < # - + [ ] ( ) @ : . ! / 1. 2) -# ## >>> ** __ || ~~ ``` :smile: <@1> <@&2> <#3> <:a:4> <t:5>"
    r" @everyone @here http:// https://x.y www.a.b discord.gg/abc [a](http://b) </ask:6> <id:guide> **bold** _it_ *it*"
    r" ~~no~~ `code` a@b.c +1 0"
)
_TRICKY = st.sampled_from(_SNIPPETS.split())
_ANY = st.lists(st.one_of(st.text(max_size=6), _TRICKY, st.sampled_from([" ", "\n", "\r", "\u2028", "\t"]))).map(
    "".join
)
_PLAIN_SPAN = st.one_of(_ANY.map(Text), st.sampled_from([CommandRef("kusama-risks")]))


def _squeezed(words: str) -> str:
    return re.sub(r"[\s\u2060]+", "", words)


def _body(*parts: Span) -> str:
    """What stands between the warning and the source."""
    return render(answer(spans(*parts), title="T")).content.split(f"**{WARNING}**", 1)[1].rsplit("-# ", 1)[0].strip()


@given(_ANY)
@example("http://a.b")
@example("\\")
@example("\n- a\n> b\n1. c\n# d\n-# e")
def test_words_from_outside_are_shown_and_never_obeyed(words: str) -> None:
    screen = read(_body(Text(words)))
    assert screen.marks == []
    assert _squeezed(screen.words) == _squeezed(words)


@given(st.lists(_PLAIN_SPAN, max_size=5))
@example([Text("http:"), Text("//a.b")])
@example([Text("-"), Text(" a")])
@example([Text("<"), Text("@1>")])
@example([Text("discord."), Text("gg/a")])
def test_words_that_meet_make_no_markup_together(parts: list[Span]) -> None:
    assert read(_body(*parts)).marks == []


@given(_ANY)
def test_a_title_or_a_bullet_cannot_break_out_of_its_line(words: str) -> None:
    content = render(answer((Bullets(((Text(words),), (Text("last"),))),), title=words or "t")).content
    lines = content.splitlines()
    assert lines.index(f"**{WARNING}**") == (1 if _squeezed(words) or not words else 0)
    bullets = [line for line in lines if line.startswith("- ") or line == "-"]
    assert len(bullets) == 2
    assert read(bullets[0].removeprefix("- ")).marks == []


@given(
    st.lists(st.sampled_from([Bold, Italic, Text]), min_size=1, max_size=5), st.text("ab *_\\.", min_size=1, max_size=4)
)
def test_marks_side_by_side_close_again(kinds: list[type], words: str) -> None:
    parts = [Text(words) if kind is Text else kind((Text(words), Bold((Text("in"),)))) for kind in kinds]
    marks = read(_body(*parts)).marks
    assert marks.count("bold") % 2 == 0
    assert marks.count("italic") % 2 == 0
    assert set(marks) <= {"bold", "italic"}


@pytest.mark.parametrize(
    ("parts", "shown"),
    [
        ((Bold((Text("a"),)), Text(" b")), "**a** b"),
        ((Bold((Text("a "),)), Text("b")), "**a** b"),
        ((Bold((Italic((Text("a"),)), Text(" b"))),), "**_a_ b**"),
        ((Bold((Text("a"), Bold((Text("b"),)))),), "**ab**"),
        ((Bold((Text("a"),)), Bold((Text("b"),))), "**ab**"),
        ((Text("un"), Italic((Text("believ"),)), Text("able")), "un\u2060_believ_\u2060able"),
        ((Bold((Text("a"),)), Italic((Text("b"),))), "**a**\u2060_b_"),
        ((Text("see "), CommandRef("kusama-vs-polkadot"), Text(".")), "see /kusama-vs-polkadot."),
        ((Text("in "), ChannelRef("123")), "in <#123>"),
        ((Text("in "), ChannelRef("12>@everyone")), "in \\#12\\>\\@everyone"),
        ((Text("2.5 % of e.g. self-custody: fine (yes)!"),), "2.5 % of e\\.g. self-custody: fine (yes)!"),
    ],
)
def test_spans_are_spelled_the_way_discord_reads_them(parts: tuple[Span, ...], shown: str) -> None:
    assert _body(*parts) == shown


def test_the_warning_stands_right_under_the_title_and_before_the_body() -> None:
    assert render(answer()).content == (
        "**What is KSM?**\n"
        f"**{WARNING}**\n\n"
        "**Kusama's own token.**\n\nIt pays fees.\n\n- one\n- two, see /kusama-risks\n\n"
        "-# Source: “What is KSM?” · checked November 22, 2026"
    )


def test_a_notice_is_its_words_alone() -> None:
    shown = render(notice())
    assert (shown.content, shown.rows, shown.mention) == ("notice: settings-saved", (), None)


def test_an_answer_for_a_member_mentions_that_member_first() -> None:
    shown = render(answer(to=Member("42", "<@1> @everyone")))
    assert shown.content.startswith("<@42>\n**What is KSM?**")
    assert shown.mention == "42"
    assert "everyone" not in shown.content


def test_an_id_that_is_no_number_mentions_nobody() -> None:
    shown = render(answer(to=Member("42>@everyone")))
    assert shown.mention is None
    assert shown.content.startswith("**What is KSM?**")


def test_the_same_words_for_another_member_are_addressed_to_that_one() -> None:
    first, second = (render(answer(to=Member(one))) for one in ("1", "2"))
    assert (first.mention, second.mention) == ("1", "2")
    assert first.content != second.content


def test_buttons_say_what_a_press_asks_for_in_rows_of_five() -> None:
    many = tuple(Button(f"b{n}", "whatisksm", "zh") for n in range(7))
    rows = render(answer(buttons=many)).rows
    assert [len(row) for row in rows] == [5, 2]
    assert rows[0][0] == ("b0", "v1:zh:whatisksm")


@pytest.mark.parametrize("outcome", [Outcome.EXPLAINER, Outcome.PAGE])
def test_what_fits_with_a_mention_is_accepted_and_one_character_more_is_not(outcome: Outcome) -> None:
    pressed = len("</risk:>") + 20 - len("/risk")
    around = len(render(answer("x", outcome=outcome)).content) - 1 + len("<@>\n") + 20 + pressed
    assert overflow(answer("x" * (2000 - around), outcome=outcome)) is None
    told = overflow(answer("x" * (2001 - around), outcome=outcome))
    assert told is not None
    assert "2001" in told


@pytest.fixture
def pressing() -> Renderer:
    """A renderer that knows some commands' ids."""
    renderer = Renderer()
    renderer.learn({"risk": "12", "kusama-risks": "34"})
    return renderer


def test_commands_whose_ids_are_known_can_be_pressed_in_the_warning_too(pressing: Renderer) -> None:
    content = pressing.render(answer("**See /kusama-risks**, /topics.\n\n- /risk")).content
    assert f"**{WARNING.replace('/risk', '</risk:12>')}**" in content
    assert "**See </kusama-risks:34>**, /topics.\n\n- </risk:12>" in content
    assert "/risk" in render(answer("See /risk")).content.rpartition("See ")[2]


def test_words_that_only_look_like_a_command_cannot_be_pressed(pressing: Renderer) -> None:
    content = pressing.render(answer(spans(Text("/risk </risk:12> `/risk`")), title="/risk")).content
    assert content.startswith("**/risk**\n")
    assert read(content).marks.count("mention") == 1  # that of the warning


def test_other_ids_are_used_from_then_on_and_the_digest_does_not_depend_on_them(pressing: Renderer) -> None:
    reply = answer("See /risk.")
    before = pressing.render(reply).content
    pressing.learn({"risk": "56"})
    assert pressing.render(reply).content == before.replace("12", "56")
    assert reply.digest == answer("See /risk.").digest


def test_a_list_too_long_for_pressing_is_shown_with_plain_commands(pressing: Renderer) -> None:
    command = CommandRef("kusama-risks")
    lines = spans(*(part for _ in range(100) for part in (command, Text(" ok\n"))))
    content = pressing.render(answer(lines)).content
    assert len(content) <= 2000
    assert content.count("/kusama-risks ok") == 100
    assert overflow(answer(lines)) is not None  # and no such text can be loaded


def test_letters_outside_the_basic_plane_count_twice() -> None:
    assert overflow(answer("😀" * 900)) is None
    assert overflow(answer("😀" * 1000)) is not None


@pytest.mark.parametrize(
    "buttons",
    [
        (Button("x" * 81, "whatisksm", "en"),),
        (Button("", "whatisksm", "en"),),
        (Button("x", "w" * 100, "en"),),
        tuple(Button("x", "whatisksm", "en") for _ in range(26)),
    ],
)
def test_buttons_that_discord_would_refuse_are_an_overflow(buttons: tuple[Button, ...]) -> None:
    assert overflow(answer(buttons=buttons)) is not None
    assert overflow(answer(buttons=BUTTONS)) is None


def test_a_paragraph_without_words_leaves_no_gap() -> None:
    body = (Paragraph((Text("a"),)), Paragraph((Text(" "),)), Paragraph((Text("b"),)))
    assert "a\n\nb" in render(answer(body)).content
