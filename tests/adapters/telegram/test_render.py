"""A sealed reply as Telegram shows it."""

from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.adapters.telegram.render import LONGEST, Entity, overflow, render
from bot.core.buttons import Button
from bot.core.disclaimer import seal
from bot.core.markup import plain
from bot.core.model import MessageRef, Notice, Outcome, Place, Risk, Value
from bot.core.spans import Body, Bold, Bullets, CommandRef, Italic, Paragraph, Span, Text, units
from tests.adapters.telegram.stage import ENGLISH, WARNINGS, draft, paragraph, sealed
from tests.fakes.telegram_links import found
from tests.fakes.telegram_text import accepted

_SNIPPETS = (
    "@kusama #ksm /pin $KSM https://x.io x.io www.a.com t.me/a a@b.co tg://resolve?domain=a //x ..x .io @@a /@a #a@b "
    "ton://a 1.2.3.4 [a](b.io) <a> x.io:80/y ＠full ／pin ．io \u202e@a \u200b/pin @\u200ba 👨‍👩‍👧 ﷺ"
)
_TRICKY = _SNIPPETS.split(" ")
_OUTSIDE = st.lists(
    st.one_of(st.text(max_size=8), st.sampled_from(_TRICKY), st.sampled_from([" ", "\n", "\r", "\u2028", "."]))
).map("".join)
_WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12)
_LEAF: st.SearchStrategy[Span] = st.one_of(_WORDS.map(Text), st.just(CommandRef("kusama-risks")))
_SPANS = st.recursive(
    st.lists(_LEAF, min_size=1, max_size=3).map(tuple),
    lambda inner: st.lists(st.one_of(_LEAF, inner.map(Bold), inner.map(Italic)), min_size=1, max_size=3).map(tuple),
    max_leaves=6,
)
_BODY = st.lists(
    st.one_of(_SPANS.map(Paragraph), st.lists(_SPANS, min_size=1, max_size=3).map(lambda rows: Bullets(tuple(rows)))),
    min_size=1,
    max_size=3,
).map(tuple)


def _covered(text: str, entity: Entity) -> str:
    raw = text.encode("utf-16-le")
    return raw[entity.offset * 2 : (entity.offset + entity.length) * 2].decode("utf-16-le")


def test_title_warning_body_and_source_stand_in_this_order() -> None:
    message = render(sealed(draft("**KSM** is a *token*, see /kusama-risks.\n\n- one\n- two")))
    assert message.text == (
        "What is KSM?\n"
        f"{WARNINGS[Risk.HIGH]}\n"
        "\n"
        "KSM is a token, see /kusama_risks.\n"
        "\n"
        "• one\n• two\n"
        "\n"
        "Source: “What is KSM?” · checked November 22, 2026"
    )
    shown = [(entity.kind, _covered(message.text, entity)) for entity in message.entities]
    source = "Source: “What is KSM?” · checked November 22, 2026"
    bold = [("bold", "What is KSM?"), ("bold", WARNINGS[Risk.HIGH]), ("bold", "KSM")]
    assert shown == [*bold, ("italic", "token"), ("italic", source)]


def test_offsets_count_utf_16_units() -> None:
    message = render(sealed(draft("😀 **b**", title="😀")))
    assert [_covered(message.text, entity) for entity in message.entities][::2] == ["😀", "b"]
    assert message.entities[0].length == 2


def test_an_outer_entity_stands_before_those_inside_it() -> None:
    body = (Paragraph((Bold((Text("a "), Italic((Text("b"),)))),)),)
    kinds = [(one.kind, one.length) for one in render(sealed(draft(body, title=""))).entities[1:3]]
    assert kinds == [("bold", 3), ("italic", 1)]


@pytest.mark.parametrize(
    ("place", "shown"),
    [
        (Place("telegram", "-1001234", "-1001234", "42"), "t.me/c/1234/42"),
        (Place("telegram", "-1001234", "-1001234"), "this chat"),
        (Place("telegram", "-1234", "-1234"), "this chat"),
    ],
)
def test_a_notice_is_its_words_alone_and_links_a_topic_or_says_that_it_is_this_chat(place: Place, shown: str) -> None:
    values: dict[str, Value] = {"command": CommandRef("kusama-vs-polkadot"), "channel": place}
    message = render(seal(Notice("pins-current", values), ENGLISH, Risk.HIGH))
    assert (message.text, message.entities, message.keyboard) == (f"/kusama_vs_polkadot in {shown}", (), ())


def test_a_message_in_a_chat_without_topics_is_linked_by_what_the_chat_is_called() -> None:
    pinned = MessageRef(Place("telegram", "-1001234", "-1001234"), "7")
    values: dict[str, Value] = {"command": CommandRef("staking"), "channel": pinned}
    message = render(seal(Notice("pins-current", values), ENGLISH, Risk.HIGH))
    assert message.text == "/staking in this chat"
    assert message.entities == (Entity("text_link", 12, 9, "https://t.me/c/1234/7"),)


def test_short_labels_share_a_row_and_long_ones_have_their_own() -> None:
    buttons = tuple(Button(label, "staking", "en") for label in ("Risks", "Staking", "Why people build on Kusama"))
    rows = render(sealed(buttons=buttons)).keyboard
    assert [[label for label, _ in row] for row in rows] == [["Risks", "Staking"], ["Why people build on Kusama"]]
    assert rows[0][0][1] == "v1:en:staking"


def test_a_menu_of_long_names_stands_one_in_a_row() -> None:
    buttons = tuple(Button(f"A topic with a long name {n}", f"topic-{n}", "en") for n in range(5))
    assert [len(row) for row in render(sealed(buttons=buttons)).keyboard] == [1] * 5


@pytest.mark.parametrize(("spare", "fits"), [(0, True), (1, False)])
def test_overflow_is_told_from_the_first_unit_on(spare: int, fits: bool) -> None:
    room = LONGEST - units(render(sealed(draft(paragraph("😀")))).text)
    reply = sealed(draft(paragraph("😀" + "a" * (room + spare))))
    assert (overflow(reply) is None) == fits


def test_a_buttons_data_over_64_bytes_is_told() -> None:
    assert overflow(sealed(buttons=(Button("x", "a" * 58, "en"),))) is None
    told = overflow(sealed(buttons=(Button("x", "a" * 59, "en"),)))
    assert told is not None
    assert "65 bytes" in told


@given(_BODY, st.sampled_from(Risk), _WORDS)
def test_the_whole_warning_is_the_second_line_of_any_answer(body: Body, risk: Risk, title: str) -> None:
    text = render(sealed(draft(body, risk=risk, title=title))).text
    assert text.startswith(f"{title}\n{WARNINGS[risk]}\n\n")


@given(_BODY)
def test_entities_are_always_ranges_that_telegram_takes(body: Body) -> None:
    message = render(sealed(draft(body)))
    entities = [{"type": one.kind, "offset": one.offset, "length": one.length} for one in message.entities]
    accepted(message.text, None, entities, LONGEST, "empty")
    ranges = [(one.offset, -one.length) for one in message.entities]
    assert ranges == sorted(ranges)
    assert all(one.length > 0 for one in message.entities)


@given(_OUTSIDE, st.sampled_from(["", "Ask: ", "“", "("]))
@example("http://a.b", "")
@example("@kusama", "(")
def test_words_from_outside_never_become_links_mentions_or_commands(words: str, before: str) -> None:
    body = (Paragraph((Text(before), plain(words), Text("”"))),)
    text = render(sealed(draft(body, title="T"))).text.split("\n\n", 1)[1].rsplit("\n\n", 1)[0]
    assert found(text) == []


def test_the_recogniser_itself_sees_what_is_not_made_plain() -> None:
    kinds = {one["type"] for one in found("@kusama /pin #ksm x.io a@b.co")}
    assert kinds == {"mention", "bot_command", "hashtag", "url", "email_address"}


def test_a_reply_that_may_hold_somebodys_name_is_not_kept_and_an_explainers_message_is() -> None:
    explainer, greeting = sealed(), sealed(replace(draft(), outcome=Outcome.PAGE))
    assert render(explainer) is render(explainer)
    assert render(greeting) == render(greeting)
    assert render(greeting) is not render(greeting)
