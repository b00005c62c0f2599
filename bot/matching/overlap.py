"""Matching by names alone: exact names and aliases, then overlap of words and letters. Its law: sure only of a name."""

from collections.abc import Callable, Mapping
from typing import final

from rapidfuzz import fuzz, process

from bot.core.catalog import spelling
from bot.core.guard import guard, normalise
from bot.core.model import Match, Outcome, Suggestion

Names = Mapping[str, tuple[str, ...]]
"""For each explainer what people may call it: its command, aliases and titles, in all languages."""

_SUGGEST = 0.62  # overlap from which three topics are offered as what may be meant


@final
class OverlapMatcher:
    """Knows the names that `names()` gives at that moment."""

    def __init__(self, names: Callable[[], Names]) -> None:
        self._names = names

    async def match(self, text: str) -> Match:
        """Guard rules first, then a name that is the whole text, then the nearest topics or none."""
        words = normalise(text)
        nearest = self.suggest(words, 3)
        if finding := guard(words):
            return Match(Outcome(finding.policy.value), None, nearest, 1.0, f"rule {finding.rule}")
        wanted = spelling(words.rstrip("?!. "))
        for command, names in self._names().items():
            if any(spelling(name) == wanted for name in names):
                return Match(Outcome.EXPLAINER, command, nearest, 1.0, "the name of a topic")
        best = nearest[0].score if nearest else 0.0
        outcome = Outcome.SUGGEST if best >= _SUGGEST else Outcome.NONE
        return Match(outcome, None, nearest, best, "overlap with a topic's names")

    def suggest(self, text: str, limit: int) -> tuple[Suggestion, ...]:
        """Topics by the likeness of their names to the text; with no text the first ones of the menu."""
        names = self._names()
        words = normalise(text).casefold()
        if not words:
            return tuple(Suggestion(command, command, 0.0) for command in list(names)[:limit])
        scores = {
            command: max(score for _, score, _ in process.extract(words, called, scorer=fuzz.WRatio)) / 100
            for command, called in names.items()
        }
        ranked = sorted(scores, key=lambda command: -scores[command])[:limit]
        return tuple(Suggestion(command, command, round(scores[command], 3)) for command in ranked)
