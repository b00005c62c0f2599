"""Each explainer is sealed once, and its digest changes with what is shown and with nothing else."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from bot.core.catalog import Catalog, Entry, Language
from bot.core.disclaimer import Reply, readdress, seal
from bot.core.model import Member, Notice, Outcome, Risk
from bot.core.sealed_catalog import SealedCatalog
from bot.core.spans import Bold, Paragraph, Text, flatten
from tests.builders import Folder, shipped

ENGLISH = shipped().default


def _changed(catalog: Catalog, **words: object) -> SealedCatalog:
    entry: Entry = replace(catalog.default.entries["whatiskusama"], **words)  # type: ignore[arg-type]  # a table of fields
    return SealedCatalog(
        _speaking(catalog, replace(catalog.default, entries={**ENGLISH.entries, "whatiskusama": entry}))
    )


def _speaking(catalog: Catalog, language: Language) -> Catalog:
    return replace(catalog, languages={**catalog.languages, "en": language})


def _sealed(edition: SealedCatalog, floor: Risk = Risk.GENERAL) -> Reply:
    reply = edition.explainer("whatiskusama", edition.catalog.default, floor)
    assert reply is not None
    return reply


def test_an_explainer_is_sealed_once_per_floor() -> None:
    edition = SealedCatalog(shipped())
    assert _sealed(edition) is _sealed(edition)
    assert _sealed(edition) is not _sealed(edition, Risk.HIGH)


def test_two_editions_of_the_same_content_give_the_same_digests() -> None:
    for command in shipped().explainers:
        for floor in Risk:
            one, two = (SealedCatalog(shipped()).explainer(command, ENGLISH, floor) for _ in range(2))
            assert one is not None
            assert two is not None
            assert one.digest == two.digest


def test_no_two_explainers_share_a_digest() -> None:
    edition = SealedCatalog(shipped())
    replies = [edition.explainer(command, ENGLISH, Risk.HIGH) for command in shipped().explainers]
    assert len({reply.digest for reply in replies if reply}) == len(replies)


@pytest.mark.parametrize(
    "words",
    [
        {"title": "Another"},
        {"summary": (Text("Another."),)},
        {"body": (Paragraph((Text("Another."),)),)},
        {"body": (Paragraph((Bold((Text("Bold"),)),)),)},
        {"risk": Risk.HIGH},
        {"see_also": ("staking",)},
        {"source": replace(ENGLISH.entries["whatiskusama"].source, line="Another")},
    ],
    ids=lambda words: next(iter(words)),
)
def test_whatever_is_shown_changes_the_digest(words: dict[str, object]) -> None:
    assert _sealed(_changed(shipped(), **words)).digest != _sealed(SealedCatalog(shipped())).digest


@pytest.mark.parametrize("words", [{"facts": ("x",)}, {"aliases": ("x",)}], ids=["facts", "aliases"])
def test_what_is_not_shown_does_not(words: dict[str, object]) -> None:
    assert _sealed(_changed(shipped(), **words)).digest == _sealed(SealedCatalog(shipped())).digest


def test_a_reworded_warning_and_a_raised_floor_change_the_digest() -> None:
    reworded = replace(ENGLISH, warnings={**ENGLISH.warnings, Risk.GENERAL: "⚠️ Anew. /risk"})
    digests = {
        _sealed(SealedCatalog(shipped())).digest,
        _sealed(SealedCatalog(_speaking(shipped(), reworded))).digest,
        _sealed(SealedCatalog(shipped()), Risk.ELEVATED).digest,
        _sealed(SealedCatalog(shipped()), Risk.HIGH).digest,
    }
    assert len(digests) == 4


def test_the_operators_floor_and_the_communitys_give_the_same_words() -> None:
    assert _sealed(SealedCatalog(shipped(), Risk.HIGH)).digest == _sealed(SealedCatalog(shipped()), Risk.HIGH).digest


def test_an_address_changes_no_digest() -> None:
    reply = _sealed(SealedCatalog(shipped()))
    assert readdress(reply, Member("1"), True).digest == reply.digest


def test_an_answer_says_from_the_day_after_that_its_review_is_overdue(tmp_path: Path) -> None:
    folder = Folder(tmp_path, "en")
    folder.write("en/answers/staking.yaml", folder.text("en/answers/staking.yaml") + "\nreview_by: 2027-01-31\n")
    today = [date(2027, 1, 31)]
    edition = SealedCatalog(folder.load(), today=lambda: today[0])

    def shown(command: str) -> Reply:
        reply = edition.explainer(command, edition.catalog.default, Risk.GENERAL)
        assert reply is not None
        return reply

    before, other = shown("staking"), shown("validators")
    today[0] = date(2027, 2, 1)
    assert shown("staking").source == f"{before.source} · review due since January 31, 2027"
    assert shown("staking").digest != before.digest  # so that pins follow
    assert shown("validators") is other


def test_an_unknown_explainer_is_none() -> None:
    assert SealedCatalog(shipped()).explainer("nothing", ENGLISH, Risk.HIGH) is None


def test_a_page_needs_its_slots_and_takes_the_buttons_it_is_given() -> None:
    edition = SealedCatalog(shipped())
    with pytest.raises(KeyError):
        edition.page("about", ENGLISH, Risk.GENERAL)
    page = edition.page("no-answer", ENGLISH, Risk.GENERAL, outcome=Outcome.NONE, commands=["staking", "gone"])
    assert [button.command for button in page.buttons] == ["staking"]
    assert (page.outcome, page.source) == (Outcome.NONE, None)


def test_the_operators_language_is_spoken_where_nobody_chose() -> None:
    spanish = replace(ENGLISH, locale="es")
    catalog = replace(shipped(), languages={"en": ENGLISH, "es": spanish})
    assert SealedCatalog(catalog, locale="es").language("de", None).locale == "es"
    assert SealedCatalog(catalog, locale="es").language("en").locale == "en"


def test_a_notices_rows_stand_below_it() -> None:
    rows = (Notice("stats-total", {"count": 3}), Notice("stats-unanswered", {"count": 1}))
    words = flatten(seal(Notice("stats", {"days": 30}, rows), ENGLISH, Risk.HIGH).body)
    first, below = words.split("\n\n")
    second, third = below.split("\n")
    assert "30" in first
    assert "3" in second
    assert "1" in third
