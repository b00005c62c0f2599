"""`check` warns of what is no mistake yet: an answer that its own questions do not find, a review that is due."""

from pathlib import Path

import pytest

from bot.__main__ import main
from tests.builders import ROOT, Folder, shipped

QUESTIONS = "\nquestions:\n  en:\n  - {question}\n"


@pytest.mark.parametrize(("question", "warned"), [("what is the relay chain", False), ("a pancake recipe", True)])
def test_an_answer_that_none_of_its_questions_finds_is_named(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    question: str,
    warned: bool,
) -> None:
    folder = Folder(tmp_path, "en")
    name = "en/answers/relay-chain.yaml"
    folder.write(name, folder.text(name) + QUESTIONS.format(question=question))
    monkeypatch.setenv("RESPONSES_DIR", str(folder.path))
    assert main(["check"]) == 0
    shown = capsys.readouterr()
    assert "The content is valid" in shown.out
    assert (f"Warning: {name}: none of its questions finds it" in shown.err) is warned


@pytest.mark.parametrize(("by", "warned"), [("2020-01-31", True), ("2999-01-31", False)])
def test_a_review_that_is_due_is_warned_of_and_listed_with_what_to_compare(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], by: str, warned: bool
) -> None:
    folder = Folder(tmp_path, "en", "es")
    name = "en/answers/staking.yaml"
    folder.write(name, f"{folder.text(name)}\nreview_by: {by}\n")
    folder.edit("es/duties.yaml", "review_by: 2027-05-29", "review_by: 2019-12-31")
    monkeypatch.setenv("RESPONSES_DIR", str(folder.path))
    assert main(["check"]) == 0
    assert (f"Warning: {name}: its review is due by {by}." in capsys.readouterr().err) is warned
    assert main(["review"]) == 0
    listed = capsys.readouterr().out
    assert listed.startswith("2019-12-31  es/policy.yaml  (overdue)\n    its warnings with docs/warnings.md\n")
    assert (f"{by}  {name}  (overdue)\n    the article’s section “How Kusama works”" in listed) is warned
    assert main(["review", "--all"]) == 0
    assert by in capsys.readouterr().out


def test_the_warnings_of_every_language_have_the_day_that_the_docs_name() -> None:
    days = {one.warnings_review_by for one in shipped().languages.values()}
    assert [f"| {day} |" in (ROOT / "docs/warnings.md").read_text("utf-8") for day in days] == [True]


def test_words_that_read_like_names_are_offered_in_one_line_to_copy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = Folder(tmp_path, "en")
    monkeypatch.setenv("RESPONSES_DIR", str(folder.path))
    folder.edit("en/answers/whatisksm.yaml", "What is KSM?", "Scrape what I am?")
    assert main(["check"]) == 1
    assert "1 problem in the content." in capsys.readouterr().err.splitlines()[-1]
    folder.edit("en/answers/staking.yaml", "title:", "title: Babies, #")
    assert main(["check"]) == 1
    told = capsys.readouterr().err.splitlines()
    assert any("“Scrape” reads like a name and is not in names of source.yaml. " in one for one in told)
    assert told[-1] == 'If they are ordinary words, add to ordinary_words in source.yaml: "Babies", "Scrape"'
