"""`gaps`: groups the questions that got no answer by likeness, from the question log."""

import argparse
import json
from collections.abc import Iterator
from pathlib import Path

from bot.cli.problems import tell
from bot.config import settings
from bot.runtime.content import matcher_of, read_content


def main(options: argparse.Namespace) -> int:
    """0 after the list; 1 when there is no question log or it cannot be read.

    Raises:
        ConfigError, ContentError: the settings or the content cannot be used.
    """
    file = options.file or settings().question_log
    if file is None:
        tell("There is no question log: set QUESTION_LOG to a file and let the bot run for a while, or name a file.")
        return 1
    from bot.matching.gaps import gaps

    try:
        asked = list(_questions(file))[-options.newest :]
    except OSError as error:
        tell(f"{file}: {error.strerror}. Name a file that the bot wrote as its question log.")
        return 1
    catalog = read_content(settings().responses_dir)
    found = gaps(asked, matcher_of(lambda: catalog, settings().responses_dir))
    for gap in found[: options.most]:
        languages = ", ".join(f"{tag} {times}" for tag, times in gap.languages.most_common())
        print(f"{gap.languages.total():>5}  {languages}; nearest: /{gap.nearest}")
        print("".join(f"       {question}\n" for question in gap.questions[:3]))
    print(f"{len(asked)} questions without an answer in {len(found)} groups.")
    return 0


def _questions(file: Path) -> Iterator[str]:
    """The log's questions; a line that was cut short by a crash is left out."""
    with file.open("rb") as lines:
        for line in lines:
            try:
                question = json.loads(line)
            except ValueError:
                continue
            if isinstance(question, str):
                yield question
