"""Finds characters that look like others or are invisible.

Word processors, phones and web pages insert other characters where YAML and commands need plain ones. Attackers insert
invisible ones, or letters of another script. Writers cannot see the difference, so each message names the character.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache

Oddity = tuple[int, str, str]
"""The line (from 1), what is wrong, and the remedy."""

_COLONS = "：﹕∶꞉ː܃։"
_SPACES = "\u00a0\u1680\u2000-\u200d\u202f\u205f\u2060\u3000\u3164\ufeff"
_COMMAS = "，﹐、､"
_YAML_KEY = r"^[ ]*(?:- *)*[\"']?[A-Za-z][\w-]*[\"']?"
_ODD = re.compile(rf"[\t{_SPACES}{_COLONS}{_COMMAS}“”„«‘–—‐‑−•]")
# No pattern searches a part of a line twice: settings files of moderators are read too, and may be one long line.
_ODD_YAML = (  # the pattern of the odd character, what YAML needs there, the remedy
    (
        re.compile(rf"{_YAML_KEY.replace('[ ]', f'[ {_SPACES}]')}[ {_SPACES}]*([{_COLONS}])"),
        "a colon",
        "Type a plain colon and a space, or put a text in quotes.",
    ),
    (re.compile(rf"{_YAML_KEY} *:[ ]*([\t{_SPACES}])(?=\S)"), "a space", "Delete it and type a plain space."),
    (re.compile(rf"{_YAML_KEY}([{_SPACES}]+):"), "nothing", "Delete it."),
    (re.compile(rf"^ *- *([{_SPACES}])"), "a space", "Delete it and type a plain space."),
    (re.compile(rf"^ *([\t{_SPACES}])[\t {_SPACES}]*(?=\S)"), "indentation", "Indent with plain spaces."),
    (re.compile(r"(?:: |- )\s*([“”„«‘])[^“”„«»‘’\"]*[“”»’]\s*(?:#.*)?$"), "a straight quote", 'Type " instead.'),
    (re.compile(rf": +\[[^\[\]\"']*([{_COMMAS}])"), "a comma", "Type a plain comma."),
    (re.compile(r": +\[(?:[^\[\]]*, *)?([“„«‘])"), "a straight quote", 'Type " instead.'),
    (re.compile(r"^ *([–—‐‑−•])\s+\S"), "the hyphen of a list item", "Type a plain hyphen and a space."),
)
_BLOCK = re.compile(r"^(\s*)(?:- +)*+(?:[^\s#][^#]*: +)?[|>][-+0-9]{0,2}\s*(?:#.*)?$")

_ID = re.compile(r"[a-z0-9.:_-]+")  # an id, a level or a date: a comment may follow it
_DASHES = "\u2010-\u2015\u2212\ufe58\ufe63\uff0d\u00ad\u2043"
_SLASHES = "\u2044\u2215\u29f8\u2571\uff0f"
_COMMAND = re.compile(rf"(?<![\w/:.])[/{_SLASHES}][ ]?[A-Za-z0-9]+(?:[-_{_DASHES}][A-Za-z0-9]+)*")
_ODD_IN_COMMAND = re.compile(rf"[{_DASHES}{_SLASHES}]")
_APART = re.compile(r"(?<![\w’'])[^\W\d_](?:[ ._*·|~-]{1,3}[^\W\d_]){4,}(?![\w’'])")
_LIKE_LATIN = "[\u0370-\u052f\u0531-\u058f\u13a0-\u13ff]"  # scripts with letters that look like Latin ones
_MIXED = re.compile(rf"(?<![^\W\d_])(?=[^\W\d_]*[A-Za-z\u00c0-\u024f])(?=[^\W\d_]*{_LIKE_LATIN})[^\W\d_]+")
_MENTION = re.compile(r"(?<!\w)@\w+")
_SHOWS_NOTHING = "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"
_JOINERS, _VARIANTS = "\u200c\u200d", re.compile("[\ufe00-\ufe0f]")


def odd_yaml(text: str) -> Iterator[Oddity]:
    """Yield the characters that stand where YAML needs a plain colon, space, comma, quote or hyphen."""
    block: int | None = None  # the indentation of the key whose block text we are in
    for number, line in enumerate(text.split("\n"), 1) if _ODD.search(text) else ():
        stripped = line.lstrip(" ")
        if block is not None and (not stripped or len(line) - len(stripped) > block):
            continue
        block = None
        if ("|" in line or ">" in line) and (found := _BLOCK.match(line)):
            block = len(found[1])
        if stripped.startswith("#") or not _ODD.search(line):
            continue
        for pattern, wanted, remedy in _ODD_YAML:
            if found := pattern.search(line):
                yield number, f"has {named(found[1][0])} where YAML needs {wanted}", remedy
                break


def cut_off(value: str, rest: str) -> Iterator[tuple[str, str]]:
    """Yield the problem if YAML ends an unquoted text early and reads the `rest` of its line as a comment."""
    if re.match(r"\s+#", rest) and (rest.lstrip()[1:2].strip() or not _ID.fullmatch(value or "-")):
        what = f"is cut off by YAML before “{rest.strip()[:20]}”, which it reads as a comment"
        yield what, "Put the text in quotes, or if it is a comment, on a line of its own."


def odd_signs(text: str) -> Iterator[Oddity]:
    """Yield what no text may have: invisible characters, look-alikes in commands, words in mixed scripts, words spelled
    letter by letter, and mentions.
    """
    for sign in filter(_may_hide, sorted(set(text))):
        for place in (found.start() for found in re.finditer(re.escape(sign), text) if _hides(text, found.start())):
            yield _line(text, place), f"has the invisible {named(sign)}", "Retype the words without it."
    for found in _COMMAND.finditer(text) if _ODD_IN_COMMAND.search(text) else ():
        if odd := _ODD_IN_COMMAND.search(found[0]):
            what = f"“{found[0]}” has {named(odd[0])} where a command has {'-' if odd.start() else '/'}"
            yield _line(text, found.start()), what, "Type the command with a plain / and plain hyphens."
    for found in _MIXED.finditer(text) if re.search(_LIKE_LATIN, text) else ():
        scripts = sorted({unicodedata.name(letter).split(" ")[0].title() for letter in found[0]})
        what = f"“{found[0]}” mixes {' and '.join(scripts)} letters"
        yield _line(text, found.start()), what, "Retype the word in one script."
    for found in _APART.finditer(text):
        yield _line(text, found.start()), f"“{found[0]}” is spelled letter by letter", "Write it as words."
    for found in _MENTION.finditer(text) if "@" in text else ():
        yield _line(text, found.start()), f"“{found[0]}” would mention somebody", "Remove it."


def named(sign: str) -> str:
    """Return the character's code point and Unicode name, such as U+2011 NON-BREAKING HYPHEN."""
    fallback = {"\t": "TAB", "\x85": "NEXT LINE"}.get(sign, "CONTROL CHARACTER")
    return f"U+{ord(sign):04X} {unicodedata.name(sign, fallback)}"


@cache
def _may_hide(sign: str) -> bool:
    hidden = unicodedata.category(sign) in {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"} and sign != "\n"
    return hidden or sign in _SHOWS_NOTHING or bool(_VARIANTS.match(sign))


def _hides(text: str, place: int) -> bool:
    """Return whether a character that can be invisible is invisible at that place."""
    sign, before = text[place], text[place - 1] if place else ""
    if sign in _JOINERS:  # Persian and Indian scripts cannot be written without them
        return not before or not (unicodedata.bidirectional(before) == "AL" or unicodedata.combining(before))
    if _VARIANTS.match(sign):  # selects the emoji form of a character such as ⚠
        return not before or unicodedata.category(before) != "So"
    return True


def _line(text: str, place: int) -> int:
    return text.count("\n", 0, place) + 1
