"""The JSON Schemas by which editors complete and check the content files, made from the shapes that hold them."""

import json
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date
from pathlib import Path
from types import NoneType
from typing import Annotated, Any, Literal, get_args, get_origin

from bot.content.policy_patterns import PolicyPatternsFile
from bot.content.schema import (
    AnswerFile,
    DutiesFile,
    GlossaryFile,
    InterfaceFile,
    PolicyFile,
    SourceFile,
    TranslationFile,
)
from bot.content.shape import Takes, required

_SHAPES: Mapping[str, type] = {
    "answer": AnswerFile,
    "translation": TranslationFile,
    "policy": PolicyFile,
    "interface": InterfaceFile,
    "glossary": GlossaryFile,
    "source": SourceFile,
    "duties": DutiesFile,
    "policy_patterns": PolicyPatternsFile,
}
_PLAIN: Mapping[type, Mapping[str, str]] = {
    str: {"type": "string"},
    date: {"type": "string", "format": "date"},
    NoneType: {"type": "null"},
}


def schemas() -> dict[str, str]:
    """Each schema file's name and text."""
    made = {}
    for name, shape in _SHAPES.items():
        schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **_schema(shape)}
        made[f"{name}.schema.json"] = json.dumps(schema, indent=2, ensure_ascii=False, sort_keys=True) + "\n"
    return made


def _schema(kind: Any) -> dict[str, Any]:
    origin, parts = get_origin(kind), get_args(kind)
    if is_dataclass(kind):
        return _record(kind)
    if origin is Annotated:
        made = _schema(parts[0])
        for limit in parts[1:]:
            made |= _limits(limit, made.get("type") == "array")
        return made
    if origin is Literal:
        return {"enum": list(parts), "type": "string"}
    if origin is tuple:
        return {"type": "array", "items": _schema(parts[0])}
    if origin is dict:
        names = _schema(parts[0])
        return {"type": "object", "additionalProperties": _schema(parts[1]), "propertyNames": names}
    if parts:
        return {"anyOf": [_schema(part) for part in parts]}
    return dict(_PLAIN[kind])


def _record(kind: Any) -> dict[str, Any]:
    known = fields(kind)
    properties = {one.name: _schema(one.type) for one in known}
    for one in known:
        if one.default is not MISSING:
            properties[one.name]["default"] = one.default
    return {
        "additionalProperties": False,
        "description": kind.__doc__,
        "properties": properties,
        "required": [one.name for one in known if required(one)],
        "title": kind.__name__,
        "type": "object",
    }


def _limits(limit: Takes, many: bool) -> dict[str, Any]:
    thing = "Items" if many else "Length"
    said = {
        f"min{thing}": limit.least or None,
        f"max{thing}": limit.most,
        "pattern": limit.pattern,
        "description": limit.about or None,
    }
    return {key: value for key, value in said.items() if value is not None}


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
