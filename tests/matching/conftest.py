"""The explainers' names as the shipped content has them, and one engine of each kind for all tests."""

import os

import pytest

from bot.matching.evaluate import ANSWERS, names_from
from bot.matching.matcher import Matcher, load_engine
from bot.matching.names import Names


@pytest.fixture(scope="session")
def names() -> Names:
    return names_from(ANSWERS)


@pytest.fixture(scope="session")
def matcher(names: Names) -> Matcher:
    """The one with an encoder. Where that cannot be had its tests are skipped, unless REQUIRE_SEMANTIC says no."""
    engine = load_engine()
    if engine.encoder is None:
        assert not os.environ.get("REQUIRE_SEMANTIC"), "the encoder is missing: make semantic"
        pytest.skip("no encoder here: make semantic tries to install one")
    return Matcher(lambda: names, lambda: engine)


@pytest.fixture(scope="session")
def fallback(names: Names) -> Matcher:
    """The one without an encoder."""
    engine = load_engine(semantic=False)
    return Matcher(lambda: names, lambda: engine)
