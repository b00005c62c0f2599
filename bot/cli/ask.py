"""`ask`: prints one answer as both platforms show it, with their responder and renderers. Connects to nothing."""

import argparse
import asyncio
import json
from collections.abc import Mapping
from typing import Any

from bot.adapters.discord.markdown import seen
from bot.adapters.playground import requests
from bot.adapters.playground.preview import faces
from bot.cli.problems import tell
from bot.config import load_settings
from bot.core.spans import flatten
from bot.runtime.content_setup import responder_of


def main(options: argparse.Namespace) -> int:
    """Print the reply. Returns 0, 1 if there is none, 2 if the request cannot be made."""
    responder = responder_of(load_settings())
    try:
        request = requests.request(requests.Asked(" ".join(options.text), locale=options.locale), responder.read)
    except requests.Refusal as refusal:
        tell(refusal.says)
        return 2
    reply = asyncio.run(responder.respond(request))
    if reply is None:
        tell("There is no reply to that.")
        return 1
    shown = faces(reply)
    if not options.json:
        print("\n\n".join(_as_text(platform, message) for platform, message in shown.items()))
        return 0
    fields = {
        "outcome": reply.outcome.value,
        "command": reply.command or None,
        "locale": reply.locale,
        "digest": reply.digest,
        "warning": reply.warning,
        "title": reply.title,
        "body": flatten(reply.body),
    }
    print(json.dumps(fields | shown))
    return 0


def _as_text(platform: str, message: Mapping[str, Any]) -> str:
    """Return a message for a terminal: the platform's name, the text as members see it, and the buttons."""
    text = message["text"] if "entities" in message else seen(message["text"])
    rows = ["  ".join(f"[ {button['label']} ]" for button in row) for row in message["buttons"]]
    return "\n".join([f"── {platform.capitalize()} " + "─" * 50, text, *([""] if rows else []), *rows])
