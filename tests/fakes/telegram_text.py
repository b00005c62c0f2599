"""Text as Telegram's server takes it: HTML parsed, entities checked, control characters gone, links found."""

import re
from collections.abc import Iterable
from html import unescape
from typing import Any, NoReturn

from tests.fakes.telegram_links import found, units

Entity = dict[str, Any]

_TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "a": "text_link",
    "tg-emoji": "custom_emoji",
}
_FORMATS = {*_TAGS.values(), "text_mention", "expandable_blockquote"}
_SEALED = {"code", "pre", "text_link", "text_mention", "custom_emoji"}  # nothing is found inside these
_TOKEN = re.compile(
    r"<(/?)([^\s>]*)((?:\s(?:[^>\"']|\"[^\"]*\"|'[^']*')*)?)(>?)|&(?:#x[0-9a-fA-F]+|#\d+|lt|gt|amp|quot);?"
)
_ATTRIBUTE = re.compile(r"\s*([^\s=>/\"']+)(?:\s*=\s*(\"[^\"]*\"|'[^']*'|[A-Za-z0-9.-]+))?\s*")
# Turned into a space, and dropped: what a text loses before it is stored.
_SPACES = {*range(0x21)} - {*b"\r\n"}
_DROPPED = frozenset("\r\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u0333\u033f\u030a")
_STORED: dict[int, str | None] = {**dict.fromkeys(_SPACES, " "), **dict.fromkeys(map(ord, _DROPPED))}


class Refused(Exception):
    """The server's no: HTTP status, description, and what it tells beside it."""

    def __init__(self, status: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.status, self.description, self.parameters = status, description, parameters


def bad(description: str) -> Refused:
    """A 400 in the server's manner."""
    return Refused(400, f"Bad Request: {description}")


def accepted(
    text: str, mode: str | None, entities: list[Entity] | None, limit: int, empty: str
) -> tuple[str, list[Entity]]:
    """The text and the entities as stored; raises Refused as the server would. `limit` counts UTF-16 units."""
    if not text:
        raise bad(empty)
    if mode and mode.lower() not in {"html", "none"}:
        raise bad("unsupported parse_mode")
    if mode and mode.lower() == "html":
        text, entities = parse_html(text)
    formats = [dict(one) for one in entities or () if one.get("type") in _FORMATS]
    text, formats = _cleaned(text, formats)
    if not text:
        raise bad("text must be non-empty" if limit == 4096 else empty)
    if units(text) > limit:
        raise bad("message is too long" if limit == 4096 else "message caption is too long")
    return text, merged(formats, found(text))


def parse_html(source: str) -> tuple[str, list[Entity]]:
    """The text without its tags, and an entity for each; raises Refused where the server would."""
    text, at = "", 0
    entities: list[Entity] = []
    opened: list[tuple[str, dict[str, str], int]] = []
    for match in _TOKEN.finditer(source):
        text += source[at : match.start()]
        at = match.end()
        if match[0].startswith("&"):
            text += unescape(match[0])
            continue
        if match[1]:
            _close(match, opened, entities, units(text), _offset(source, match), text)
        else:
            opened.append((*_open(match, _offset(source, match)), units(text)))
    if opened:
        _unparsable(f'Can\'t find end tag corresponding to start tag "{opened[-1][0]}"')
    entities.sort(key=lambda one: (one["offset"], -one["length"]))
    return text + source[at:], entities


def _offset(source: str, match: re.Match[str]) -> int:
    return len(source[: match.start()].encode())


def _unparsable(why: str) -> NoReturn:
    raise bad(f"can't parse entities: {why}")


def _open(match: re.Match[str], offset: int) -> tuple[str, dict[str, str]]:
    tag = match[2].lower()
    if not match[4]:
        _unparsable(f"Unclosed start tag at byte offset {offset}")
    if tag not in _TAGS:
        _unparsable(f'Unsupported start tag "{tag}" at byte offset {offset}')
    attributes: dict[str, str] = {}
    rest, at = match[3].strip(), 0
    while at < len(rest):
        one = _ATTRIBUTE.match(rest, at)
        if one is None:
            _unparsable(f'Empty attribute name in the tag "{tag}" at byte offset {offset}')
        attributes[one[1]] = unescape((one[2] or "").strip("\"'"))
        at = one.end()
    if tag == "span" and attributes.get("class") != "tg-spoiler":
        _unparsable(f'Tag "span" must have class "tg-spoiler" at byte offset {offset}')
    return tag, attributes


def _close(
    match: re.Match[str],
    opened: list[tuple[str, dict[str, str], int]],
    entities: list[Entity],
    end: int,
    offset: int,
    text: str,
) -> None:
    if not opened:
        _unparsable(f"Unexpected end tag at byte offset {offset}")
    if not match[4]:
        _unparsable(f"Unclosed end tag at byte offset {offset}")
    tag, attributes, begin = opened[-1]
    name = match[2].lower()
    if name and name != tag:
        _unparsable(f'Unmatched end tag at byte offset {offset}, expected "</{tag}>", found "</{name}>"')
    opened.pop()
    if end == begin:
        return
    entity: Entity = {"type": _TAGS[tag], "offset": begin, "length": end - begin}
    if tag == "a":
        entity["url"] = attributes.get("href") or _slice(text, begin, end)
        if "://" not in entity["url"] and "." not in entity["url"]:
            return  # what is no link is plain text, and no error
    if tag == "blockquote" and "expandable" in attributes:
        entity["type"] = "expandable_blockquote"
    entities.append(entity)


def _slice(text: str, begin: int, end: int) -> str:
    return text.encode("utf-16-le", "surrogatepass")[begin * 2 : end * 2].decode("utf-16-le", "surrogatepass")


def _cleaned(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    """Control characters go, ends are trimmed, and every entity is moved with what it covers."""
    bounds, place, written = {0: 0}, 0, 0
    for letter in text:
        width = 2 if letter > "\uffff" else 1
        place += width
        written += 0 if letter in _DROPPED else width
        bounds[place] = written
    for one in entities:
        _check_bounds(one, bounds, place)
    whole = text.translate(_STORED)
    left = len(whole) - len(whole.lstrip(" \n"))
    if entities:
        left = min(left, *(bounds[one["offset"]] for one in entities))
    shown = whole[left:].rstrip()
    moved = []
    for one in entities:
        begin = bounds[one["offset"]] - left
        end = min(bounds[one["offset"] + one["length"]] - left, units(shown))
        if end > begin:
            moved.append({**one, "offset": begin, "length": end - begin})
    return shown, sorted(moved, key=lambda one: (one["offset"], -one["length"]))


def _check_bounds(entity: Entity, bounds: dict[int, int], size: int) -> None:
    begin, length = entity.get("offset"), entity.get("length")
    if not isinstance(begin, int) or begin < 0:
        raise bad(f"receive an entity with incorrect offset {begin}")
    if not isinstance(length, int) or length < 0:
        raise bad(f"receive an entity with incorrect length {length}")
    if begin > size:
        raise bad(f"entity begins after the end of the text at UTF-16 offset {begin}")
    if begin + length > size:
        where = f"UTF-16 offset {begin + length}"
        raise bad(f"entity beginning at UTF-16 offset {begin} ends after the end of the text at {where}")
    if begin not in bounds:
        raise bad("entity begins in a middle of a UTF-16 symbol")
    if begin + length not in bounds:
        raise bad(f"entity beginning at UTF-16 offset {begin} ends in a middle of a UTF-16 symbol")


def merged(formats: Iterable[Entity], links: list[Entity]) -> list[Entity]:
    """The entities of a text: how somebody formatted it, and what the server finds outside of code."""

    def apart(one: Entity, other: Entity) -> bool:
        begin, end = int(one["offset"]), int(one["offset"]) + int(one["length"])
        return end <= int(other["offset"]) or begin >= int(other["offset"]) + int(other["length"])

    formats = list(formats)
    sealed = [one for one in formats if one["type"] in _SEALED]
    free = [link for link in links if all(apart(link, one) for one in sealed)]
    return sorted(formats + free, key=lambda one: (one["offset"], -one["length"]))
