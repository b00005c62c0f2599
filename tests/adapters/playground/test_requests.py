"""What the page sends, read."""

import contextlib
import json
from http import HTTPStatus
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.playground import requests
from bot.adapters.playground.requests import Refusal
from bot.core.buttons import Rating
from bot.core.model import Member, MessageRef, Request, Right
from tests import builders


def read(data: Any) -> Request:
    """The request for what the page sends, with the shipped commands."""
    return requests.request(requests.decoded(json.dumps(data).encode(), requests.Asked), builders.read)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
_KEYS = st.sampled_from(["text", "press", "locale", "for", "answers", "private", "as", "other"])


@pytest.mark.parametrize(
    "typed",
    [
        "/kusama-vs-polkadot",
        "/kusama_vs_polkadot",
        "/kusamavspolkadot",
        "/Kusama_Vs_Polkadot",
        "  /kusama-vs-polkadot  ",
        "/kusama-vs-polkadot@some_bot",
    ],
)
def test_every_spelling_of_a_command_means_it(typed: str) -> None:
    request = read({"text": typed})
    assert request.command == "kusama-vs-polkadot"
    assert request.text == ""


@pytest.mark.parametrize(
    ("typed", "command", "text"),
    [
        ("what is ksm?", "ask", "what is ksm?"),
        ("/ask what is ksm?", "ask", "what is ksm?"),
        ("/ASK  what\nis ksm?", "ask", "what\nis ksm?"),
        ("/ask: ¿qué es ksm?", "ask", "¿qué es ksm?"),
        ("/ask@some_bot, a@b?", "ask", "a@b?"),
        ("/What is KSM?", "whatisksm", ""),
        ("/", "", ""),
        ("<b>/x</b>", "ask", "<b>/x</b>"),
    ],
)
def test_words_without_a_slash_are_a_question(typed: str, command: str, text: str) -> None:
    request = read({"text": typed})
    assert (request.command, request.text) == (command, text)


def test_a_direct_chat_has_no_community_and_a_member_no_rights_of_a_moderator() -> None:
    direct, member, moderator = (read({"text": "x", "as": role}) for role in ("direct", "member", "moderator"))
    assert direct.place.community is None
    assert member.place.community == moderator.place.community == "playground"
    assert not member.rights & (Right.PIN | Right.MANAGE)
    assert moderator.rights == ~Right.NONE


def test_a_press_asks_for_its_command_in_its_language() -> None:
    request = read({"press": "v1:es:kusama-risks", "private": True})
    assert (request.command, request.locale, request.private) == ("kusama-risks", "es", True)
    assert read({"press": "v1:es:kusama-risks", "locale": "ru"}).locale == "ru"


@pytest.mark.parametrize(
    "press", [{"press": "v1:*:risk"}, {"press": "v1:*en:risk"}, {"press": "v1:es:risk", "private": True}]
)
def test_in_my_language_and_what_one_person_reads_are_in_the_readers_language(press: dict[str, Any]) -> None:
    request = read(press | {"locale": "ru", "beside": ["v1:en:whatisksm", "v1:*:risk"]})
    assert (request.command, request.locale, request.buttons) == ("risk", "ru", ("whatisksm", "risk"))


def test_a_press_of_a_rating_is_for_the_presser_alone() -> None:
    request = read({"press": "v1:es:kusama-risks:wrong", "as": "member"})
    assert (request.command, request.text, request.rating) == ("kusama-risks", "es", Rating.WRONG)
    assert request.private


def test_a_member_named_has_a_number_that_discord_would_take_and_keeps_it() -> None:
    one, again, other = (read({"text": "/x", "for": name}).about for name in ("newcomer", "newcomer", "<@1>"))
    assert isinstance(one, Member)
    assert one == again != other
    assert one.id.isdigit()
    assert 17 <= len(one.id) <= 20


def test_asking_in_reply_to_a_message_asks_for_its_words() -> None:
    request = read({"text": "/ask", "answers": {"message": "m3", "text": "what is ksm"}})
    assert request.text == "what is ksm"
    assert isinstance(request.about, MessageRef)
    assert request.about.message == "m3"


@pytest.mark.parametrize(
    ("data", "word"),
    [
        ([], "object"),
        ({}, "either"),
        ({"text": "a", "press": "v1:en:b"}, "either"),
        ({"text": "a", "rights": 99}, "unknown field `rights`"),
        ({"text": 5}, "text"),
        ({"text": "  "}, "empty"),
        ({"text": "a", "locale": "../en"}, "language tag"),
        ({"text": "a", "private": "yes"}, "bool"),
        ({"text": "a", "as": "owner"}, "direct, member, moderator"),
        ({"text": "a", "as": []}, "as"),
        ({"text": "a", "for": "newcomer", "answers": {"message": "m1", "text": "x"}}, "either"),
        ({"text": "a", "answers": "m1"}, "answers"),
        ({"text": "a", "answers": {"message": "../m1", "text": "x"}}, "message"),
        ({"press": "v1:en:kusama-risks; drop"}, "no button"),
        ({"press": "v2:en:kusama-risks"}, "no button"),
        ({"press": "v1:en:kusama-risks:bad"}, "no button"),
        ({"press": "v1:en:" + "a" * 500}, "no button"),
        ({"press": None}, "either"),
    ],
)
def test_what_is_not_as_it_should_be_is_refused_with_a_word_of_why(data: Any, word: str) -> None:
    with pytest.raises(Refusal, match=word) as refused:
        read(data)
    assert refused.value.status == HTTPStatus.BAD_REQUEST


@pytest.mark.parametrize("data", [{"text": "a" * 4097}, {"text": "a", "for": "b" * 81}])
def test_what_is_too_long_is_refused_as_too_long(data: Any) -> None:
    with pytest.raises(Refusal, match="more than") as refused:
        read(data)
    assert refused.value.status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b'"\\ud800"', b"NaN"])
def test_a_body_that_is_no_json_is_refused(body: bytes) -> None:
    with pytest.raises(Refusal, match="not JSON"):
        requests.decoded(body, requests.Asked)


@given(st.dictionaries(_KEYS, _JSON, max_size=4) | _JSON)
def test_no_json_makes_reading_fail_in_another_way(data: Any) -> None:
    with contextlib.suppress(Refusal):
        assert read(data).place.platform == "playground"


def test_a_passer_by_is_a_guest_whose_answer_replies_to_nothing() -> None:
    request = read({"text": "/ask", "as": "passer-by", "answers": {"message": "m1", "text": "what is ksm?"}})
    assert (request.guest, request.place.community, request.about) == (True, None, None)
    assert request.text == "what is ksm?"
    assert not request.rights & (Right.PIN | Right.MANAGE)


def test_who_posts_in_a_channel_is_the_channel_and_a_press_there_opens_the_direct_chat() -> None:
    request = read({"text": "/pin whatisksm", "as": "channel"})
    assert request.broadcast
    assert request.member.id == request.place.community
    assert request.rights == ~Right.NONE
    pressed = read({"press": "v1:en:kusama-risks", "as": "channel"})
    assert (pressed.place.community, pressed.broadcast) == (None, False)
    rated = read({"press": "v1:en:kusama-risks:helpful", "as": "channel"})
    assert rated.broadcast
