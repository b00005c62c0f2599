"""Names: the exact one answers, the nearly typed one is offered."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.matching.names import NameIndex

INDEX = NameIndex(
    {
        "validators": ("Validators", "validator", "验证人"),
        "kusama-vs-polkadot": ("Kusama and Polkadot", "ksm vs dot"),
        "staking": ("Staking", "¿Qué es el staking?"),
    }
)


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("validators", "validators"),
        ("/Validators", "validators"),
        ("Validator?", "validators"),
        ("验证人", "validators"),
        ("kusamavspolkadot", "kusama-vs-polkadot"),
        ("/kusama_vs_polkadot", "kusama-vs-polkadot"),
        ("KSM vs DOT", "kusama-vs-polkadot"),
        ("¿que es el staking?", "staking"),
        ("validator of what", None),
        ("", None),
    ],
)
def test_a_name_is_known_in_all_its_spellings(text: str, command: str | None) -> None:
    assert INDEX.exact(text) == command


@pytest.mark.parametrize(
    ("typed", "command"),
    [("vald", "validators"), ("valdiator", "validators"), ("polka", "kusama-vs-polkadot"), ("stak", "staking")],
)
def test_a_typo_still_finds_the_topic_first(typed: str, command: str) -> None:
    assert INDEX.suggest(typed, 25)[0].command == command


def test_nothing_typed_gives_the_menu_in_its_order() -> None:
    assert [found.command for found in INDEX.suggest("", 2)] == ["validators", "kusama-vs-polkadot"]


def test_a_suggestion_carries_the_title() -> None:
    assert INDEX.suggest("ksm vs", 1)[0].title == "Kusama and Polkadot"


@given(st.text(st.characters(codec=None, exclude_categories=()), max_size=300), st.integers(1, 25))
def test_suggestions_are_never_empty_and_never_too_many(typed: str, limit: int) -> None:
    found = INDEX.suggest(typed, limit)
    assert len(found) == min(3, limit)
    assert all(0 <= suggestion.score <= 1 for suggestion in found)
