"""Lends an interface the words that it lacks, so that a pack stays right when a newer bot says more.

The first language gets the bot's own English as `bot new` writes it; the others are completed with the first one's.
"""

from collections.abc import Mapping
from typing import Any, final

from bot.content.builder import forms_before_last
from bot.content.schema import SourceFile
from bot.content.shipped import Words, in_forms, loaded, shipped, texts_of_new_packs
from bot.core.model import DEFAULT_LOCALE
from bot.core.notices import PLURALS

_THE_PACKS_OWN = ("language", "profile", "sections", "groups")


@final
class Lender:
    """Lends to the languages of the pack with that source, None if it cannot be read. `first` is its first language."""

    def __init__(self, source: SourceFile | None, first: str) -> None:
        self._first, self._example = first, source.menu[0] if source and source.menu else "start"
        self._safe = source is not None and source.purpose == "crypto"

    def words(self, locale: str, own: Mapping[str, Any]) -> dict[str, Any]:
        """What the interface with the values `own` lacks, in the same shape."""
        whole, forms = self._english() if locale == self._first else {"plurals": {}}, forms_before_last(locale)
        kept = own.get("notices")
        said = {key: text for key, text in kept.items() if key in PLURALS} if isinstance(kept, dict) else {}
        whole["plurals"] = in_forms(forms, whole)
        if locale != DEFAULT_LOCALE:  # a notice in the pack's own words is better than the right form in others
            whole["plurals"] |= {key: dict.fromkeys(forms, text) for key, text in said.items()}
        return lacking(whole if forms else {**whole, "plurals": {}}, own)

    def _english(self) -> dict[str, Any]:
        folder = shipped()
        foreign = loaded((folder / "source.yaml").read_text("utf-8"))
        words = Words(foreign, "", self._example, texts_of_new_packs()["languages"][DEFAULT_LOCALE])
        text = (folder / DEFAULT_LOCALE / "interface.yaml").read_text("utf-8")
        lent = loaded(words.about_the_bot(text, safe=self._safe))
        return {key: value for key, value in lent.items() if key not in _THE_PACKS_OWN}


def lacking(whole: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """What of `whole` is not in `own`, in the same shape."""
    found = {}
    for key, value in whole.items():
        if key not in own:
            found[key] = value
        elif isinstance(value, dict) and isinstance(own[key], dict):
            found[key] = lacking(value, own[key])
    return {key: value for key, value in found.items() if value != {}}
