"""What Discord would never send, such as forged or broken data: it is nothing of ours, and nothing comes of it."""

import asyncio
import copy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.adapters.discord import requests, updates
from bot.adapters.discord.adapter import DiscordAdapter
from bot.adapters.discord.connection import reads
from bot.core.model import Request
from tests.adapters.discord.spoken import COMMANDS, Remembered, SpokenResponder
from tests.adapters.discord.test_joins import NOON, Porch, event
from tests.builders import read

ME = 7
WORDS = st.text(max_size=20) | st.sampled_from(["id", "user", "data", "name", "options", "type", "value", "pin", "7"])
PLAIN = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | WORDS
ANY = st.recursive(
    PLAIN, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS, inner, max_size=4), max_leaves=10
)
WHO = {"id": "11", "username": "ada", "global_name": "Ada"}
ENVELOPE: dict[str, Any] = {
    "id": "1",
    "application_id": "2",
    "token": "t",
    "guild_id": "3",
    "channel_id": "4",
    "channel": {"id": "4", "type": 0},
    "member": {"user": WHO, "permissions": "8", "nick": None},
    "app_permissions": "8",
    "locale": "en-US",
}
SLASH = ENVELOPE | {
    "type": updates.APPLICATION_COMMAND,
    "data": {
        "name": "whatisksm",
        "type": 1,
        "options": [{"name": "for", "type": 6, "value": "12"}, {"name": "private", "type": 5, "value": True}],
        "resolved": {"users": {"12": WHO}, "members": {"12": {"nick": "Bob"}}},
    },
}
PIN = ENVELOPE | {
    "type": updates.APPLICATION_COMMAND,
    "data": {"name": "pin", "type": 1, "options": [{"name": "topic", "type": 3, "value": "whatisksm"}]},
}
MENU = ENVELOPE | {
    "type": updates.APPLICATION_COMMAND,
    "data": {"name": "Explain this", "type": 3, "target_id": "5", "resolved": {"messages": {"5": {"content": "?"}}}},
}
PRESS = ENVELOPE | {"type": updates.MESSAGE_COMPONENT, "data": {"custom_id": "v1:en:whatisksm", "component_type": 2}}
TYPED = ENVELOPE | {
    "type": updates.AUTOCOMPLETE,
    "data": {"name": "ask", "options": [{"name": "question", "type": 3, "value": "wha", "focused": True}]},
}
GENUINE = {"slash": SLASH, "pin": PIN, "menu": MENU, "press": PRESS, "typed": TYPED}
MESSAGE = {"id": "1", "type": 0, "channel_id": "4", "guild_id": "3", "author": WHO, "content": f"<@{ME}> hello"}
ALWAYS: list[tuple[str | int, ...]] = [
    *[(key,) for key in ("id", "application_id", "token", "type", "guild_id", "channel_id", "member", "data")],
    ("member", "user"),
    ("member", "user", "id"),
]
ITS_OWN: dict[str, list[tuple[str | int, ...]]] = {
    "slash": [("data", "name"), ("data", "options"), *[("data", "options", at, "value") for at in (0, 1)]],
    "pin": [("data", "name"), ("data", "options"), ("data", "options", 0), ("data", "options", 0, "name")],
    "menu": [("data", "target_id"), ("data", "resolved"), ("data", "resolved", "messages", "5", "content")],
    "press": [("data", "custom_id")],
    "typed": [("data", "options"), ("data", "options", 0), ("data", "options", 0, "value")],
}
FIELDS = [(kind, path) for kind in GENUINE for path in (*ALWAYS, *ITS_OWN[kind])]


def understood(sent: Any) -> list[Any]:
    """All that the bot would make of an interaction."""
    interactions = list[updates.Interaction]()
    reads(updates.Interaction, interactions.append)(sent)
    caller = requests.caller(interactions[0]) if interactions else None
    if caller is None:
        return []
    (read,) = interactions
    if read.type == updates.AUTOCOMPLETE:
        return [one for one in [read.data.typed] if one is not None]
    return [one for one in [requests.request(read, caller, COMMANDS, 7)] if one is not None]


def at(holder: Any, path: tuple[str | int, ...]) -> Any:
    """What stands at a path."""
    for key in path:
        holder = holder[key]
    return holder


@pytest.mark.parametrize("kind", GENUINE)
def test_what_discord_sends_is_understood(kind: str) -> None:
    assert understood(GENUINE[kind])


@pytest.mark.parametrize(("kind", "path"), FIELDS, ids=str)
@settings(max_examples=15)
@given(value=ANY)
def test_a_field_of_another_type_makes_it_nothing_of_ours(kind: str, path: tuple[str | int, ...], value: Any) -> None:
    forged: Any = copy.deepcopy(GENUINE[kind])
    genuine = at(forged, path)
    if value is None or isinstance(value, type(genuine)):  # what is not there may be left out, as in a direct chat
        value = [value]
        if isinstance(genuine, list):
            value = {"0": value}
    at(forged, path[:-1])[path[-1]] = value
    assert understood(forged) == []


@given(ANY | st.dictionaries(st.sampled_from(sorted(SLASH)), ANY))
def test_an_interaction_of_any_shape_raises_nothing(sent: Any) -> None:
    for one in understood(sent) if isinstance(sent, dict) else ():
        assert isinstance(one, Request | str)


@given(st.dictionaries(st.sampled_from(sorted(MESSAGE)), ANY))
def test_a_message_of_any_shape_raises_nothing(changed: dict[str, Any]) -> None:
    messages = list[updates.Message]()
    reads(updates.Message, messages.append)(MESSAGE | changed)
    for message in messages:
        assert isinstance(requests.question(message, ME, read), Request | None)


@given(st.lists(st.tuples(st.sampled_from(["GUILD_MEMBER_ADD", "INTERACTION_CREATE", "MESSAGE_CREATE"]), ANY)))
async def test_events_of_any_shape_are_neither_answered_nor_do_they_raise(events: list[tuple[str, Any]]) -> None:
    responder, porch = SpokenResponder(), Porch()
    adapter = DiscordAdapter("token", responder, Remembered(), newcomers=porch)
    async with adapter.client() as client:
        for name, sent in events:
            client._connection.parsers[name](sent)
            client._connection.parsers[name]({"user": sent, "data": sent, "author": sent})
        client._connection.parsers["GUILD_MEMBER_ADD"](event(1, NOON))
        for _ in range(3):
            await asyncio.sleep(0)
        assert adapter.waiting == 0
        assert client.session is None
    assert (responder.requests, porch.names) == ([], ["user1"])
