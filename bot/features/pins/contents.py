"""A channel with every explainer, which `/post all` makes: its table of contents, and what is still to be posted."""

from collections.abc import Iterable
from typing import Final

from bot.core.community import UNKNOWN, Pin, PinState
from bot.core.disclaimer import Reply
from bot.core.model import MessageRef, Place, Risk
from bot.core.sealed_catalog import SealedCatalog
from bot.core.spans import MessageLink, Span, Text
from bot.features.pins.state import explainer, wanted, withdrawn

_CONTENTS: Final = "_contents"  # no explainer can be called so
FIRST: Final = f"{_CONTENTS}1"
_ENTRIES: Final = 10  # of one message: with links, more would not fit Discord's


def is_contents(command: str) -> bool:
    """Whether the message recorded under that command is a part of the contents."""
    return command.startswith(_CONTENTS)


def pages(content: SealedCatalog, known: Iterable[str] = ()) -> tuple[str, ...]:
    """The commands under which the contents' messages are recorded; those among `known` are never left out."""
    needed = -(-len(tuple(content.catalog.explainers)) // _ENTRIES)
    numbers = {*range(1, needed + 1), *(_number(one) for one in known if is_contents(one))}
    return tuple(f"{_CONTENTS}{number}" for number in sorted(numbers))


def _number(page: str) -> int:
    return int(page.removeprefix(_CONTENTS))


def contents(content: SealedCatalog, page: str, pins: Iterable[Pin], locale: str | None, floor: Risk) -> Reply:
    """That part of the contents, with a link to each explainer that stands among `pins`, the messages of one place."""
    language = content.language(locale)
    linked = {explainer(content, pin.command): pin.ref for pin in pins if pin.state is not PinState.GONE}
    first = (_number(page) - 1) * _ENTRIES
    commands = list(content.catalog.explainers)[first : first + _ENTRIES]
    if not commands:
        return withdrawn(content, locale, floor)
    entries = ((_entry(linked.get(command), content.title(command, language)),) for command in commands)
    return content.contents(language, floor, tuple(entries))


def _entry(ref: MessageRef | None, title: str) -> Span:
    if ref is None:
        return Text(title)
    place = ref.place
    return MessageLink(place.community or "", place.channel or "", place.thread, ref.message, title)


def next_step(
    content: SealedCatalog, place: Place, pins: Iterable[Pin], locale: str | None, floor: Risk
) -> tuple[Pin, Reply] | None:
    """What is to be posted (a pin without a message) or edited next, so that the place has every explainer in order and
    contents that are right; None if all is done, or nothing is kept there any more.
    """
    here = {pin.command: pin for pin in pins if pin.ref.place == place}
    first, there = here.get(FIRST), {explainer(content, command) for command in here}
    if first is None or not first.followed:
        return None
    locale = first.locale or locale
    for command in content.catalog.explainers:
        if command not in there and (reply := wanted(content, command, locale, floor)):
            return _unposted(first, command), reply
    for page in pages(content, here):
        reply = contents(content, page, here.values(), locale, floor)
        pin = here.get(page) or _unposted(first, page)
        if pin.followed and pin.digest != reply.digest:
            return pin, reply
    return None


def _unposted(first: Pin, command: str) -> Pin:
    return Pin(MessageRef(first.ref.place, ""), command, first.locale, UNKNOWN, pinned=False)
