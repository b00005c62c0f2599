"""`review`: lists the texts that somebody has to compare with their sources again, the most overdue first."""

import argparse
from datetime import UTC, datetime

from bot.config import load_settings
from bot.core.review import NOTICE, reviews
from bot.runtime.content_setup import open_content


def main(options: argparse.Namespace) -> int:
    """Print the list. Returns 0, even if reviews are overdue."""
    today, every = datetime.now(UTC).date(), reviews(open_content(load_settings()).edition.catalog)
    listed = [one for one in every if options.all or one.by <= today + NOTICE]
    for one in listed:
        print(f"{one.by}  {one.file}{'  (overdue)' if one.by < today else ''}")
        print(*(f"    {line}" for line in one.against), sep="\n")
    if not listed:
        print(
            f"Nothing is due within {NOTICE.days} days." + (f" Next: {every[0].by}, {every[0].file}." if every else "")
        )
    return 0
