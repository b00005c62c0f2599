"""The schemas that editors use are the shapes that the bot uses."""

import json
from pathlib import Path

import jsonschema
import pytest
import yaml

from bot.cli.schemas import outdated, schemas, write
from tests.builders import RESPONSES


def test_the_schemas_beside_the_content_are_current() -> None:
    assert outdated(RESPONSES / "schema") == [], "run: make schemas"


def test_written_schemas_are_current_until_somebody_edits_one(tmp_path: Path) -> None:
    write(tmp_path / "schema")
    assert outdated(tmp_path / "schema") == []
    (tmp_path / "schema" / "answer.schema.json").write_text("{}")
    (tmp_path / "schema" / "policy.schema.json").unlink()
    assert outdated(tmp_path / "schema") == ["answer.schema.json", "policy.schema.json"]


def _shape_of(path: Path) -> str:
    names = ("source", "policy", "interface", "duties", "glossary", "policy_patterns")
    if path.stem in names:
        return path.stem
    return "answer" if path.parts[-3] == "en" else "translation"


CHECKED = [path for path in sorted(RESPONSES.rglob("*.yaml")) if "questions" not in path.parts]


@pytest.mark.parametrize("path", CHECKED, ids=lambda path: str(path.relative_to(RESPONSES)))
def test_an_editor_finds_no_fault_with_the_content(path: Path) -> None:
    values = json.loads(json.dumps(yaml.safe_load(path.read_text(encoding="utf-8")), default=str))
    jsonschema.validate(values, json.loads(schemas()[f"{_shape_of(path)}.schema.json"]))


def test_an_editor_finds_an_unknown_key() -> None:
    with pytest.raises(jsonschema.ValidationError, match="colour"):
        jsonschema.validate({"colour": "red"}, json.loads(schemas()["answer.schema.json"]))
