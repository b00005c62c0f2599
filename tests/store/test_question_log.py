"""Unanswered questions are kept only where the operator wants it, and then nothing but their words."""

import json
import logging
import os
from pathlib import Path

import pytest

from bot.core.community import Community
from bot.core.model import TELEGRAM, Match, Member, Outcome, Place, Request, Suggestion
from bot.core.sealed_catalog import SealedCatalog
from bot.core.spans import Text, flatten
from bot.features.answers import Responder
from bot.store.question_log import LARGEST, QuestionLog
from tests.builders import shipped
from tests.full_disk import full_disk

GROUP = Place(TELEGRAM, "-100777", "-100777")


class Judged:
    """A matcher that takes every text for the same."""

    def __init__(self, outcome: Outcome) -> None:
        self.outcome = outcome

    async def match(self, text: str) -> Match:
        return Match(self.outcome, None, (Suggestion("staking", "Staking", 0.1),), 0.1, "told")

    def suggest(self, text: str, limit: int) -> tuple[Suggestion, ...]:
        return ()


class Defaults:
    async def of(self, place: Place) -> Community:
        return Community(place.platform, place.community)


def responder(outcome: Outcome, log: QuestionLog | None) -> Responder:
    edition = SealedCatalog(shipped())
    facts = {name: (Text("1"),) for name in ("version", "revision", "reviewed")}
    unanswered = log.note if log else None
    return Responder(lambda: edition, Defaults().of, Judged(outcome), lambda *_: facts, unanswered=unanswered)


def asked(words: str, command: str = "ask") -> Request:
    return Request(GROUP, Member("424242", "Mallory"), command, words)


async def test_a_row_holds_the_words_and_nothing_else(tmp_path: Path) -> None:
    file = tmp_path / "unanswered.jsonl"
    await responder(Outcome.NONE, QuestionLog(file)).respond(asked("how long\x00 is\nunbonding?"))
    assert [json.loads(line) for line in file.read_text("utf-8").splitlines()] == ["how long is unbonding?"]
    assert file.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("outcome", [Outcome.ADVICE, Outcome.PRICE, Outcome.SCAM, Outcome.SUGGEST])
async def test_only_what_has_no_answer_is_kept(tmp_path: Path, outcome: Outcome) -> None:
    await responder(outcome, QuestionLog(tmp_path / "kept")).respond(asked("should i buy"))
    assert not (tmp_path / "kept").exists()


async def test_the_privacy_page_tells_of_the_log_where_there_is_one(tmp_path: Path) -> None:
    told = await responder(Outcome.NONE, QuestionLog(tmp_path / "kept")).respond(asked("", "privacy"))
    plain = await responder(Outcome.NONE, None).respond(asked("", "privacy"))
    assert told
    assert plain
    exception = flatten((told.body[-2],))
    assert "log of questions" in exception
    assert "log of questions" not in flatten(plain.body)


async def test_a_log_that_cannot_be_written_is_told_once_and_the_answer_comes(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    talking = responder(Outcome.NONE, QuestionLog(tmp_path / "missing" / "kept"))
    with caplog.at_level(logging.ERROR):
        replies = [await talking.respond(asked("what about it")) for _ in range(3)]
    assert all(reply and reply.outcome is Outcome.NONE for reply in replies)
    assert len(caplog.records) == 1
    assert "what about it" not in caplog.text


def test_a_full_log_takes_no_more(tmp_path: Path) -> None:
    file = tmp_path / "kept"
    file.write_bytes(b"x" * LARGEST)
    QuestionLog(file).note("one more")
    assert file.stat().st_size == LARGEST


def test_a_symbolic_link_is_not_followed(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "precious").write_text("words")
    (tmp_path / "kept").symlink_to(tmp_path / "precious")
    (tmp_path / "dangling").symlink_to(tmp_path / "new")
    for name in ("kept", "dangling"):
        QuestionLog(tmp_path / name).note("how long is unbonding?")
    assert (tmp_path / "precious").read_text() == "words"
    assert not (tmp_path / "new").exists()
    assert caplog.text.count("it is a symbolic link; name the file itself") == 2


def test_a_hard_link_to_another_file_is_not_written(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "precious").write_text("words")
    (tmp_path / "precious").chmod(0o644)
    (tmp_path / "kept").hardlink_to(tmp_path / "precious")
    QuestionLog(tmp_path / "kept").note("how long is unbonding?")
    assert (tmp_path / "precious").read_text() == "words"
    assert (tmp_path / "precious").stat().st_mode & 0o777 == 0o644
    assert "a hard link" in caplog.text


def test_a_log_that_others_could_read_is_theirs_no_more_and_that_is_said_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    file = tmp_path / "kept"
    file.touch()
    file.chmod(0o664)
    log = QuestionLog(file)
    log.note("one")
    log.note("two")
    assert file.stat().st_mode & 0o777 == 0o600
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert file.read_text().splitlines() == ['"one"', '"two"']


def test_neither_a_pipe_nor_a_device_is_written_to(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    os.mkfifo(tmp_path / "pipe")
    reader = os.open(tmp_path / "pipe", os.O_RDONLY | os.O_NONBLOCK)
    QuestionLog(tmp_path / "pipe").note("one")
    assert os.read(reader, 10) == b""
    os.close(reader)
    QuestionLog(tmp_path / "pipe").note("one")  # nobody reads: it must not wait for somebody
    QuestionLog(Path("/dev/null")).note("one")
    QuestionLog(tmp_path).note("one")
    assert len(caplog.records) == 4


def test_on_a_full_disk_no_half_line_is_left_and_each_fault_is_told_from_its_begin_to_its_end(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    log = QuestionLog(tmp_path / "kept")
    for number in range(2):
        log.note(f"before {number}")
        with full_disk((tmp_path / "kept").stat().st_size + 5):
            log.note("half of this would fit")
            log.note("and of this")
        log.note(f"after {number}")
    lines = (tmp_path / "kept").read_text().splitlines()
    assert [*map(json.loads, lines)] == ["before 0", "after 0", "before 1", "after 1"]
    assert [record.levelname for record in caplog.records] == ["ERROR", "INFO"] * 2
