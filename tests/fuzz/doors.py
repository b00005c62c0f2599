"""The doors by which anything comes in from outside, each as a function of bytes. Whatever the bytes, a door
gives a value, or refuses with the error it names; any other exception is a fault.
"""

import json
import tempfile
from collections.abc import Callable, Mapping
from contextlib import redirect_stderr, suppress
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any, Final

import orjson
from telegram import User

from bot.__main__ import parser
from bot.adapters.discord import requests as discord
from bot.adapters.discord import updates
from bot.adapters.discord.connection import reads
from bot.adapters.playground import requests as playground
from bot.adapters.telegram import requests as telegram
from bot.adapters.telegram.connection import Webhook
from bot.adapters.telegram.errors import logged
from bot.adapters.telegram.updates import Update, read
from bot.config import ConfigError, settings_from
from bot.content import yaml_file
from bot.core import markup
from bot.core.errors import BadInput, StoreError
from bot.core.model import Right
from bot.runtime.content_setup import settings_document
from bot.store.backup import HEADER, parsed
from bot.store.url import address
from tests.builders import read as typed
from tests.builders import shipped

ME: Final = User(7, "Kusama", is_bot=True, username="kusama_test_bot")
SECRET: Final = "a-secret"
PARSER: Final = parser()
PageGuard = Callable[[bytes], None]


def _json(data: bytes) -> dict[str, Any] | None:
    """What a platform's library would hand on: a JSON object, or nothing."""
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def telegram_update(data: bytes) -> None:
    """An update of Telegram's."""
    told = _json(data)
    update = read(told)
    if update is not None and update.message is not None:
        telegram.from_message(update.message, ME, typed)
        telegram.place(update.message)
    if update is not None and update.callback_query is not None:
        telegram.from_press(update.callback_query)


def telegram_webhook(data: bytes) -> None:
    """A body that comes to the webhook with the secret; without it nothing is even read."""
    hook = Webhook("https://example.org/hook", SECRET)
    assert not hook.is_from_telegram(data.decode("latin-1"))
    sent = hook.read(data)
    assert isinstance(sent, Update) or sent in (400, 413)


def telegram_refusal(data: bytes) -> None:
    """Words by which Telegram refuses a call."""
    assert logged(data.decode(errors="replace")).isprintable()


def discord_interaction(data: bytes) -> None:
    """An interaction of Discord's, with whatever data."""
    interactions = list[updates.Interaction]()
    reads(updates.Interaction, interactions.append)(_json(data))
    for sent in interactions:
        if caller := discord.caller(sent, Right.JOINS):
            request = discord.request(sent, caller, shipped().commands, 7)
            assert request is None or request.rights == caller.rights, "rights come from Discord alone"
        assert sent.data.typed is None or isinstance(sent.data.typed, str)


def discord_event(data: bytes) -> None:
    """A message, a member or a guild of Discord's."""
    sent, messages = _json(data), list[updates.Message]()
    reads(updates.Message, messages.append)(sent)
    for message in messages:
        discord.question(message, 7, typed)
    reads(updates.GuildMember, lambda _: None)(sent)
    reads(updates.Guild, lambda _: None)(sent)


def playground_body(data: bytes) -> None:
    """A body that comes to the playground."""
    for type_ in (playground.Newcomers, playground.Speed):
        with suppress(playground.Refusal):
            playground.decoded(data, type_)
    with suppress(playground.Refusal):
        playground.request(playground.decoded(data, playground.Asked), typed)


def content_file(data: bytes) -> None:
    """A file of the content."""
    with tempfile.NamedTemporaryFile(suffix=".yaml") as file:
        file.write(data)
        file.flush()
        with suppress(yaml_file.YamlProblem):
            yaml_file.read(Path(file.name), "x.yaml")


def settings_file(data: bytes) -> None:
    """A settings file that a moderator sends."""
    with suppress(BadInput):
        settings_document(data)


def answer_text(data: bytes) -> None:
    """The text of an answer, in the authors' markup."""
    with suppress(markup.MarkupError):
        markup.parse(data.decode(errors="replace"))


def member_name(data: bytes) -> None:
    """What somebody calls themselves."""
    assert len(markup.plain(data.decode(errors="replace"), 32).text) <= 200


def backup_file(data: bytes) -> None:
    """A backup that somebody hands us."""
    for file in (data, orjson.dumps(HEADER) + b"\n" + data):
        with suppress(StoreError):
            list(parsed("x", BytesIO(file), {"en"}))


def settings(data: bytes) -> None:
    """The environment."""
    words = data.decode(errors="replace").split("\n")
    names = ("port", "shards", "database_url", "allowed_hosts", "webhook_url", "webhook_secret", "host", "playground")
    with suppress(ConfigError):
        told = settings_from(dict(zip(names, words, strict=False)))
        assert told.secrets is not None
    with suppress(StoreError):
        address(words[0], Path("data"))


def arguments(data: bytes) -> None:
    """The command line; argparse refuses by leaving, with its usage on standard error."""
    with suppress(SystemExit), redirect_stderr(StringIO()):
        PARSER.parse_args([one for one in data.decode(errors="replace").split("\n") if one not in {"-h", "--help"}])


DOORS: Final[Mapping[str, PageGuard]] = {
    door.__name__: door
    for door in (
        telegram_update,
        telegram_webhook,
        telegram_refusal,
        discord_interaction,
        discord_event,
        playground_body,
        content_file,
        settings_file,
        answer_text,
        member_name,
        backup_file,
        settings,
        arguments,
    )
}

if __name__ == "__main__":
    print("\n".join(DOORS))
