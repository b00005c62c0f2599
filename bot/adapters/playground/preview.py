"""What each platform would show, rendered by its own renderer, as values for the page. They are named by platform."""

from collections.abc import Iterable
from typing import Any, Literal

from bot.adapters.discord import render as discord
from bot.adapters.telegram import render as telegram
from bot.core.commands import CommandInfo, Shown, first
from bot.core.disclaimer import Reply, readdress
from bot.core.model import DISCORD, TELEGRAM, MessageRef, Request

Seen = Literal["all", "alone", "bubble", "nobody"]
"""Who sees an answer. "alone": only the caller; "bubble": only the caller, for a moment, over the pressed button."""


def faces(reply: Reply, *, shared: bool = True, guest: bool = False) -> dict[str, dict[str, Any]]:
    """Return the message for each platform.

    `text` is its text. `buttons` are rows of `{"label", "id"}`; a press sends the id back. Telegram's has `entities`,
    `{"type", "offset", "length"}`, counted in UTF-16 units as in JavaScript. Discord's has `picture`, the description
    of the attached picture, if there is one. `shared`: the chat has several readers. `guest`: the bot was not added to
    it.
    """
    return {DISCORD: on_discord(reply, shared=shared), TELEGRAM: on_telegram(reply, shared=shared, guest=guest)}


def on_discord(reply: Reply, *, shared: bool = True) -> dict[str, Any]:
    """Return the message for Discord."""
    message = discord.render(reply, shared=shared)
    picture = {"picture": message.alt} if message.file else {}
    return {"text": message.content, "buttons": _buttons(message.rows)} | picture


def on_telegram(reply: Reply, *, shared: bool = True, guest: bool = False) -> dict[str, Any]:
    """Return the message for Telegram. A guest's message has no buttons."""
    if not isinstance(reply.to, MessageRef):  # on Telegram the message replies to the question, so it shows no quote
        reply = readdress(reply, reply.to, reply.private)
    message = telegram.render(reply, shared=shared and not reply.private)
    entities = [{"type": one.kind, "offset": one.offset, "length": one.length} for one in message.entities]
    return {"text": message.text, "entities": entities, "buttons": _buttons(() if guest else message.keyboard)}


def _buttons(rows: Iterable[Iterable[tuple[str, str]]]) -> list[list[dict[str, str]]]:
    return [[{"label": label, "id": id_} for label, id_ in row] for row in rows]


def seen(reply: Reply, request: Request, shown: Shown) -> dict[str, Seen]:
    """Return who sees the answer on each platform. `shown` is that of the command. Discord has no channels like
    Telegram's, so nobody sees an answer in one there.
    """
    on_discord: Seen = "nobody" if request.broadcast else "alone" if reply.private else "all"
    return {DISCORD: on_discord, TELEGRAM: _seen_on_telegram(reply, request, shown)}


def _seen_on_telegram(reply: Reply, request: Request, shown: Shown) -> Seen:
    """Who sees it if the bot is an administrator and the server supports ephemeral messages."""
    if request.buttons is not None and telegram.fits_bubble(reply):
        return "bubble"
    if request.place.community is None or request.broadcast:
        return "all"
    return "alone" if request.buttons is not None or shown is not Shown.ALL else "all"


def spelled(info: CommandInfo, locale: str) -> dict[str, str]:
    """Return the command's name in each platform's menu, for a language."""
    on_discord = info.names.get(locale) or first(info.names)
    return {DISCORD: f"/{on_discord}", TELEGRAM: f"/{telegram.command_name(info.name)}"}


def room(reply: Reply) -> dict[str, int]:
    """Return how many UTF-16 units the reply's message has left on each platform."""
    return {DISCORD: discord.room(reply), TELEGRAM: telegram.room(reply)}
