"""`schemas`: writes the JSON Schemas with which editors complete and check content files."""

import argparse
import json
from pathlib import Path
from typing import Final

from bot.cli.problems import tell
from bot.config import load_settings
from bot.content.file_model import ContentFile
from bot.content.language_schema import DutiesFile, GlossaryFile, InterfaceFile, PolicyPatternsFile
from bot.content.schema import AnswerFile, OverlayFile, PolicyFile, SourceFile, TranslationFile

_MODELS: Final[dict[str, type[ContentFile]]] = {
    "answer": AnswerFile,
    "translation": TranslationFile,
    "policy": PolicyFile,
    "interface": InterfaceFile,
    "glossary": GlossaryFile,
    "source": SourceFile,
    "overlay": OverlayFile,
    "duties": DutiesFile,
    "policy_patterns": PolicyPatternsFile,
}


def main(options: argparse.Namespace) -> int:
    """Write the schemas, or only check them with --check. Returns 0, or 1 if a file is out of date."""
    folder = load_settings().folders[0] / "schema"
    if not options.check:
        write(folder)
    names = outdated(folder)
    for name in names:
        tell(f"{folder / name} is out of date. Run: make schemas")
    return int(bool(names))


def schemas() -> dict[str, str]:
    """Return the text of each schema file by its name."""
    files = {}
    for name, model in _MODELS.items():
        schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **model.model_json_schema()}
        files[f"{name}.schema.json"] = json.dumps(schema, indent=2, ensure_ascii=False, sort_keys=True) + "\n"
    return files


def outdated(folder: Path) -> list[str]:
    """Return the names of the schema files in `folder` that are missing or out of date."""
    return [
        name
        for name, text in schemas().items()
        if not (folder / name).exists() or (folder / name).read_text("utf-8") != text
    ]


def write(folder: Path) -> None:
    """Write all schema files into `folder`, creating it if necessary."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in schemas().items():
        (folder / name).write_text(text, encoding="utf-8")
