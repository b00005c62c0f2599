"""The guard: what must never reach an explainer, and what it must leave alone; and that no text can hurt it."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.guard import LONGEST, Policy, fold, guard, normalise
from tests.costs import ratio

ANY_TEXT = st.text(st.characters(codec=None, exclude_categories=()), max_size=3_000)

SCAMS = [
    "an admin messaged me and wants my recovery phrase",
    "is the airdrop real",
    "un admin me escribió por privado",
    "客服私信我要助记词",
    "админ написал мне в личку и просит сид фразу",
    "admin bana özelden yazdı",
    "có người hỏi cụm từ khôi phục của tôi",
]
ADVICE = [
    "should I buy KSM?",
    "is staking worth it",
    "vale la pena comprar ksm",
    "现在可以买吗",
    "стоит ли покупать ksm",
    "ksm alınır mı",
    "có nên mua ksm không",
]
PRICES = [
    "ksm price prediction",
    "how high can ksm go",
    "cuánto va a valer ksm",
    "ksm会涨吗",
    "прогноз цены ksm",
    "ksm kaç dolar olur",
    "giá ksm hôm nay",
]
LESSONS = [
    "is staking risky?",
    "what is ksm used for",
    "why is ksm volatile",
    "does the price of ksm depend on the market?",
    "qué es un validador",
    "kusama有哪些风险",
    "что влияет на волатильность цены ksm",
    "kusama nasıl çalışır",
    "rủi ro của kusama là gì",
    "who decides about upgrades",
    "why is kusama considered risky",
    "what should one understand before trading this token",
    "is it a good idea to build on kusama",
    "how do i contact the team",
    "where is the official website",
    "was the network ever hacked",
    "what is a candle auction",
    "how many collators should i run",
    "what is the risk of investing in ksm",
    "cómo compro ksm con tarjeta",
    "持有ksm有风险吗",
    "下一次拍卖是什么时候",
    "kusama ne zaman çıktı",
    "ksm nereden alınır",
    "mạng này có bẫy gì không",
]


@pytest.mark.parametrize("text", SCAMS)
def test_a_scam_pattern_is_found_in_every_language(text: str) -> None:
    assert (found := guard(text)) is not None
    assert found.policy is Policy.SCAM


@pytest.mark.parametrize("text", ADVICE)
def test_a_request_for_advice_is_found_in_every_language(text: str) -> None:
    assert (found := guard(text)) is not None
    assert found.policy is Policy.ADVICE


@pytest.mark.parametrize("text", PRICES)
def test_a_request_for_a_price_is_found_in_every_language(text: str) -> None:
    assert (found := guard(text)) is not None
    assert found.policy is Policy.PRICE


@pytest.mark.parametrize("text", LESSONS)
def test_a_wish_to_learn_is_left_alone(text: str) -> None:
    assert guard(text) is None


def test_a_scam_outweighs_advice_and_advice_a_price() -> None:
    assert guard("should i buy ksm, an admin asked for my seed phrase, price prediction?") is not None
    both = guard("should i buy, what is your price prediction")
    grave = guard("should i buy or is the airdrop real, price prediction?")
    assert (both and both.policy, grave and grave.policy) == (Policy.ADVICE, Policy.SCAM)


def test_a_lesson_about_swings_becomes_a_price_question_when_it_asks_what_will_be() -> None:
    assert guard("ksm price volatility in the market") is None
    found = guard("given the volatility, what is your ksm price prediction")
    assert found is not None
    assert found.policy is Policy.PRICE


@pytest.mark.parametrize(
    "text",
    [
        "SHOULD I BUY KSM",
        "s\u200bhould i b\u200duy ksm",
        "ｓｈｏｕｌｄ ｉ ｂｕｙ ｋｓｍ",
        "should\ti\nbuy\x00 ksm",
        "shöuld í búy ksm",
    ],
)
def test_disguises_do_not_get_past_the_rules(text: str) -> None:
    assert (found := guard(text)) is not None
    assert found.policy is Policy.ADVICE


def test_a_question_at_the_end_of_a_wall_of_text_is_read() -> None:
    assert (found := guard("so " * 5_000 + "should i buy ksm")) is not None
    assert found.policy is Policy.ADVICE


@settings(max_examples=200, deadline=None)
@given(ANY_TEXT)
def test_whatever_is_normalised_is_short_visible_and_can_be_encoded(text: str) -> None:
    made = normalise(text)
    made.encode()
    assert len(made) <= LONGEST
    assert not any(unicodedata.category(char) in {"Cc", "Cf", "Cs"} for char in made)


@settings(max_examples=200, deadline=None)
@given(ANY_TEXT)
def test_no_text_makes_the_guard_raise(text: str) -> None:
    found = guard(text)
    assert found is None or isinstance(found.policy, Policy)


@given(ANY_TEXT)
def test_folding_keeps_no_accent(text: str) -> None:
    assert not any(unicodedata.category(char) == "Mn" for char in fold(text))


@pytest.mark.parametrize(
    "piece",
    [
        "a",
        "should i ",
        "price will ",
        "how much ",
        "\u0301",
        "\ufdfa",
        "在",
        "seed ",
        "support dm ",
        "\ud800",
        "\x00",
        "😂",
        "wo",
    ],
)
def test_a_hundred_thousand_characters_cost_no_more_than_a_long_message(piece: str) -> None:
    flood, message = piece * (100_000 // len(piece)), "what does a validator do, in short? " * (4_000 // 36)
    assert ratio(lambda: guard(flood), lambda: guard(message)) < 5  # 2 as a rule
