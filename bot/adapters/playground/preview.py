"""What the platforms would show, made by their own renderers, as values for the page, by the platforms' names."""

from collections.abc import Iterable
from typing import Any, Literal

from bot.adapters.discord import render as discord
from bot.adapters.telegram import render as telegram
from bot.core.commands import CommandInfo, Shown, first
from bot.core.disclaimer import Reply, address
from bot.core.model import DISCORD, TELEGRAM, MessageRef, Request

Seen = Literal["all", "alone", "bubble", "nobody"]
"""Who sees an answer: "alone" is who asked, "bubble" the same in passing, over a pressed button."""


def faces(reply: Reply, *, shared: bool = True, guest: bool = False) -> dict[str, dict[str, Any]]:
    """The message that each platform gets: `text`; `buttons`, rows of `{"label", "id"}` whose id is what a press sends
    back; `entities` of Telegram's, `{"type", "offset", "length"}`, counted in UTF-16 units as JavaScript counts; and
    `picture`, the description of one that Discord attaches. `shared` says whether the chat has several readers, `guest`
    whether the bot was not added to it.
    """
    return {DISCORD: on_discord(reply, shared=shared), TELEGRAM: on_telegram(reply, shared=shared, guest=guest)}


def on_discord(reply: Reply, *, shared: bool = True) -> dict[str, Any]:
    """The message that Discord gets."""
    message = discord.render(reply, shared=shared)
    picture = {"picture": message.alt} if message.file else {}
    return {"text": message.content, "buttons": _buttons(message.rows)} | picture


def on_telegram(reply: Reply, *, shared: bool = True, guest: bool = False) -> dict[str, Any]:
    """The message that Telegram gets. A guest's has no buttons."""
    if not isinstance(reply.to, MessageRef):  # it is attached to the question itself
        reply = address(reply, reply.to, reply.private)
    message = telegram.render(reply, shared=shared and not reply.private)
    entities = [{"type": one.kind, "offset": one.offset, "length": one.length} for one in message.entities]
    return {"text": message.text, "entities": entities, "buttons": _buttons(() if guest else message.keyboard)}


def _buttons(rows: Iterable[Iterable[tuple[str, str]]]) -> list[list[dict[str, str]]]:
    return [[{"label": label, "id": id_} for label, id_ in row] for row in rows]


def seen(reply: Reply, asked: Request, shown: Shown) -> dict[str, Seen]:
    """Who sees the answer to the request of a command that is shown so. Discord has no channels like Telegram's."""
    on_discord: Seen = "nobody" if asked.broadcast else "alone" if reply.private else "all"
    return {DISCORD: on_discord, TELEGRAM: _seen_on_telegram(reply, asked, shown)}


def _seen_on_telegram(reply: Reply, asked: Request, shown: Shown) -> Seen:
    """Where the bot is an administrator and the server takes ephemeral messages."""
    if asked.buttons is not None and telegram.fits_bubble(reply):
        return "bubble"
    if asked.place.community is None or asked.broadcast:
        return "all"
    return "alone" if asked.buttons is not None or shown is not Shown.ALL else "all"


def spelled(info: CommandInfo, locale: str) -> dict[str, str]:
    """How each platform's menu names the command in a language."""
    on_discord = info.names.get(locale) or first(info.names)
    return {DISCORD: f"/{on_discord}", TELEGRAM: f"/{telegram.command_name(info.name)}"}


def room(reply: Reply) -> dict[str, int]:
    """How many UTF-16 units are left beside the reply in one message."""
    return {DISCORD: discord.room(reply), TELEGRAM: telegram.room(reply)}
