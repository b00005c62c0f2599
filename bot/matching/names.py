"""Searches the explainers' names: exactly for an answer, approximately for suggestions."""

from collections.abc import Mapping, Sequence

from bot.core.command_text import spelling
from bot.core.model import Suggestion
from bot.core.normalise import fold, normalise

Names = Mapping[str, Sequence[str]]
"""Each command's title first, then its aliases and its titles in other languages."""


class NameIndex:
    """An index of the names of all explainers in the catalog."""

    def __init__(self, names: Names) -> None:
        self.names = names
        named = [(name, command) for command, titles in names.items() for name in (*titles, command)]
        self._exact = {spelling(name): command for name, command in named}
        self._exact |= {spelling(command): command for command in names}  # a command wins over another's alias
        self._exact.pop("", None)
        self._forms = [(fold(name.replace("-", " ")), command) for name, command in named]

    def exact(self, text: str) -> str | None:
        """Return the command whose name, title or alias is the text, ignoring case, accents and punctuation."""
        return self._exact.get(spelling(text))

    def title(self, command: str) -> str:
        """Return the command's title, or the command if it has none."""
        titles = self.names[command]
        return titles[0] if titles else command

    def suggest(self, text: str, limit: int) -> tuple[Suggestion, ...]:
        """Return at most `limit` explainers, ordered by how well one of their names fits the typed text.

        Tolerates typos. Explainers that fit equally well, or all if nothing is typed, keep the order of the menu.
        """
        best = dict.fromkeys(self.names, 0.0)
        typed = fold(normalise(text, 100)).replace("-", " ").replace("_", " ").lstrip("/")
        if typed:
            for form, owner in self._forms:
                best[owner] = max(best[owner], _score(typed, form))
        ranked = sorted(best, key=lambda command: -best[command])
        return tuple(Suggestion(command, self.title(command), best[command]) for command in ranked[:limit])


def _score(typed: str, form: str) -> float:
    """Score the fit from 0 to 1; a name with a word that begins with the typed text scores 1."""
    if form.startswith(typed) or f" {typed}" in form:
        return 1.0
    from rapidfuzz import fuzz  # takes 3 MiB, so it is imported only when needed

    return max(fuzz.ratio(typed, form), 0.9 * fuzz.partial_ratio(typed, form)) / 100
