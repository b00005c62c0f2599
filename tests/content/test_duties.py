"""No edit can empty a warning, make a notice speak of money, or let a text urge or promise; honest sentences pass."""

from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.content.duties import Duties
from bot.content.language_schema import DutiesFile
from bot.content.phrases import Phrases, folded
from bot.content.purposes import PURPOSES
from bot.content.yaml_file import read
from bot.core.model import Risk
from bot.core.spans import Paragraph, flatten
from tests.builders import RESPONSES, Folder, shipped

LOCALES = tuple(shipped().languages)
HERE = Path(__file__).parent
KSM = "en/answers/whatisksm.yaml"


def _listed(name: str) -> Any:
    return yaml.safe_load((HERE / name).read_text("utf-8"))


DUTIES = Duties.of(
    {locale: DutiesFile.of(read(RESPONSES / locale / "duties.yaml", "duties.yaml")) for locale in LOCALES},
    PURPOSES["crypto"],
)
TAKEN_BACK = {
    "en": ["None of this applies to those who stake.", "Such losses are rare.", "Members need not read this."],
    "es": ["Nada de esto vale para ti."],
    "ru": ["Всё это вас не касается."],
    "tr": ["Bunlar sizi ilgilendirmez."],
    "vi": ["Bạn không cần đọc trang này."],
    "zh": ["以上内容你都可以不看。"],
}
TWISTED, HONEST = _listed("twisted.yaml"), _listed("honest.yaml")
WARNINGS = [
    (locale, level, text)
    for locale, levels in TWISTED["warnings"].items()
    for level, texts in levels.items()
    for text in texts
]
NOTICES = [(locale, text) for locale, texts in TWISTED["notices"].items() for text in texts]
TEXTS = [(locale, text) for locale, texts in TWISTED["texts"].items() for text in texts]


def test_the_lists_are_long_enough() -> None:
    assert len(WARNINGS) + len(NOTICES) + len(TEXTS) >= 100
    assert sum(map(len, HONEST.values())) >= 60


@pytest.mark.parametrize(("locale", "level", "text"), WARNINGS)
def test_a_twisted_warning_is_refused(locale: str, level: str, text: str) -> None:
    assert list(DUTIES[locale].warning(Risk[level.upper()], text))


@pytest.mark.parametrize(("locale", "text"), NOTICES)
def test_a_notice_that_speaks_of_more_than_the_bot_is_refused(locale: str, text: str) -> None:
    assert list(DUTIES[locale].notice(text))


IDEAS = [(locale, idea) for locale in LOCALES for idea in PURPOSES["crypto"].page]


def risk_page(locale: str) -> str:
    page = shipped().languages[locale].pages["risk"]
    return flatten((Paragraph(page.summary), *page.body))


@pytest.mark.parametrize(("locale", "idea"), IDEAS)
def test_the_risk_page_cannot_lose_an_idea(locale: str, idea: str) -> None:
    wordings = yaml.safe_load((RESPONSES / locale / "duties.yaml").read_text("utf-8"))["risk"][idea]
    text = Phrases(wordings, locale == "zh").without(folded(risk_page(locale)))
    (wrong,) = (what for what, _ in DUTIES[locale].risk_page(text))
    assert wrong == f"does not state the idea “{idea}”"


@pytest.mark.parametrize(("locale", "text"), [(one, text) for one, texts in TAKEN_BACK.items() for text in texts])
def test_the_risk_page_says_nothing_besides_its_ideas(locale: str, text: str) -> None:
    assert list(DUTIES[locale].risk_page(risk_page(locale))) == []
    (wrong,) = (what for what, _ in DUTIES[locale].risk_page(f"{risk_page(locale)}\n{text}"))
    assert wrong.endswith("besides its ideas")


def test_a_risk_page_without_an_idea_is_told_at_its_line(tmp_path: Path) -> None:
    folder = Folder(tmp_path, "en")
    folder.edit("en/policy.yaml", "Never put in money that you cannot afford to lose. For", "None of this applies. For")
    found = [one.what for one in folder.problems() if one.file == "en/policy.yaml"]
    assert any("the idea “afford”" in what for what in found)
    assert any("besides its ideas" in what for what in found)


@pytest.mark.parametrize("phrase", ["a*a*a*b", "x " + "a? " * 9, "a … b … c … d"])
def test_a_phrase_that_could_take_long_to_look_for_is_refused(tmp_path: Path, phrase: str) -> None:
    folder = Folder(tmp_path, "en")
    line = folder.edit("en/duties.yaml", "never:\n", f'never:\n  - "{phrase}"\n') + 1
    assert [(one.line, "more than" in one.what) for one in folder.problems()] == [(line, True)]


DISGUISED = ["⠃⠥⠽ KSM", "ꓐꓴꓬ ꓗꓢꓟ", "ᗷᑌY ᛕSᗰ", "ʍou ɯsʞ ʎnq", "𝐁𝐮𝐲 KSM", "ɃᵾɎ it", "βυυ it", "구매 KSM"]


@pytest.mark.parametrize("text", DISGUISED)
@pytest.mark.parametrize("locale", LOCALES)
def test_letters_of_other_scripts_are_refused_in_every_text(locale: str, text: str) -> None:
    assert any("not a letter of this language" in what for what, _ in DUTIES[locale].answer(text))


@pytest.mark.parametrize(
    ("scripts", "text", "odd"),
    [
        (["GREEK"], "Το KSM είναι εξαιρετικά ασταθές", "ты"),
        (["HANGUL"], "KSM은 매우 변동성이 큽니다", "είναι"),
        (["HIRAGANA", "KATAKANA", "CJK"], "KSMはとても変動するトークンです", "은"),
        (["DEVANAGARI"], "केएसएम बहुत अस्थिर है", "είναι"),
        (["ARABIC"], "عملة KSM شديدة التقلب", "은"),
    ],
)
def test_a_language_may_be_written_in_any_script(scripts: list[str], text: str, odd: str) -> None:
    words = {"spaces": "between-words", "scripts": scripts, "common": "a", "unless": ["b"], "unless_after": ["c"]}
    file = DutiesFile.model_validate(words | {"urging": ["d"], "never": ["e"], "notices": "f"}, strict=False)
    duties = Duties.of({"new": file}, PURPOSES["crypto"])["new"]
    assert list(duties.answer(text)) == []
    assert not any("has “" in what for what, _ in duties.warning(Risk.GENERAL, text))
    assert any("not a letter of this language" in what for what, _ in duties.answer(f"{text} {odd}"))


@pytest.mark.parametrize(("locale", "text"), TEXTS)
def test_a_text_that_urges_or_promises_is_refused(locale: str, text: str) -> None:
    assert list(DUTIES[locale].answer(text))


@pytest.mark.parametrize(("locale", "text"), [(one, text) for one, texts in HONEST.items() for text in texts])
def test_an_honest_sentence_passes(locale: str, text: str) -> None:
    assert list(DUTIES[locale].answer(text)) == []


def _replaced(folder: Folder, name: str, key: str, text: str) -> int:
    """Put a text where the first line of that key has one; returns the line."""
    lines = folder.text(name).split("\n")
    number = next(n for n, line in enumerate(lines) if line.strip().startswith(f"{key}: "))
    quoted = text.replace('"', "'")
    lines[number] = f'{lines[number].split(":")[0]}: "{quoted}"'
    folder.write(name, "\n".join(lines))
    return number + 1


def _rounds() -> Iterator[list[tuple[str, str, str]]]:
    """All twisted texts, each with the file and key it is put at; no place twice in one round."""
    places: dict[tuple[str, str], list[str]] = {}
    for locale, level, text in WARNINGS:
        places.setdefault((f"{locale}/policy.yaml", level), []).append(text)
    for locale, text in NOTICES:
        places.setdefault((f"{locale}/interface.yaml", "settings-saved"), []).append(text)
    keys = [(command, key) for command in shipped().explainers for key in ("title", "summary")]
    for number, (locale, text) in enumerate(TEXTS):
        command, key = keys[number % len(keys)]
        places.setdefault((f"{locale}/answers/{command}.yaml", key), []).append(text)
    for texts in zip_longest(*places.values()):
        yield [(*place, text) for place, text in zip(places, texts, strict=True) if text is not None]


@pytest.mark.parametrize("edits", list(_rounds()))
def test_every_twisted_text_is_told_at_its_line_and_nothing_is_served(
    tmp_path: Path, edits: list[tuple[str, str, str]]
) -> None:
    folder = Folder(tmp_path, *{"en", *(name.split("/")[0] for name, _, _ in edits)})
    wanted = {(name, _replaced(folder, name, key, text)) for name, key, text in edits}
    assert wanted <= {(problem.file, problem.line) for problem in folder.problems()}


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("en/interface.yaml", 'source_line: "Source:', 'source_line: "Buy KSM now! Source:'),
        ("en/interface.yaml", 'line: "Good to have you here.', 'line: "Get some KSM today.'),
        ("en/interface.yaml", 'description: "Say hello"', 'description: "Buy KSM"'),
        ("en/interface.yaml", "language: English", "language: Moonlandish"),
        ("en/policy.yaml", 'title: "Topics"', 'title: "Invest now"'),
        ("en/policy.yaml", "Pick a topic to read about it.", "You will earn money with it."),
        ("source.yaml", 'heading: "Introduction"', 'heading: "KSM will skyrocket"'),
        ("en/answers/how-kusama-works.yaml", 'alt: "', 'alt: "Buy KSM now. '),
    ],
)
def test_whatever_is_shown_is_looked_at(tmp_path: Path, file: str, old: str, new: str) -> None:
    folder = Folder(tmp_path, "en")
    line = folder.edit(file, old, new)
    assert (file, line) in {(one.file, one.line) for one in folder.problems()}


def test_a_text_in_another_language_is_told(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    others = set(LOCALES) - {"en"}
    for locale in others:
        summary = next(line for line in folder.text(KSM).splitlines() if line.startswith("summary:"))
        body = folder.text(KSM).split("body: |\n")[1].split("risk: high")[0]
        old = folder.text(f"{locale}/answers/whatisksm.yaml")
        head, tail = old.split("summary:")[0], "checked:" + old.split("checked:")[1]
        folder.write(f"{locale}/answers/whatisksm.yaml", f"{head}{summary}\nbody: |\n{body}{tail}")
    told = {one.file for one in folder.problems() if "another language" in one.what or "letters" in one.what}
    assert told == {f"{locale}/answers/whatisksm.yaml" for locale in others}


def test_a_language_without_its_duties_is_told(tmp_path: Path) -> None:
    folder = Folder(tmp_path, "en", "vi")
    (folder.path / "vi/duties.yaml").unlink()
    (problem,) = folder.problems()
    assert problem.file == "vi/duties.yaml"


@pytest.mark.parametrize(
    ("phrase", "text", "found"),
    [
        ("buy … now", "buy some of it now", True),
        ("buy … now", "buy it. now", False),
        ("buy now/today", "buy today", True),
        ("no real? risk", "no risk", True),
        ("^ buy", "so they buy", False),
        ("^ buy", "well, buy", True),
        ("guarantee*", "guaranteed", True),
        ("lose", "losers", False),
        ("cannot/cant lose", "can’t lose", True),
        ("risk free", "risk-free", True),
        ("satın alın", "SATIN ALIN", True),
    ],
)
def test_phrases_find_what_they_say(phrase: str, text: str, found: bool) -> None:
    assert any(Phrases([phrase], together=False).found(folded(text))) is found
