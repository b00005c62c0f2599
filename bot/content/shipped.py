"""The words about the bot itself in the shipped pack, put so that they fit a pack about anything else."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, final

import yaml

_CODE: Final = Path(__file__).parents[1]
_LONG: Final = 15  # characters of a title; a longer one has no room in the short profile beside the warning
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
