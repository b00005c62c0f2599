"""Checks what the texts of a language say against the phrases in its duties.yaml.

A warning must state each of its ideas and may add only a few listed words, so that no edit can empty or reverse it.
Notices and menus are shown without a warning, so they may use only the words of a closed list. No text may urge anybody
to trade or promise anything. Urging phrases are allowed after words such as "nobody", "never" or "if".
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Self, final

from bot.content.language_schema import DutiesFile
from bot.content.lookalikes import named
from bot.content.phrases import Phrases, folded
from bot.content.purposes import Purpose
from bot.core.model import Risk
from bot.core.normalise import foreign_letter

Mistake = tuple[str, str]
"""What is wrong with a text, and how to fix it."""

WORDS = "words"
"""The key, next to the ideas of a warning or of the page `risk`, of the other words that the text may use."""
_SHORTEST, _SHORTEST_TOGETHER = 60, 25  # characters of a warning; the second without spaces between words
_NOT_PLAIN = re.compile(r"[^\w\s.,:;/'’⚠\ufe0f–—，。；：、-]|[\d_]")
_COMMAND = re.compile(r"(?<!\S)/[a-z0-9-]+|\{[a-z_]+\}")
_LETTERS = 20  # the script of a text with fewer letters is not checked
_WORD = re.compile(r"[^\W\d_]+")


@final
class Duties:
    """What the texts of one language must and must not say.

    `common` has the language's frequent words, `every` those of each language; they show in which one a text is
    written.
    """

    def __init__(
        self, file: DutiesFile, common: frozenset[str], every: Mapping[str, frozenset[str]], purpose: Purpose
    ) -> None:
        together = file.spaces == "none"
        self._together, self._scripts, self._purpose, self._common = together, file.scripts, purpose, common
        self._foreign = {locale: words - common for locale, words in every.items()}
        self._ideas, self._page_ideas = (
            {idea: Phrases(phrases, together) for idea, phrases in ideas.items()} for ideas in (file.warning, file.risk)
        )
        notices = [word.replace("_", " ") for word in file.notices.split()]
        self._notice_words = frozenset(() if together else map(folded, notices))
        self._notice_phrases = Phrases((one for one in notices if together or " " in folded(one)), together)
        self._never, self._urging = frozenset(file.never), Phrases((*file.urging, *file.never), together)
        self._unless, self._unless_after = Phrases(file.unless, together), Phrases(file.unless_after, together)

    @classmethod
    def of(cls, files: Mapping[str, DutiesFile], purpose: Purpose) -> dict[str, Self]:
        """Return the duties of each language, for a pack with that purpose."""
        common = {locale: frozenset(folded(file.common).split()) for locale, file in files.items()}
        return {locale: cls(file, common[locale], common, purpose) for locale, file in files.items()}

    def warning(self, risk: Risk, text: str) -> Iterator[Mistake]:
        """Yield the mistakes in the warning of that level."""
        odd = [sign for sign in _NOT_PLAIN.findall(text) if not unicodedata.category(sign).startswith("M")]
        if odd:
            yield f"has “{odd[0]}”", "A warning has only words, commas and full stops."
        if len(text) < (_SHORTEST_TOGETHER if self._together else _SHORTEST):
            yield f"has only {len(text)} characters", "Write the whole warning."
        yield from _says(text, self._ideas, self._purpose.ideas(risk), "warning")

    def risk_page(self, text: str) -> Iterator[Mistake]:
        """Yield the mistakes in the summary and body of the page `risk`, which every warning names."""
        yield from _says(text, self._page_ideas, self._purpose.page, "risk")

    def notice(self, text: str) -> Iterator[Mistake]:
        """Yield the mistakes in a text that is shown without a warning."""
        yield from self.answer(text)
        rest = _COMMAND.sub(".", folded(text))
        if self._unknown(rest) and (words := self._unknown(self._notice_phrases.without(rest))):
            remedy = "Use other words, or add it to notices in duties.yaml if it never speaks of money."
            yield f"is shown without a warning and uses {_listed(words)}, not listed under notices", remedy

    def _unknown(self, text: str) -> list[str]:
        return [word for word in _WORD.findall(text) if word not in self._notice_words]

    def answer(self, text: str) -> Iterator[Mistake]:
        """Yield the mistakes in a text that is shown under a warning: a letter of another script, and the first phrase
        that urges or promises.
        """
        if sign := foreign_letter(text, self._scripts):
            yield f"has {named(sign)}, which is not a letter of this language", "Use the language's own letters."
        plain = folded(text)
        for phrase, match in self._urging.found(plain):
            before, after = plain[: match.start()].rpartition(".")[2], plain[match.end() :].partition(".")[0]
            if phrase in self._never or not any((*self._unless.found(before), *self._unless_after.found(after))):
                words = match[0].strip(" .,:;!?—¡¿")
                yield f"urges or promises: “{words}”", "State the facts and leave the decision to the reader."
                break

    def language(self, text: str) -> Iterator[Mistake]:
        """Yield the mistakes in a longer text that seems to be in another script or language."""
        letters = Counter({sign: count for sign, count in Counter(text).items() if sign.isalpha()})
        own = sum(count for sign, count in letters.items() if _script(sign).startswith(self._scripts))
        if letters.total() >= _LETTERS and own * 2 < letters.total():
            yield f"is not written in {' or '.join(self._scripts)} letters", "Translate it."
        words = Counter(_WORD.findall(folded(text)))
        mine = sum(words.get(word, 0) for word in self._common)
        for locale, common in self._foreign.items() if not self._together else ():
            if sum(words.get(word, 0) for word in common) > mine + 1:
                yield f"reads like “{locale}”, another language", "Translate it."


def _says(text: str, ideas: Mapping[str, Phrases], wanted: Iterable[str], key: str) -> Iterator[Mistake]:
    """Yield each wanted idea that the text does not state, and the words that belong to no idea."""
    rest = _COMMAND.sub(".", folded(text))
    for idea in ideas.keys() & set(wanted):
        if next(ideas[idea].found(rest), None) is None:
            say = ", ".join(f"“{phrase}”" for phrase in ideas[idea].phrases)
            yield f"does not state the idea “{idea}”", f"duties.yaml has the wordings: {say}."
    for _, phrases in sorted(ideas.items(), key=lambda one: one[0] == WORDS):  # the words around the ideas last
        rest = phrases.without(rest)
    if words := _WORD.findall(rest):
        yield f"says {_listed(words)} besides its ideas", f"Remove it, or add it to {key} → words in duties.yaml."


_script = cache(lambda sign: unicodedata.name(sign, ""))


def _listed(words: list[str]) -> str:
    return ", ".join(f"“{word}”" for word in dict.fromkeys(words))
