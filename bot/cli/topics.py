"""`topics`: the explainers there are."""

import argparse
import json

from bot.config import settings
from bot.runtime.content import read_content


def main(options: argparse.Namespace) -> int:
    """0 after the list.

    Raises:
        ConfigError, ContentError: the settings or the content cannot be used.
    """
    catalog = read_content(settings().responses_dir)
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
        print(json.dumps(rows, indent=2))
        return 0
    wide = max(len(entry.command) for entry in entries) + 1
    for entry in entries:
        print(f"/{entry.command:<{wide}} {entry.risk.name.lower():<9} {entry.source.checked}  {entry.title}")
    return 0
