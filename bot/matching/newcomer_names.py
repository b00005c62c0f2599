"""Judges the names of newcomers: one that offers, asks for secrets or to be contacted, or attacks the warning is
counted in a greeting and not shown.

A name is no sentence, so single words decide, and most of them only beside a coin. In doubt a name is not shown; but
people are called Price, Gift, Will and Ban Ki-moon.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

import yaml

from bot.core.normalise import fold, normalise, undisguised
from bot.core.policy_patterns import PolicyPattern, first_match

_RULES = Path(__file__).parent / "base" / "names.yaml"
_LONGEST = 100  # characters of a name that are read; both platforms allow less
_SURE_OF_NAME = 0.82
"""The probability from which a name with a coin in it is refused as a line would be. The classifier of lines alone
would refuse every tenth ordinary name."""


def _words(words: str) -> str:
    """Words with blanks between them as a pattern; `~` stands for a blank in one, `*` for any further letters."""
    return "|".join(fold(word).replace("~", r"\W+").replace("*", r"\w*") for word in words.split())


@cache
def _rules() -> Mapping[str, re.Pattern[str]]:
    """The patterns of names.yaml by name, and `against_warning` joined with what weakens a warning."""
    kept = yaml.load(_RULES.read_text("utf-8"), yaml.CSafeLoader)
    words = {name: rf"\b(?:{_words(rule['words'])})\b" for name, rule in kept.items()}
    beside = rf"{words['weakens']}.{{0,20}}{words['warning']}|{words['warning']}.{{0,20}}{words['weakens']}"
    words["against_warning"] = beside
    return {name: re.compile("|".join((words[name], *rule.get("patterns", ())))) for name, rule in kept.items()}


_CONTACT = re.compile(
    r"\b(?:tg|telegram|телеграм\w*|тг|discord|dsc|insta(?:gram)?|skype|viber|signal|dm|pm)\b"
    r"(?:\s*[:@=>→]|\W+\S*[\w][_\d/]|\s*\.?gg\b)"
    r"|(?:^|\W)(?:dm|pm) \w|\b(?:t ?\.?me|gg|com|io|net|org|ru|xyz|app)\s*/|\btme\b|#\d{4}\b"
    r"|(?<!\w)\d(?:[\s().+-]{0,3}\d){6,}|(?=\w*\d)\b\w{30,}"
)
_JOINED = "buy|sell|free|claim|win|earn|get|gratis"
_APART = re.compile(r"[\W_]+")
_SIGNS = str.maketrans("013457@$€®", "oieastaser")


@cache
def _about(coins: tuple[str, ...]) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What names a coin of the content, and what is done to it in one word or as an amount."""
    spelled, bare = (_words(" ".join(map(like, coins))) or r"\Z\A" for like in (str, lambda name: name.strip("*")))
    done = rf"(?:{_JOINED})(?:{bare})|(?:{bare})(?:gift|free|airdrop|bonus)|\b\d+ ?(?:{bare})\b"
    return re.compile(rf"\b(?:{spelled})\b"), re.compile(done)


def fault_in_name(
    name: str, patterns: Sequence[PolicyPattern], refused: Callable[[str], float], coins: tuple[str, ...] = ()
) -> str | None:
    """Why that name is only counted, or None where it is shown. `refused` gives the probability that the classifier
    of lines refuses a text; it may block. `coins` are the content's own, `*` in one for any letters."""
    rules, (subject, done_to_it) = _rules(), _about(coins)
    known = normalise(name, _LONGEST)
    if _CONTACT.search(fold(known)):
        return "contact"
    for read in _readings(known):
        if rules["alone"].search(read) or rules["against_warning"].search(read) or first_match(read, patterns):
            return "words"
        done = rules["done_to_coins"].search(read) or done_to_it.search(read)
        if (rules["coins"].search(read) or subject.search(read)) and (done or refused(read) >= _SURE_OF_NAME):
            return "words about coins"
    return None


def _readings(known: str) -> Iterator[str]:
    """The name in small letters without accents and separators: as it is, with digits as letters, and both joined."""
    # Digits and signs stand for letters in a word that has letters too.
    lettered = (word.translate(_SIGNS) if any(map(str.isalpha, word)) else word for word in known.split())
    as_letters = undisguised(" ".join(lettered))
    for text in dict.fromkeys((undisguised(known), as_letters)):
        spaced = _APART.sub(" ", fold(text).replace("%", " percent ")).strip()
        yield spaced
        if all(len(word) < 3 for word in spaced.split()):
            yield spaced.replace(" ", "")
