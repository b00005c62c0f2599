"""What a text can be taken for: an explainer's command, or one of five words for what no explainer answers.

Its one law: these words and the files of responses/questions/ are the same set (train checks it).
"""

from __future__ import annotations

from bot.core.model import Outcome

ADVICE, PRICE, SCAM = "advice", "price", "scam"
OUT_OF_SCOPE, UNRELATED = "out-of-scope", "unrelated"

POLICIES = {SCAM: Outcome.SCAM, ADVICE: Outcome.ADVICE, PRICE: Outcome.PRICE}
"""Labels answered by a policy reply, the gravest first."""

UNANSWERED = frozenset({OUT_OF_SCOPE, UNRELATED})
"""Labels for which there is no reviewed answer."""


def is_command(label: str) -> bool:
    """Whether the label names an explainer."""
    return label not in POLICIES and label not in UNANSWERED
