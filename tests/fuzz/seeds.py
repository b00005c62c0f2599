"""One good thing for each door, to begin from: what is nearly right goes deeper than what is all wrong."""

import json
from typing import Final

import orjson

from bot.store.backup import HEADER

_USER = {"id": 5, "is_bot": False, "first_name": "Eve"}
_CHAT = {"id": -1005, "type": "supergroup", "title": "x", "is_forum": True}
_MESSAGE = {
    "message_id": 9,
    "date": 1_700_000_000,
    "chat": _CHAT,
    "from": _USER,
    "text": "/pin@kusama_test_bot whatisksm",
    "message_thread_id": 3,
    "is_topic_message": True,
    "entities": [{"type": "bot_command", "offset": 0, "length": 20}],
    "reply_to_message": {"message_id": 8, "date": 1, "chat": _CHAT, "text": "what is ksm"},
}
_UPDATE = {"update_id": 1, "message": _MESSAGE}
_PRESS = {"id": "1", "from": _USER, "chat_instance": "1", "data": "v1:en:whatisksm", "message": _MESSAGE}
_INTERACTION = {
    "id": "11",
    "application_id": "12",
    "type": 2,
    "token": "t",
    "guild_id": "1",
    "channel_id": "2",
    "channel": {"id": "2", "type": 11, "parent_id": "3"},
    "member": {"user": {"id": "5", "username": "eve"}, "permissions": "8", "nick": None},
    "app_permissions": "2048",
    "locale": "en-US",
    "data": {
        "id": "1",
        "name": "settings",
        "type": 1,
        "options": [{"name": "name", "type": 3, "value": "risk"}, {"name": "value", "type": 3, "value": "high"}],
        "resolved": {"users": {"6": {"id": "6", "username": "ada"}}, "messages": {"7": {"content": "what is ksm"}}},
        "custom_id": "v1:en:whatisksm",
    },
}
_EVENT = {
    "id": "1",
    "channel_id": "2",
    "guild_id": "3",
    "type": 0,
    "content": "<@7> what is ksm",
    "author": {"id": "5", "username": "eve"},
    "mentions": [{"id": "7"}],
    "message_reference": {"message_id": "4"},
}


def _told(value: object) -> bytes:
    return json.dumps(value).encode()


SEEDS: Final[dict[str, tuple[bytes, ...]]] = {
    "telegram_update": (_told(_UPDATE), _told({"update_id": 2, "callback_query": _PRESS})),
    "telegram_webhook": (_told(_UPDATE),),
    "telegram_refusal": (b'Bad Request: can\'t parse entities: "x" at 7 for user 123456789',),
    "discord_interaction": (
        _told(_INTERACTION),
        _told({**_INTERACTION, "type": 3}),
        _told({**_INTERACTION, "type": 4}),
    ),
    "discord_event": (_told(_EVENT), _told({"id": "1", "unavailable": True})),
    "playground_body": (_told({"text": "/whatisksm", "locale": "en", "as": "moderator", "for": "Ada"}),),
    "content_file": (b"title: What is KSM?\nbody: |\n  - a\n  - b\nfacts: [a, b]\nchecked: 2026-11-22\n",),
    "settings_file": (b"format: 1\nrisk: high\nlanguages:\n  '1': es\nchannels: ['1', \"2\"]  # ours\nlog: off\n",),
    "answer_text": (b"A **bold** and *slanted* word of /whatisksm {version}.\n\n- one\n- two \\* three",),
    "member_name": ("Ada \u202e @everyone t.me/x <@1> `x` 王".encode(),),
    "backup_file": (
        orjson.dumps(HEADER) + b'\n{"offers":{"platform":"discord","scope":"1","hash":"x"}}\n{"rows":1}\n',
    ),
    "settings": (b"8080\nauto\npostgresql://u:p@h/d\na.example,b\nhttps://x.example/h\nsecret\n::1\ntrue",),
    "arguments": (b"ask\n/whatisksm\n--locale\nen\n--json", b"run\n--port\n0", b"backup\nfile"),
}
