"""The explainers' names: an exact one is an answer, a nearly typed one is a suggestion.

Only explainers of the catalog in use are found, so a removed one is never offered.
"""

from collections.abc import Mapping, Sequence

from bot.core.model import Suggestion
from bot.core.normalise import fold, normalise
from bot.core.typed import spelling

Names = Mapping[str, Sequence[str]]
"""By command: its title first, then its aliases and its titles in other languages."""


class NameIndex:
    """All spellings of all explainers, ready to be searched."""

    def __init__(self, names: Names) -> None:
        self.names = names
        spoken = [(name, command) for command, titles in names.items() for name in (*titles, command)]
        self._exact = {spelling(name): command for name, command in spoken}
        self._exact |= {spelling(command): command for command in names}  # a command wins over another's alias
        self._exact.pop("", None)
        self._forms = [(fold(name.replace("-", " ")), command) for name, command in spoken]

    def exact(self, text: str) -> str | None:
        """The command whose name, title or alias this text is, whatever its case, accents and hyphens."""
        return self._exact.get(spelling(text))

    def title(self, command: str) -> str:
        """The first of the command's names."""
        titles = self.names[command]
        return titles[0] if titles else command

    def suggest(self, text: str, limit: int) -> tuple[Suggestion, ...]:
        """Every explainer by how well one of its names fits what was typed, at most `limit`.

        Nothing typed, or nothing that fits, gives them in the order of the menu. Survives typos; pure and fast.
        """
        best = dict.fromkeys(self.names, 0.0)
        typed = fold(normalise(text, 100)).replace("-", " ").replace("_", " ").lstrip("/")
        if typed:
            for form, owner in self._forms:
                best[owner] = max(best[owner], _score(typed, form))
        ranked = sorted(best, key=lambda command: -best[command])
        return tuple(Suggestion(command, self.title(command), best[command]) for command in ranked[:limit])


def _score(typed: str, form: str) -> float:
    """From 0 to 1: a form that has a word beginning like what was typed fits wholly."""
    if form.startswith(typed) or f" {typed}" in form:
        return 1.0
    from rapidfuzz import fuzz  # 3 MiB, and nobody needs it who only answers commands

    return max(fuzz.ratio(typed, form), 0.9 * fuzz.partial_ratio(typed, form)) / 100
