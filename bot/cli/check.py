"""`check`: hold the content against every rule, and list all that is wrong."""

import argparse

from bot.app import read_content
from bot.config import settings


def main(_: argparse.Namespace) -> int:
    """0 when the content is right.

    Raises:
        ConfigError, ContentError: with every problem.
    """
    catalog = read_content(settings().responses_dir)
    languages = ", ".join(f"{one.locale} ({len(one.entries)})" for one in catalog.languages.values())
    print(f"The content is right: revision {catalog.revision}, explainers by language: {languages}.")
    return 0
