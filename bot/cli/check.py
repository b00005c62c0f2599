"""`check`: hold the content against every rule, and list all that is wrong."""

import argparse

from bot.app import read_content
from bot.cli.problems import Failed, tell, told_content_errors
from bot.config import ConfigError, settings


def main(_: argparse.Namespace) -> int:
    """0 when the content is right; 1 after listing every problem."""
    try:
        folder = settings().responses_dir
        with told_content_errors():
            catalog = read_content(folder)
    except ConfigError as error:
        tell(str(error))
        return 1
    except Failed:
        return 1
    languages = ", ".join(f"{one.locale} ({len(one.entries)})" for one in catalog.languages.values())
    print(f"The content is right: revision {catalog.revision}, explainers by language: {languages}.")
    return 0
