"""The order of outcomes: policies above explainers, doubt above certainty."""

from dataclasses import replace

import pytest

from bot.core.model import Match, Outcome, Suggestion
from bot.core.policy_patterns import PolicyPattern, compiled
from bot.matching.decision import Evidence, Thresholds, decide

THRESHOLDS = Thresholds(policy=0.5, sure=0.3, maybe=0.6, doubt=0.2)


def reading(**likely: float) -> Evidence:
    shares = {name.replace("_", "-"): value for name, value in likely.items()}
    nearest = [Suggestion(name, name.title(), shares.get(name, 0.0)) for name in ("staking", "collators", "parachains")]
    nearest.sort(key=lambda suggestion: -suggestion.score)
    return Evidence(None, None, shares, {}, nearest)


def outcome(seen: Evidence) -> Outcome:
    return decide(seen, THRESHOLDS).outcome


def test_a_likely_explainer_is_the_answer() -> None:
    found = decide(reading(staking=0.7), THRESHOLDS)
    assert (found.outcome, found.command) == (Outcome.EXPLAINER, "staking")


@pytest.mark.parametrize("policy", [Outcome.SCAM, Outcome.ADVICE, Outcome.PRICE])
def test_a_pattern_outweighs_the_surest_explainer_and_even_its_name(policy: Outcome) -> None:
    flagged = PolicyPattern("a-pattern", policy, compiled("staking"))
    assert outcome(replace(reading(staking=1.0), flagged=flagged, named="staking")) is policy


@pytest.mark.parametrize("page", ["about", "risk"])
def test_a_question_about_the_bot_or_its_disclaimer_gets_that_page(page: str) -> None:
    found = decide(reading(**{page: 0.5, "staking": 0.3}), THRESHOLDS)
    assert (found.outcome, found.command) == (Outcome(page), None)
    assert outcome(reading(**{page: 0.3, "staking": 0.5})) is Outcome.EXPLAINER


def test_an_explainer_that_was_not_trained_is_found_by_its_questions_unless_a_policy_may_be_meant() -> None:
    assert decide(replace(reading(out_of_scope=0.9), asked={"xcm": 0.6}), THRESHOLDS).command == "xcm"
    assert outcome(replace(reading(out_of_scope=0.9), asked={"xcm": 0.4})) is Outcome.NONE
    unsure = replace(reading(), asked={"xcm": 0.4}, nearest=[Suggestion("xcm", "Xcm", 0.4)])
    assert outcome(unsure) is Outcome.NONE
    assert outcome(replace(reading(price=0.3), asked={"xcm": 0.9})) is not Outcome.EXPLAINER
    assert outcome(replace(reading(price=0.6), asked={"xcm": 0.9})) is Outcome.PRICE


@pytest.mark.parametrize("policy", ["scam", "advice", "price"])
def test_the_head_alone_can_call_for_a_policy(policy: str) -> None:
    assert outcome(reading(**{policy: 0.6, "staking": 0.4})) is Outcome(policy)


def test_policies_count_together_and_the_likeliest_is_named() -> None:
    assert outcome(reading(advice=0.3, price=0.25, staking=0.45)) is Outcome.ADVICE


def test_a_little_doubt_about_a_policy_keeps_an_explainer_from_being_sure() -> None:
    assert outcome(reading(advice=0.25, staking=0.75)) is Outcome.SUGGEST


def test_an_exact_name_needs_no_likelihood() -> None:
    found = decide(replace(reading(), named="collators"), THRESHOLDS)
    assert (found.outcome, found.command, found.score) == (Outcome.EXPLAINER, "collators", 1.0)


def test_what_is_likelier_unanswered_is_not_answered() -> None:
    assert outcome(reading(staking=0.35, out_of_scope=0.4)) is Outcome.NONE


def test_several_near_explainers_are_offered_rather_than_one_chosen() -> None:
    found = decide(reading(staking=0.25, collators=0.25, parachains=0.2), THRESHOLDS)
    assert found.outcome is Outcome.SUGGEST
    assert len(found.suggestions) == 3


def test_nothing_known_is_none_and_still_names_three() -> None:
    found = decide(reading(), THRESHOLDS)
    assert (found.outcome, found.command, len(found.suggestions)) == (Outcome.NONE, None, 3)


def test_without_any_explainer_there_is_none() -> None:
    assert decide(Evidence(None, None, {}, {}, []), THRESHOLDS) == Match(
        Outcome.NONE, None, (), 0, "nothing near enough"
    )
