"""What the words behind `/pin` and `/post` ask for: a topic, and perhaps a channel and a language behind it."""

from dataclasses import dataclass
from typing import Final

from bot.core.errors import BadInput
from bot.core.model import Request
from bot.core.sealed_catalog import SealedCatalog
from bot.core.typed import spelling
from bot.features.channels import channel_named, refuse_bare_names, words_for
from bot.features.pins.state import explainer

ALL: Final = "all"  # instead of a topic: every explainer


@dataclass(frozen=True, slots=True)
class Wish:
    """The explainer `command` or ALL, the id of the channel that was named (None: here), and the language's tag."""

    command: str
    channel: str | None = None
    locale: str | None = None


def topic(content: SealedCatalog, text: str) -> str | None:
    """The explainer that the text names; None if it names none."""
    command = content.catalog.find(text)
    return command if command and explainer(content, command) == command else None


def read(content: SealedCatalog, text: str, request: Request) -> Wish:
    """Read the words behind the command of the request; the longest topic counts.

    Raises:
        BadInput: there is no topic, or what is behind it is neither a channel nor a language.
    """
    words = text.split()
    if not words:
        raise BadInput("pin-needs-topic")
    known = False
    for end in range(len(words), 0, -1):
        named = " ".join(words[:end])
        command = ALL if spelling(named) == ALL else topic(content, named)
        known = known or command is not None
        if command and (wish := _behind(content, command, words[end:], request)):
            return wish
    if known:
        refuse_bare_names(words, request)
        raise BadInput(f"pin-not-understood-{words_for(request.place)}")
    raise BadInput("not-a-topic")


def _behind(content: SealedCatalog, command: str, words: list[str], request: Request) -> Wish | None:
    channels = [found for word in words if (found := channel_named(word.casefold(), request))]
    name = " ".join(word for word in words if not channel_named(word.casefold(), request))
    language = content.language_called(name) if name else None
    if len(channels) > 1 or (name and language is None):
        return None
    return Wish(command, next(iter(channels), None), language.locale if language else None)
