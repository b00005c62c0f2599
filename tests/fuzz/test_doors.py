"""Whatever comes in at the doors: a status or silence, never an exception, and nothing changes."""

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from telegram import User

from bot.__main__ import main
from bot.adapters.playground import requests as playground
from bot.adapters.telegram import requests as telegram
from bot.adapters.telegram.connection import LARGEST, Webhook
from bot.adapters.telegram.updates import Update, read
from bot.core.model import Request
from tests.builders import Folder
from tests.builders import read as typed
from tests.fuzz.doors import PARSER

ME = User(7, "Kusama", is_bot=True, username="kusama_test_bot")
SECRET = "a-secret"
HOOK = Webhook("https://example.org/hook", SECRET)
WORDS = st.text(max_size=200) | st.sampled_from(["/pin whatisksm", "/settings risk high", "v1:en:whatisksm", "@x", "/"])
PLAIN = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | WORDS
ANY = st.recursive(
    PLAIN, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS, inner, max_size=4), max_leaves=12
)
CHAT = st.fixed_dictionaries(
    {"id": st.integers(-(2**52), 2**52), "type": st.sampled_from(["private", "group", "supergroup", "channel", "x"])}
)
USER = st.fixed_dictionaries({"id": st.integers(1, 2**52), "is_bot": st.booleans(), "first_name": WORDS})
MESSAGE = st.fixed_dictionaries(
    {"message_id": st.integers(0, 2**31), "date": st.integers(0, 2**31), "chat": CHAT},
    optional={
        "text": WORDS,
        "from": USER,
        "sender_chat": CHAT,
        "caption": WORDS,
        "is_topic_message": st.booleans(),
        "message_thread_id": st.integers(0, 2**31),
        "entities": ANY,
        "quote": ANY,
        "new_chat_members": st.lists(USER, max_size=3),
    },
)
PRESS = st.fixed_dictionaries(
    {"id": WORDS, "from": USER, "chat_instance": WORDS}, optional={"data": WORDS, "message": MESSAGE}
)
UPDATE = st.fixed_dictionaries(
    {"update_id": st.integers(0, 2**31)},
    optional={"message": MESSAGE | ANY, "callback_query": PRESS | ANY, "inline_query": ANY, "chat_member": ANY},
)


@given(UPDATE)
def test_an_update_of_any_shape_is_a_request_or_nothing(told: dict[str, Any]) -> None:
    update = read(told)
    assert update is not None
    if update.message is not None:
        assert isinstance(telegram.from_message(update.message, ME, typed), Request | None)
    if update.callback_query is not None:
        assert isinstance(telegram.from_press(update.callback_query), Request)


@given(st.none() | st.text(max_size=20))
def test_no_other_secret_is_taken_for_the_webhooks(secret: str | None) -> None:
    assert HOOK.is_from_telegram(secret) is (secret == SECRET)


@given(st.binary(max_size=300) | (UPDATE | ANY).map(lambda one: json.dumps(one).encode()))
def test_a_webhook_body_of_any_shape_is_answered_with_a_status(body: bytes) -> None:
    sent = HOOK.read(body)
    assert isinstance(sent, Update) or sent == 400


def test_a_webhook_body_over_the_limit_is_refused_unread() -> None:
    body = b"[" * (LARGEST + 1)
    assert HOOK.read(body) == 413


@pytest.mark.parametrize("depth", [10, 1_000, 500_000])
def test_a_webhook_body_of_any_depth_is_refused(depth: int) -> None:
    assert HOOK.read(b"[" * depth + b"]" * depth) == 400


@given(st.binary(max_size=300) | ANY.map(lambda one: json.dumps(one).encode()))
def test_a_playground_body_of_any_shape_is_a_request_or_a_refusal(body: bytes) -> None:
    for type_ in (playground.Newcomers, playground.Speed):
        with suppress(playground.Refusal):
            playground.decoded(body, type_)
    with suppress(playground.Refusal):
        assert isinstance(playground.request(playground.decoded(body, playground.Asked), typed), Request)


@given(
    st.sampled_from(["text", "press", "locale", "for", "answers", "private", "as"]),
    ANY,
    st.sampled_from(["text", "press"]),
)
def test_a_playground_field_of_any_shape_is_a_request_or_a_refusal(field: str, value: Any, beside: str) -> None:
    with suppress(playground.Refusal):
        body = json.dumps({beside: "/whatisksm", field: value}).encode()
        assert isinstance(playground.request(playground.decoded(body, playground.Asked), typed), Request)


@given(st.text(max_size=120) | WORDS)
def test_a_forged_button_asks_for_nothing_but_a_name_of_ours(data: str) -> None:
    told = {"id": "1", "from": {"id": 5, "is_bot": False, "first_name": "E"}, "chat_instance": "1", "data": data}
    told["message"] = {"message_id": 1, "date": 1, "chat": {"id": 5, "type": "private"}}
    update = read({"update_id": 1, "callback_query": told})
    assert update is not None
    assert update.callback_query is not None
    found = telegram.from_press(update.callback_query)
    assert not found.command or (data.startswith("v1:") and f":{found.command}" in data)
    assert found.text == (found.confirms.word if found.confirms else "")


@given(st.lists(st.text(max_size=30) | st.sampled_from(["run", "ask", "--port", "--json", "backup", "-"]), max_size=5))
def test_arguments_of_any_shape_are_understood_or_refused(arguments: list[str]) -> None:
    with suppress(SystemExit):  # how argparse refuses, with its usage on standard error
        assert PARSER.parse_args(arguments).module


@pytest.fixture
def two_languages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The content that the command line reads."""
    monkeypatch.setenv("RESPONSES_DIR", str(Folder(tmp_path, "en", "es").path))


@pytest.mark.usefixtures("two_languages")
@settings(
    max_examples=6,  # each reads the content
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(WORDS.filter(str.strip), st.sampled_from(["en", "es", "xx", "EN", "", "e" * 40]), st.booleans())
def test_any_question_on_the_command_line_ends_with_an_answer_or_a_word(
    capsys: pytest.CaptureFixture[str], text: str, locale: str, as_json: bool
) -> None:
    arguments = ["ask", f"--locale={locale}", *(["--json"] if as_json else []), "--", text]
    status = main(arguments)
    out, err = capsys.readouterr()
    assert status in (0, 1, 2)
    assert "Traceback" not in err
    if status == 0 and as_json:
        assert json.loads(out)["outcome"]
