"""Is this text a request for advice, for a price, or a scam pattern? And how any text is made fit to be read.

Its one law: linear time on any bytes, and never an exception; what it flags is never answered as an explainer.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from bot.core.guard_advice import ADVICE
from bot.core.guard_advice_tongues import ADVICE_IN_TONGUES
from bot.core.guard_disguise import undisguised
from bot.core.guard_price import FORETELLING, LEARNING, PRICE
from bot.core.guard_scam import SCAM

LONGEST = 500
"""Characters kept by `normalise` unless told otherwise."""

_READ = 4_200
"""Characters looked at in one text: all of the longest message either platform carries, else its two ends."""

_READ_TWICE = 1_000
"""Characters read a second time with their disguise off: who spells out a text is brief, and floods stay cheap."""

_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
_JOINED = {ord("ı"): "i", ord("đ"): "d", ord("ł"): "l", ord("ø"): "o", ord("’"): "'", ord("`"): "'", ord("´"): "'"}


class Policy(StrEnum):
    """What stands against answering a text with an explainer, the gravest first."""

    SCAM = "scam"
    ADVICE = "advice"
    PRICE = "price"


@dataclass(frozen=True, slots=True)
class Finding:
    """A policy and the name of the rule that called for it (for the playground and for tests)."""

    policy: Policy
    rule: str


@dataclass(frozen=True, slots=True)
class _Rule:
    policy: Policy
    name: str
    pattern: re.Pattern[str]


def normalise(text: str, longest: int = LONGEST) -> str:
    """Any string made harmless: NFKC, no control, zero-width, surrogate or unassigned characters, one-space gaps.

    At most `longest` characters; a longer text keeps its beginning and its end.
    """
    known = unicodedata.normalize("NFKC", "".join(_visible(char) for char in _ends(text, _READ)))
    known = _ends(known, _READ)
    return _ends(" ".join("".join(_visible(char) for char in known).split()), longest)


def fold(text: str) -> str:
    """Lower-case without accents, for comparing: the form in which the rules are matched."""
    apart = unicodedata.normalize("NFD", text.casefold())
    return "".join(char for char in apart if unicodedata.category(char) != "Mn").translate(_JOINED)


def guard(text: str) -> Finding | None:
    """The gravest policy whose rule matches the text, or None. Takes any text, normalised or not."""
    read = fold(normalise(text, _READ))
    ends = _ends(read, _READ_TWICE)
    plain = undisguised(ends)
    readings = (read,) if plain == ends else (read, plain)
    for rule in _rules():
        if any(rule.pattern.search(one) and not _is_lesson(rule.policy, one) for one in readings):
            return Finding(rule.policy, rule.name)
    return None


def _ends(text: str, longest: int) -> str:
    if len(text) <= longest:
        return text
    half = longest // 2
    return f"{text[: longest - half]} {text[-(half - 1) :]}" if half > 1 else text[:longest]


def _visible(char: str) -> str:
    if char in "\t\n\r\x0b\x0c":
        return " "
    return "" if unicodedata.category(char) in _INVISIBLE else char


def _is_lesson(policy: Policy, read: str) -> bool:
    if policy is not Policy.PRICE:
        return False
    learning, foretelling = _lessons()
    return bool(learning.search(read)) and not foretelling.search(read)


@cache
def _rules() -> tuple[_Rule, ...]:
    """Compiled at the first question: most of what runs is asked none."""
    tables = (
        (Policy.SCAM, SCAM),
        (Policy.ADVICE, (*ADVICE, *ADVICE_IN_TONGUES)),
        (Policy.PRICE, PRICE),
    )
    return tuple(_Rule(policy, name, re.compile(fold(words))) for policy, table in tables for name, words in table)


@cache
def _lessons() -> tuple[re.Pattern[str], re.Pattern[str]]:
    return re.compile(fold(LEARNING)), re.compile(fold(FORETELLING))
