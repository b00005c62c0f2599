"""What the platforms would show, made by their own renderers, as values for the page."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final, Literal, Protocol, final

from bot.adapters.discord import render as discord
from bot.adapters.telegram import render as telegram
from bot.core.commands import CommandInfo, Shown, first
from bot.core.disclaimer import Reply, address
from bot.core.model import MessageRef, Request


class Render(Protocol):
    """A message as a platform gets it, as plain values: `text`; `buttons`, rows of `{"label", "id"}` whose id is what a
    press sends back; and, where the text itself holds no markup, `entities` of `{"type", "offset", "length"}`, counted
    in UTF-16 units as JavaScript counts. `picture`, where one is attached, is its description. `shared` says whether
    the chat has several readers, `guest` whether the bot was not added to it.
    """

    def __call__(self, reply: Reply, *, shared: bool = True, guest: bool = False) -> Mapping[str, Any]: ...


Seen = Literal["all", "alone", "bubble", "nobody"]
"""Who sees an answer: "alone" is who asked, "bubble" the same in passing, over a pressed button."""


@final
@dataclass(frozen=True, slots=True)
class Preview:
    """A platform's renderer, who sees its answer to a request of a command that is shown so, how its menu names a
    command in a language, and how many UTF-16 units are left beside a reply in one message.
    """

    render: Render
    seen: Callable[[Reply, Request, Shown], Seen]
    spell: Callable[[CommandInfo, str], str]
    room: Callable[[Reply], int]


def on_discord(reply: Reply, *, shared: bool = True, guest: bool = False) -> dict[str, Any]:  # noqa: ARG001
    """The message that Discord gets."""
    message = discord.render(reply, shared=shared and not reply.private)
    picture = {"picture": message.alt} if message.file else {}
    return {"text": message.content, "buttons": _buttons(message.rows)} | picture


def on_telegram(reply: Reply, *, shared: bool = True, guest: bool = False) -> dict[str, Any]:
    """The message that Telegram gets. A guest's has no buttons."""
    if not isinstance(reply.to, MessageRef):  # it is attached to the question itself
        reply = address(reply, reply.to, reply.private)
    message = telegram.render(reply, shared=shared and not reply.private)
    entities = [{"type": one.kind, "offset": one.offset, "length": one.length} for one in message.entities]
    return {"text": message.text, "entities": entities, "buttons": _buttons(() if guest else message.keyboard)}


def seen_on_discord(reply: Reply, asked: Request, shown: Shown) -> Seen:  # noqa: ARG001  the reply itself says it
    """Who sees the answer on Discord, which has no channels like Telegram's."""
    return "nobody" if asked.broadcast else "alone" if reply.private else "all"


def seen_on_telegram(reply: Reply, asked: Request, shown: Shown) -> Seen:
    """Who sees the answer on Telegram, where the bot is an administrator and the server takes ephemeral messages."""
    if asked.buttons is not None and telegram.fits_bubble(reply):
        return "bubble"
    if asked.place.community is None or asked.broadcast:
        return "all"
    return "alone" if asked.buttons is not None or shown is not Shown.ALL else "all"


def _buttons(rows: Iterable[Iterable[tuple[str, str]]]) -> list[list[dict[str, str]]]:
    return [[{"label": label, "id": id_} for label, id_ in row] for row in rows]


PREVIEWS: Final[Mapping[str, Preview]] = MappingProxyType(
    {
        "discord": Preview(
            on_discord,
            seen_on_discord,
            lambda info, locale: info.names.get(locale) or first(info.names),
            discord.room,
        ),
        "telegram": Preview(
            on_telegram, seen_on_telegram, lambda info, _: telegram.command_name(info.name), telegram.room
        ),
    }
)
