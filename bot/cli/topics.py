"""`topics`: lists the explainers."""

import argparse
import json

from bot.config import load_settings
from bot.core.sealed_catalog import SealedCatalog
from bot.runtime.content_setup import read_content


def main(options: argparse.Namespace) -> int:
    """Print the list. Returns 0."""
    catalog = read_content(*load_settings().folders)
    language = SealedCatalog(catalog).language(options.locale)
    rows = [
        {
            "command": entry.command,
            "title": entry.title,
            "risk": entry.risk.name.lower(),
            "section": entry.source.section,
            "reviewed": entry.source.checked.isoformat(),
        }
        for command in catalog.explainers
        if (entry := catalog.entry(command, language))
    ]
    if options.json:
        print(json.dumps(rows, indent=2))
    else:
        width = max(len(row["command"]) for row in rows) + 1
        for row in rows:
            print(f"/{row['command']:<{width}} {row['risk']:<9} {row['reviewed']}  {row['title']}")
    return 0
