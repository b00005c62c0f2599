"""Holds the texts of a language to what they must and must not say, by the phrases in its duties.yaml.

A warning says each of its ideas, and besides them nothing but a few known words: so no edit can empty it, turn it round
or praise under its name. Notices and menus carry no warning: they are made of the words of a closed list. No text urges
anybody to trade, or promises anything; the same words behind "nobody", "never" or "if" are honest and pass.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import final

from bot.content.phrases import Phrases, around, folded
from bot.content.schema import DutiesFile
from bot.core.model import Risk

Wrong = tuple[str, str]
"""What is wrong, and what would be right."""

_IDEAS: Mapping[str, Risk] = {
    "volatile": Risk.GENERAL,
    "loss": Risk.GENERAL,
    "protection": Risk.GENERAL,
    "experimental": Risk.ELEVATED,
    "failure": Risk.ELEVATED,
    "invitation": Risk.HIGH,
}
_ONLY_AT = {Risk.ELEVATED}  # what is said of the network's design stands in the middle level alone
_SHORTEST, _SHORTEST_TOGETHER = 60, 25  # characters of a warning
_PLAIN = re.compile(r"[^\w\s.,:;/'’⚠\ufe0f–—，。；：、-]|[\d_]")
_COMMAND = re.compile(r"(?<!\S)/[a-z0-9-]+|\{[a-z_]+\}")
_LETTERS = 20  # so many letters tell their language
_WORD = re.compile(r"[^\W\d_]+")


@final
class Duties:
    """The duties of one language. `others` are the common words of the other languages, by locale."""

    def __init__(self, file: DutiesFile, others: Mapping[str, frozenset[str]]) -> None:
        together = file.spaces == "none"
        self._others, self._together, self._scripts, self._common = others, together, file.scripts, common_words(file)
        self._ideas = {idea: Phrases(getattr(file.warning, idea), together) for idea in _IDEAS}
        self._around = Phrases(file.warning.words, together)
        self._notices = Phrases([word.replace("_", " ") for word in file.notices.split()], together)
        self._urging, self._never = Phrases(file.urging, together), Phrases(file.never, together)
        self._unless, self._unless_after = Phrases(file.unless, together), Phrases(file.unless_after, together)

    def warning(self, risk: Risk, text: str) -> Iterator[Wrong]:
        """What is wrong with the warning of that level."""
        if odd := _PLAIN.search(text):
            yield f"has “{odd[0]}”", "A warning is made of words, commas and full stops alone."
        if len(text) < (_SHORTEST_TOGETHER if self._together else _SHORTEST):
            yield f"has only {len(text)} characters", "Say the whole warning."
        rest = _COMMAND.sub(".", folded(text))
        for idea, level in _IDEAS.items():
            wanted = risk == level if level in _ONLY_AT else risk >= level
            if wanted and next(self._ideas[idea].found(rest), None) is None:
                say = ", ".join(f"“{phrase}”" for phrase in self._ideas[idea].phrases)
                yield f"does not say its idea “{idea}”", f"duties.yaml has the wordings: {say}."
        for phrases in (*self._ideas.values(), self._around):
            rest = phrases.without(rest)
        if words := _WORD.findall(rest):
            named = ", ".join(f"“{word}”" for word in dict.fromkeys(words))
            yield f"says {named} besides its ideas", "Take it out, or add it to warning → words in duties.yaml."

    def notice(self, text: str) -> Iterator[Wrong]:
        """What is wrong with words that are shown without a warning."""
        yield from self.answer(text)
        rest = self._notices.without(_COMMAND.sub(".", folded(text)))
        if words := _WORD.findall(rest):
            named = ", ".join(f"“{word}”" for word in dict.fromkeys(words))
            remedy = "Use other words, or add it to notices in duties.yaml if it never speaks of money."
            yield f"has no warning and says {named}, which notices do not", remedy

    def answer(self, text: str) -> Iterator[Wrong]:
        """What in a text that stands under a warning urges or promises, or belongs to another language."""
        read = folded(text)
        found = [one[0] for one in self._never.found(read)]
        for one in self._urging.found(read):
            before, after = around(read, one)
            if not any((*self._unless.found(before), *self._unless_after.found(after))):
                found.append(one[0])
        if found:
            yield (
                f"urges or promises: “{found[0].strip(' .,:;!?—¡¿')}”",
                "Say what is so; leave the rest to the reader.",
            )

    def language(self, text: str) -> Iterator[Wrong]:
        """What is wrong when a longer text is written in another language."""
        letters = Counter(sign for sign in text if sign.isalpha())
        own = sum(letters[sign] for sign in letters if unicodedata.name(sign, "").startswith(self._scripts))
        if letters.total() >= _LETTERS and own * 2 < letters.total():
            yield f"is not written in {' or '.join(self._scripts)} letters", "Translate it."
        words = Counter(_WORD.findall(folded(text)))
        mine = sum(words[word] for word in self._common)
        for locale, common in self._others.items() if not self._together else ():
            if sum(words[word] for word in common) > mine + 1:
                yield f"reads like “{locale}”, another language", "Translate it."


def common_words(file: DutiesFile) -> frozenset[str]:
    """The words that every longer text of the language has."""
    return frozenset(folded(file.common).split())
