"""Adapts the shipped pack's texts about the bot itself to packs about other subjects.

`bot new` writes them into new packs. An interface that lacks some of them is lent them, so that a pack stays valid when
a newer bot has more texts. The first language is lent English texts. Other languages are lent only plural forms; other
missing texts are taken from the first language.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, final

import yaml

from bot.content.language_schema import InterfaceFile
from bot.content.languages import conventions
from bot.content.schema import SourceFile
from bot.content.yaml_file import Document
from bot.core.model import DEFAULT_LOCALE
from bot.core.notices import PLURALS

_CODE: Final = Path(__file__).parents[1]
_LONG: Final = 15  # characters; a title this long does not fit into the short profile with the warning
_NEVER_LENT: Final = ("language", "profile", "sections", "groups")
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Dumper(yaml.SafeDumper):
    """Writes texts of several lines as blocks, and repeated values in full."""

    def ignore_aliases(self, _: Any) -> bool:
        """Return True: content files must not have references."""
        return True


_Dumper.add_representer(
    str,
    lambda dumper, text: dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None),
)


def shipped() -> Path:
    """Return the folder of the shipped pack: inside the package in a wheel, beside it in a checkout."""
    packed = _CODE / "responses"
    return packed if packed.is_dir() else _CODE.parent / "responses"


def texts_of_new_packs() -> Any:
    """Return the values of starter.yaml: what `bot new` writes besides the shipped texts."""
    return loaded((Path(__file__).parent / "starter.yaml").read_text("utf-8"))


def loaded(text: str) -> Any:
    """Return the values of YAML that the bot comes with."""
    return yaml.load(text, _LOADER)


def dumped(values: Mapping[str, Any]) -> str:
    """Return the values as YAML for writers to edit."""
    return yaml.dump(values, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=1000)


def in_forms(forms: Sequence[str], interface: Mapping[str, Any]) -> dict[str, Any]:
    """Return the interface's `plurals` in those forms, {} if there are none. A missing form repeats the notice."""
    plurals = {
        key: {one: words.get(one, interface["notices"][key]) for one in forms}
        for key, words in interface["plurals"].items()
    }
    return plurals if forms else {}


@final
class Words:
    """Replaces what shipped texts say of their subject with a pack's own words.

    `source` is the source.yaml of the shipped pack, `title` the pack's subject, `example` one of its commands, and
    `own` the texts of its language in starter.yaml.
    """

    def __init__(self, source: Mapping[str, Any], title: str, example: str, own: Mapping[str, Any]) -> None:
        self.title, self.own, self._example, self._menu = title, own, example, source["menu"]
        self._names = re.compile(rf"\b(?:{'|'.join(source['names'])})\b", re.IGNORECASE)

    def swapped(self, text: str) -> str:
        """Return the text with the example for each shipped command, and “the bot” for each shipped name."""
        for command in self._menu:
            text = re.sub(rf"\b{command}\b", self._example, text)
        return self._names.sub(self.own["bot"], text)

    def interface(self, text: str, *, safe: bool) -> str:
        """Return a shipped interface with a profile about the pack's subject. For `safe` see `about_the_bot`."""
        profile, own = loaded(text)["profile"], self.own
        text = self.about_the_bot(text, safe=safe)
        text = text.replace(self.swapped(profile["description"]), own["description"].format(title=self.title))
        short = own["short"].format(title=self.title) if len(self.title) < _LONG else own["brief"]
        return text.replace(f'"{self.swapped(profile["short"])}"', f'"{short}"')

    def about_the_bot(self, text: str, *, safe: bool) -> str:
        """Return a shipped interface without its subject. `safe` keeps “seed phrase”, which only crypto has."""
        text = re.sub(r"(?m)^sections:.*\n(?:[ #].*\n|\n)*", "", text)
        text = self.swapped(text)
        text = re.sub(r"([,，])[^,，\"\n]*/pin [^\"\n]+(?=\")", lambda cut: "。" if cut[1] == "，" else ".", text)
        return text if safe else text.replace(*self.own["secret"])

    def phrases(self, phrases: list[str]) -> list[str]:
        """Return the phrases without the shipped names. A phrase that needs one is left out."""
        nameless = (
            [[word for word in token.split("/") if not self._names.fullmatch(word)] for token in phrase.split()]
            for phrase in phrases
        )
        return [" ".join(map("/".join, tokens)) for tokens in nameless if all(tokens)]

    def patterns(self, shipped_patterns: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Return the patterns that have no shipped name, and their phrases without those names."""
        nameless = (one for one in shipped_patterns["patterns"] if not self._names.search(one["pattern"]))
        return [
            {key: self.swapped(text) if key in ("catches", "spares") else text for key, text in one.items()}
            for one in nameless
        ]


def completed(source: SourceFile | None, first: str, document: Document) -> InterfaceFile:
    """Return the document's interface, completed with lent texts.

    `source` is the pack's, None if it is unusable; `first` is its first language. Raises as `ContentFile.of`.
    """
    own, locale, folder = document.values, document.file.split("/")[-2], shipped()
    if locale != first:
        return InterfaceFile.of(replace(document, lent=_lacking({"plurals": {}}, own, locale)))
    text = (folder / DEFAULT_LOCALE / "interface.yaml").read_text("utf-8")
    if lent := _lacking(loaded(text), own, locale):  # rare, so the texts are adapted only then
        shipped_source = loaded((folder / "source.yaml").read_text("utf-8"))
        example = source.menu[0] if source and source.menu else "start"
        words = Words(shipped_source, "", example, texts_of_new_packs()["languages"][DEFAULT_LOCALE])
        safe = source is not None and source.purpose == "crypto"
        lent = _lacking(loaded(words.about_the_bot(text, safe=safe)), own, locale)
    return InterfaceFile.of(replace(document, lent=lent))


def _lacking(lender: Mapping[str, Any], own: Mapping[str, Any], locale: str) -> dict[str, Any]:
    """Return the lender's texts about the bot that the language's interface `own` lacks, in its plural forms."""
    forms, notices = conventions(locale).forms, own.get("notices")
    plurals = in_forms(forms, lender)
    if forms and locale != DEFAULT_LOCALE and isinstance(notices, dict):
        # The pack's own notice, even in the wrong plural form, is better than the lender's.
        plurals |= {key: dict.fromkeys(forms, text) for key, text in notices.items() if key in PLURALS}
    texts = {key: value for key, value in lender.items() if key not in _NEVER_LENT}
    return lacking({**texts, "plurals": plurals}, own)


def lacking(complete: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """Return the part of `complete` that is not in `own`, in the same structure."""
    missing = {}
    for key, value in complete.items():
        if key not in own:
            missing[key] = value
        elif isinstance(value, dict) and isinstance(own[key], dict):
            missing[key] = lacking(value, own[key])
    return {key: value for key, value in missing.items() if value != {}}
