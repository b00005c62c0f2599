"""The shipped content, and one engine of each kind for all tests."""

import os

import pytest

from bot.matching.matcher import Knowledge, Matcher, load_engine
from tests.builders import RESPONSES, shipped


@pytest.fixture(scope="session")
def knowledge() -> Knowledge:
    return Knowledge.of(shipped())


@pytest.fixture(scope="session")
def matcher(knowledge: Knowledge) -> Matcher:
    """The one with an encoder. Where that cannot be had its tests are skipped, unless REQUIRE_SEMANTIC says no."""
    engine = load_engine(RESPONSES)
    if engine.encoder is None:
        assert not os.environ.get("REQUIRE_SEMANTIC"), "the encoder is missing: make semantic"
        pytest.skip("no encoder here: make semantic tries to install one")
    return Matcher(lambda: knowledge, lambda: engine)


@pytest.fixture(scope="session")
def fallback(knowledge: Knowledge) -> Matcher:
    """The one without an encoder."""
    engine = load_engine(RESPONSES, semantic=False)
    return Matcher(lambda: knowledge, lambda: engine)
