"""`check`: checks the content against every rule and lists all problems."""

import argparse
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from bot.cli.problems import tell
from bot.config import load_settings
from bot.content.default_texts import dumped
from bot.core.catalog import Catalog, Language
from bot.core.commands import MOST_OFFERED
from bot.core.review import NOTICE, reviews
from bot.matching.matcher import Knowledge, Matcher, load_engine
from bot.runtime.content_setup import open_content


def main(options: argparse.Namespace) -> int:
    """Print warnings and a summary. Returns 0.

    Raises:
        ContentError: the content has problems.
    """
    settings = load_settings()
    catalog = open_content(settings).edition.catalog
    languages = ", ".join(f"{one.locale} ({len(one.entries)})" for one in catalog.languages.values())
    for file, exception in _unfound(catalog, settings.folders[0]):
        tell(
            f"Warning: {file}: none of its questions finds it{exception}, because other answers match better. "
            "Add questions with words that only this answer is about."
        )
    for language in catalog.languages.values():
        _untranslated(
            language, "English" if language is catalog.default else catalog.default.name, paste=options.missing
        )
    if unlisted := [one for one in catalog.explainers if one not in catalog.by_name]:
        listed = len(list(catalog.explainers)) - len(unlisted)
        tell(
            f"Note: Discord and Telegram take {MOST_OFFERED} commands: the bot's own, and the first {listed} answers in"
            f" menu of source.yaml. These {len(unlisted)} answers are not offered there. Members reach them by /topics,"
            f" by a question, and on Telegram by their name: {', '.join(unlisted)}."
        )
    soon = datetime.now(UTC).date() + NOTICE
    for one in reviews(catalog):
        if one.by <= soon:
            tell(f"Warning: {one.file}: its review is due by {one.by}. `bot review` says what to compare it with.")
    print(f"The content is valid: revision {catalog.revision}, explainers by language: {languages}.")
    return 0


def _untranslated(language: Language, shown_in: str, *, paste: bool) -> None:
    """Warn of texts that the interface lacks. With `paste`, also print them as YAML to translate."""
    if missing := language.untranslated:
        names = [
            f"{key} → {name}" if name else key
            for key, inner in missing.items()
            for name in (inner if isinstance(inner, dict) else [""])
        ]
        named, file = ", ".join(names[:5]) + (" …" if len(names) > 5 else ""), f"{language.folder}/interface.yaml"
        what = f"{len(names)} texts are missing and shown in {shown_in}: {named}"
        hint = "They are:" if paste else "`bot check --missing` prints them for translation."
        tell(f"Warning: {file}: {what}. {hint}")
        if paste:
            print(dumped(missing))


def _unfound(catalog: Catalog, pack: Path) -> Iterator[tuple[str, str]]:
    """Yield the file of each answer that none of its questions finds, and the exception for the warning.

    The exception is for answers that the classifier was trained on: a question asked word for word always finds them.
    """
    if any(catalog.questions.values()):
        engine = load_engine(pack)
        trained = engine.letters.labels
        new = {command: () if command in trained else lines for command, lines in catalog.questions.items()}
        knowledge = replace(Knowledge.of(catalog), questions=new)
        matcher = Matcher(lambda: knowledge, lambda: engine)
        for command, lines in catalog.questions.items():
            if lines and all(matcher.match_now(line).command != command for line in lines):
                exception = " except word for word" if command in trained else ""
                yield catalog.default.entries[command].file, exception
