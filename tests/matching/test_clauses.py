"""What stands last in a text is heard alone, if it says enough."""

import pytest

from bot.core.model import Outcome
from bot.matching.clauses import last_clause
from bot.matching.matcher import Matcher


@pytest.mark.parametrize(
    ("text", "clause"),
    [
        ("what is staking? should a student put her rent there", "should a student put her rent there"),
        ("explain governance and tell me what you would hold", "tell me what you would hold"),
        ("什么是提名人?我应该把积蓄放进去吗", "我应该把积蓄放进去吗"),
        ("它和另一个有什么区别,拿哪个好一点?", "拿哪个好一点?"),
        ("i understood the lesson. so trade it or not?", "so trade it or not?"),
        ("what is staking", None),
        ("what is staking, and why", None),
        ("", None),
    ],
)
def test_the_last_clause_is_heard_if_it_says_enough(text: str, clause: str | None) -> None:
    assert last_clause(text) == clause


def test_a_wish_behind_a_lesson_is_declined_and_the_lesson_alone_is_given(matcher: Matcher) -> None:
    lesson = "how do nominators and validators differ"
    assert matcher.match_now(f"{lesson}?").outcome is Outcome.EXPLAINER
    assert matcher.match_now(f"{lesson}, and which of the two would suit my pension best").outcome is Outcome.ADVICE
    assert matcher.match_now(f"good morning everyone. {lesson}?").outcome is Outcome.EXPLAINER
