"""Lists the reviews that are planned: of answers against the article, and of warnings against the rules they follow."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from bot.core.catalog import Catalog

NOTICE = timedelta(days=30)  # how long before its date a review is announced


@dataclass(frozen=True, slots=True, order=True)
class Review:
    """A file to be reviewed by that date. `against` lists what to compare it with."""

    by: date
    file: str
    against: tuple[str, ...]


def reviews(catalog: Catalog) -> list[Review]:
    """Return a review for every file that sets a date, the earliest first."""
    return sorted(_reviews(catalog))


def _reviews(catalog: Catalog) -> Iterator[Review]:
    for language in catalog.languages.values():
        if language.warnings_review_by:
            file = f"{language.folder}/policy.yaml"
            yield Review(language.warnings_review_by, file, ("its warnings with docs/warnings.md",))
        for command, entry in language.entries.items():
            if entry.review_by:
                section = catalog.default.entries[command].source.section
                facts = (f"{fact}: {catalog.claims[fact]}" for fact in entry.facts)
                title = f" ({entry.source.title})" if entry.source.title else ""
                against = (f"the article’s section “{section}”{title}", *facts)
                yield Review(entry.review_by, entry.file, against)
