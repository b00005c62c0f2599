"""A writer's markup becomes a tree, or a mistake with its line; nothing else becomes markup."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.markup import MarkupError, link_in, parse
from bot.core.spans import (
    Body,
    Bold,
    Bullets,
    ChannelRef,
    CommandRef,
    Italic,
    Paragraph,
    Slot,
    Span,
    Text,
    fill,
    flatten,
    walk,
)


def _one(source: str) -> tuple[Span, ...]:
    (block,) = parse(source)
    assert isinstance(block, Paragraph)
    return block.spans


def test_a_blank_line_parts_paragraphs_and_a_line_break_stays() -> None:
    assert parse("one\ntwo\n\n\nthree\n") == (Paragraph((Text("one\ntwo"),)), Paragraph((Text("three"),)))


def test_lines_with_a_dash_are_bullets_and_end_at_any_other_line() -> None:
    assert parse("a\n- b\n- c\nd") == (
        Paragraph((Text("a"),)),
        Bullets(((Text("b"),), (Text("c"),))),
        Paragraph((Text("d"),)),
    )


def test_an_indented_line_goes_on_with_its_bullet() -> None:
    assert parse("- a\n  goes on\n- b") == (Bullets(((Text("a goes on"),), (Text("b"),))),)


@pytest.mark.parametrize(
    ("source", "spans"),
    [
        ("**b** *i*", (Bold((Text("b"),)), Text(" "), Italic((Text("i"),)))),
        ("**b *i* b**", (Bold((Text("b "), Italic((Text("i"),)), Text(" b"))),)),
        ("see /kusama-vs-polkadot.", (Text("see "), CommandRef("kusama-vs-polkadot"), Text("."))),
        ("and/or 1/2 //x", (Text("and/or 1/2 //x"),)),
        ("\\/ask \\*a\\* \\{b\\} \\\\", (Text("/ask *a* {b} \\"),)),
        ("\\- no bullet", (Text("- no bullet"),)),
        ("{count} x", (Slot("count"), Text(" x"))),
        ("5 * 3\\*", None),
        ("a_b_c ~~x~~ `y` [z]", (Text("a_b_c ~~x~~ `y` [z]"),)),
        ("/Ask", (Text("/Ask"),)),
    ],
)
def test_spans_are_read(source: str, spans: tuple[Span, ...] | None) -> None:
    if spans is None:
        with pytest.raises(MarkupError):
            parse(source)
    else:
        assert _one(source) == spans


@pytest.mark.parametrize(
    ("source", "line", "what"),
    [
        ("fine\n\nan **open", 3, "opened and never closed"),
        ("a\nb {c", 2, "a lone “{”"),
        ("a }", 1, "a lone “}”"),
        ("****", 1, "holds nothing"),
        ("**a *b** c*", 1, "closes across another"),
        ("fine\nsee www.x", 2, "looks like a link"),
        ("fine\n- see\n- http://x", 3, "looks like a link"),
        ("{Count}", 1, "a lone"),
    ],
)
def test_a_mistake_is_told_with_its_line_and_a_remedy(source: str, line: int, what: str) -> None:
    with pytest.raises(MarkupError) as caught:
        parse(source)
    assert caught.value.line == line
    assert what in caught.value.what
    assert caught.value.remedy.endswith(".")


@pytest.mark.parametrize(
    "words",
    [
        "https://a",
        "tg://x",
        "www.a",
        "kusama.network",
        "t.me/x",
        "x.foundation",
        "bit.ly",
        "Polkadot.Io",
        "сайт.рф",
        "a@b.co",
    ],
)
def test_what_a_platform_would_link_is_seen(words: str) -> None:
    assert link_in(f"See {words} for more") is not None


@pytest.mark.parametrize(
    "words", ["One. Two.", "e.g. this", "3.14", "и т.д.", "v1.0", "a/b", "and… so", "12:30", "..."]
)
def test_ordinary_dots_are_no_links(words: str) -> None:
    assert link_in(words) is None


_TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=30)


@given(st.text(st.sampled_from("*{}\\/-ab \n._1"), max_size=40) | st.text(max_size=60))
def test_any_text_is_read_or_refused_as_markup_alone(source: str) -> None:
    try:
        body = parse(source)
    except MarkupError as error:
        told = (error.line, error.what, error.remedy)
    else:
        told = (1, "", "")
        assert all(isinstance(one, Paragraph | Bullets) for one in body)
    assert 1 <= told[0] <= len(source.splitlines()) + 1


def _escaped(words: str) -> str:
    return "".join(f"\\{letter}" if letter in "\\*/{}-" else letter for letter in words)


@given(_TEXT)
def test_escaped_words_come_back_as_themselves(words: str) -> None:
    line = " ".join(words.replace(".", " ").replace(":", " ").split())
    assert flatten(parse(_escaped(line))) == line


BODY: Body = (
    Paragraph((Text("a "), Bold((Slot("x"), Italic((CommandRef("c-d"),)))))),
    Bullets(((Text("b"),), (ChannelRef("12"), Slot("x")))),
)


def test_walk_meets_every_span_outermost_first() -> None:
    kinds = [type(span).__name__ for span in walk(BODY)]
    assert kinds == ["Text", "Bold", "Slot", "Italic", "CommandRef", "Text", "ChannelRef", "Slot"]


def test_fill_replaces_every_slot_at_any_depth() -> None:
    filled = fill(BODY, {"x": (Text("1"), Text("2"))})
    assert flatten(filled) == "a 12/c-d\n\n• b\n• #1212"
    assert not any(isinstance(span, Slot) for span in walk(filled))


def test_a_slot_without_a_value_is_an_error_that_names_it() -> None:
    with pytest.raises(KeyError, match="x"):
        fill(BODY, {})


def test_flatten_spells_commands_as_asked() -> None:
    assert flatten(BODY, command=lambda name: f"!{name}") == "a {x}!c-d\n\n• b\n• #12{x}"


@given(_TEXT)
def test_words_put_into_a_slot_never_become_markup(words: str) -> None:
    (block,) = fill((Paragraph((Slot("x"),)),), {"x": (Text(words),)})
    assert block == Paragraph((Text(words),))
