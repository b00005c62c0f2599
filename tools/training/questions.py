"""Reads the phrasings in responses/questions/: one YAML file for each label, with a list for each language."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import yaml

from bot.core.normalise import fold, normalise, undisguised
from bot.matching.decision import OTHER, PAGES, POLICIES, UNANSWERED

QUESTIONS = Path("responses/questions")
LINES = QUESTIONS / "lines"
ANSWERS = Path("responses/en/answers")
TRAINED = Path("responses/trained")
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Phrasing:
    """One way to ask, normalised as for the heads, its label and its language ("other" if not spoken)."""

    text: str
    label: str
    lang: str


def is_command(label: str) -> bool:
    """Whether the label names an explainer."""
    return label not in (*POLICIES, *PAGES, *UNANSWERED, OTHER)


def of_answers(folder: Path) -> list[Phrasing]:
    """The phrasings under `questions` in the answers of a folder."""
    phrasings = []
    for path in sorted(folder.glob("*.yaml")):
        by_language = yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader).get("questions") or {}
        phrasings += [
            Phrasing(undisguised(normalise(line)), path.stem, lang)
            for lang, lines in by_language.items()
            for line in lines
        ]
    return phrasings


def read(folder: Path) -> list[Phrasing]:
    """All phrasings of a folder without duplicates, in a stable order. Raises ValueError if one has two labels."""
    by_key: dict[str, Phrasing] = {}
    for path in sorted(folder.glob("*.yaml")):
        for lang, lines in yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader).items():
            for line in lines:
                text = undisguised(normalise(str(line)))
                first = by_key.setdefault(sameness(text), Phrasing(text, path.stem, str(lang)))
                if first.label != path.stem:
                    raise ValueError(f"{path.name}: “{text}” is in {first.label} too")
    return list(by_key.values())


def sameness(text: str) -> str:
    """A key that is equal for texts that differ only in case, accents, spaces and punctuation."""
    return "".join(_WORD.findall(fold(normalise(text)))) or text
