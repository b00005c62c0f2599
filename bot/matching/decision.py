"""Turns probabilities, patterns and names into one outcome. Pure.

Policies come before anything else: what may be a scam or a wish for advice or a price is never surely explained.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.core.model import Match, Outcome, Suggestion
from bot.core.policy_patterns import PolicyPattern
from bot.matching.untrained import ASKED_FOR

# What a text can be but an explainer's command. The files of responses/questions/ are named by the same words; a test
# holds the two together.
POLICIES = {"scam": Outcome.SCAM, "advice": Outcome.ADVICE, "price": Outcome.PRICE}
"""Labels answered by a policy reply, the gravest first."""
PAGES = {"about": Outcome.ABOUT, "risk": Outcome.RISK}
"""Labels answered by one of the bot's own pages."""
OTHER = "other"
"""The label of the base heads for all that is neither a policy nor a page: an explainer may answer it, or none."""
UNANSWERED = frozenset({"out-of-scope", "unrelated"})
"""Labels for which there is no reviewed answer."""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Decision thresholds: probabilities, except for the doubt. docs/matching.md has the curves they were read from."""

    policy: float
    """Advice, price and scam together: from here a policy reply is given, whatever else is likelier."""
    sure: float
    """The best explainer or page alone: from here it is the answer."""
    doubt: float
    """Advice, price and scam together, as a share of the best explainer's probability: from here it is not sure, though
    it may be offered."""
    maybe: float
    """All explainers together: from here the nearest are offered."""


@dataclass(frozen=True, slots=True)
class Reading:
    """All that was seen in one text.

    `likely` holds probabilities of what the heads were trained on, `asked` how surely it asks for an explainer by the
    questions beside it (from `ASKED_FOR` on it does), `nearest` every explainer there is, best first.
    """

    flagged: PolicyPattern | None
    named: str | None
    likely: Mapping[str, float]
    asked: Mapping[str, float]
    nearest: Sequence[Suggestion]


def decide(reading: Reading, thresholds: Thresholds) -> Match:
    """The outcome for a reading."""
    shown = tuple(reading.nearest[:3])
    if reading.flagged:
        return Match(reading.flagged.outcome, None, shown, 1.0, f"pattern {reading.flagged.name}")
    if reading.named:
        return Match(Outcome.EXPLAINER, reading.named, shown, 1.0, "its name or alias")
    policies = {label: reading.likely.get(label, 0.0) for label in POLICIES}
    label, together = max(policies, key=policies.__getitem__), sum(policies.values())
    if together >= thresholds.policy:
        return Match(POLICIES[label], None, shown, together, f"likely {label}")
    asked = max(reading.asked, key=reading.asked.__getitem__, default="")
    if asked and reading.asked[asked] >= ASKED_FOR and together < thresholds.doubt:
        return Match(Outcome.EXPLAINER, asked, shown, reading.asked[asked], "like its questions")
    pages = {label: reading.likely.get(label, 0.0) for label in PAGES}
    page = max(pages, key=pages.__getitem__)
    unanswered = sum(reading.likely.get(label, 0.0) for label in UNANSWERED)
    best = reading.nearest[0] if reading.nearest else Suggestion("", "", 0.0)
    sure = max(thresholds.sure, unanswered)
    if pages[page] >= sure and pages[page] > best.score:
        return Match(PAGES[page], None, shown, pages[page], f"likely {page}")
    if best.command not in reading.asked and best.score >= sure and together < thresholds.doubt * best.score:
        return Match(Outcome.EXPLAINER, best.command, shown, best.score, "likely enough")
    if sum(suggestion.score for suggestion in reading.nearest) >= thresholds.maybe:
        return Match(Outcome.SUGGEST, None, shown, best.score, "near, but not sure")
    return Match(Outcome.NONE, None, shown, unanswered, "nothing near enough")
