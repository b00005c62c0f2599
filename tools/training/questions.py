"""The phrasings in responses/questions/, as a writer keeps them: one file a label, lists by language.

A phrasing that stands under two labels is refused by name.
"""

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
    """One way to ask as the heads read it, its label, and its language ("other" for those we do not speak)."""

    text: str
    label: str
    lang: str


def is_command(label: str) -> bool:
    """Whether the label names an explainer."""
    return label not in (*POLICIES, *PAGES, *UNANSWERED, OTHER)


def of_answers(folder: Path) -> list[Phrasing]:
    """The questions that stand beside the answers of a folder."""
    found = []
    for path in sorted(folder.glob("*.yaml")):
        kept = yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader).get("questions") or {}
        found += [
            Phrasing(undisguised(normalise(line)), path.stem, lang) for lang, lines in kept.items() for line in lines
        ]
    return found


def read(folder: Path) -> list[Phrasing]:
    """All phrasings, in a stable order, each once. ValueError tells which line stands under two labels."""
    found: dict[str, Phrasing] = {}
    for path in sorted(folder.glob("*.yaml")):
        for lang, lines in yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader).items():
            for line in lines:
                text = undisguised(normalise(str(line)))
                before = found.setdefault(sameness(text), Phrasing(text, path.stem, str(lang)))
                if before.label != path.stem:
                    raise ValueError(f"{path.name}: “{text}” stands under {before.label} too")
    return list(found.values())


def sameness(text: str) -> str:
    """What two wordings share that differ only in case, accents, spaces and punctuation."""
    return "".join(_WORD.findall(fold(normalise(text)))) or text
