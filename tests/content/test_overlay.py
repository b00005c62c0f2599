"""A community's folder over the shipped pack: what it adds and replaces, and what it may not touch."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.content.files import quoted
from bot.content.live_content import LiveContent
from bot.content.loader import load
from bot.content.watch import changes
from bot.core.catalog import Catalog
from bot.core.errors import ContentError
from bot.core.model import Outcome, Risk
from bot.core.review import reviews
from bot.core.sealed_catalog import SealedCatalog
from bot.core.spans import flatten
from bot.matching.matcher import Knowledge, Matcher, load_engine
from tests.builders import FITS, RESPONSES, ROOT, Folder

EN, ES = "en/answers/meetups.yaml", "es/answers/meetups.yaml"
SOURCE = """
article:
  revision: "000000000001"
  title: House rules of the Berlin meetup
  url: https://berlin.example/rules
names: [Berlin, Moonbeam]
menu: [meetups]
sections:
- id: meetings
  heading: When we meet
  headings: {es: Cuándo nos reunimos}
  facts:
  - {id: meet-monthly, claim: People meet in Berlin every month at 19:00.}
  - {id: meet-open, claim: Anybody may come and nothing is sold.}
"""
ANSWER = """
title: When does the community meet?
summary: People meet in Berlin every month at 19:00.
body: |
  Anybody may come, also people who have only heard of Kusama or Moonbeam. Nothing is sold there, and nobody asks what
  you own.

  Bring a question: most evenings begin with one. What the network is, you can read in /whatiskusama before you come.
risk: general
section: meetings
facts: [meet-monthly, meet-open]
checked: 2026-11-30
revision: "000000000001"
see_also: [whatiskusama]
aliases: [stammtisch]
questions:
  en: [when is the next meetup, where do people meet]
"""
OTHER = ANSWER.replace("aliases: [stammtisch]\n", "").replace("When does", "Where does")
SPANISH = """
title: ¿Cuándo se reúne la comunidad?
summary: La gente se reúne en Berlin cada mes a las 19:00.
body: |
  Puede venir cualquiera, también quien solo ha oído hablar de Kusama. Allí no se vende nada y nadie te pregunta qué
  tienes.

  Trae una pregunta: casi todas las tardes empiezan con una. Qué es la red se puede leer antes en /whatiskusama.
checked: 2026-11-30
revision: "000000000001"
"""


class Overlay(Folder):
    """A folder of a community, over a copy of the shipped pack in English and Spanish."""

    def __init__(self, path: Path) -> None:
        self.pack = Folder(path, "en", "es")
        self.path = path / "community"
        self.write("source.yaml", SOURCE)
        self.write(EN, ANSWER)

    def load(self) -> Catalog:
        return load([self.pack.path, self.path], FITS)

    def told(self) -> list[str]:
        """The problems, without the way to the folders."""
        return [str(one).replace(f"{self.path.parent}/", "") for one in self.problems()]


@pytest.fixture
def overlay(tmp_path: Path) -> Overlay:
    return Overlay(tmp_path)


def test_an_added_answer_stands_behind_the_packs_and_says_whose_it_is(overlay: Overlay) -> None:
    catalog = overlay.load()
    assert catalog.article == "000000000001"  # what a new answer begins with
    assert list(catalog.explainers)[-1] == "meetups"
    assert catalog.find("Stammtisch") == "meetups"
    entry = catalog.default.entries["meetups"]
    whose = "House rules of the Berlin meetup · https://berlin.example/rules"
    assert entry.source.line == f"Source: “When we meet” · checked November 30, 2026 · {whose}"
    assert "House rules" not in catalog.default.entries["whatiskusama"].source.line
    overlay.edit("source.yaml", "heading: When we meet", "heading: House rules of the Berlin meetup")
    assert overlay.load().default.entries["meetups"].source.line.count("House rules") == 1
    assert catalog.claims["meet-open"] == "Anybody may come and nothing is sold."


def test_the_page_about_names_every_overlay_in_the_readers_language(overlay: Overlay) -> None:
    sealed = SealedCatalog(overlay.load())
    values = dict.fromkeys(("version", "revision", "reviewed", "reason"), ())
    for locale, words in (("en", "Answers whose source line names"), ("es", "Las respuestas cuya línea de fuente")):
        body = flatten(sealed.page("about", sealed.language(locale), Risk.GENERAL, values=values).body)
        (line,) = [line for line in body.splitlines() if words in line]
        assert body.split("\n\n")[2] == line  # behind the paragraph that says what all the others rest on
        assert "House rules of the Berlin meetup" in line
        assert line.endswith("https://berlin.example/rules")


def test_an_overlay_translates_its_own_answers_and_those_of_the_pack(overlay: Overlay) -> None:
    overlay.write(ES, SPANISH)
    overlay.write(
        "es/answers/whatisksm.yaml", overlay.pack.text("es/answers/whatisksm.yaml").replace("KSM?", "el KSM?")
    )
    spanish = overlay.load().languages["es"].entries
    assert "“" not in spanish["meetups"].source.line
    assert "«Cuándo nos reunimos»" in spanish["meetups"].source.line
    assert "House rules" in spanish["meetups"].source.line
    assert "el KSM?" in spanish["whatisksm"].title
    assert "House rules" not in spanish["whatisksm"].source.line


def test_a_replaced_answer_loses_the_packs_translations_and_keeps_its_place(overlay: Overlay) -> None:
    before = list(overlay.load().explainers)
    overlay.write(
        "en/answers/canary-network.yaml",
        OTHER,
    )
    catalog = overlay.load()
    assert list(catalog.explainers) == before
    assert "House rules" in catalog.default.entries["canary-network"].source.line
    assert "canary-network" not in catalog.languages["es"].entries


def test_an_answer_may_be_replaced_though_another_begins_with_a_word_that_only_it_had(overlay: Overlay) -> None:
    overlay.write("en/answers/governance.yaml", OTHER)
    assert "House rules" in overlay.load().default.entries["governance"].source.line


def test_a_replaced_answer_is_never_quieter_than_the_packs(overlay: Overlay) -> None:
    overlay.write("en/answers/staking.yaml", OTHER)
    line = overlay.line("en/answers/staking.yaml", "risk:")
    assert overlay.told() == [
        f"community/en/answers/staking.yaml:{line}: has a lower risk than the answer that it replaces, which is of "
        "high risk. Write risk: high."
    ]


def test_a_file_of_questions_alone_adds_them_to_the_answer_of_that_name(overlay: Overlay) -> None:
    overlay.write("en/answers/staking.yaml", "questions:\n  en: [how do I lock it up]\n  es: [cómo lo bloqueo]\n")
    catalog = overlay.load()
    assert catalog.questions["staking"] == ("how do I lock it up", "cómo lo bloqueo")
    assert catalog.default.entries["staking"].title == "What is staking on Kusama?"
    overlay.write("en/answers/stakin.yaml", "questions:\n  en: [how do I lock it up]\n")
    (told,) = overlay.told()
    assert told.startswith("community/en/answers/stakin.yaml:1: has only questions, and there is no answer of that")


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("wen lock the magic beans", True),
        ("Wen lock my magic beans?", True),
        ("what is the relay chain", False),
    ],
)
def test_added_questions_find_an_answer_that_was_trained_when_hardly_a_word_differs(
    overlay: Overlay, asked: str, found: bool
) -> None:
    overlay.write("en/answers/staking.yaml", "questions:\n  en: [wen lock the magic beans, should I buy it now]\n")
    catalog = overlay.load()
    matcher = Matcher(lambda: Knowledge.of(catalog), lambda: load_engine(RESPONSES, semantic=False))
    assert (matcher.match_now(asked).command == "staking") is found
    assert matcher.match_now("should I buy it now").outcome is Outcome.ADVICE


def test_a_language_that_only_an_overlay_has_comes_whole(overlay: Overlay) -> None:
    shutil.copytree(ROOT / "responses/tr", overlay.path / "tr")
    catalog = overlay.load()
    assert list(catalog.languages) == ["en", "es", "tr"]
    assert catalog.languages["tr"].warning(Risk.HIGH, "")
    assert "«" not in catalog.languages["tr"].entries["whatisksm"].source.line
    (overlay.path / "tr/policy.yaml").unlink()
    assert any(one.startswith("community/tr/policy.yaml: cannot be read") for one in overlay.told())


REFUSED: dict[str, tuple[Callable[[Overlay], object], str]] = {
    "its own warnings": (
        lambda one: one.write("en/policy.yaml", one.pack.text("en/policy.yaml")),
        "community/en/policy.yaml: is in an overlay, but only the pack may have warnings and pages",
    ),
    "its own duties": (
        lambda one: one.write("es/duties.yaml", one.pack.text("es/duties.yaml")),
        "community/es/duties.yaml: is in an overlay, but only the pack may have rules for the texts",
    ),
    "its own words of the bot": (
        lambda one: one.write("es/interface.yaml", one.pack.text("es/interface.yaml")),
        "community/es/interface.yaml: is in an overlay, but only the pack may have the bot's own texts",
    ),
    "its own patterns": (
        lambda one: one.write("en/policy_patterns.yaml", "patterns: []\n"),
        "community/en/policy_patterns.yaml: is in an overlay, but only the pack may have patterns",
    ),
    "trained heads": (
        lambda one: one.write("trained/letters.json", "{}"),
        "community/trained: is in an overlay, but only the pack may have trained heads. Remove it from this folder.",
    ),
    "a purpose": (
        lambda one: one.edit("source.yaml", "menu:", "purpose: none\nmenu:"),
        "community/source.yaml: the key “purpose” is not known here. Remove it: only the pack has it.",
    ),
    "no title": (
        lambda one: one.edit("source.yaml", "  title: House rules of the Berlin meetup\n", ""),
        "community/source.yaml: the key “article → title” is missing. Add it.",
    ),
    "no source": (lambda one: (one.path / "source.yaml").unlink(), "community/source.yaml: cannot be read"),
    "a link in the title": (
        lambda one: one.edit("source.yaml", "House rules of", "https://buy.example"),
        "community/source.yaml: “https://buy.example” looks like a link",
    ),
    "a fact of the pack": (
        lambda one: one.edit(EN, "[meet-monthly,", "[intro-scope, meet-monthly,"),
        f"community/{EN}: the fact “intro-scope” is in another folder's source.yaml",
    ),
    "a fact of that name in the pack": (
        lambda one: one.edit("source.yaml", "meet-open", "intro-scope"),
        "community/source.yaml: the fact “intro-scope” is there twice",
    ),
    "a fact that nobody uses": (
        lambda one: one.edit(EN, ", meet-open]", "]"),
        "community/source.yaml: no answer uses the fact “meet-open”",
    ),
    "a number of no fact": (
        lambda one: one.edit(EN, "month at 19:00", "month at 20:00"),
        f"community/{EN}: the number “20:00” is in no cited fact",
    ),
    "a name of nobody": (
        lambda one: one.edit(EN, "Moonbeam", "Moonriver"),
        f"community/{EN}: “Moonriver” reads like a name",
    ),
    "its name in an answer of the pack": (
        lambda one: one.pack.edit("en/answers/whatiskusama.yaml", "Polkadot", "Moonbeam"),
        "responses/en/answers/whatiskusama.yaml: “Moonbeam” reads like a name",
    ),
    "a promise": (
        lambda one: one.edit(EN, "Bring a question", "Guaranteed profit"),
        f"community/{EN}: urges or promises",
    ),
    "an alias of the pack": (
        lambda one: one.edit(EN, "stammtisch", "canary network"),
        f"community/{EN}: the alias “canary network” belongs to canary-network already",
    ),
    "an alias of the pack in another language": (
        lambda one: one.edit(EN, "stammtisch", "red canario"),
        f"community/{EN}: the alias “red canario” belongs to canary-network already",
    ),
    "another revision": (
        lambda one: one.edit(EN, 'revision: "000000000001"', 'revision: "000000000002"'),
        f"community/{EN}: was checked against another revision of the article",
    ),
    "an answer that no menu has": (
        lambda one: one.edit("source.yaml", "menu: [meetups]", "menu: []"),
        "community/source.yaml: the explainer “meetups” is missing from the menu",
    ),
    "an answer of the pack in its menu": (
        lambda one: one.edit("source.yaml", "menu: [meetups]", "menu: [meetups, staking]"),
        "community/source.yaml: “staking” is in the menu of a folder below already. Remove it here.",
    ),
    "a translation of nothing": (
        lambda one: one.write("es/answers/meet.yaml", SPANISH),
        "community/es/answers/meet.yaml: translates no answer in en, the first language",
    ),
    "an odd folder": (lambda one: one.write("docs/a.yaml", "a: b"), "community/docs: is a folder whose name is no"),
    "the folder gone": (lambda one: shutil.rmtree(one.path), "community: cannot be read (no such file or directory)"),
}


@pytest.mark.parametrize(("change", "wanted"), REFUSED.values(), ids=REFUSED)
def test_what_is_refused_is_named_with_its_folder(
    overlay: Overlay, change: Callable[[Overlay], object], wanted: str
) -> None:
    change(overlay)
    told = [re.sub(r":\d+: ", ": ", one) for one in overlay.told()]
    assert any(wanted in one for one in told), told


def test_a_problem_is_quoted_from_its_own_folder_and_nothing_from_outside(overlay: Overlay) -> None:
    number = overlay.edit(EN, "risk: general", "risk: none")
    (problem,) = overlay.problems()
    assert quoted([overlay.pack.path, overlay.path], problem) == "risk: none"
    assert number == problem.line
    secret = overlay.path.parent / "secret"
    secret.write_text("token: abc\n", "utf-8")
    (overlay.path / EN).unlink()
    (overlay.path / EN).symlink_to(secret)
    for one in overlay.problems():
        assert "token" not in str(one)
        assert quoted([overlay.pack.path, overlay.path], one) is None or one.file.endswith("source.yaml")


def test_a_review_says_which_file_of_which_article(overlay: Overlay) -> None:
    overlay.write(EN, f"{ANSWER}review_by: 2027-01-31\n")
    (due,) = [one for one in reviews(overlay.load()) if one.file.startswith(str(overlay.path))]
    assert due.file == f"{overlay.path}/{EN}"
    assert due.against[0] == "the article’s section “When we meet” (House rules of the Berlin meetup)"


def test_of_two_overlays_the_last_counts_and_the_pack_is_never_weakened(overlay: Overlay, tmp_path: Path) -> None:
    above = Folder.__new__(Folder)
    above.path = tmp_path / "above"
    above.write(
        "source.yaml",
        SOURCE.replace("meet-", "meetup-").replace("menu: [meetups]", "menu: []").replace("House", "Other"),
    )
    above.write(EN, ANSWER.replace("meet-", "meetup-"))
    folders = [overlay.pack.path, overlay.path, above.path]
    assert "Other rules" in load(folders, FITS).default.entries["meetups"].source.line
    overlay.edit(EN, "risk: general", "risk: high")
    with pytest.raises(ContentError) as caught:
        load(folders, FITS)
    assert [one.file for one in caught.value.problems] == [f"{above.path}/{EN}"]


async def test_a_change_in_either_folder_is_taken_up_and_a_mistake_holds_back_both(overlay: Overlay) -> None:
    live = LiveContent([overlay.pack.path, overlay.path], None, _read, Risk.GENERAL)
    live.open()
    first = live.edition.catalog.revision
    overlay.edit(EN, "When does the community meet?", "When do people meet?")
    await live.reload()
    assert live.edition.catalog.default.entries["meetups"].title == "When do people meet?"
    assert live.edition.catalog.revision != first
    overlay.pack.edit("en/answers/whatisksm.yaml", "What is KSM?", "What is it?")
    overlay.edit(EN, "risk: general", "risk: none")
    await live.reload()
    assert live.edition.catalog.default.entries["whatisksm"].title == "What is KSM?"
    assert [one.file for one in live.problems] == [f"{overlay.path}/{EN}"]
    overlay.edit(EN, "risk: none", "risk: general")
    await live.reload()
    assert live.edition.catalog.default.entries["whatisksm"].title == "What is it?"
    assert not live.stale


def test_a_restart_over_a_broken_overlay_serves_the_last_good_version_of_both(overlay: Overlay) -> None:
    kept = overlay.path.parent / "data/content"
    LiveContent([overlay.pack.path, overlay.path], kept, _read, Risk.GENERAL).open()
    shutil.rmtree(overlay.path)
    again = LiveContent([overlay.pack.path, overlay.path], kept, _read, Risk.GENERAL)
    again.open()
    assert "meetups" in again.edition.catalog.explainers
    assert [one.file for one in again.problems] == [str(overlay.path)]
    assert {path.stat().st_mode & 0o777 for path in kept.rglob("*") if path.is_dir()} == {0o700}


def test_a_pack_alone_has_another_revision(overlay: Overlay) -> None:
    assert overlay.pack.load().revision != overlay.load().revision


async def test_a_swapped_overlay_is_noticed(overlay: Overlay) -> None:
    (overlay.path.parent / "next").symlink_to(overlay.path)

    async def sleep(_: float) -> None:
        (overlay.path / EN).write_text(f"{ANSWER}\n", "utf-8")

    told = changes([overlay.pack.path, overlay.path.parent / "next"], sleep)
    await anext(told)
    await anext(told)
    await told.aclose()


def _read(*folders: Path) -> Catalog:
    return load(folders, FITS)
