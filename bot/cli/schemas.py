"""`schemas`: write the JSON Schemas that editors use for the content."""

import argparse

from bot.cli.problems import tell
from bot.config import settings
from bot.content.jsonschema import outdated, write


def main(options: argparse.Namespace) -> int:
    """0 when they are written, or current; 1 when --check finds them not current."""
    folder = settings().responses_dir / "schema"
    if not options.check:
        write(folder)
        return 0
    for name in outdated(folder):
        tell(f"{folder / name} is not current. Run: make schemas")
    return 1 if outdated(folder) else 0
