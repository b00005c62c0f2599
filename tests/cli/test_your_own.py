"""docs/your-own.md, walked: its files are written and its commands run as they stand there; and the export."""

import io
import json
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from bot.__main__ import main
from tests.builders import ROOT, Folder, shipped

DOC = (Path(__file__).parents[2] / "docs" / "your-own.md").read_text("utf-8")
OVERLAY = "## Add your own answers to Kusama's"
ARTICLE = """# The heap

A heap turns kitchen scraps into soil. Farmers in Norfolk knew it in May.

```
# no heading
```

## When it smells

It is too wet.

## When it smells

## Empty
"""


def test_the_docs_lead_from_nothing_to_a_pack_that_answers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("article.md").write_text(ARTICLE, "utf-8")
    own, _ = DOC.split(OVERLAY)
    blocks = re.findall(r"(?ms)^```(\w+)\n(.*?)^```", own)
    files = {text.split("\n")[0].removeprefix("# "): text for kind, text in blocks if kind == "yaml"}
    said = []
    for line in "".join(text for kind, text in blocks if kind == "console").splitlines():
        assignment, python, command = line.rpartition(".venv/bin/python -m bot ")
        if not python:
            assert line == "make install"
            continue
        if assignment:
            monkeypatch.setenv("RESPONSES_DIR", assignment.strip().partition("=")[2])
        assert main(shlex.split(command)) == 0, capsys.readouterr().err
        said.append(capsys.readouterr().out)
        if command.startswith("import"):  # the steps between are done in an editor
            for file in Path("compost/en/answers").iterdir():
                file.unlink()
            for name, text in files.items():
                Path(name).write_text(text, "utf-8")
            policy = Path("compost/en/policy.yaml")
            text = re.sub(r"what-is-home-composting", "what-is-compost", policy.read_text("utf-8"))
            policy.write_text(text.replace("about-the-answers", "why-it-smells"), "utf-8")
    assert "explainers by language: en (2)" in said[-2]
    assert "dry leaves help" in said[-1]
    assert "Compost at home" in said[-1]


def test_a_python_without_the_packages_is_told_what_to_do_in_a_sentence() -> None:
    for command in (["new", "compost"], ["check"], ["run"]):
        bare = [sys.executable, "-S", "-m", "bot", *command]
        done = subprocess.run(bare, capture_output=True, text=True, cwd=ROOT, check=False)
        assert done.returncode == 1
        assert re.match("The package “[a-z]+” is not installed for this Python. .*run: make install\n", done.stderr)
        assert "Traceback" not in done.stderr


def test_the_docs_lay_answers_over_the_shipped_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Folder(tmp_path, "en")
    blocks = re.findall(r"(?ms)^```(\w+)\n(.*?)^```", DOC.split(OVERLAY)[1])
    for name, text in ((text.split("\n")[0].removeprefix("# "), text) for kind, text in blocks if kind == "yaml"):
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text(text, "utf-8")
    said = []
    for line in "".join(text for kind, text in blocks if kind == "console").splitlines():
        assignment, _, command = line.partition(" .venv/bin/python -m bot ")
        monkeypatch.setenv(*assignment.split("=", 1))
        assert main(shlex.split(command)) == 0, capsys.readouterr().err
        shown = capsys.readouterr()
        assert shown.err == ""
        said.append(shown.out)
    assert "en (21)" in said[0]
    assert "checked November 30, 2026 · House rules of the Berlin meetup" in said[1]
    assert "Answers whose source line names “House rules of the Berlin meetup”" in said[2]


def test_an_article_gives_a_section_and_an_empty_answer_for_each_heading_with_text(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    article = tmp_path / "article.md"
    article.write_text(ARTICLE, "utf-8")
    assert main(["import", str(article), str(tmp_path / "out")]) == 0
    answers = sorted(path.stem for path in (tmp_path / "out" / "en" / "answers").iterdir())
    assert answers == ["the-heap", "when-it-smells"]
    source = yaml.safe_load((tmp_path / "out" / "source.yaml").read_text("utf-8"))
    assert (source["article"]["title"], source["names"]) == ("The heap", ["Norfolk"])
    draft = (tmp_path / "out" / "en" / "answers" / "when-it-smells.yaml").read_text("utf-8")
    assert "#   It is too wet." in draft
    assert yaml.safe_load(draft)["questions"] == {"en": ["When it smells"]}
    assert "checked" in yaml.safe_load(draft)
    assert main(["import", str(article), str(tmp_path / "out")]) == 1
    assert "not empty" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("language", "article", "answers", "names", "quoted"),
    [
        (
            "ru",
            "# Компост\n\nКуча даёт землю. О ней знали в Твери.\n\n## Запах\n\nОна сырая.\n",
            ["section", "section-2"],
            ["Твери"],
            "#   О ней знали в Твери.\n",
        ),
        ("zh", "# 堆肥\n\n堆肥会变成土。几个月就好。\n", ["section"], [], "#   几个月就好。\n"),
        ("pt-BR", "# A composteira\n\nEla cheira.\n", ["a-composteira"], [], "#   Ela cheira.\n"),
    ],
    ids=["ru", "zh", "pt-BR"],
)
def test_an_article_of_any_language_is_drafted_in_that_language(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    language: str,
    article: str,
    answers: list[str],
    names: list[str],
    quoted: str,
) -> None:
    (tmp_path / "article.md").write_text(article, "utf-8")
    assert main(["import", str(tmp_path / "article.md"), str(tmp_path / "out"), "--language", language]) == 0
    drafts = sorted((tmp_path / "out" / language / "answers").iterdir(), key=lambda draft: draft.stem)
    assert [draft.stem for draft in drafts] == answers
    assert ("1 section in" in capsys.readouterr().out) == (len(answers) == 1)
    assert quoted in drafts[0].read_text("utf-8")
    assert list(yaml.safe_load(drafts[0].read_text("utf-8"))["questions"]) == [language]
    assert yaml.safe_load((tmp_path / "out" / "source.yaml").read_text("utf-8"))["names"] == names


def test_an_article_in_no_language_is_not_drafted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "article.md").write_text(ARTICLE, "utf-8")
    assert main(["import", str(tmp_path / "article.md"), str(tmp_path / "out"), "--language", "../up"]) == 1
    assert "is not a language tag" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("arguments", [["--title", "", "--purpose", "none"], ["--title", "tea", "--purpose", "fun"]])
def test_a_pack_without_title_reason_or_purpose_is_not_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    assert main(["new", str(tmp_path / "pack"), "--names", "", *arguments]) == 1
    assert not (tmp_path / "pack").exists()


def test_a_pack_without_warnings_answers_risk_with_the_help(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = ["--title", "tea", "--names", "", "--purpose", "none", "--reason", "Nobody loses money by tea."]
    assert main(["new", str(tmp_path / "tea"), *settings]) == 0
    monkeypatch.setenv("RESPONSES_DIR", str(tmp_path / "tea"))
    capsys.readouterr()
    assert main(["ask", "/help"]) == 0
    helped = capsys.readouterr().out
    assert main(["ask", "/risk"]) == 0
    assert capsys.readouterr().out == helped


@pytest.mark.parametrize("format_", ["markdown", "json", "html"])
def test_the_export_has_every_answer_with_its_warning_facts_and_source(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], format_: str
) -> None:
    monkeypatch.setenv("RESPONSES_DIR", str(Folder(tmp_path, "en", "es").path))
    assert main(["export", "--format", format_, "--locale", "es"]) == 0
    text = capsys.readouterr().out
    spanish = shipped().languages["es"]
    for entry in spanish.entries.values():
        assert entry.title in text
        assert (
            entry.source.line in text
            if format_ != "json"
            else json.dumps(entry.source.line, ensure_ascii=False) in text
        )
        assert all(fact in text for fact in entry.facts)
    assert text.count("⚠️") == len(spanish.entries)
