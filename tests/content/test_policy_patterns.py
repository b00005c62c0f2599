"""Patterns that call for a policy reply are content: each has a phrase that it catches and one that it spares."""

from pathlib import Path

import pytest
import yaml

from bot.core.model import Outcome
from bot.core.normalise import LONGEST_READ, normalise, undisguised
from bot.core.policy_patterns import compiled, first_match
from tests.builders import RESPONSES, Folder, shipped

FILES = sorted(RESPONSES.glob("*/policy_patterns.yaml"))
PATTERNS = [words for file in FILES for words in yaml.safe_load(file.read_text("utf-8"))["patterns"]]
WRITTEN = """patterns:
- name: give-away
  outcome: scam
  pattern: '{pattern}'
  catches: {catches}
  spares: {spares}
"""


def problem(tmp_path: Path, **words: str) -> str:
    folder = Folder(tmp_path, "en")
    folder.write("en/policy_patterns.yaml", WRITTEN.format(**words))
    (found,) = folder.problems()
    return str(found)


def test_every_shipped_language_has_patterns_and_the_catalog_holds_them_all() -> None:
    assert {file.parent.name for file in FILES} == set(shipped().languages)
    assert len(shipped().patterns) == len(PATTERNS)


@pytest.mark.parametrize("words", PATTERNS, ids=[words["catches"] for words in PATTERNS])
def test_a_shipped_pattern_catches_its_phrase_and_no_pattern_catches_what_one_spares(words: dict[str, str]) -> None:
    caught, spared = (undisguised(normalise(words[key])) for key in ("catches", "spares"))
    assert first_match(caught, shipped().patterns)
    assert first_match(spared, shipped().patterns) is None


def test_a_pattern_that_misses_its_phrase_or_catches_the_other_is_refused_by_line(tmp_path: Path) -> None:
    missed = problem(tmp_path, pattern="free coins", catches="Take a gift.", spares="Is it free?")
    assert missed.startswith("en/policy_patterns.yaml:5: is not matched by the pattern")
    caught = problem(tmp_path, pattern="gift|free", catches="Take a gift.", spares="Is it free?")
    assert caught.startswith("en/policy_patterns.yaml:6: is matched by the pattern")


@pytest.mark.parametrize(
    ("pattern", "why"),
    [
        (r"gift\W", r"“\W” would become its opposite"),
        ("(gift", "is no regular expression: missing )"),
        ("gift(?= coins)", "is no regular expression"),
        ("(?:gift{0,1000}){0,1000}", "is no regular expression"),
        (r"(?:\pl|gift){0,9}", "is no regular expression"),
    ],
)
def test_a_pattern_that_is_too_large_or_is_none_is_refused_with_what_to_do(
    tmp_path: Path, pattern: str, why: str
) -> None:
    found = problem(tmp_path, pattern=pattern, catches="Take a gift.", spares="Is it free?")
    assert found.startswith("en/policy_patterns.yaml:4: the pattern")
    assert why in found


@pytest.mark.parametrize("pattern", ["(?:(?:a{0,9}){0,9}){0,9}b!c", "(?:a|a|a){0,30}b!c", "(?:a*)*b!c"])
def test_no_pattern_takes_longer_than_in_proportion_to_a_text(pattern: str) -> None:
    assert compiled(pattern).search("a" * LONGEST_READ) is None


def test_the_gravest_pattern_comes_first(tmp_path: Path) -> None:
    folder = Folder(tmp_path, "en", "es")
    price = WRITTEN.format(pattern="gift", catches="A gift.", spares="Free.").replace("scam", "price")
    folder.write("en/policy_patterns.yaml", price)
    first, *_, last = folder.load().patterns
    assert (first.outcome, last.outcome) == (Outcome.SCAM, Outcome.PRICE)


def test_a_pattern_is_compared_without_accents_and_case() -> None:
    assert compiled("Cuánto").search("cuanto")


def test_a_language_needs_no_patterns_of_its_own(tmp_path: Path) -> None:
    folder = Folder(tmp_path, "en", "es")
    both = folder.load().patterns
    (folder.path / "es" / "policy_patterns.yaml").unlink()
    assert 0 < len(folder.load().patterns) < len(both)
