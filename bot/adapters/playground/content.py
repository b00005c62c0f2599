"""The writer's side: each answer with what it rests on. Its law: the files are the truth, and are only read."""

from collections.abc import Callable, Mapping
from typing import Any

from bot.adapters.playground.face import Face
from bot.core.catalog import Language
from bot.core.disclaimer import Reply
from bot.core.edition import Edition
from bot.core.model import Risk

Room = Callable[[Reply], Mapping[str, int]]


def sheets(edition: Edition, language: Language, room: Room) -> list[dict[str, Any]]:
    """A row for every explainer, in the menu's order; `room` is taken under the loudest warning."""
    rows = []
    for command in edition.catalog.explainers:
        entry = edition.catalog.entry(command, language)
        reply = edition.explainer(command, language, Risk.HIGH)
        if entry is None or reply is None:
            continue
        row = {
            "command": command,
            "locale": entry.locale,
            "file": f"{entry.locale}/answers/{command}.yaml",
            "title": entry.title,
            "risk": entry.risk.name.lower(),
            "section": entry.source.section,
            "checked": entry.source.checked.isoformat(),
            "facts": list(entry.facts),
            "room": dict(room(reply)),
        }
        rows.append(row)
    return rows


def room(reply: Reply, faces: Mapping[str, Face]) -> dict[str, int]:
    """How many UTF-16 units each platform would still take."""
    return {name: face.longest - _units(face.render(reply)["text"]) for name, face in faces.items()}


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
