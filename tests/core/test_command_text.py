"""Whatever people type for a command or a topic, its name is found in it, and nothing else is."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.command_text import addressed, after_slash, spelling, split_command, without_separators
from tests.builders import shipped

NAMES = shipped().spellings
TOPICS = sorted(
    {(name, entry.command) for language in shipped().languages.values() for entry in language.entries.values()
     for name in (entry.command, entry.title, *entry.aliases)}
)  # fmt: skip
JOINTS = [
    "-",
    "_",
    " ",
    "",
    "\u2010",
    "\u2011",
    "\u2013",
    "\u2014",
    "\u2212",
    "/",
    "\u2044",
    "\u00a0",
    "\u200b",
    " \u2014 ",
    "'",
]
ENDS = ["", "?", "!", ",", ".", "?!", "\u3002", "\uff1f", "\uff01", "\u061f", "\u2026", " ", "\u200b", "\u203c\ufe0f"]
CASES = [str, str.lower, str.upper, str.title]
FORMS = ["NFC", "NFD", "NFKC", "NFKD"]
ANY = st.text(st.characters(codec=None, exclude_categories=()), max_size=400)


@given(
    st.sampled_from(TOPICS),
    st.sampled_from(JOINTS),
    st.sampled_from(ENDS),
    st.sampled_from(CASES),
    st.sampled_from(FORMS),
)
def test_every_name_alias_and_title_is_found_in_every_spelling(topic, joint, end, case, form) -> None:  # type: ignore[no-untyped-def]
    name, wanted = topic
    typed = unicodedata.normalize(form, case(joint.join(re.split(r"[-\s]+", name)))) + end
    assert shipped().find(typed) == wanted
    assert split_command(typed, NAMES)[0] == wanted


@given(st.sampled_from(sorted(shipped().by_name)), st.sampled_from(ENDS), st.text("абв xyz?¿👋-—\u200b", max_size=20))
def test_what_stands_behind_a_command_is_kept_without_the_punctuation_between(name: str, end: str, text: str) -> None:
    if shipped().by_name[name].kind == "slash":
        found = split_command(f"{name}{end} {text}", NAMES)
        assert found == (name, without_separators(text)) or len(found[0]) > len(name)


@given(ANY, ANY)
def test_no_text_raises_and_all_that_is_read_was_typed(text: str, name: str) -> None:
    found, behind = split_command(text, NAMES)
    assert found in shipped().by_name or found in NAMES.values() or found in text
    assert behind in text
    assert spelling(spelling(text)) == spelling(text) or len(text) > 240
    assert addressed(text, name) is None or len(str(addressed(text, name))) <= len(text)
    assert after_slash(text) is None or text.endswith(str(after_slash(text)))


def test_every_title_of_every_language_is_a_name() -> None:
    assert len({title for title, _ in TOPICS}) >= 120
    assert {shipped().find(title) == wanted for title, wanted in TOPICS} == {True}


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("ask: what is ksm?", ("ask", "what is ksm?")),
        ("ask \u00bfqu\u00e9 es ksm?", ("ask", "\u00bfqu\u00e9 es ksm?")),
        ("ask\u4ec0\u4e48\u662fKSM\uff1f", ("ask", "\u4ec0\u4e48\u662fKSM\uff1f")),
        ("ask\n/risk", ("ask", "/risk")),
        ("kusama vs polkadot please", ("kusama-vs-polkadot", "please")),
        ("pin What is KSM?", ("pin", "What is KSM?")),
        ("ask 👋 ?", ("ask", "👋 ?")),
        ("ask_admin now", ("ask_admin", "now")),
        ("_what_is_ksm_", ("whatisksm", "")),
        ("risky business", ("risky", "business")),
        ("foo bar", ("foo", "bar")),
        ("foo", ("foo", "")),
        ("", ("", "")),
        ("start Kusama_vs_Polkadot", ("start", "Kusama_vs_Polkadot")),
    ],
)
def test_the_longest_name_at_the_start_is_the_command(typed: str, expected: tuple[str, str]) -> None:
    assert split_command(typed, NAMES) == expected


def test_a_name_is_looked_for_at_the_start_of_a_long_text_alone() -> None:
    lookups = 0

    class Counted(dict[str, str]):
        def get(self, key: str, default: object = None) -> None:  # type: ignore[override]
            nonlocal lookups
            lookups += 1

    split_command("\u044f " * 100_000, Counted())
    assert lookups <= 240
