"""Any text is made short, visible and comparable; disguises come off and honest words stay as they are."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.normalise import LONGEST, fold, normalise, undisguised
from tests.costs import ratio

ANY_TEXT = st.text(st.characters(codec=None, exclude_categories=()), max_size=3_000)
DISGUISED = [
    ("b u y ksm", "buy ksm"),
    ("s.h.o.u.l.d I b.u.y", "should i buy"),
    ("s-e-e-d p-h-r-a-s-e needed?", "seed phrase needed?"),
    ("ѕhоuld і buу іt", "should i buy it"),
    ("the risks, вuу оr sеll?", "the risks, buy or sell?"),
    ("bսy now", "buy now"),
    ("Ᏼuy now", "buy now"),
    ("5h0uld 1 8uy 17", "should i buy it"),
    ("ｂｕｙ ksm", "buy ksm"),
    ("𝓫𝓾𝔂 ksm", "buy ksm"),
    ("ʙᴜʏ ᴋꜱᴍ", "buy ksm"),
    ("🅱🆄🆈 now", "buy now"),
    ("🇧🇺🇾 now", "buy now"),
    ("b\u200bu\u200dy\u00ad now", "buy now"),
    ("кyпи kusama", "купи kusama"),
    ("п о к у п а й", "покупай"),
    ("要 不 要 买 ksm", "要不要买 ksm"),
]
HONEST = [
    "what is kusama",
    "web3",
    "kusama的风险",
    "кто такие валидаторы",
    "а как там kusama",
    "e.g. a parachain",
    "kusama ne işe yarıyor, ağ nasıl işliyor",
    "người đề cử là gì",
    "¿qué es ksm?",
    "τι είναι το kusama",
    "a b",
]


@pytest.mark.parametrize(("text", "read"), DISGUISED)
def test_a_disguise_comes_off(text: str, read: str) -> None:
    assert undisguised(normalise(text)) == read


@pytest.mark.parametrize("text", HONEST)
def test_a_text_without_disguise_stays_as_it_is(text: str) -> None:
    assert undisguised(normalise(text)) == text


@settings(max_examples=200, deadline=None)
@given(ANY_TEXT)
def test_whatever_is_normalised_is_short_visible_and_can_be_encoded(text: str) -> None:
    made = normalise(text)
    made.encode()
    assert len(made) <= LONGEST
    assert not any(unicodedata.category(char) in {"Cc", "Cf", "Cs"} for char in made)


@settings(max_examples=200, deadline=None)
@given(ANY_TEXT)
def test_no_text_makes_undisguising_raise(text: str) -> None:
    undisguised(normalise(text)).encode()


@given(ANY_TEXT)
def test_folding_keeps_no_accent(text: str) -> None:
    assert not any(unicodedata.category(char) == "Mn" for char in fold(text))


def test_combining_marks_out_of_order_cost_no_more_than_other_signs() -> None:
    marks = sorted(map(chr, range(0x300, 0x34F)), key=lambda char: -unicodedata.combining(char))
    hostile, twin = "a" + "".join(char for char in marks for _ in range(50)), "é ñ ö кто 中文 " * 280
    assert ratio(lambda: normalise(hostile), lambda: normalise(twin)) < 20


def test_more_marks_on_a_letter_than_any_language_writes_are_left_out() -> None:
    assert normalise("z" + "\u0323" * 400 + "algo") == "ẓ" + "\u0323" * 29 + "algo"
    assert normalise("Việt ngữ क्षत्रिय שָׁלוֹם") == unicodedata.normalize("NFKC", "Việt ngữ क्षत्रिय שָׁלוֹם")
