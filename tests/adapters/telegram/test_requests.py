"""What an update asks of the bot."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram import ChatMember, User

from bot.adapters.telegram import requests, rights
from bot.adapters.telegram.render import LONGEST_DATA
from bot.adapters.telegram.updates import Update, read
from bot.core.buttons import Button, Confirmation, pressed
from bot.core.model import Member, MessageRef, Place, Request, Right
from tests.builders import read as read_words
from tests.fakes.telegram_links import found
from tests.fakes.telegram_state import Member as Account
from tests.fakes.telegram_state import Membership

BOT = User(7, "Kusama", is_bot=True, username="kusama_test_bot")
ANN: dict[str, Any] = {"id": 42, "is_bot": False, "first_name": "Ann", "last_name": "Lee", "language_code": "es"}
GROUP = {"id": -1001, "type": "supergroup", "title": "Community"}
DIRECT = {"id": 42, "type": "private", "first_name": "Ann"}
HERE = Place("telegram", "-1001", "-1001")


def message(text: str | None = None, chat: dict[str, Any] = GROUP, **more: Any) -> dict[str, Any]:
    """A message as Telegram sends it, with the entities that it finds in the text."""
    words = {} if text is None else {"text": text, "entities": found(text)}
    return {"message_id": 5, "date": 1, "chat": chat, "from": ANN, **words, **more}


def asked(kind: str = "message", **content: Any) -> Request | None:
    update = updated(**{kind: content})
    if update.callback_query is not None:
        request = requests.from_press(update.callback_query)
        return request if request.command else None
    return requests.from_message(update.message, BOT, read_words) if update.message is not None else None


def updated(**told: Any) -> Update:
    update = read({"update_id": 1, **told})
    assert update is not None
    return update


def said(text: str, chat: dict[str, Any] = GROUP, **more: Any) -> tuple[str, str] | None:
    request = asked(**message(text, chat, **more))
    return request and (request.command, request.text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("/whatisksm", ("whatisksm", "")),
        ("/whatisksm?", ("whatisksm", "")),
        ("/whatisksm!!", ("whatisksm", "")),
        ("/whatisksm。", ("whatisksm", "")),
        ("/kusama-vs-polkadot", ("kusama-vs-polkadot", "")),
        ("/Kusama_vs_Polkadot", ("kusama-vs-polkadot", "")),
        ("/kusama vs polkadot", ("kusama-vs-polkadot", "")),
        ("/kusama — vs — polkadot?", ("kusama-vs-polkadot", "")),
        ("/kusama\u200b_vs\u2011polkadot", ("kusama-vs-polkadot", "")),
        ("/ask: what is ksm?", ("ask", "what is ksm?")),
        ("/ASK, what is ksm?", ("ask", "what is ksm?")),
        ("/ask_me what is ksm", ("ask_me", "what is ksm")),
        ("/ask  what is ksm ", ("ask", "what is ksm")),
        ("/ask\nwhat is\nksm", ("ask", "what is\nksm")),
        ("/whatisksm@kusama_test_bot", ("whatisksm", "")),
        ("/whatisksm@kusama_test_bot?", ("whatisksm", "")),
        ("/ask@kusama_test_bot: what is ksm?", ("ask", "what is ksm?")),
        ("/kusama vs polkadot@kusama_test_bot!", ("kusama-vs-polkadot", "")),
        ("/whatisksm@other_bot?", None),
        ("/kusama-vs-polkadot@other_bot", None),
        ("\u200b /whatisksm", ("whatisksm", "")),
        ("🙂 /whatisksm", None),
        ("//whatisksm", None),
        ("/ whatisksm", None),
        ("/kusama-vs-polkadot@Kusama_Test_Bot now", ("kusama-vs-polkadot", "now")),
        ("/whatisksm@other_bot", None),
        ("/start whatisksm", ("start", "whatisksm")),
        ("@kusama_test_bot what is ksm", ("ask", "what is ksm")),
        ("@KUSAMA_test_bot, what is ksm", ("ask", "what is ksm")),
        ("@kusama_test_bot", ("ask", "")),
        ("@kusama_test_bot?", ("ask", "")),
        ("@kusama_test_bot: what is ksm?", ("ask", "what is ksm?")),
        ("@kusama_test_bot — 🙂 what is ksm?", ("ask", "🙂 what is ksm?")),
        ("@kusama_test_bot /whatisksm", ("whatisksm", "")),
        ("@kusama_test_bot, /kusama vs polkadot", ("kusama-vs-polkadot", "")),
        ("@kusama_test_bots what is ksm", None),
        ("hello @kusama_test_bot", None),
        ("what is ksm", None),
    ],
)
def test_a_group_message_is_read_as_it_was_typed(text: str, expected: tuple[str, str] | None) -> None:
    assert said(text) == expected


def test_plain_words_in_a_direct_chat_are_a_question() -> None:
    request = asked(**message("what is ksm", DIRECT))
    assert request == Request(Place("telegram", None, "42"), Member("42", "Ann Lee"), "ask", "what is ksm", locale="es")


@given(st.text(min_size=1))
def test_any_text_is_read_without_an_error(text: str) -> None:
    request = asked(**message(text, DIRECT))
    assert request is not None
    assert request.text in text


@pytest.mark.parametrize("kind", ["edited_message", "channel_post", "edited_channel_post", "my_chat_member"])
def test_other_kinds_of_updates_ask_for_nothing(kind: str) -> None:
    member = {"user": ANN, "status": "member"}
    more = {"old_chat_member": member, "new_chat_member": member} if kind == "my_chat_member" else {}
    assert asked(kind, **message("/whatisksm"), **more) is None


@pytest.mark.parametrize(
    "more",
    [
        {"from": {**ANN, "is_bot": True}},
        {"via_bot": BOT.to_dict()},
        {"is_automatic_forward": True, "sender_chat": {"id": -1009, "type": "channel"}},
        {"from": None},
    ],
)
def test_bots_inline_results_and_forwarded_posts_ask_for_nothing(more: dict[str, Any]) -> None:
    assert asked(**{**message("/whatisksm"), **more}) is None


def test_only_a_real_topic_is_a_thread() -> None:
    in_topic = asked(**message("/pins", message_thread_id=9, is_topic_message=True))
    in_replies = asked(**message("/pins", message_thread_id=9))
    assert in_topic is not None
    assert in_replies is not None
    assert in_topic.place == Place("telegram", "-1001", "-1001", "9")
    assert in_replies.place == HERE


def test_a_command_sent_as_a_reply_is_about_that_message() -> None:
    request = asked(**message("/whatisksm", reply_to_message={**message("hm"), "message_id": 3}))
    assert request is not None
    assert request.about == MessageRef(HERE, "3")


def test_a_question_under_another_message_is_quoted_since_the_answer_is_attached_to_that_message() -> None:
    replied = {**message("hm"), "message_id": 3}
    for words, quote in (("/ask what is ksm?", "what is ksm?"), ("/ask", ""), ("/whatisksm", None)):
        request = asked(**message(words, reply_to_message=replied))
        assert request is not None
        assert request.quote == quote
    request = asked(**message("/ask what is ksm?"))
    assert request is not None
    assert request.quote is None


def test_the_first_message_of_a_topic_is_no_reply() -> None:
    root = {**message(), "message_id": 9, "forum_topic_created": {"name": "a", "icon_color": 1}}
    more: dict[str, Any] = {"message_thread_id": 9, "is_topic_message": True}
    request = asked(**message("/ask", reply_to_message=root, **more))
    assert request is not None
    assert (request.about, request.text) == (None, "")


@pytest.mark.parametrize("answered", [{"text": "what is ksm?"}, {"caption": "what is ksm?"}])
def test_ask_as_a_reply_asks_what_that_message_says(answered: dict[str, str]) -> None:
    reply = {**message(), **answered, "message_id": 3}
    assert said("/Ask", reply_to_message=reply) == ("ask", "what is ksm?")
    assert said("/ask and this?", reply_to_message=reply) == ("ask", "and this?")
    assert said("/ask", reply_to_message=reply, quote={"text": "ksm", "position": 8}) == ("ask", "ksm")


def test_whoever_posts_as_a_chat_has_that_chats_id() -> None:
    anonymous = {"from": {"id": 1087968824, "is_bot": True, "first_name": "Group"}, "sender_chat": GROUP}
    request = asked(**message("/pin whatisksm", **anonymous))
    assert request is not None
    assert request.member == Member("-1001", "Community")


def press(data: str, **more: Any) -> Request | None:
    return pressed_by(ANN, data, **more)


def pressed_by(user: dict[str, Any], data: str, **more: Any) -> Request | None:
    shown = {**message("words"), "from": BOT.to_dict(), **more}
    return asked("callback_query", id="1", chat_instance="1", data=data, message=shown, **{"from": user})


def test_a_press_asks_for_the_buttons_command_in_the_language_of_who_presses_or_in_its_own() -> None:
    data = Button("Risks", "kusama-risks", "zh-Hans").id
    silent = {key: value for key, value in ANN.items() if key != "language_code"}
    for user, locale in ((ANN, "es"), (silent, "zh-Hans")):
        request = pressed_by(user, data)
        assert request == Request(HERE, Member("42", "Ann Lee"), "kusama-risks", locale=locale, buttons=())


def test_a_press_under_a_message_too_old_to_see_is_read() -> None:
    request = press("v1:en:staking", date=0)
    assert request is not None
    assert request.place == HERE


def test_a_press_that_confirms_says_who_may_make_it_and_until_when() -> None:
    button = Button("Yes", "privacy", "en", confirms=Confirmation("forget", "-100123", 1_795_000_060))
    request = press(button.id)
    assert request is not None
    assert (request.command, request.text, request.confirms) == ("privacy", "forget", button.confirms)


@pytest.mark.parametrize("who", ["-1001234567890123", "9" * 16])
def test_the_id_of_a_button_that_confirms_fits_telegram(who: str) -> None:
    button = Button("Yes", "privacy", "zh-Hans", confirms=Confirmation("forget", who, 9_999_999_999))
    assert len(button.id) <= LONGEST_DATA
    assert pressed(button.id) == replace(button, label="")


@pytest.mark.parametrize(
    "forged",
    [
        "v1:en:privacy:forget",
        "v1:en:privacy:forget:42",
        "v1:en:privacy:forget:x:1",
        "v1:en:a:b:٤:1",
        "",
        "v1",
        "v2:en:staking",
        "v1:en:/staking",
        "v1:en:staking\n",
        "v1:e:staking",
        "x",
    ],
)
def test_forged_or_older_data_asks_for_nothing(forged: str) -> None:
    assert press(forged) is None


def test_a_press_under_an_inline_message_asks_for_nothing() -> None:
    press = {"id": "1", "chat_instance": "1", "data": "v1:en:staking", "inline_message_id": "abc", "from": ANN}
    assert asked("callback_query", **press) is None


def standing(status: str, *rights: str, is_anonymous: bool = False) -> ChatMember:
    shown = Membership(Account(42, "Ann"), status, frozenset(rights), is_anonymous).shown()
    return ChatMember.de_json(shown, None)


@pytest.mark.parametrize(
    ("member", "held"),
    [
        (standing("creator"), ~Right.NONE),
        (standing("administrator"), Right.SEND | Right.HISTORY | Right.ATTACH | Right.JOINS),
        (
            standing("administrator", "can_pin_messages", "can_change_info", "can_delete_messages"),
            Right.SEND | Right.HISTORY | Right.ATTACH | Right.JOINS | Right.PIN | Right.MANAGE | Right.DELETE,
        ),
        (standing("member"), Right.SEND | Right.HISTORY | Right.ATTACH),
        (standing("restricted", "can_pin_messages"), Right.NONE),
        (standing("restricted", "can_send_messages", "can_pin_messages"), Right.SEND | Right.HISTORY),
        (
            standing("restricted", "can_send_messages", "can_send_documents"),
            Right.SEND | Right.HISTORY | Right.ATTACH,
        ),
        (standing("left"), Right.NONE),
    ],
)
def test_rights_are_those_of_a_moderator(member: ChatMember, held: Right) -> None:
    assert rights.of_member(member) == held


def test_an_anonymous_administrator_has_what_every_anonymous_one_has() -> None:
    pinner = standing("administrator", "can_pin_messages", is_anonymous=True)
    other = standing("administrator", "can_delete_messages", is_anonymous=True)
    open_one = standing("administrator")
    assert Right.PIN in rights.of_anonymous((pinner, open_one))
    assert Right.PIN not in rights.of_anonymous((pinner, other))
    assert rights.of_anonymous((open_one,)) == Right.NONE


def test_a_reply_to_a_reply_to_a_reply_is_read_as_deep_as_is_asked_for() -> None:
    told = message("/ask")
    for number in range(300):
        told = {**message("/ask"), "message_id": number, "reply_to_message": told}
    request = asked(**told)
    assert request is not None
    assert request.about == MessageRef(HERE, "298")


@pytest.mark.parametrize(
    "broken",
    [
        {"message": 5},
        {"message": {"message_id": "5"}},
        {"message": message("x") | {"from": {"id": 1}}},
        {"message": message() | {"date": 10**20}},
        {"chat_member": {}},
        {"callback_query": message("x")},
    ],
)
def test_a_part_of_another_kind_makes_an_update_unreadable(broken: dict[str, Any]) -> None:
    assert read({"update_id": 1, **broken}) == Update(1)


@pytest.mark.parametrize(("number", "readable"), [(2**62, True), (-(2**62), True), (2**64, False), (-(2**64), False)])
def test_ids_of_64_bits_are_read_and_longer_ones_make_an_update_unreadable(number: int, readable: bool) -> None:
    update = read({"update_id": 1, "message": message("/a", {**GROUP, "id": number})})
    assert update is not None
    assert (update.message is not None) == readable


@pytest.mark.parametrize("sent", [None, 5, "x", [], {}, {"update_id": "1"}, {"update_id": 2**64}, {"update_id": True}])
def test_a_value_without_an_id_is_no_update(sent: object) -> None:
    assert read(sent) is None
