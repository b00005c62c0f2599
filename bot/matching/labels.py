"""The labels a text can get: an explainer's command, or one of seven words for what no explainer answers.

The files of responses/questions/ are named by the same words; a test holds the two together.
"""

from __future__ import annotations

from bot.core.model import Outcome

ADVICE, PRICE, SCAM = "advice", "price", "scam"
OUT_OF_SCOPE, UNRELATED = "out-of-scope", "unrelated"

POLICIES = {SCAM: Outcome.SCAM, ADVICE: Outcome.ADVICE, PRICE: Outcome.PRICE}
"""Labels answered by a policy reply, the gravest first."""

PAGES = {"about": Outcome.ABOUT, "risk": Outcome.RISK}
"""Labels answered by one of the bot's own pages."""

OTHER = "other"
"""The label of the base heads for all that is neither a policy nor a page: an explainer may answer it, or none."""

UNANSWERED = frozenset({OUT_OF_SCOPE, UNRELATED})
"""Labels for which there is no reviewed answer."""


def is_command(label: str) -> bool:
    """Whether the label names an explainer."""
    return label not in (*POLICIES, *PAGES, *UNANSWERED, OTHER)
