"""What Telegram's server turns into links by itself in any text it is sent: the words outsiders would abuse.

Follows the matching rules of tdlib's MessageEntity.cpp, with one deliberate excess: every top-level domain of
two letters or more counts, where the server has a list. A text that is clean here is clean there.
"""

import re
from collections.abc import Iterator
from typing import Any

Found = tuple[str, int, int]  # kind, begin, end; positions in characters

_COMMAND = re.compile(r"(?<![\w/<>])/([A-Za-z0-9_]++)(?:@([A-Za-z0-9_]*+))?+(?![\w/<>])")
_MENTION = re.compile(r"(?<!\w)@([A-Za-z0-9_]++)(?!\w)")
_TAG_LETTER = r"\w\u200c\u00b7\u0d80-\u0dff"
_HASHTAG = re.compile(rf"(?<![{_TAG_LETTER}])#([{_TAG_LETTER}]{{1,256}}+)(?:@[A-Za-z0-9_]{{3,32}})?(?!#)")
_CASHTAG = re.compile(rf"(?<![{_TAG_LETTER}$])\$(?:1INCH|[A-Z]{{1,8}}+)(?:@[A-Za-z0-9_]{{3,32}})?(?![{_TAG_LETTER}$])")
_TG_LINK = re.compile(r"(?i)(?<![a-z0-9])(?:tg|ton|tonsite)://[a-z0-9_-]+(?:[.][a-z0-9_-]+)*(?:[/?#][^\s<>\"«»]*)?")
_PHONE = re.compile(r"(?<!\w)\+\d[\d ()-]{6,}\d(?!\w)")
_SHORT_NAMES = {"gif", "nft", "pic", "ufc", "vid"}

_NOT_URL = r"\s\u2000-\u200b\u200e-\u200f\u2016-\u206f"  # spaces and General Punctuation end an address
_DOMAIN = re.compile(rf"(?:[A-Za-z0-9_.~-]|[^\x00-\xbf{_NOT_URL}])")
_USER = re.compile(rf"[^{_NOT_URL}/\[\](){{}}'`<>\"@«»]")
_PATH = re.compile(rf"[/?#][^{_NOT_URL}<>\"«»]*")
_PORT = re.compile(r":0*([1-9]\d{0,4})(?!\d)")
_TRAIL = ".:;,('?!`"


def found(text: str) -> list[dict[str, Any]]:
    """The entities the server would add, by UTF-16 offset; where two overlap, the one that begins first stays."""
    kept: list[dict[str, Any]] = []
    reached = 0
    for kind, begin, end in sorted(_all(text), key=lambda one: (one[1], -one[2])):
        if begin >= reached:
            kept.append({"type": kind, "offset": units(text[:begin]), "length": units(text[begin:end])})
            reached = end
    return kept


def units(text: str) -> int:
    """Length in UTF-16 code units, in which Telegram counts."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _all(text: str) -> Iterator[Found]:
    for match in _COMMAND.finditer(text):
        if len(match[1]) <= 64 and (match[2] is None or 3 <= len(match[2]) <= 32):
            yield "bot_command", *match.span()
    for match in _MENTION.finditer(text):
        if 4 <= len(match[1]) <= 32 or match[1] in _SHORT_NAMES:
            yield "mention", *match.span()
    for match in _HASHTAG.finditer(text):
        if any(letter.isalpha() for letter in match[1]):
            yield "hashtag", *match.span()
    for match in _CASHTAG.finditer(text):
        yield "cashtag", *match.span()
    for match in _TG_LINK.finditer(text):
        yield "url", *match.span()
    for match in _PHONE.finditer(text):
        yield "phone_number", *match.span()
    yield from _addresses(text)


def _addresses(text: str) -> Iterator[Found]:
    """Web addresses, with or without a protocol, and e-mail addresses, looked for around every dot."""
    start = 0
    while (dot := text.find(".", start)) >= 0:
        begin, at, end = _domain_around(text, dot, start)
        last = _end_of(text, end)
        kind = _kind(text, begin, at, end, last)
        if kind is not None:
            yield kind[0], kind[1], last
            start = max(last, dot + 1)
        else:
            start = max(dot, text.rfind(".", dot, last)) + 1


def _domain_around(text: str, dot: int, floor: int) -> tuple[int, int, int]:
    """Begin of the whole, begin of the domain in it (later where there is a user part), end of the domain."""
    begin = dot
    while begin > floor and _DOMAIN.match(text[begin - 1]):
        begin -= 1
    end, at = dot, begin
    while end < len(text) and (text[end] == "@" or _DOMAIN.match(text[end])):
        if text[end] == "@":
            at = end + 1
        end += 1
    whole = begin
    if at == begin and begin > floor and text[begin - 1] == "@":
        whole = begin - 1
    if whole != begin or at != begin:
        while whole > floor and _USER.match(text[whole - 1]):
            whole -= 1
    while end > dot + 1 and text[end - 1] == ".":
        end -= 1
    return whole, at, end


def _end_of(text: str, end: int) -> int:
    port = _PORT.match(text, end)
    if port and int(port[1]) <= 65535:
        end = port.end()
    path = _PATH.match(text, end)
    if path is None:
        return end
    last = end + _balanced(path[0])
    while last > end + 1 and text[last - 1] in _TRAIL:
        last -= 1
    return last if text[end] == "/" or last > end + 1 else end


def _balanced(path: str) -> int:
    """How far a path goes before it closes a bracket it did not open."""
    depth = {")": 0, "]": 0, "}": 0}
    for at, letter in enumerate(path):
        if letter in "([{":
            depth[")]}"["([{".index(letter)]] += 1
        elif letter in depth:
            depth[letter] -= 1
            if depth[letter] < 0:
                return at
    return len(path)


def _kind(text: str, begin: int, at: int, end: int, last: int) -> tuple[str, int] | None:
    protocol = text.endswith("://", 0, begin) and re.search(r"(?i)([a-z0-9+-]*)://$", text[:begin])
    known = protocol and re.search(r"(?i)(https?|ftp|tonsite)$", protocol[1])
    if protocol and not known:
        return None
    if not _domain_ok(text[at:end], bool(known)):
        return None
    if known and protocol:
        return "url", protocol.start() + known.start()
    if begin and (text[begin - 1].isalnum() or text[begin - 1] in "_/#@"):
        return None
    user = text[begin : at - 1] if at > begin else ""
    if user and last == end and re.fullmatch(r"[\w.+-]+(?:[.:|][\w+-]+)*", user):
        return "email_address", begin
    return None if at > begin and not user else ("url", begin)


def _domain_ok(domain: str, has_protocol: bool) -> bool:
    parts = domain.split(".")
    if len(parts) < 2 or any(not part or len(part) >= 64 or part.endswith("-") for part in parts):
        return False
    if all(part.isdigit() for part in parts):
        return len(parts) == 4 and all(int(part) <= 255 and str(int(part)) == part for part in parts)
    last = parts[-1]
    if len(last) < 2 or "_" in parts[-2] or re.search(r"[_-]", last.removeprefix("xn--")):
        return False
    capitalised = last != last.lower() and last[1:] == last[1:].lower()  # a new sentence without its space
    return has_protocol or last.startswith("xn--") or (not last.isdigit() and not capitalised)
