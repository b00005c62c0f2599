"""`import`: propose the sections and empty answers of a pack from the headings of an article in Markdown."""

import argparse
from datetime import UTC, datetime
from pathlib import Path

from bot.cli.problems import tell
from bot.content.article import proposals


def main(options: argparse.Namespace) -> int:
    """0 when the proposals are written; 1 when the article cannot be read or has no headings, or the folder holds
    something.
    """
    folder: Path = options.folder
    if folder.exists() and any(folder.iterdir()):
        tell(f"{folder} is not empty. Name a folder that does not exist yet.")
        return 1
    try:
        files = proposals(options.article.read_text("utf-8-sig"), datetime.now(UTC).date())
    except (OSError, UnicodeDecodeError) as error:
        tell(f"{options.article} cannot be read as UTF-8 text ({error}). Name a Markdown file.")
        return 1
    if len(files) == 1:
        tell(
            f"{options.article} has no headings with text below. Write a line such as `## What it is` above each part."
        )
        return 1
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    print(
        f"Drafted {len(files) - 1} sections in {folder}. Move the sections and names in its source.yaml to your pack,"
    )
    print(
        "and write the facts in your own words. Each empty answer quotes its section: write it, then move it as well."
    )
    return 0
