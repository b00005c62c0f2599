"""The replies that decline a question, or offer explainers to choose from."""

from collections.abc import Sequence
from typing import Final

from bot.core.catalog import Language
from bot.core.disclaimer import Reply
from bot.core.model import Match, Outcome, Risk
from bot.core.sealed_catalog import SealedCatalog

_PAGES: Final = {
    Outcome.ADVICE: "advice",
    Outcome.PRICE: "price",
    Outcome.SCAM: "scam",
    Outcome.SUGGEST: "did-you-mean",
    Outcome.NONE: "no-answer",
}
_OUTCOMES: Final = {page: outcome for outcome, page in _PAGES.items()}
POLICY_PAGES: Final = _OUTCOMES.keys()


def policy_reply(match: Match, content: SealedCatalog, language: Language, floor: Risk) -> Reply:
    """The reply for what was matched: never an explainer that the asker did not pick."""
    outcome = match.outcome if match.outcome in _PAGES else Outcome.NONE
    return policy_page(_PAGES[outcome], [one.command for one in match.suggestions], content, language, floor)


def policy_page(page: str, nearest: Sequence[str], content: SealedCatalog, language: Language, floor: Risk) -> Reply:
    """One of `POLICY_PAGES`; those that offer a choice have a button for each of the `nearest` explainers."""
    outcome = _OUTCOMES[page]
    commands = nearest if outcome in (Outcome.SUGGEST, Outcome.NONE) else None
    return content.page(page, language, floor, outcome=outcome, commands=commands)
