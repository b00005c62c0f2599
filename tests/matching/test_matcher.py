"""The whole way from a text to an outcome, with the shipped heads."""

import asyncio
import json
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.cli.match import answers
from bot.core.model import Outcome
from bot.matching.classifier import mixed
from bot.matching.matcher import Engine, Knowledge, Matcher, load_engine
from tests.builders import RESPONSES
from tests.costs import ratio

ANY_TEXT = st.text(st.characters(codec=None, exclude_categories=()), max_size=600)
SHARED_MATCHER = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],  # the matcher keeps nothing between questions
)

PLAIN = [
    ("what is a validator", "validators"),
    ("difference between kusama and polkadot", "kusama-vs-polkadot"),
    ("is this just a testnet", "is-kusama-a-testnet"),
    ("how does on-chain governance work", "governance"),
]


@pytest.mark.parametrize(("text", "command"), PLAIN)
def test_a_plain_question_gets_its_explainer(matcher: Matcher, text: str, command: str) -> None:
    found = matcher.match_now(text)
    assert (found.outcome, found.command) == (Outcome.EXPLAINER, command)


@pytest.mark.parametrize(("text", "command"), PLAIN)
def test_the_fallback_names_it_among_three(fallback: Matcher, text: str, command: str) -> None:
    assert command in [suggestion.command for suggestion in fallback.match_now(text).suggestions]


@pytest.mark.parametrize("kind", ["matcher", "fallback"])
def test_every_command_is_answered_by_its_own_name(
    kind: str, knowledge: Knowledge, request: pytest.FixtureRequest
) -> None:
    found: Matcher = request.getfixturevalue(kind)
    assert [found.match_now(f"/{command}").command for command in knowledge.names] == list(knowledge.names)


def test_a_removed_explainer_is_never_named(knowledge: Knowledge) -> None:
    fewer = Knowledge({command: titles for command, titles in knowledge.names.items() if command != "validators"})
    engine = load_engine(RESPONSES, semantic=False)
    found = Matcher(lambda: fewer, lambda: engine).match_now("what is a validator")
    assert found.command != "validators"
    assert "validators" not in [suggestion.command for suggestion in found.suggestions]


def test_new_names_count_at_the_next_question(knowledge: Knowledge) -> None:
    now = dict(knowledge.names)
    engine = load_engine(RESPONSES, semantic=False)
    matcher = Matcher(lambda: Knowledge(dict(now)), lambda: engine)
    before = matcher.match_now("zebra crossing")
    now["collators"] = (*now["collators"], "Zebra crossing")
    after = matcher.match_now("zebra crossing")
    assert before.outcome is not Outcome.EXPLAINER
    assert (after.outcome, after.command) == (Outcome.EXPLAINER, "collators")


@pytest.mark.parametrize("text", ["", " ", "\x00", "\ud800", "\u200b", "?", "😂" * 300, "a" * 100_000])
@pytest.mark.parametrize("kind", ["matcher", "fallback"])
def test_nothing_readable_is_no_explainer(kind: str, text: str, request: pytest.FixtureRequest) -> None:
    found = request.getfixturevalue(kind).match_now(text)
    assert found.outcome is not Outcome.EXPLAINER
    assert len(found.suggestions) == 3


@SHARED_MATCHER
@given(text=ANY_TEXT)
def test_no_text_makes_it_raise(matcher: Matcher, text: str) -> None:
    found = matcher.match_now(text)
    assert len(found.suggestions) == 3
    assert (found.command is not None) == (found.outcome is Outcome.EXPLAINER)


@pytest.mark.parametrize("piece", ["word ", "在", "Ω", "😂", "\u0301a", "\ufdfa", "x", "1 ", "ế", "s e e d "])
def test_a_hundred_thousand_characters_cost_no_more_than_a_few_words(matcher: Matcher, piece: str) -> None:
    flood, words = piece * (100_000 // len(piece)), "what does a validator do, in short"
    assert ratio(lambda: matcher.match_now(flood), lambda: matcher.match_now(words)) < 10  # more tokens, all patterns


async def test_asking_does_not_hold_the_event_loop(matcher: Matcher) -> None:
    turns = 0
    asking = asyncio.create_task(matcher.match("what is a collator and what does it do"))
    while not asking.done():
        turns += 1
        await asyncio.sleep(0)
    assert turns > 5
    assert (await asking).command == "collators"


async def test_questions_at_once_get_the_answers_they_get_alone(matcher: Matcher) -> None:
    texts = [text for text, _ in PLAIN] * 3
    together = await asyncio.gather(*map(matcher.match, texts))
    assert together == [matcher.match_now(text) for text in texts]


def test_mixing_two_opinions_keeps_what_either_thinks_absurd_unlikely() -> None:
    made = mixed({"a": 0.5, "b": 0.5}, {"a": 0.999, "b": 0.001}, 0.5)
    assert made["b"] < 0.04
    assert sum(made.values()) == pytest.approx(1)


def test_the_fallback_engine_is_told_from_the_full_one() -> None:
    letters = load_engine(RESPONSES, semantic=False)
    assert isinstance(letters, Engine)
    assert letters.encoder is None


def test_each_line_gets_one_object_with_the_agreed_keys(fallback: Matcher) -> None:
    rows = ['{"text": "what is a nominator"}\n', "\n", '{"text": "should i buy"}\n', "plain words\n", "[1, 2\n", "{}\n"]
    ticks = iter(range(100))
    made = [json.loads(line) for line in answers(rows, fallback, lambda: float(next(ticks)))]
    assert [set(kept) for kept in made] == [{"outcome", "command", "suggestions", "score", "ms"}] * 5
    assert [len(kept["suggestions"]) for kept in made] == [3] * 5
    assert made[1]["outcome"] == "advice"
    assert made[0]["ms"] == 1000.0


class Listening:
    """An encoder that remembers what it was asked, and finds all texts alike."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def encode(self, text: str) -> list[float]:
        self.asked.append(text)
        return [0.0] * 384


def test_what_a_pattern_or_a_name_settles_never_waits_for_the_encoder(matcher: Matcher, knowledge: Knowledge) -> None:
    encoder = Listening()
    listened = Matcher(lambda: knowledge, lambda: replace(matcher.engine, encoder=encoder))
    settled = [listened.match_now(text).outcome for text in ("an admin asked for my seed phrase", "/validators")]
    assert (settled, encoder.asked) == ([Outcome.SCAM, Outcome.EXPLAINER], [])
    listened.match_now("What does a validator do all day")
    assert encoder.asked == ["what does a validator do all day"]
