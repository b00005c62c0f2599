"""`topics`: the explainers there are."""

import argparse
import json
import sys

from bot.app import read_content
from bot.cli.problems import Failed, tell, told_content_errors
from bot.config import ConfigError, settings


def main(options: argparse.Namespace) -> int:
    """0 after the list; 1 when the content or the settings cannot be used."""
    try:
        with told_content_errors():
            catalog = read_content(settings().responses_dir)
    except ConfigError as error:
        tell(str(error))
        return 1
    except Failed:
        return 1
    language = catalog.language(options.locale)
    entries = [entry for command in catalog.explainers if (entry := catalog.entry(command, language))]
    if options.json:
        rows = [
            {
                "command": entry.command,
                "title": entry.title,
                "risk": entry.risk.name.lower(),
                "section": entry.source.section,
                "reviewed": entry.source.checked.isoformat(),
            }
            for entry in entries
        ]
        json.dump(rows, sys.stdout, ensure_ascii=False, indent=2)
        print()
        return 0
    wide = max(len(entry.command) for entry in entries) + 1
    for entry in entries:
        print(f"/{entry.command:<{wide}} {entry.risk.name.lower():<9} {entry.source.checked}  {entry.title}")
    return 0
