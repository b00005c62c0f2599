"""`check`: check the content against every rule, and list every problem."""

import argparse
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from bot.cli.problems import tell
from bot.config import settings
from bot.core.catalog import Catalog
from bot.core.commands import MOST_OFFERED
from bot.core.review import NOTICE, reviews
from bot.runtime.content import matcher_of, open_content


def main(_: argparse.Namespace) -> int:
    """Return 0 when the content is right.

    Raises:
        ConfigError, ContentError: with every problem.
    """
    given = settings()
    catalog = open_content(given).edition.catalog
    languages = ", ".join(f"{one.locale} ({len(one.entries)})" for one in catalog.languages.values())
    for command in _unfound(catalog, given.folders[0]):
        file = catalog.default.entries[command].file
        tell(
            f"Warning: {file}: none of its questions finds it, because other answers fit better. "
            "Add questions with words that only this answer is about."
        )
    for locale, language in catalog.languages.items():
        if left := language.untranslated:
            named = ", ".join(left[:5]) + (" …" if len(left) > 5 else "")
            tell(f"Warning: {locale}/interface.yaml: {len(left)} texts are missing and shown in English: {named}")
    if unlisted := [one for one in catalog.explainers if one not in catalog.by_name]:
        listed = len(list(catalog.explainers)) - len(unlisted)
        tell(
            f"Note: the menus of Discord and Telegram take {MOST_OFFERED} commands: the bot's own, and the first"
            f" {listed} answers in menu of source.yaml. These {len(unlisted)} are not offered there, and are reached by"
            f" /topics, by a question, and on Telegram by their name: {', '.join(unlisted)}."
        )
    soon = datetime.now(UTC).date() + NOTICE
    for one in reviews(catalog):
        if one.by <= soon:
            tell(f"Warning: {one.file}: its review is due by {one.by}. `bot review` says what to compare it with.")
    print(f"The content is right: revision {catalog.revision}, explainers by language: {languages}.")
    return 0


def _unfound(catalog: Catalog, pack: Path) -> Iterator[str]:
    """The explainers with questions that do not lead to them."""
    if any(catalog.questions.values()):
        matcher = matcher_of(lambda: catalog, pack)
        for command, lines in catalog.questions.items():
            if lines and all(matcher.match_now(line).command != command for line in lines):
                yield command
