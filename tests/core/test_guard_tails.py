"""A lesson with a wish hung on it, long walls and disguises: what the guard must see there, and what it must not."""

import pytest

from bot.core.guard import Policy, guard
from bot.core.guard_disguise import undisguised

ADVICE = [
    "What are the risks of Kusama and can my pension stomach them?",
    "how does staking work and is my 3k safe there",
    "how does governance work and which proposal do we back",
    "what do validators do, and which ones pay best?",
    "is kusama still relevant, or do i bail?",
    "is kusama relevant? deciding whether to hold on to my tokens",
    "the network is alive, thinking of jumping ship",
    "ksm is volatile, so what do i do",
    "so it has real value, that means i grab some, correct?",
    "name the uses of ksm and give it a rating from A to F",
    "is this network too risky for me",
    "what is market risk and is it acceptable for a single mom",
    "does voting make the token desirable to have",
    "why do devs use it and why not just flip the token",
    "what is ksm for and why should i own any?",
    "why is it riskier and would you still touch it",
    "relay chain, parachains, fine: in or out?",
    "para qué sirve ksm y por qué debería tener",
    "diferencia entre las dos redes y cuál me conviene",
    "sigue siendo relevante o me salgo",
    "风险有哪些，普通人碰得起吗",
    "两个网络的区别，哪个更有前途",
    "какие риски и потянет ли их пенсионер",
    "сеть актуальна или уже выходить",
    "riskleri neler, emekli biri kaldırır mı",
    "iki ağın farkı ne, bana hangisi uygun",
    "ksm để làm gì, mình có cần sở hữu không",
    "mạng này còn quan trọng không hay nên thoát",
    "is it a testnet or something i could make a fortune on",
    "explain collators, then name the one you'd bet on",
    "why do developers use it, and why should my cash follow them",
    "qué es un nominador y me sale a cuenta serlo",
    "staking是什么，散户玩合适吗",
    "nominator là gì, mình làm có ăn không",
]
PRICES = [
    "explain market risk, then estimate how far it can fall",
    "is kusama still relevant and will it explode",
    "the two networks: which token climbs more",
    "does staking push the token up",
    "can a vote sink the price",
    "how bad can the risk get in dollars",
    "explica el riesgo y calcula cuánto puede caer",
    "риск рынка: на сколько ещё может просесть",
    "piyasa riski: daha ne kadar düşebilir",
    "rủi ro thị trường, còn rớt sâu cỡ nào",
    "is the network still relevant price wise",
    "market risk: how many percent down from here",
]
SCAMS = [
    "is it part of the network that i send 2 KSM and get 4?",
    "i transfer it to her validator and she sends it back doubled",
    "a staking pool with 5% per day",
    "отправь 1 KSM получи 2",
]
DISGUISED = [
    ("What is Kusama? s h o u l d i b u y i t", Policy.ADVICE),
    ("what is it for and ѕhоuld і buу іt", Policy.ADVICE),
    ("the risks, вuу оr sеll?", Policy.ADVICE),
    ("s.h.o.u.l.d I b.u.y", Policy.ADVICE),
    ("what is ksm, 5h0uld 1 8uy 17", Policy.ADVICE),
    ("要 不 要 买 ksm", Policy.ADVICE),
    ("с т о и т л и п о к у п а т ь", Policy.ADVICE),
    ("k s m p r i c e", Policy.PRICE),
    ("s-e-e-d p-h-r-a-s-e needed?", Policy.SCAM),
]
LESSONS = [
    "how do i put a parachain online",
    "which validators do nominators back",
    "do i keep my tokens when i nominate",
    "which network do i choose for testing my dapp",
    "what do i do as a nominator",
    "i am new here, what do i do now",
    "what can i do with ksm",
    "do i need ksm or dot to vote",
    "where do i buy ksm",
    "what makes kusama attractive to developers",
    "is kusama too fast for a bank",
    "is kusama suitable for developers",
    "why would i want to build on kusama",
    "would you explain what nominators pick",
    "can validators opt in or out",
    "can tokens be moved in or out of a parachain",
    "who decides whether to keep a proposal",
    "can nominators get rid of a bad validator",
    "are fees paid in dollars",
    "how bad can a bug get",
    "how do parachains send ksm down to the relay chain",
    "how does voting push the network forward",
    "can a bug crash the network",
    "what percentage of holders vote per day",
    "doubling of validators",
    "does web3 use 2fa on kusama",
    "which one would you call a testnet",
    "what percent of holders vote",
    "小白适合学习kusama吗",
    "me conviene usar kusama para probar mi parachain",
    "要不要跑节点才能成为验证人",
    "哪个更快 kusama 还是 polkadot",
    "валидаторы или коллаторы кто важнее",
    "bana göre kusama bir testnet, doğru mu",
    "tôi có cần giữ ksm để bỏ phiếu không",
    "mạng có chịu được nhiều giao dịch không",
]
WALL = "Validators secure the network and nominators back them. "


@pytest.mark.parametrize("text", ADVICE)
def test_a_lesson_that_ends_in_a_wish_for_advice_asks_for_advice(text: str) -> None:
    assert (found := guard(text)) is not None
    assert found.policy is Policy.ADVICE


@pytest.mark.parametrize("text", PRICES)
def test_a_lesson_that_ends_in_a_price_asks_for_a_price(text: str) -> None:
    assert (found := guard(text)) is not None
    assert found.policy is Policy.PRICE


@pytest.mark.parametrize("text", SCAMS)
def test_a_promise_to_multiply_is_a_scam_pattern(text: str) -> None:
    assert (found := guard(text)) is not None
    assert found.policy is Policy.SCAM


@pytest.mark.parametrize(("text", "policy"), DISGUISED)
def test_letters_set_apart_swapped_or_made_digits_are_read_as_words(text: str, policy: Policy) -> None:
    assert (found := guard(text)) is not None
    assert found.policy is policy


@pytest.mark.parametrize("text", LESSONS)
def test_a_lesson_with_similar_words_is_left_alone(text: str) -> None:
    assert guard(text) is None


@pytest.mark.parametrize("around", [5, 18, 36])
def test_a_wish_in_the_middle_of_the_longest_message_is_read(around: int) -> None:
    text = WALL * around + "Should I buy KSM? " + WALL * around
    assert len(text) < 4_096
    assert (found := guard(text)) is not None
    assert found.policy is Policy.ADVICE


@pytest.mark.parametrize("text", ["what is kusama", "web3", "kusama的风险", "кто такие валидаторы", "e.g. a parachain"])
def test_a_text_without_disguise_stays_as_it_is(text: str) -> None:
    assert undisguised(text) == text
