"""The veto: what no explainer answers, and what it must leave to them."""

import pytest

from bot.matching.veto import veto


@pytest.mark.parametrize(
    "text",
    [
        "how many validators are there",
        "unbonding period?",
        "which wallet for ksm",
        "who founded kusama",
        "when is the next auction",
        "cuántos días tarda",
        "有多少个验证人",
        "сколько валидаторов",
        "kaç validatör var",
        "có bao nhiêu validator",
    ],
)
def test_an_amount_a_date_a_wallet_or_a_founder_is_not_answered(text: str) -> None:
    assert veto(text) is not None


@pytest.mark.parametrize(
    "text",
    ["what is a validator", "how does staking work", "why is kusama faster", "qué es una parachain", "什么是提名人"],
)
def test_a_question_about_what_something_is_stays(text: str) -> None:
    assert veto(text) is None
