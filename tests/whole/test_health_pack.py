"""A pack about health: what its answers may not say, and what is declined."""

from pathlib import Path

import pytest

from bot.__main__ import main

WRONG = [
    "Honey cures asthma.",
    "You need no doctor.",
    "You do not need a doctor for this.",
    "Give your baby honey now.",
    "Take two tablets in the morning.",
    "You can stop taking your inhaler then.",
    "Skip your medicine on such days.",
    "It has no side effects.",
]
RIGHT = [
    "There is no cure for hay fever.",
    "Never stop taking your medicine without asking a doctor.",
    "Do not take tablets that were given to others.",
    "Take the leaflet with you when you see a doctor.",
    "If somebody says that honey cures it, ask a doctor.",
    "Side effects stand in the leaflet.",
]


@pytest.fixture
def pack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "pack"
    assert main(["new", str(folder), "--title", "hay fever", "--names", "", "--purpose", "health"]) == 0
    monkeypatch.setenv("RESPONSES_DIR", str(folder))
    return folder


def test_cures_doses_and_words_against_doctors_are_no_answer(pack: Path, capsys: pytest.CaptureFixture[str]) -> None:
    answer = pack / "en/answers/about-the-answers.yaml"
    text = answer.read_text("utf-8")
    assert main(["check"]) == 0, capsys.readouterr().err
    said = {}
    for words in (*WRONG, *RIGHT):
        answer.write_text(
            text.replace("This is where the answer goes", f"{words} This is where the answer goes"), "utf-8"
        )
        said[words] = main(["check"]), "urges or promises" in capsys.readouterr().err
    assert {words: said[words] for words in WRONG} == dict.fromkeys(WRONG, (1, True))
    assert [words for words in RIGHT if said[words][1]] == []


def test_a_wish_for_a_dose_is_declined(pack: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ask", "how many tablets should I take"]) == 0
    assert "No medical advice" in capsys.readouterr().out
