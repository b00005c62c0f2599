"""Probabilities and rules to one outcome. Pure.

Its one law: scam before advice before price, and all three before any explainer; what is unsure is never "sure".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.core.guard import Finding
from bot.core.model import Match, Outcome, Suggestion
from bot.matching.labels import POLICIES, UNANSWERED


@dataclass(frozen=True, slots=True)
class Thresholds:
    """How sure is sure, as probabilities, but for the doubt; docs/matching.md has the curves they were read from."""

    policy: float
    """Advice, price and scam together: from here a policy reply is given, whatever else is likelier."""
    sure: float
    """The best explainer alone: from here it is the answer."""
    doubt: float
    """Advice, price and scam together, as a share of the best explainer's probability: from here it is not sure, though
    it may be offered."""
    overrule: float
    """The best explainer alone: from here it stands against a veto."""
    maybe: float
    """All explainers together: from here the nearest are offered."""
    wish: float
    """Advice, price and scam together in the last clause alone: from here it wins over what stands before it."""


@dataclass(frozen=True, slots=True)
class Reading:
    """All that was seen in one text: what rules and names said, and what the head thinks likely."""

    finding: Finding | None
    named: str | None
    veto: str | None
    likely: Mapping[str, float]
    nearest: Sequence[Suggestion]


def decide(reading: Reading, thresholds: Thresholds) -> Match:
    """The outcome for a reading. `nearest` holds every explainer there is, best first."""
    shown = tuple(reading.nearest[:3])
    if reading.finding:
        return Match(Outcome(reading.finding.policy), None, shown, 1.0, f"rule {reading.finding.rule}")
    if reading.named:
        return Match(Outcome.EXPLAINER, reading.named, shown, 1.0, "its name or alias")
    label, together = _policy(reading.likely)
    if together >= thresholds.policy:
        return Match(POLICIES[label], None, shown, together, f"likely {label}")
    if reading.veto and not (reading.nearest and reading.nearest[0].score >= thresholds.overrule):
        return Match(Outcome.NONE, None, shown, 1.0, f"rule {reading.veto}")
    return _explained(reading, shown, thresholds, together)


def hung(found: Match, likely: Mapping[str, float], thresholds: Thresholds) -> Match:
    """What was found, unless the last clause alone, of which `likely` tells, is a wish hung on a lesson."""
    label, together = _policy(likely)
    if together < thresholds.wish:
        return found
    return Match(POLICIES[label], None, found.suggestions, together, f"ends in what is likely {label}")


def _policy(likely: Mapping[str, float]) -> tuple[str, float]:
    """The likeliest of advice, price and scam, and how likely the three are together."""
    policies = {label: likely.get(label, 0.0) for label in POLICIES}
    return max(policies, key=policies.__getitem__), sum(policies.values())


def _explained(reading: Reading, shown: tuple[Suggestion, ...], thresholds: Thresholds, policies: float) -> Match:
    unanswered = sum(reading.likely.get(label, 0.0) for label in UNANSWERED)
    near = sum(suggestion.score for suggestion in reading.nearest)
    best = reading.nearest[0] if reading.nearest else None
    sure = best is not None and best.score >= thresholds.sure and best.score > unanswered
    if best and sure and policies < thresholds.doubt * best.score:
        return Match(Outcome.EXPLAINER, best.command, shown, best.score, "likely enough")
    if best and near >= thresholds.maybe:
        return Match(Outcome.SUGGEST, None, shown, best.score, "near, but not sure")
    return Match(Outcome.NONE, None, shown, unanswered, "nothing near enough")
