"""The explainers' names as the shipped content has them, and one engine of each kind for all tests."""

import pytest

from bot.matching.evaluate import ANSWERS, names_from
from bot.matching.matcher import Matcher, load_engine
from bot.matching.names import Names


@pytest.fixture(scope="session")
def names() -> Names:
    return names_from(ANSWERS)


@pytest.fixture(scope="session")
def matcher(names: Names) -> Matcher:
    """The best this machine has."""
    engine = load_engine()
    return Matcher(lambda: names, lambda: engine)


@pytest.fixture(scope="session")
def fallback(names: Names) -> Matcher:
    """The one without an encoder."""
    engine = load_engine(semantic=False)
    return Matcher(lambda: names, lambda: engine)
