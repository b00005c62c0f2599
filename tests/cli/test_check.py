"""`check` says when an answer cannot be found by any of its own questions."""

from pathlib import Path

import pytest

from bot.__main__ import main
from tests.builders import Folder

QUESTIONS = "\nquestions:\n  en:\n  - {question}\n"


@pytest.mark.parametrize(("question", "warned"), [("what is the relay chain", False), ("a pancake recipe", True)])
def test_an_answer_that_none_of_its_questions_finds_is_named(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    question: str,
    warned: bool,
) -> None:
    folder = Folder(tmp_path)
    name = "en/answers/relay-chain.yaml"
    folder.write(name, folder.text(name) + QUESTIONS.format(question=question))
    monkeypatch.setenv("RESPONSES_DIR", str(folder.path))
    assert main(["check"]) == 0
    shown = capsys.readouterr()
    assert "The content is right" in shown.out
    assert (f"Warning: {name}: none of its questions finds it" in shown.err) is warned
