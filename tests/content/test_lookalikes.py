"""A sign that looks like another, or like nothing, is named with the line where it stands."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.content.lookalikes import odd_signs, odd_yaml
from bot.content.yaml_file import read
from tests.builders import Folder
from tests.costs import ratio

KSM = "en/answers/whatisksm.yaml"
RISKS = "en/answers/kusama-risks.yaml"

ODD_YAML = {
    "no-break space after a key": ('title:\u00a0"T"', "U+00A0 NO-BREAK SPACE"),
    "ideographic space after a key": ('title:\u3000"T"', "U+3000 IDEOGRAPHIC SPACE"),
    "zero-width space after a key": ('title:\u200b"T"', "U+200B ZERO WIDTH SPACE"),
    "narrow space after a key": ("title: \u202fT", "U+202F NARROW NO-BREAK SPACE"),
    "no-break space before the colon": ('title\u00a0: "T"', "U+00A0 NO-BREAK SPACE"),
    "full-width colon": ('title："T"', "U+FF1A FULLWIDTH COLON"),
    "ratio for a colon": ('title∶ "T"', "U+2236 RATIO"),
    "full-width colon in a list": ("  - id：x", "U+FF1A FULLWIDTH COLON"),
    "tab for indentation": ("\ttitle: T", "U+0009 TAB"),
    "tab after blanks": ("  \t- x", "U+0009 TAB"),
    "no-break space for indentation": ("\u00a0\u00a0- x", "U+00A0 NO-BREAK SPACE"),
    "no-break space after a hyphen": ("  -\u00a0x", "U+00A0 NO-BREAK SPACE"),
    "curly quotes": ("title: “What is KSM?”", "U+201C LEFT DOUBLE QUOTATION MARK"),
    "guillemets": ("title: «Что это»", "U+00AB LEFT-POINTING DOUBLE ANGLE QUOTATION MARK"),
    "curly quotes in a list": ("aliases: [ksm, “kusama coin”]", "U+201C LEFT DOUBLE QUOTATION MARK"),
    "full-width comma": ("aliases: [ksm，coin]", "U+FF0C FULLWIDTH COMMA"),
    "dash for a hyphen": ("  – x", "U+2013 EN DASH"),
    "bullet for a hyphen": ("  • x", "U+2022 BULLET"),
}


@pytest.mark.parametrize(("line", "sign"), ODD_YAML.values(), ids=ODD_YAML)
def test_a_sign_that_yaml_does_not_take_is_named_at_its_own_line(line: str, sign: str) -> None:
    assert [(number, sign in what) for number, what, _ in odd_yaml(f"a: 1\n{line}\nb: 2\n")] == [(2, True)]


def test_inside_a_block_text_and_in_comments_all_signs_are_words() -> None:
    block = "body: |\n  Note：this\n\n  – and «this»\n  • x\n# title：x\ntitle: “A” and “B”\nsummary: “Kusama” is it\n"
    assert list(odd_yaml(block)) == []
    assert [number for number, _, _ in odd_yaml(block + "see：x")] == [9]


@pytest.mark.parametrize("part", ["a: [", "a: [b, ", "- ", "- a: ", ": ", "“ ", "|", " >", "- “"])
@pytest.mark.parametrize("end", ["", "‐", "|x‐", " [“"])
def test_a_line_is_searched_in_time_in_proportion_to_its_length(part: str, end: str) -> None:
    def searched(longest: int) -> Callable[[], object]:
        text = "see：x\n" + part * (longest // len(part)) + end
        return lambda: list(odd_yaml(text))

    assert ratio(searched(32_000), searched(2_000), times=3) < 60, "sixteen times as long"


@pytest.mark.parametrize("edit", ['summary:\u00a0"', 'summary："', 'summary\u200b: "'])
def test_the_line_told_is_that_of_the_sign(tmp_path: Path, edit: str) -> None:
    folder = Folder(tmp_path, "en")
    line = folder.edit(KSM, 'summary: "', edit)
    assert [(one.file, one.line) for one in folder.problems() if "U+" in one.what] == [(KSM, line)]


@pytest.mark.parametrize("sign", "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d\u2044\u2215\u29f8\uff0f")
def test_a_dash_or_slash_that_looks_like_a_commands_own_is_named(sign: str) -> None:
    command = f"{sign}risk" if sign in "\u2044\u2215\u29f8\uff0f" else f"/ksm{sign}market{sign}risk"
    ((_, what, _),) = odd_signs(f"For more see {command}.")
    assert f"“{command}” has U+{ord(sign):04X}" in what


@pytest.mark.parametrize("sign", "\u2011")
def test_a_dash_that_looks_like_a_hyphen_is_named_with_its_line(tmp_path: Path, sign: str) -> None:
    folder = Folder(tmp_path, "en")
    line = folder.edit(KSM, "see /ksm-market-risk", f"see /ksm{sign}market{sign}risk")
    (problem,) = [one for one in folder.problems() if "U+" in one.what]
    assert f"U+{ord(sign):04X}" in problem.what
    assert problem.line == line


@pytest.mark.parametrize("sign", "\u2215")
def test_a_slash_that_looks_like_one_is_named_where_a_command_has_it(tmp_path: Path, sign: str) -> None:
    folder = Folder(tmp_path, "en", "es")
    line = folder.edit("es/policy.yaml", "en /risk.", f"en {sign}risk.")
    (problem,) = [one for one in folder.problems() if "U+" in one.what]
    assert f"U+{ord(sign):04X}" in problem.what
    assert problem.line == line


HIDDEN = (
    "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c\u200b\u200c\u200d\u2060\ufeff\u00ad\u2028\u2029"
    "\x85\x0b\x0c\t\u3164\u034f\u2800\U000e0041\ufe0f"
)


@pytest.mark.parametrize("sign", HIDDEN)
def test_a_sign_that_shows_nothing_is_named(sign: str) -> None:
    ((line, what, _),) = odd_signs(f"one\nt{sign}wo")
    assert line == 2
    assert f"U+{ord(sign):04X} " in what


@pytest.mark.parametrize("sign", "\u202e\u200b\u2028\x85")
@pytest.mark.parametrize("escaped", [False, True])
def test_an_invisible_sign_stands_nowhere_in_the_content(tmp_path: Path, sign: str, escaped: bool) -> None:
    folder = Folder(tmp_path, "en", "es", "zh")
    wanted = set()
    for file, words in ((KSM, "What is"), ("es/policy.yaml", "Riesgo alto"), ("zh/interface.yaml", "来源")):
        hidden = f"\\u{ord(sign):04x}" if escaped else sign
        wanted.add((file, folder.edit(file, words, words[:1] + hidden + words[1:])))
    if not escaped:
        wanted.add((RISKS, folder.edit(RISKS, "body: |\n  ", f"body: |\n  {sign}") + 1))
    assert {(one.file, one.line) for one in folder.problems() if f"U+{ord(sign):04X}" in one.what} == wanted


@pytest.mark.parametrize(
    "text",
    [
        "⚠️ High risk",
        "¿Qué es KSM? — «Kusama»…",
        "KSM’nin 50 %",
        "Hỏi: “gì thế”?",
        "می‌خواهم",
        "क्‍ष",
        "A, B, C, D, E",
        "см. /risk или /ask — всё",
        "and/or 24/7",
        "the KSM-токен",
        "une question\u00a0: oui",
    ],
)
def test_ordinary_writing_has_no_odd_signs(text: str) -> None:
    assert list(odd_signs(text)) == []


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("bυy it", "Greek and Latin"),
        ("вuy", "Cyrillic and Latin"),
        ("b u y  k s m", "letter by letter"),
        ("b.u.y.n.o.w", "letter by letter"),
        ("ask @kusama_gift", "mention"),
    ],
)
def test_words_in_disguise_are_told(text: str, what: str) -> None:
    assert what in next(odd_signs(f"fine\n{text}"))[1]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("summary: KSM is its token. Its #1 role is this", True),
        ("summary: #1 network", True),
        ("summary: Kusama # the network", True),
        ("summary: KSM is a token # a note", True),
        ("risk: high #very", True),
        ("  - word #1", True),
        ("summary: KSM is\n  the #1 network", True),
        ("risk: high # a note", False),
        ("checked: 2026-11-22  # by Ann", False),
        ('summary: "KSM is #1"  # a note', False),
        ("summary: KSM is C#-like", False),
        ("facts: # the ids\n  - a", False),
    ],
)
def test_words_that_yaml_takes_for_a_comment_are_told(tmp_path: Path, line: str, told: bool) -> None:

    path = tmp_path / "x.yaml"
    path.write_text(("list:\n" if line.startswith("  ") else "") + line + "\n")
    problems = read(path, "x.yaml").problems
    assert [one.remedy.startswith("Put the text in quotes") for one in problems] == [True] * told
