"""What a pin should show, by the edition in use. Its law: asked once for all pins that are alike, not for each."""

import hashlib

from bot.core.disclaimer import Reply
from bot.core.model import Risk
from bot.core.sealed_catalog import SealedCatalog


def explainer(edition: SealedCatalog, command: str) -> str | None:
    """The explainer that is now meant by the command of a pin, which may be an alias by now; None if there is none."""
    if edition.catalog.entry(command, edition.catalog.default):
        return command
    found = edition.catalog.find(command)
    return found if found and edition.catalog.entry(found, edition.catalog.default) else None


def wanted(edition: SealedCatalog, command: str, locale: str | None, floor: Risk) -> Reply | None:
    """What a pin of that command shows in that language at that floor; None if the explainer is no more."""
    meant = explainer(edition, command)
    return edition.explainer(meant, edition.language(locale), floor) if meant else None


def fingerprint(edition: SealedCatalog) -> str:
    """Tells two editions apart by what pins would show: words, warnings, floor of the operator, render version."""
    catalog = edition.catalog
    languages = [catalog.languages[locale] for locale in sorted(catalog.languages)]
    shown = (edition.explainer(one, language, Risk.GENERAL) for language in languages for one in catalog.explainers)
    digests = "".join(reply.digest for reply in shown if reply)
    return hashlib.sha256(f"{catalog.revision}{digests}".encode()).hexdigest()[:32]
