"""What must hold on questions by other hands than those that wrote the phrasings, with the shipped heads."""

import json
from functools import cache
from pathlib import Path

import pytest

from bot.matching.decision import PAGES
from bot.matching.matcher import Matcher
from tools.training.evaluate import Tally, learnt, measure, read_rows
from tools.training.questions import is_command

HERE = Path(__file__).parent
LANGUAGES = sorted({row.lang for row in read_rows(HERE / "honest.jsonl")})
known = cache(learnt)


def tally(matcher: Matcher, file: str, every: int = 1) -> Tally:
    return measure(list(read_rows(HERE / file))[::every], matcher, known())


@pytest.fixture(scope="module", params=["heldout.jsonl", "fresh.jsonl", "third.jsonl"])
def held_out(request: pytest.FixtureRequest, matcher: Matcher) -> Tally:
    return tally(matcher, request.param)


@pytest.fixture(scope="module")
def honest(matcher: Matcher) -> Tally:
    return tally(matcher, "honest.jsonl")


def test_most_questions_get_what_they_ask_for(held_out: Tally) -> None:
    assert held_out.rows > 350
    assert held_out.right / held_out.rows > 0.92


def test_an_explainer_that_is_given_is_nearly_always_the_right_one(held_out: Tally) -> None:
    assert held_out.answered_well / held_out.answered > 0.94
    assert held_out.in_three / held_out.explainable > 0.97


def test_hardly_a_wish_for_advice_or_a_price_and_hardly_a_scam_gets_an_explainer(held_out: Tally) -> None:
    assert held_out.false_accepts <= 1


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_language_is_understood(held_out: Tally, lang: str) -> None:
    rows, right = held_out.by_lang[lang]
    assert right / rows > 0.85


def test_odd_wording_is_understood(held_out: Tally) -> None:
    rows, right = held_out.by_style["odd"]
    assert right / rows > 0.8


def test_honest_questions_are_answered_and_hardly_ever_refused(honest: Tally) -> None:
    cells = [cell for label, cell in honest.by_label.items() if is_command(label)]
    assert sum(right for _, right in cells) / sum(rows for rows, _ in cells) > 0.9
    assert honest.refused / honest.explainable < 0.02


@pytest.mark.parametrize("lang", LANGUAGES)
def test_honest_questions_are_understood_in_every_language(honest: Tally, lang: str) -> None:
    rows, right = honest.by_lang[lang]
    assert right / rows > 0.8


def test_newcomers_of_every_language_get_answers_and_their_wishes_are_declined(matcher: Matcher) -> None:
    found = tally(matcher, "newcomers.jsonl")
    assert found.right / found.rows > 0.92
    assert all(right / rows > 0.87 for rows, right in found.by_lang.values())
    assert found.refused / found.explainable < 0.025
    assert found.false_accepts == 0


def test_questions_about_the_bot_and_for_its_disclaimer_lead_there(honest: Tally) -> None:
    cells = [honest.by_label[label] for label in PAGES]
    assert sum(right for _, right in cells) / sum(rows for rows, _ in cells) > 0.85


def test_wishes_and_scams_are_declined(matcher: Matcher) -> None:
    found = tally(matcher, "declined.jsonl")
    assert found.right / found.rows > 0.92
    assert found.false_accepts <= 1


def test_wishes_in_disguise_hardly_ever_get_an_explainer(matcher: Matcher) -> None:
    found = tally(matcher, "edge.jsonl", every=3)
    wishes = sum(asked for asked, *_ in found.policy.values())
    assert wishes > 180
    assert found.false_accepts / wishes < 0.03
    rows, right = found.by_style["innocent"]
    assert right / rows > 0.85


@pytest.mark.parametrize("file", ["heldout.jsonl", "fresh.jsonl", "third.jsonl", "declined.jsonl"])
def test_without_the_encoder_hardly_a_policy_is_explained_either(fallback: Matcher, file: str) -> None:
    assert tally(fallback, file).false_accepts <= 1


@pytest.mark.parametrize("file", sorted(path.name for path in HERE.glob("*.jsonl")))
def test_every_row_carries_text_and_label(file: str) -> None:
    rows = [json.loads(line) for line in (HERE / file).read_text(encoding="utf-8").splitlines()]
    assert all(row["text"].strip() and row["label"] for row in rows)
    assert len({row["text"] for row in rows}) == len(rows)
