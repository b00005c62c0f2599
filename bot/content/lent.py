"""Lends an interface the words that it lacks, so that a pack stays right when a newer bot says more.

The first language gets the bot's own English as `bot new` writes it, the others get plural forms; what else they lack
is the first one's.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, final

from bot.content.language_schema import InterfaceFile
from bot.content.languages import forms_before_last
from bot.content.schema import SourceFile
from bot.content.shipped import Words, in_forms, loaded, shipped, texts_of_new_packs
from bot.content.yaml_file import Document
from bot.core.model import DEFAULT_LOCALE
from bot.core.notices import PLURALS

_THE_PACKS_OWN = ("language", "profile", "sections", "groups")


@final
class Lender:
    """Lends to the languages of the pack with that source, None if it cannot be read. `first` is its first language."""

    def __init__(self, source: SourceFile | None, first: str) -> None:
        self._first, self._example = first, source.menu[0] if source and source.menu else "start"
        self._safe = source is not None and source.purpose == "crypto"

    def interface(self, document: Document) -> InterfaceFile:
        """The interface that the document makes with what it lacks. Raises as `ContentFile.of`."""
        own, locale = document.values, document.file.split("/")[-2]
        if locale != self._first:
            return InterfaceFile.of(replace(document, lent=_lacking({"plurals": {}}, own, locale)))
        folder = shipped()
        text = (folder / DEFAULT_LOCALE / "interface.yaml").read_text("utf-8")
        if lent := _lacking(loaded(text), own, locale):  # hardly ever; only then it is put in the pack's words
            foreign = loaded((folder / "source.yaml").read_text("utf-8"))
            words = Words(foreign, "", self._example, texts_of_new_packs()["languages"][DEFAULT_LOCALE])
            lent = _lacking(loaded(words.about_the_bot(text, safe=self._safe)), own, locale)
        return InterfaceFile.of(replace(document, lent=lent))


def _lacking(lender: Mapping[str, Any], own: Mapping[str, Any], locale: str) -> dict[str, Any]:
    """What of the lender's words about the bot the interface of that language lacks, in its plural forms."""
    forms, notices = forms_before_last(locale), own.get("notices")
    plurals = in_forms(forms, lender)
    if forms and locale != DEFAULT_LOCALE and isinstance(notices, dict):
        # A notice in the pack's own words is better than the right form in others.
        plurals |= {key: dict.fromkeys(forms, text) for key, text in notices.items() if key in PLURALS}
    whole = {key: value for key, value in lender.items() if key not in _THE_PACKS_OWN}
    return lacking({**whole, "plurals": plurals}, own)


def lacking(whole: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """What of `whole` is not in `own`, in the same shape."""
    found = {}
    for key, value in whole.items():
        if key not in own:
            found[key] = value
        elif isinstance(value, dict) and isinstance(own[key], dict):
            found[key] = lacking(value, own[key])
    return {key: value for key, value in found.items() if value != {}}
