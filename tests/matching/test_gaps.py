"""Questions without an answer are grouped, so that a writer sees what is missing."""

import json
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.cli.gaps import gaps, language_guesser
from bot.matching.matcher import Matcher
from tests.builders import shipped

language = language_guesser(shipped())
ASKED = [
    "how long does unbonding take",
    "how long is the unbonding period?",
    "unbonding how many days",
    "which wallet should support kusama",
    "what wallets support kusama",
    "how long does unbonding take",
]


def test_alike_questions_stand_in_one_group_with_how_often_they_were_asked(matcher: Matcher) -> None:
    found = gaps(ASKED, matcher, language)
    assert [gap.languages.total() for gap in found][:2] == [4, 2]
    assert len(found[0].questions) == 3
    assert found[0].nearest in matcher.engine.letters.labels


def test_they_are_grouped_by_their_words_without_the_encoder(fallback: Matcher) -> None:
    found = gaps(["unbonding period days", "unbonding period in days", "ledger support"], fallback, language)
    assert [gap.languages.total() for gap in found] == [2, 1]


def test_nothing_asked_is_no_group(fallback: Matcher) -> None:
    assert gaps([], fallback, language) == []


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("how long is it", "en"),
        ("what wallets are there", "en"),
        ("¿cuánto dura?", "es"),
        ("cuanto dura el desbloqueo", "es"),
        ("сколько ждать", "ru"),
        ("需要多久", "zh"),
        ("ne kadar sürer, bağlı mı", "tr"),
        ("hangi cuzdan en iyisi", "tr"),
        ("mất bao nhiêu ngày", "vi"),
        ("lam sao de rut tien", "vi"),
    ],
)
def test_the_letters_show_the_language(text: str, tag: str) -> None:
    assert language(text) == tag


def test_the_command_prints_groups_and_passes_over_a_line_cut_short(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log = tmp_path / "unanswered.jsonl"
    cut = '"сколько'.encode()[:-1] + b'\n"how lo'
    log.write_bytes("".join(json.dumps(text) + "\n" for text in ASKED).encode() + cut)
    assert main(["gaps", str(log), "--most", "1"]) == 0
    shown = capsys.readouterr().out
    assert "nearest: /" in shown
    assert "6 questions without an answer in" in shown


def test_without_a_log_it_says_what_to_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["gaps", str(tmp_path / "none")]) == 1
    assert "Name a question log that the bot wrote" in capsys.readouterr().err
