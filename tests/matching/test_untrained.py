"""An explainer that nothing was trained on is found by the questions beside it, and draws no other's questions away."""

from dataclasses import replace

import pytest

from bot.core.model import Outcome
from bot.matching.matcher import Engine, Knowledge, Matcher, load_engine
from bot.matching.untrained import threshold
from tests.builders import RESPONSES

QUESTIONS = {
    "pelicans": [
        "which birds nest on the island",
        "do pelicans breed here",
        "when can one watch the pelicans",
        "¿hay pelícanos en la isla?",
        "где гнездятся пеликаны",
        "岛上有鹈鹕吗",
    ],
    "validators": ["who looks after the pelicans"],
}
ASKED = ["are there pelicans", "where do the birds breed", "pelicans?", "можно ли увидеть пеликанов"]
OTHERS = ["what is a validator", "how does staking work", "is kusama a testnet", "what is ksm used for"]


def with_pelicans(knowledge: Knowledge, engine: Engine) -> Matcher:
    known = replace(knowledge, names={**knowledge.names, "pelicans": ("Pelicans of the island",)}, questions=QUESTIONS)
    return Matcher(lambda: known, lambda: engine)


@pytest.fixture(scope="module")
def pelicans(knowledge: Knowledge, matcher: Matcher) -> Matcher:
    return with_pelicans(knowledge, matcher.engine)


@pytest.mark.parametrize("text", ASKED)
def test_a_new_explainer_is_found_by_its_questions(pelicans: Matcher, text: str) -> None:
    found = pelicans.match_now(text)
    assert (found.outcome, found.command) == (Outcome.EXPLAINER, "pelicans")
    assert found.suggestions[0].command == "pelicans"


@pytest.mark.parametrize("text", OTHERS)
def test_it_draws_no_other_explainers_question_away(pelicans: Matcher, matcher: Matcher, text: str) -> None:
    assert pelicans.match_now(text).command == matcher.match_now(text).command


def test_a_wish_for_advice_is_declined_though_it_has_the_new_words(pelicans: Matcher) -> None:
    found = pelicans.match_now("should i buy the pelican coin before it goes up")
    assert found.command is None


def test_without_the_encoder_it_is_found_by_its_words(knowledge: Knowledge) -> None:
    engine = load_engine(RESPONSES, semantic=False)
    found = with_pelicans(knowledge, engine)
    assert found.match_now("do pelicans breed here?").command == "pelicans"
    assert found.match_now("what is a validator").command == "validators"


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("Who looks after the pelicans?", "validators"),
        ("which birds nest on the island", "pelicans"),
        ("who else looks after all of those pelicans", "pelicans"),
    ],
)
def test_a_question_word_for_word_finds_its_answer_whatever_else_is_alike(
    pelicans: Matcher, text: str, command: str
) -> None:
    assert pelicans.match_now(text).command == command


def test_new_questions_count_at_the_next_question(knowledge: Knowledge) -> None:
    engine = load_engine(RESPONSES, semantic=False)
    now = replace(knowledge, names={**knowledge.names, "pelicans": ("Birds",)})
    matcher = Matcher(lambda: now, lambda: engine)
    assert matcher.match_now("do pelicans breed here?").command != "pelicans"
    now = replace(now, questions=QUESTIONS)
    assert matcher.match_now("do pelicans breed here?").command == "pelicans"


def test_a_topic_far_from_all_others_takes_texts_from_further_away() -> None:
    assert threshold([400.0, 500.0]) < threshold([40.0, 50.0]) < threshold([4.0, 5.0])
