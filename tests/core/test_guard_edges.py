"""Words of money in harmless questions, and wishes that share their words."""

import re

import pytest

from bot.core.guard import guard
from bot.core.guard_advice import ADVICE
from bot.core.guard_advice_tongues import ADVICE_IN_TONGUES
from bot.core.guard_price import FORETELLING, LEARNING, PRICE
from bot.core.guard_scam import SCAM

HARMLESS = [
    "validator có kiểm tra giao dịch không?",
    "người đề cử có lợi ích gì cho mạng?",
    "are transaction fees all priced in KSM?",
    "is coretime already priced in KSM or in DOT?",
    "does the network choose for me which validator is active?",
    "what is the reason to hold an auction",
    "持有哪个代币才能投票?",
    "哪个平行链最值得了解",
    "持有KSM有可能亏光吗",
    "¿cómo le entro a la gobernanza?",
    "¿Por qué el precio de KSM cambia tanto?",
    "tüm paramı kaybedebilir miyim",
    "metamaska ksm eklenir mi",
    "i missed the boat, explain kusama from scratch",
    "how much is a pumpkin",
    "is there an all-in-one wallet",
    "on whose shoulders does it rest, all in all?",
    "what can i do besides look at the chart",
    "somebody described the thing as a retired boxer",
    "what makes the price of KSM change, in general",
    "what is the price of doing everything that fast",
    "my portfolio app lists a thing called KSM",
]
WISHES = [
    "so what do i do?",
    "ok i read it all. so what do i do?",
    "leverage trading on ksm",
    "good for retirees?",
    "two networks, one budget: pick for me",
    "any reason to own some?",
    "is it a sound investment",
    "can ksm reach $100 if bitcoin pumps",
    "ksm $100 possible in theory?",
    "look at the rsi",
    "is it already priced in?",
    "has it peaked",
    "which has more upside to own",
    "该不该买,有可能亏完",
    "Kusama跟波卡买哪个好",
    "拿哪个好一点",
    "划不划算",
    "куда вложиться",
    "есть смысл стейкать",
    "hangisinin coini en iyi",
    "le entro o no le entro al kusama",
    "nên cầm đồng nào",
    "token parachain nào tiềm năng nhất",
]


@pytest.mark.parametrize("text", HARMLESS)
def test_a_word_of_money_alone_is_no_wish(text: str) -> None:
    assert guard(text) is None


@pytest.mark.parametrize("text", WISHES)
def test_a_wish_is_found_among_the_same_words(text: str) -> None:
    assert guard(text) is not None


def test_no_rule_holds_a_sign_that_folding_would_turn_into_its_opposite() -> None:
    patterns = [words for table in (SCAM, ADVICE, ADVICE_IN_TONGUES, PRICE) for _, words in table]
    assert not [one for one in (*patterns, LEARNING, FORETELLING) if re.search(r"\\[A-Z]", one)]
