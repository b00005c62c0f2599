"""The words about the bot itself in the shipped pack, put so that they fit a pack about anything else.

`bot new` writes them into new packs. An interface that lacks some is lent them, so that a pack stays right when a newer
bot says more: the first language gets the bot's own English, the others get plural forms; what else they lack is the
first one's.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, final

import yaml

from bot.content.language_schema import InterfaceFile
from bot.content.languages import forms_before_last
from bot.content.schema import SourceFile
from bot.content.yaml_file import Document
from bot.core.model import DEFAULT_LOCALE
from bot.core.notices import PLURALS

_CODE: Final = Path(__file__).parents[1]
_LONG: Final = 15  # characters of a title; a longer one has no room in the short profile beside the warning
_THE_PACKS_OWN: Final = ("language", "profile", "sections", "groups")
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Dumper(yaml.SafeDumper):
    """Writes texts of several lines as blocks, and everything in full, as writers do."""

    def ignore_aliases(self, _: Any) -> bool:
        """The content knows no references."""
        return True


_Dumper.add_representer(
    str,
    lambda dumper, text: dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None),
)


def shipped() -> Path:
    """The answers that the bot comes with: in a wheel inside the package, else beside it."""
    packed = _CODE / "responses"
    return packed if packed.is_dir() else _CODE.parent / "responses"


def texts_of_new_packs() -> Any:
    """What `bot new` writes beside the shipped words."""
    return loaded((Path(__file__).parent / "starter.yaml").read_text("utf-8"))


def loaded(text: str) -> Any:
    """The values of YAML of ours."""
    return yaml.load(text, _LOADER)


def dumped(kept: Mapping[str, Any]) -> str:
    """The values as YAML that writers like to edit."""
    return yaml.dump(kept, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=1000)


def in_forms(forms: Sequence[str], interface: Mapping[str, Any]) -> dict[str, Any]:
    """The interface's `plurals` in those forms, nothing without forms; one that it lacks is the notice itself."""
    plurals = {
        key: {one: words.get(one, interface["notices"][key]) for one in forms}
        for key, words in interface["plurals"].items()
    }
    return plurals if forms else {}


@final
class Words:
    """Puts the pack's own words where the shipped pack has those of its subject."""

    def __init__(self, foreign: Mapping[str, Any], title: str, example: str, own: Mapping[str, Any]) -> None:
        self.title, self.own, self._example, self._menu = title, own, example, foreign["menu"]
        self._names = re.compile(rf"\b(?:{'|'.join(foreign['names'])})\b", re.IGNORECASE)

    def swapped(self, text: str) -> str:
        """A text with an answer of ours for any other, and without the names."""
        for command in self._menu:
            text = re.sub(rf"\b{command}\b", self._example, text)
        return self._names.sub(self.own["bot"], text)

    def interface(self, text: str, *, safe: bool) -> str:
        """The interface, its profile about our subject. For `safe` see `about_the_bot`."""
        profile, own = loaded(text)["profile"], self.own
        text = self.about_the_bot(text, safe=safe)
        text = text.replace(self.swapped(profile["description"]), own["description"].format(title=self.title))
        short = own["short"].format(title=self.title) if len(self.title) < _LONG else own["brief"]
        return text.replace(f'"{self.swapped(profile["short"])}"', f'"{short}"')

    def about_the_bot(self, text: str, *, safe: bool) -> str:
        """The interface without the subject of the shipped pack; outside crypto nobody has a seed phrase (unless
        `safe`)."""
        text = re.sub(r"(?m)^sections:.*\n(?:[ #].*\n|\n)*", "", text)
        text = self.swapped(text)
        text = re.sub(r"([,，])[^,，\"\n]*/pin [^\"\n]+(?=\")", lambda found: "。" if found[1] == "，" else ".", text)
        return text if safe else text.replace(*self.own["secret"])

    def phrases(self, phrases: list[str]) -> list[str]:
        """The phrases without the names, and without those that need one."""
        kept = (
            [[one for one in token.split("/") if not self._names.fullmatch(one)] for token in p.split()]
            for p in phrases
        )
        return [" ".join(map("/".join, tokens)) for tokens in kept if all(tokens)]

    def patterns(self, kept: Mapping[str, Any]) -> list[dict[str, Any]]:
        """The patterns that name nothing, with their phrases about nobody in particular."""
        named = (one for one in kept["patterns"] if not self._names.search(one["pattern"]))
        return [
            {key: self.swapped(text) if key in ("catches", "spares") else text for key, text in one.items()}
            for one in named
        ]


def completed(source: SourceFile | None, first: str, document: Document) -> InterfaceFile:
    """The interface that the document makes with what it lacks; `source` is the pack's, None if it cannot be read, and
    `first` its first language. Raises as `ContentFile.of`.
    """
    own, locale, folder = document.values, document.file.split("/")[-2], shipped()
    if locale != first:
        return InterfaceFile.of(replace(document, lent=_lacking({"plurals": {}}, own, locale)))
    text = (folder / DEFAULT_LOCALE / "interface.yaml").read_text("utf-8")
    if lent := _lacking(loaded(text), own, locale):  # hardly ever; only then it is put in the pack's words
        foreign = loaded((folder / "source.yaml").read_text("utf-8"))
        example = source.menu[0] if source and source.menu else "start"
        words = Words(foreign, "", example, texts_of_new_packs()["languages"][DEFAULT_LOCALE])
        safe = source is not None and source.purpose == "crypto"
        lent = _lacking(loaded(words.about_the_bot(text, safe=safe)), own, locale)
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
