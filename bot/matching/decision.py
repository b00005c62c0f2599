"""Turns probabilities, patterns and names into one outcome. Pure.

Policies come first: a text that may be a scam or may ask for advice or a price never gets an explainer as its answer.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.core.model import Match, Outcome, Suggestion
from bot.core.policy_patterns import PolicyPattern
from bot.matching.untrained import ASKED_FOR

# The labels that are not explainers' commands. A test checks that files in responses/questions/ have the same names.
POLICIES = {"scam": Outcome.SCAM, "advice": Outcome.ADVICE, "price": Outcome.PRICE}
"""Labels answered by a policy reply, the most serious first."""
PAGES = {"about": Outcome.ABOUT, "risk": Outcome.RISK}
"""Labels answered by one of the bot's own pages."""
OTHER = "other"
"""The base heads' label for every text that is neither a policy nor a page. An explainer may or may not answer it."""
UNANSWERED = frozenset({"out-of-scope", "unrelated"})
"""Labels that have no reviewed answer."""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The lowest values at which each decision is made. docs/matching.md has the curves they were read from."""

    policy: float
    """Probability of advice, price and scam together at which a policy reply is given, even if something else is more
    likely."""
    sure: float
    """Probability of the best explainer or page at which it becomes the answer."""
    doubt: float
    """Probability of advice, price and scam together, divided by the best explainer's, at which that explainer is not
    the answer but may still be offered."""
    maybe: float
    """Probability of all explainers together at which the nearest ones are offered."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything that was found out about one text.

    `flagged` is the pattern that matches it, `named` the explainer whose name it is. `likely` has the probability of
    each label the heads were trained on. `asked` scores explainers from 0 to 1 by the questions in their files; from
    `ASKED_FOR` the text asks for that explainer. `nearest` has every explainer, best first.
    """

    flagged: PolicyPattern | None
    named: str | None
    likely: Mapping[str, float]
    asked: Mapping[str, float]
    nearest: Sequence[Suggestion]


def decide(evidence: Evidence, thresholds: Thresholds) -> Match:
    """Decide on one outcome. The match suggests the three nearest explainers."""
    shown = tuple(evidence.nearest[:3])
    if evidence.flagged:
        return Match(evidence.flagged.outcome, None, shown, 1.0, f"pattern {evidence.flagged.name}")
    if evidence.named:
        return Match(Outcome.EXPLAINER, evidence.named, shown, 1.0, "its name or alias")
    policies = {label: evidence.likely.get(label, 0.0) for label in POLICIES}
    label, any_policy = max(policies, key=policies.__getitem__), sum(policies.values())
    if any_policy >= thresholds.policy:
        return Match(POLICIES[label], None, shown, any_policy, f"likely {label}")
    asked = max(evidence.asked, key=evidence.asked.__getitem__, default="")
    if asked and evidence.asked[asked] >= ASKED_FOR and any_policy < thresholds.doubt:
        return Match(Outcome.EXPLAINER, asked, shown, evidence.asked[asked], "like its questions")
    pages = {label: evidence.likely.get(label, 0.0) for label in PAGES}
    page = max(pages, key=pages.__getitem__)
    unanswered = sum(evidence.likely.get(label, 0.0) for label in UNANSWERED)
    best = evidence.nearest[0] if evidence.nearest else Suggestion("", "", 0.0)
    sure = max(thresholds.sure, unanswered)
    if pages[page] >= sure and pages[page] > best.score:
        return Match(PAGES[page], None, shown, pages[page], f"likely {page}")
    if best.command not in evidence.asked and best.score >= sure and any_policy < thresholds.doubt * best.score:
        return Match(Outcome.EXPLAINER, best.command, shown, best.score, "likely enough")
    if sum(suggestion.score for suggestion in evidence.nearest) >= thresholds.maybe:
        return Match(Outcome.SUGGEST, None, shown, best.score, "near, but not sure")
    return Match(Outcome.NONE, None, shown, unanswered, "nothing near enough")
