"""`ask`: one answer, as both platforms show it, through the same responder and renderers; connects nowhere."""

import argparse
import asyncio
import json
from collections.abc import Mapping
from typing import Any

from bot.adapters.playground import requests
from bot.adapters.playground.preview import PREVIEWS
from bot.cli.problems import tell
from bot.config import settings
from bot.core.disclaimer import Reply
from bot.core.spans import flatten
from bot.runtime.content import responder_of


def main(options: argparse.Namespace) -> int:
    """0 when there is a reply.

    Raises:
        ConfigError, ContentError: the settings or the content cannot be used.
    """
    responder = responder_of(settings())
    try:
        request = requests.request({"text": " ".join(options.text), "locale": options.locale}, responder.commands)
    except requests.Refusal as refusal:
        tell(refusal.says)
        return 2
    reply = asyncio.run(responder.respond(request))
    if reply is None:
        tell("There is no reply to that.")
        return 1
    shown = {platform: face.render(reply) for platform, face in PREVIEWS.items()}
    if options.json:
        print(json.dumps(_object(reply, shown)))
    else:
        print("\n\n".join(_picture(platform, what) for platform, what in shown.items()))
    return 0


def _object(reply: Reply, shown: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """The reply as plain values: words without markup, then what each platform is sent."""
    return {
        "outcome": reply.outcome.value,
        "command": reply.command or None,
        "locale": reply.locale,
        "digest": reply.digest,
        "warning": reply.warning,
        "title": reply.title,
        "body": flatten(reply.body),
        **shown,
    }


def _picture(platform: str, shown: Mapping[str, Any]) -> str:
    """A platform's message for a terminal: its name, its text as sent, its buttons."""
    rows = ["  ".join(f"[ {button['label']} ]" for button in row) for row in shown["buttons"]]
    return "\n".join([f"── {platform.capitalize()} " + "─" * 50, shown["text"], *([""] if rows else []), *rows])
