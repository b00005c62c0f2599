"""Signs that look like something else, or like nothing.

A text processor, a phone and a web page put other signs where YAML and our commands want plain ones; an attacker puts
invisible ones, or letters of another script. A writer cannot see the difference, so a message names the sign.
"""

import re
import unicodedata
from collections.abc import Iterator

Oddity = tuple[int, str, str]
"""The line (1 is the first) where it stands, what is wrong and what would be right."""

_COLONS = "：﹕∶꞉ː܃։"
_BLANKS = "\u00a0\u1680\u2000-\u200d\u202f\u205f\u2060\u3000\u3164\ufeff"
_COMMAS = "，﹐、､"
_NAME = r"[\"']?[A-Za-z][\w-]*[\"']?"
_ODD_YAML = (
    (
        re.compile(rf"^[ {_BLANKS}]*(?:- *)*{_NAME}[ {_BLANKS}]*([{_COLONS}])"),
        "a colon",
        "Type a plain colon and a blank, or put a text in quotes.",
    ),
    (re.compile(rf"^ *(?:- *)*{_NAME} *:[ ]*([\t{_BLANKS}])(?=\S)"), "a blank", "Delete it and type a plain blank."),
    (re.compile(rf"^ *(?:- *)*{_NAME}([{_BLANKS}]+):"), "nothing", "Delete it."),
    (re.compile(rf"^ *- *([{_BLANKS}])|^ *-([{_BLANKS}])"), "a blank", "Delete it and type a plain blank."),
    (re.compile(rf"^ *([\t{_BLANKS}])[\t {_BLANKS}]*(?=\S)"), "indentation", "Indent with plain blanks."),
    (re.compile(r"(?:: |- )\s*([“”„«‘])[^“”„«»‘’\"]*[“”»’]\s*(?:#.*)?$"), "a straight quote", 'Type " instead.'),
    (re.compile(rf": +\[[^\]\"']*([{_COMMAS}])"), "a comma", "Type a plain comma."),
    (re.compile(r": +\[(?:[^\]]*, *)?([“„«‘])"), "a straight quote", 'Type " instead.'),
    (re.compile(r"^ *([–—‐‑−•])\s+\S"), "the dash of a list", "Type a plain hyphen and a blank."),
)
_BLOCK = re.compile(r"^(\s*)(?:- +)*(?:[^\s#][^#]*: +)?[|>][-+0-9]{0,2}\s*(?:#.*)?$")

_ID = re.compile(r"[a-z0-9.:_-]+")  # an id, a level, a date: what a comment may follow
_DASHES = "\u2010-\u2015\u2212\ufe58\ufe63\uff0d\u00ad\u2043"
_SLASHES = "\u2044\u2215\u29f8\u2571\uff0f"
_COMMAND = re.compile(rf"(?<![\w/:.])[/{_SLASHES}][ ]?[A-Za-z0-9]+(?:[-_{_DASHES}][A-Za-z0-9]+)*")
_ODD_IN_COMMAND = re.compile(rf"[{_DASHES}{_SLASHES}]")
_APART = re.compile(r"(?<![\w’'])[^\W\d_](?:[ ._*·|~-]{1,3}[^\W\d_]){4,}(?![\w’'])")
# A word with letters of Latin and of a script that can be taken for it.
_MIXED = re.compile(
    r"(?<![^\W\d_])(?=[^\W\d_]*[A-Za-z\u00c0-\u024f])(?=[^\W\d_]*[\u0370-\u052f\u0531-\u058f\u13a0-\u13ff])[^\W\d_]+"
)
_MENTION = re.compile(r"(?<!\w)@\w+")
_SHOWS_NOTHING = "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"
_NO_WORD = re.compile(rf"[^\w\n -~]|[{_SHOWS_NOTHING}]")


def odd_yaml(text: str) -> Iterator[Oddity]:
    """What stands in a YAML file where YAML wants a plain colon, blank, comma, quote or hyphen."""
    block: int | None = None  # the indentation of the key whose block text we are in
    for number, line in enumerate(text.split("\n"), 1):
        indent = len(line) - len(line.lstrip(" "))
        if block is not None and (not line.strip() or indent > block):
            continue
        block = None
        if found := _BLOCK.match(line):
            block = len(found[1])
        if line.lstrip().startswith("#"):
            continue
        for pattern, wanted, remedy in _ODD_YAML:
            if found := pattern.search(line):
                sign = next(group for group in found.groups() if group)
                yield number, f"has {named(sign[0])} where YAML wants {wanted}", remedy
                break


def cut_off(value: str, rest: str) -> Iterator[tuple[str, str]]:
    """What is wrong when YAML ends a bare text before the `rest` of its line, which it takes for a comment."""
    if re.match(r"\s+#", rest) and (rest.lstrip()[1:2].strip() or not _ID.fullmatch(value or "-")):
        what = f"is cut by YAML before “{rest.strip()[:20]}”, which it takes for a comment"
        yield what, "Put the text in quotes; put a comment on a line of its own."


def odd_signs(text: str) -> Iterator[Oddity]:
    """What no text that is shown may hold: invisible signs, words of mixed scripts, look-alikes in commands."""
    for found in _NO_WORD.finditer(text):
        if _is_hidden(text, found.start()):
            what = f"has the invisible {named(found[0])}"
            yield _at(text, found.start()), what, "Take it out; retyping the words does."
    for found in _COMMAND.finditer(text):
        if odd := _ODD_IN_COMMAND.search(found[0]):
            what = f"“{found[0]}” has {named(odd[0])} where a command has {'-' if odd.start() else '/'}"
            yield _at(text, found.start()), what, "Type the command with a plain / and plain hyphens."
    for found in _MIXED.finditer(text):
        scripts = sorted({unicodedata.name(letter).split(" ")[0].title() for letter in found[0]})
        what = f"“{found[0]}” mixes {' and '.join(scripts)} letters"
        yield _at(text, found.start()), what, "Retype the word in one script."
    for found in _APART.finditer(text):
        yield _at(text, found.start()), f"“{found[0]}” is spelled letter by letter", "Write it as words."
    for found in _MENTION.finditer(text):
        yield _at(text, found.start()), f"“{found[0]}” would mention somebody", "Take it out."


def named(sign: str) -> str:
    """The sign's number and name, as people can look it up: U+2011 NON-BREAKING HYPHEN."""
    fallback = {"\t": "TAB", "\x85": "NEXT LINE"}.get(sign, "CONTROL CHARACTER")
    return f"U+{ord(sign):04X} {unicodedata.name(sign, fallback)}"


def _is_hidden(text: str, place: int) -> bool:
    sign, before = text[place], text[place - 1] if place else ""
    if sign in "\u200c\u200d":  # joiners, which Persian and Indian scripts cannot be written without
        return not before or not (unicodedata.bidirectional(before) == "AL" or unicodedata.combining(before))
    if "\ufe00" <= sign <= "\ufe0f":  # the picture form of a sign such as ⚠
        return not before or unicodedata.category(before) != "So"
    return unicodedata.category(sign) in {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"} or sign in _SHOWS_NOTHING


def _at(text: str, place: int) -> int:
    return text.count("\n", 0, place) + 1
