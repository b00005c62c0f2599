"""Builds the table of contents of `/post all`, and finds what its channel still lacks."""

from collections.abc import Iterable
from typing import Final

from bot.core.community import UNKNOWN, Pin, PinState
from bot.core.disclaimer import Reply
from bot.core.model import MessageRef, Place, Risk
from bot.core.sealed_catalog import SealedCatalog
from bot.core.spans import MessageLink, Span, Text
from bot.features.pins.state import explainer_of, reply_for, withdrawn_reply

_CONTENTS: Final = "_contents"  # no explainer can have this name
FIRST: Final = f"{_CONTENTS}1"
_ENTRIES: Final = 10  # per message; more would not fit Discord's limit, with their links


def is_contents(command: str) -> bool:
    """Whether a message recorded under that command is a part of a table of contents."""
    return command.startswith(_CONTENTS)


def pages(content: SealedCatalog, known: Iterable[str] = ()) -> tuple[str, ...]:
    """Return the commands under which the parts of the contents are recorded, always including those among `known`."""
    needed = -(-len(tuple(content.catalog.explainers)) // _ENTRIES)
    numbers = {*range(1, needed + 1), *(_number(one) for one in known if is_contents(one))}
    return tuple(f"{_CONTENTS}{number}" for number in sorted(numbers))


def _number(page: str) -> int:
    return int(page.removeprefix(_CONTENTS))


def contents(content: SealedCatalog, page: str, pins: Iterable[Pin], locale: str | None, floor: Risk) -> Reply:
    """Return that part of the contents, with a link to each explainer that has a message among `pins`.

    `pins` are the pins and posts of one place. A part that is no longer needed says that it was withdrawn.
    """
    language = content.language(locale)
    linked = {explainer_of(content, pin.command): pin.ref for pin in pins if pin.state is not PinState.GONE}
    first = (_number(page) - 1) * _ENTRIES
    commands = list(content.catalog.explainers)[first : first + _ENTRIES]
    if not commands:
        return withdrawn_reply(content, locale, floor)
    entries = ((_entry(linked.get(command), content.title(command, language)),) for command in commands)
    return content.table_of_contents(language, floor, tuple(entries))


def _entry(ref: MessageRef | None, title: str) -> Span:
    if ref is None:
        return Text(title)
    place = ref.place
    return MessageLink(place.community or "", place.channel or "", place.thread, ref.message, title)


def next_step(
    content: SealedCatalog, place: Place, pins: Iterable[Pin], locale: str | None, floor: Risk
) -> tuple[Pin, Reply] | None:
    """Return the next message to post (a pin without a message id) or to edit, with its reply.

    Explainers come first, in order, then the parts of the table of contents. Returns None if nothing is left to do, or
    if the place has no contents that are kept up to date.
    """
    here = {pin.command: pin for pin in pins if pin.ref.place == place}
    first, posted = here.get(FIRST), {explainer_of(content, command) for command in here}
    if first is None or not first.followed:
        return None
    locale = first.locale or locale
    for command in content.catalog.explainers:
        if command not in posted and (reply := reply_for(content, command, locale, floor)):
            return _unposted(first, command), reply
    for page in pages(content, here):
        reply = contents(content, page, here.values(), locale, floor)
        pin = here.get(page) or _unposted(first, page)
        if pin.followed and pin.digest != reply.digest:
            return pin, reply
    return None


def _unposted(first: Pin, command: str) -> Pin:
    return Pin(MessageRef(first.ref.place, ""), command, first.locale, UNKNOWN, pinned=False)
