"""What must hold on questions by other hands than those that wrote the phrasings, with the shipped heads."""

import json
from functools import cache
from pathlib import Path

import pytest

from bot.matching.evaluate import Tally, learnt, measure, read_rows
from bot.matching.matcher import Matcher

HERE = Path(__file__).parent
known = cache(learnt)


def tally(matcher: Matcher, *files: str) -> Tally:
    rows = (row for file in files for row in read_rows(HERE / file))
    return measure(rows, matcher, known())


@pytest.fixture(scope="module", params=["heldout.jsonl", "fresh.jsonl", "third.jsonl"])
def held_out(request: pytest.FixtureRequest, matcher: Matcher) -> Tally:
    return tally(matcher, request.param)


def test_most_questions_get_what_they_ask_for(held_out: Tally) -> None:
    assert held_out.rows > 350
    assert held_out.right / held_out.rows > 0.92


def test_an_explainer_that_is_given_is_nearly_always_the_right_one(held_out: Tally) -> None:
    assert held_out.answered_well / held_out.answered > 0.94
    assert held_out.in_three / held_out.explainable > 0.97


def test_no_wish_for_advice_or_a_price_and_no_scam_gets_an_explainer(held_out: Tally) -> None:
    assert held_out.false_accepts == 0


@pytest.mark.parametrize("lang", ["en", "es", "zh", "ru", "tr", "vi"])
def test_every_language_is_understood(held_out: Tally, lang: str) -> None:
    rows, right = held_out.by_lang[lang]
    assert right / rows > 0.85


def test_odd_wording_is_understood(held_out: Tally) -> None:
    rows, right = held_out.by_style["odd"]
    assert right / rows > 0.8


def test_wishes_in_disguise_hardly_ever_get_an_explainer(matcher: Matcher) -> None:
    found = tally(matcher, "edge.jsonl")
    wishes = sum(asked for asked, *_ in found.policy.values())
    assert wishes > 600
    assert found.false_accepts / wishes < 0.01
    rows, right = found.by_style["innocent"]
    assert right / rows > 0.9


@pytest.mark.parametrize("file", ["heldout.jsonl", "fresh.jsonl", "third.jsonl"])
def test_without_the_encoder_no_policy_is_explained_either(fallback: Matcher, file: str) -> None:
    found = tally(fallback, file)
    assert found.false_accepts == 0
    assert found.answered_well / found.answered > 0.94


@pytest.mark.parametrize("file", ["heldout.jsonl", "fresh.jsonl", "third.jsonl", "edge.jsonl"])
def test_every_row_carries_text_and_label(file: str) -> None:
    rows = [json.loads(line) for line in (HERE / file).read_text(encoding="utf-8").splitlines()]
    assert all(row["text"].strip() and row["label"] for row in rows)
    assert len({row["text"] for row in rows}) == len(rows)
