"""Every mistake a writer can make gets one clear problem: where, what, and what would be right."""

import gc
import shutil
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.content.loader import load
from bot.core.errors import ContentError
from bot.core.model import Risk
from tests.builders import FITS, RESPONSES, Folder, shipped

KSM, RISKS, POLICY, INTERFACE = (
    "en/answers/whatisksm.yaml",
    "en/answers/kusama-risks.yaml",
    "en/policy.yaml",
    "en/interface.yaml",
)
LONG = "This sentence is here to make the text longer than a chat can bear. "


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path, "en")


def test_the_shipped_content_is_right() -> None:
    catalog = shipped()
    assert len(catalog.default.entries) == 20
    assert catalog.find("/Kusama_vs-Polkadot") == "kusama-vs-polkadot"


def test_a_copy_of_the_content_has_the_same_revision(tmp_path: Path) -> None:
    assert Folder(tmp_path).load().revision == shipped().revision


def test_reading_the_content_leaves_nothing_that_only_the_collector_frees() -> None:
    """What is frozen right after a reading (see `LiveContent`) would never be freed."""
    was = gc.isenabled()
    gc.disable()
    try:
        load([RESPONSES], FITS)  # whatever is made once, at the first reading, is made
        gc.collect()
        load([RESPONSES], FITS)
        assert gc.collect() == 0
    finally:
        if was:
            gc.enable()


def test_a_changed_word_changes_the_revision_and_a_comment_does_not(folder: Folder) -> None:
    before = folder.load().revision
    folder.write(KSM, folder.text(KSM) + "# a comment\n")
    assert folder.load().revision == before
    folder.edit(KSM, "several roles", "many roles")
    assert folder.load().revision != before


@dataclass
class Mistake:
    """An edit, and the only problem it makes: in which file, at the line of which words, saying what."""

    file: str
    old: str
    new: str
    what: str
    remedy: str = ""
    at: str = ""  # words of the broken file on whose line the problem stands; else the line of `old`
    also: list[str] = field(default_factory=list)  # what follows from it elsewhere


BODY = "  KSM carries real market risk."
MISTAKES = {
    "unknown key": Mistake(KSM, "risk: high", "colour: red\nrisk: high", "“colour” is not known", "spelling"),
    "missing key": Mistake(KSM, "risk: high\n", "", "the key “risk” is missing", "Add it.", at="title:"),
    "duplicate key": Mistake(KSM, "section:", "risk: high\nsection:", "has the key “risk” twice", "Keep one"),
    "no read as false": Mistake(KSM, 'title: "What is KSM?"', "title: no", "read by YAML as no", '"no"'),
    "yes read as true": Mistake(KSM, "aliases: [ksm,", "aliases: [yes,", "read by YAML as yes", "quotes"),
    "number for text": Mistake(KSM, 'title: "What is KSM?"', "title: 12", "“title”", "in quotes"),
    "date for text": Mistake(KSM, 'title: "What is KSM?"', "title: 2026-11-22", "“title”", "in quotes"),
    "text for a date": Mistake(KSM, "checked: 2026-11-29", 'checked: "2026-11-22"', "“checked”", "without quotes"),
    "no such day": Mistake(KSM, "checked: 2026-11-29", "checked: 2026-11-31", "“checked”", "2026-01-31"),
    "unknown risk": Mistake(KSM, "risk: high", "risk: none", "“risk”", "one of the values"),
    "text for a list": Mistake(
        KSM, "see_also: [ksm-uses, ksm-market-risk, whatiskusama]", "see_also: ksm-uses", "“see_also”", "list"
    ),
    "too many related": Mistake(KSM, "see_also: [", "see_also: [staking, ", "“see_also”", "Remove"),
    "empty title": Mistake(KSM, 'title: "What is KSM?"', 'title: ""', "“title”", "some words"),
    "too long a title": Mistake(KSM, "What is KSM?", "What " * 20 + "?", "“title”", "Shorten"),
    "too quiet": Mistake(
        KSM,
        "risk: high",
        "risk: elevated",
        "has a lower risk than its fact “ksm-market-risk”",
        "risk: high",
        also=["lower risk"],
    ),
    "unknown fact": Mistake(
        KSM,
        "- ksm-several-roles",
        "- ksm-severel-roles",
        "no fact “ksm-severel-roles”",
        "“ksm-several-roles”",
        also=["no answer uses the fact"],
    ),
    "unknown section": Mistake(
        KSM, "section: what-is-ksm", "section: what-is-kms", "no section “what-is-kms”", "“what-is-ksm”"
    ),
    "unknown related": Mistake(
        KSM, "see_also: [ksm-uses", "see_also: [ksm-use", "no explainer “ksm-use”", "“ksm-uses”"
    ),
    "unknown command": Mistake(
        KSM,
        "see /ksm-market-risk",
        "see /ksm-market-risks",
        "no command “ksm-market-risks”",
        "“ksm-market-risk”",
        at="body:",
    ),
    "uncited fact": Mistake(
        "source.yaml",
        "      - id: intro-live\n",
        '      - id: brand-new\n        claim: "It is new."\n      - id: intro-live\n',
        "no answer uses the fact “brand-new”",
        "Cite it",
    ),
    "number without fact": Mistake(
        KSM, BODY, "  KSM lost 93 percents. Risk.", "the number “93” is in no cited fact", "Cite the fact"
    ),
    "number in words": Mistake(
        KSM, BODY, "  A hundred people hold it.", "“hundred” is a number or date", "Cite the fact"
    ),
    "foreign name": Mistake(
        KSM, BODY, "  It is no Ethereum, and KSM is risky.", "“Ethereum” reads like a name", "ordinary_words"
    ),
    "foreign name at the start": Mistake(KSM, BODY, "  Binance sells it.", "“Binance” reads like a name", "Remove it"),
    "foreign ticker": Mistake(KSM, BODY, "  It is no ETH at all.", "“ETH” reads like a name"),
    "foreign name in the title": Mistake(
        KSM, "What is KSM?", "What is Acala?", "“Acala” reads like a name", at="title:"
    ),
    "alias of another": Mistake(KSM, "aliases: [ksm,", "aliases: [Kusama_Risks,", "belongs to kusama-risks"),
    "title of another": Mistake(
        KSM, 'title: "What is KSM?"', 'title: "kusama risks!"', "is a name of kusama-risks", "another title"
    ),
    "alias of a page": Mistake(KSM, "aliases: [ksm,", "aliases: [privacy,", "belongs to privacy"),
    "alias of a moderators' command": Mistake(KSM, "aliases: [ksm,", "aliases: [pin,", "belongs to pin"),
    "wrong revision": Mistake(
        KSM, "revision: aa1b74409769", "revision: 00000000000f", "another revision", "aa1b74409769"
    ),
    "slot in an answer": Mistake(
        KSM, BODY, "  KSM carries {version} risk.", "{version} is unknown here", "none", at="body:"
    ),
    "slot of another page": Mistake(
        POLICY,
        "Version: {version}",
        "Version: {verzion}",
        "{verzion} is unknown here",
        "version",
        at="body:@about:",
        also=["“Version”"],  # no longer written small anywhere
    ),
    "open mark": Mistake(KSM, "**Staking**", "**Staking", "opened and never closed", "Close it"),
    "lone brace": Mistake(KSM, BODY, "  KSM {carries risk.", "a lone “{”", "backslash"),
    "link": Mistake(
        KSM, BODY, "  See https://kusama.network for more.", "“https://kusama.network” looks like a link", "no links"
    ),
    "domain": Mistake(KSM, BODY, "  See kusama.foundation for more.", "looks like a link", "no links"),
    "link in the title": Mistake(KSM, "What is KSM?", "See t.me/ksm", "looks like a link", "no links", also=[]),
    "link in a warning": Mistake(
        POLICY,
        'no protection. /risk"',
        'no protection. ksm.cc /risk"',
        "“ksm.cc” looks like a link",
        also=["besides its ideas", "the platforms take 120"],
    ),
    "warning without its command": Mistake(
        POLICY,
        "Full risks: /risk",
        "Full risks: see below",
        "whole risk statement",
        "/risk",
        also=["besides its ideas"],
    ),
    "empty warning": Mistake(
        POLICY,
        '  high: "⚠️ Crypto',
        '  high: ""\n  higher: "⚠️ Crypto',
        "high",
        also=["“warnings → higher” is not known"],
    ),
    "missing warning": Mistake(
        POLICY, "  general: ", "  quiet: ", "“warnings → general” is missing", also=["is not known"], at="warnings:"
    ),
    "list as a summary": Mistake(KSM, 'summary: "', 'summary: "- ', "is a list item", "dash"),
    "missing page": Mistake(
        POLICY,
        "  scam:\n",
        "  scams:\n",
        "“scam” is missing under pages",
        also=["“scams” is not known under pages"],
        at="pages:",
    ),
    "missing heading of a section": Mistake(
        "es/interface.yaml",
        '  faq: "Preguntas',
        '  fag: "Preguntas',
        "“faq” is missing under sections",
        also=["“fag” is not known"],
        at="sections:",
    ),
    "profile too long": Mistake(
        INTERFACE,
        '  short: "About the Kusama network."',
        '  short: "About the Kusama network, in answers that are short."',
        "characters with the warning; the platforms take 120",
        at="  short:",
    ),
    "unknown notice": Mistake(
        INTERFACE, "  settings-saved:", "  settings-safed:", "“settings-safed” is not known under notices", "rename it"
    ),
    "slot missing in a notice": Mistake(
        INTERFACE, "Try again in {seconds} s.", "Try again soon.", "does not have the slots", "{seconds}"
    ),
    "a slot in a ready line": Mistake(
        INTERFACE, "Welcome aboard.", "Welcome aboard, {names}.", "has “names”", "Remove it"
    ),
    "money in a ready line": Mistake(
        INTERFACE, "Welcome aboard.", "Welcome aboard, KSM fans.", "has “KSM”", "Remove it"
    ),
    "one ready line less": Mistake(
        INTERFACE,
        '    - "Welcome aboard. Say hello, and tell us what brings you here."\n',
        "",
        "should have at least 3 entries",
        "Add some",
        at="  ready:",
    ),
    "money in a notice": Mistake(
        INTERFACE,
        'settings-saved: "Saved."',
        'settings-saved: "Buy KSM now."',
        "names “KSM”",
        "leave the name out",
        also=["urges or promises", "not listed under notices"],
    ),
    "source line without its date": Mistake(INTERFACE, "checked {date}", "checked today", "“source_line”", "Correct"),
    "fact twice": Mistake(
        "source.yaml", "- id: intro-live\n", "- id: intro-nickname\n", "is there twice", also=["no fact “intro-live”"]
    ),
    "bad revision of the article": Mistake(
        "source.yaml", "revision: aa1b74409769", "revision: AA", "“article → revision”"
    ),
    "bell": Mistake(KSM, "native token", "native\x07token", "has the control character U+0007"),
    "tab": Mistake(KSM, "  - ksm-native-token", "\t- ksm-native-token", "has U+0009 TAB", "plain spaces"),
    "anchor": Mistake(KSM, "risk: high", "risk: &r high", "uses & or *"),
    "tag": Mistake(KSM, "risk: high", "risk: !!str high", "has the tag"),
}


def _expected_line(folder: Folder, mistake: Mistake, line: int) -> tuple[str, int]:
    if mistake.at.endswith(".yaml"):
        return mistake.at, folder.line(mistake.at, "ksm-for-utility")
    if "@" in mistake.at:
        words, below = mistake.at.split("@")
        lines = folder.text(mistake.file).splitlines()
        start = folder.line(mistake.file, below)
        return mistake.file, next(n for n in range(start, len(lines)) if words in lines[n - 1])
    if mistake.at:
        return mistake.file, folder.line(mistake.file, mistake.at)
    return mistake.file, line


@pytest.mark.parametrize("mistake", MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_told_at_its_line_with_its_remedy(tmp_path: Path, mistake: Mistake) -> None:
    folder = Folder(tmp_path, *{"en", mistake.file.split("/")[0]})
    line = folder.edit(mistake.file, mistake.old, mistake.new)
    first, *rest = sorted(folder.problems(), key=lambda one: mistake.what not in one.what)
    assert mistake.what in first.what
    assert mistake.remedy in first.remedy
    assert (first.file, first.line) == _expected_line(folder, mistake, line)
    unexpected = [one for one in rest if not any(words in one.what for words in [mistake.what, *mistake.also])]
    assert unexpected == []


@pytest.mark.parametrize("quieter", [risk for risk in Risk if risk < max(Risk)])
def test_no_answer_can_be_made_quieter_than_what_it_states(folder: Folder, quieter: Risk) -> None:
    wanted = set()
    for name, entry in shipped().default.entries.items():
        if quieter < entry.risk:
            stated, file = f"risk: {entry.risk.name.lower()}", f"en/answers/{name}.yaml"
            folder.edit(file, stated, f"risk: {quieter.name.lower()}")
            wanted.add((file, f"Write {stated}"))
    assert wanted
    assert {(one.file, one.remedy.split(",")[0]) for one in folder.problems()} >= wanted


@pytest.mark.parametrize("name", ["source.yaml", POLICY, INTERFACE])
def test_a_missing_file_is_told(folder: Folder, name: str) -> None:
    (folder.path / name).unlink()
    (problem,) = folder.problems()
    assert (problem.file, problem.line) == (name, 0)
    assert "no such file" in problem.what


def test_a_missing_answer_is_told_where_it_is_missed(folder: Folder) -> None:
    for answer in folder.path.glob("*/answers/ksm-uses.yaml"):
        answer.unlink()
    problems = folder.problems()
    assert any("no explainer “ksm-uses”" in one.what and one.file == KSM for one in problems)
    assert all(one.line for one in problems)


def test_an_empty_folder_is_told_and_no_traceback(tmp_path: Path) -> None:
    for folder, files in (
        (tmp_path / "nowhere", {f"{tmp_path}/nowhere"}),
        (tmp_path, {"source.yaml", POLICY, INTERFACE, "en/duties.yaml"}),
    ):
        with pytest.raises(ContentError) as caught:
            load([folder], FITS)
        assert {one.file for one in caught.value.problems} == files


@pytest.mark.parametrize("locale", ["de", "cr", "pt-XX"])  # of the last two, CLDR knows no dates
def test_a_language_that_was_only_begun_is_told(folder: Folder, locale: str) -> None:
    (folder.path / locale / "answers").mkdir(parents=True)
    wanted = {f"{locale}/{name}.yaml" for name in ("duties", "interface", "policy")}
    assert {one.file for one in folder.problems()} == wanted


def test_a_translation_of_nothing_is_told(folder: Folder) -> None:
    folder.write("de/policy.yaml", folder.text(POLICY))
    folder.write("de/interface.yaml", folder.text(INTERFACE))
    words = 'title: "T"\nsummary: "S"\nbody: "B"\nchecked: 2026-11-22\nrevision: aa1b74409769\n'
    folder.write("de/answers/what-is-what.yaml", words)
    problems = {(one.file, one.what) for one in folder.problems()}
    assert ("de/answers/what-is-what.yaml", "translates no answer in en, the first language") in problems


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("What_Is.yaml", "its name cannot be a command"),
        ("two--hyphens.yaml", "its name cannot be a command"),
        ("café.yaml", "its name cannot be a command"),
        (f"{'a' * 33}.yaml", "its name cannot be a command"),
        ("risk.yaml", "already used by /risk"),
        ("pin.yaml", "already used by /pin"),
        ("what-is-ksm.yaml", "already used by /"),
        ("whatisksm.yml", "is not read"),
    ],
)
def test_a_file_name_that_is_no_command_is_told(folder: Folder, name: str, what: str) -> None:
    folder.write(f"en/answers/{name}", folder.text(KSM).replace("aliases: [", "aliases: [] #"))
    assert [one.file for one in folder.problems() if what in one.what] in ([f"en/answers/{name}"], [KSM])


@pytest.mark.parametrize("kind", ["directory", "loop", "dangling link"])
def test_what_is_no_file_is_told(folder: Folder, kind: str) -> None:
    path = folder.path / "en/answers/x.yaml"
    if kind == "directory":
        path.mkdir()
    else:
        path.symlink_to(path if kind == "loop" else path.with_name("nothing"))
    (problem,) = folder.problems()
    assert problem.file == "en/answers/x.yaml"
    assert "cannot be read" in problem.what


def test_folders_linked_in_a_circle_end(folder: Folder) -> None:
    (folder.path / "en/answers/round").symlink_to(folder.path / "en")
    (folder.path / "again").symlink_to(folder.path)
    assert {one.file for one in folder.problems()} == {"again", "en/answers/round"}


def test_too_long_an_answer_is_told_with_its_length(folder: Folder) -> None:
    folder.edit(KSM, BODY, f"  {LONG * 8}\n{BODY}")
    (problem,) = folder.problems()
    assert (problem.file, problem.line) == (KSM, folder.line(KSM, "body:"))
    assert "200 to 1100 are allowed" in problem.what
    assert problem.remedy == "Shorten it."


def test_too_short_an_answer_is_told(folder: Folder) -> None:
    text = folder.text(KSM)
    folder.write(KSM, text[: text.index("  “Native” means")] + "  Short.\n" + text[text.index("risk: high") :])
    assert [one.remedy for one in folder.problems()] == ["Say a little more."]


def test_what_does_not_fit_a_platform_with_its_loudest_warning_is_told(folder: Folder) -> None:
    text = folder.text(KSM)  # a star takes two characters on Discord, so that the length is all right
    stars = "\\*" * 900
    folder.write(KSM, f"{text[: text.index('  “Native” means')]}  {stars}\n{text[text.index('risk: high') :]}")
    (problem,) = folder.problems()
    assert problem.file == KSM
    assert "does not fit Discord with the loudest warning" in problem.what
    assert "2000" in problem.what
    assert problem.remedy.startswith("Shorten")


def test_a_menu_with_groups_has_every_answer_in_one_of_them(tmp_path: Path) -> None:
    folder = Folder(tmp_path, "en")
    groups = 'groups:\n- id: basics\n  title: "The basics"\n- id: more\n  title: "More"\nsections:'
    folder.edit("source.yaml", "sections:", groups)
    files = [f"en/answers/{path.name}" for path in (folder.path / "en" / "answers").iterdir()]
    for name in files[1:]:
        folder.write(name, f"group: {'basic' if name == files[1] else 'basics'}\n{folder.text(name)}")
    assert {(one.file, one.what.partition(" “")[0]) for one in folder.problems()} == {
        (files[0], "the answer"),
        (files[1], "there is no group"),
        ("source.yaml", "the group"),
    }
    folder.edit(files[1], "group: basic", "group: basics")
    folder.write(files[0], f"group: more\n{folder.text(files[0])}")
    folder.edit("en/interface.yaml", "\nmenu:", '\ngroups:\n  basics: "First steps"\n  moore: "More"\nmenu:')
    told = {one.what for one in folder.problems()}
    assert told == {"“more” is missing under groups", "“moore” is not known under groups"}
    folder.edit("en/interface.yaml", "moore", "more")
    assert folder.load().default.groups == {"basics": "First steps", "more": "More"}


def test_a_page_that_does_not_fit_is_told(folder: Folder) -> None:
    folder.edit(POLICY, "  The people who run this bot may hold KSM.", "  " + "\\*" * 700)
    problems = [one for one in folder.problems() if "does not fit Discord" in one.what]
    assert {one.file for one in problems} == {POLICY}


def test_all_problems_of_all_files_are_listed_at_once_and_sorted(folder: Folder) -> None:
    folder.edit(KSM, "risk: high", "risk: none")
    folder.edit(KSM, "section:", "sektion:")
    folder.edit(RISKS, "title:", "titel:")
    folder.edit(POLICY, "warnings:", "warnings: &x")
    folder.edit("source.yaml", "names:", "names: 1\nname:")
    problems = folder.problems()
    assert list(problems) == sorted(problems)
    files = [one.file for one in problems]
    assert {KSM, RISKS, POLICY, "source.yaml"} == set(files)
    assert files.count(KSM) == 3  # risk, the missing section and the key that is not known
    with pytest.raises(ContentError, match=rf"^{len(problems)} problem\(s\)"):
        folder.load()


def test_problems_across_files_are_all_told_too(folder: Folder) -> None:
    folder.edit(KSM, BODY, "  It is no Ethereum, and lost 93.")
    folder.edit(RISKS, "revision: aa1b74409769", "revision: 00000000000f")
    folder.edit(INTERFACE, "  settings-saved:", "  settings-safed:")
    assert [one.file for one in folder.problems()] == [RISKS, KSM, KSM, INTERFACE]


def test_what_is_wrong_with_one_file_hides_nothing_of_another(tmp_path: Path) -> None:
    folder = Folder(tmp_path, "en", "es", "ru")
    folder.edit(KSM, "risk: high", "risk: none")
    folder.edit("es/policy.yaml", "warnings:", "warning:")
    folder.edit("es/answers/whatiskusama.yaml", 'summary: "', 'summary: "93 ')
    folder.edit("ru/interface.yaml", "  settings-saved:", "  settings-safed:")
    folder.edit(RISKS, "risk: high", "risk: general")
    folder.edit("en/answers/staking.yaml", "one of the main", "one of Binance’s main")
    assert {one.file for one in folder.problems()} == {
        KSM,
        RISKS,
        "es/policy.yaml",
        "es/answers/whatiskusama.yaml",
        "ru/interface.yaml",
        "en/answers/staking.yaml",
    }


def test_what_stands_beside_a_link_is_told_with_it(folder: Folder) -> None:
    line = folder.edit(KSM, BODY, "  See kusama.foundation and t.me/ksm.\n\n  Ethereum lost **93 of it to {slot}.")
    problems = folder.problems()
    for number, words in ((0, "“kusama.foundation”"), (0, "“t.me"), (2, "“Ethereum”"), (2, "“93”"), (2, "“**”")):
        assert [one.line for one in problems if words in one.what] == [line + number]
    assert [one.what for one in problems if "{slot}" in one.what] == ["the slot {slot} is unknown here"]
    assert len(problems) == 6


@pytest.mark.parametrize(("typed", "meant"), [("sumary", "summary"), ("Title", "title"), ("check", "checked")])
def test_a_misspelt_key_is_told_with_the_one_that_was_meant(folder: Folder, typed: str, meant: str) -> None:
    folder.edit(KSM, f"{meant}: ", f"{typed}: ")
    remedies = {one.what: one.remedy for one in folder.problems() if one.file == KSM}
    assert remedies[f"the key “{typed}” is not known here"] == f"Did you mean “{meant}”?"


def test_a_problem_reads_as_one_line(folder: Folder) -> None:
    line = folder.edit(KSM, "risk: high", "colour: red\nrisk: high")
    assert [str(one) for one in folder.problems()] == [
        f"{KSM}:{line}: the key “colour” is not known here. Remove it, or correct its spelling."
    ]


def test_a_missing_translation_is_answered_in_english_with_the_english_warning(tmp_path: Path) -> None:
    folder = Folder(tmp_path, "en", "es")
    folder.write("de/policy.yaml", folder.text(POLICY).replace("⚠️", "⚠️ ⚠️"))
    folder.write("de/duties.yaml", folder.text("en/duties.yaml"))
    folder.write("de/interface.yaml", folder.text(INTERFACE).replace("language: English", "language: Language"))
    (folder.path / "de/answers").mkdir()
    words = "Every, Governance, Just, Software, Stay, These, Volatility, "  # written small in the answers alone
    folder.edit("source.yaml", "ordinary_words: [", f"ordinary_words: [{words}")
    catalog = folder.load()
    assert catalog.languages.keys() == {"en", "es", "de"}
    entry = catalog.entry("whatisksm", catalog.languages["de"])
    assert entry is not None
    assert entry.locale == "en"
    assert catalog.languages["de"].warnings[Risk.HIGH].startswith("⚠️ ⚠️")


_LINES = st.sampled_from(["", "a: b", "- x", "risk: high", "  y: |", "\tz", "{", "'", "title: no", "&a", "*a", "\x07"])
_EDITS = st.tuples(
    st.sampled_from([KSM, POLICY, INTERFACE, "source.yaml"]), st.floats(0, 1), _LINES | st.text(max_size=30)
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(_EDITS, min_size=1, max_size=3))
def test_whatever_lines_are_put_in_only_problems_come_out(folder: Folder, edits: list[tuple[str, float, str]]) -> None:
    for name, place, line in edits:
        lines = (RESPONSES / name).read_text(encoding="utf-8").splitlines()
        lines.insert(int(place * len(lines)), line)
        folder.write(name, "\n".join(lines).encode("utf-8", "surrogatepass"))
    for one in folder.problems():
        assert one.what
        assert one.remedy
    for name, _, _ in edits:
        shutil.copyfile(RESPONSES / name, folder.path / name)


def test_a_folder_that_is_too_large_is_refused_before_a_file_is_parsed(folder: Folder) -> None:
    for number in range(21):
        folder.write(f"en/answers/large-{number}.yaml", b"x" * 199_000)  # each would be a problem if it were parsed
    (problem,) = folder.problems()
    assert "larger than 4 MB together" in problem.what
