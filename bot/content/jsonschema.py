"""The JSON Schemas by which editors complete and check the content files, made from the shapes that hold them."""

import json
from collections.abc import Mapping
from pathlib import Path

from pydantic import BaseModel

from bot.content.schema import AnswerFile, InterfaceFile, PolicyFile, SourceFile, TranslationFile

_SHAPES: Mapping[str, type[BaseModel]] = {
    "answer": AnswerFile,
    "translation": TranslationFile,
    "policy": PolicyFile,
    "interface": InterfaceFile,
    "source": SourceFile,
}


def schemas() -> dict[str, str]:
    """Each schema file's name and text."""
    made = {}
    for name, shape in _SHAPES.items():
        schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **shape.model_json_schema()}
        made[f"{name}.schema.json"] = json.dumps(schema, indent=2, ensure_ascii=False, sort_keys=True) + "\n"
    return made


def outdated(folder: Path) -> list[str]:
    """The schema files in `folder` that are missing or not what the shapes say."""
    return [name for name, text in schemas().items() if not _same(folder / name, text)]


def write(folder: Path) -> None:
    """Write every schema file into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in schemas().items():
        (folder / name).write_text(text, encoding="utf-8")


def _same(path: Path, text: str) -> bool:
    return path.exists() and path.read_text(encoding="utf-8") == text
