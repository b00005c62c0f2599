"""Whether Telegram is heard, told from what its polls say and from what they do not say."""

import pytest

from bot.adapters.telegram.connection import Line, State
from bot.adapters.telegram.metrics import asked_wait
from bot.core.faults import Fault
from bot.runtime.telemetry import Metrics


class Stage:
    """A line whose seconds a test tells."""

    def __init__(self, poll: float = 3.0) -> None:
        self.now, self.metrics = 100.0, Metrics()
        self.line = Line(self.metrics.wire("telegram"), poll, lambda: self.now)

    def value(self, name: str, **labels: str) -> float | None:
        return self.metrics.registry.get_sample_value(name, {"platform": "telegram", **labels})


def test_a_line_is_starting_until_updates_are_asked_for() -> None:
    stage = Stage()
    assert stage.line.trouble(asking=True) is Fault.STARTING
    stage.line.state = State.STARTING
    stage.line.heard(200)
    assert stage.line.trouble(asking=True) is Fault.STARTING
    stage.line.serving()
    assert stage.line.trouble(asking=True) is None


@pytest.mark.parametrize(("status", "fault"), [(409, Fault.CONFLICT), (500, Fault.UNREACHED), (0, Fault.UNREACHED)])
def test_a_poll_that_fails_is_trouble_until_one_succeeds(status: int, fault: Fault) -> None:
    stage = Stage()
    stage.line.serving()
    for _ in range(3):
        stage.line.heard(status)
        assert stage.line.trouble(asking=True) is fault
    stage.line.heard(200)
    assert stage.line.trouble(asking=True) is None
    assert stage.value("kusamabot_platform_interruptions_total") == 1


def test_a_poll_whose_answer_is_overdue_is_silence_within_five_seconds() -> None:
    stage = Stage()
    stage.line.serving()
    stage.now += 3.0
    stage.line.heard(200)
    stage.now += 4.4
    assert stage.line.trouble(asking=True) is None
    stage.now += 0.2
    assert stage.line.trouble(asking=True) is Fault.SILENT
    stage.line.heard(200)
    assert stage.line.trouble(asking=True) is None


def test_what_telegram_cannot_bring_to_the_webhook_is_told_until_it_can() -> None:
    stage = Stage()
    stage.line.serving()
    stage.line.fails_to_bring(True)
    assert stage.line.trouble(asking=True) is Fault.UNDELIVERED
    stage.line.fails_to_bring(False)
    assert stage.line.trouble(asking=True) is None


def test_while_no_more_is_asked_for_it_is_not_telegram_that_is_silent() -> None:
    stage = Stage()
    stage.line.serving()
    stage.now += 60
    assert stage.line.trouble(asking=False) is Fault.OVERLOADED


@pytest.mark.parametrize(
    ("status", "body", "seconds"),
    [
        (429, b'{"ok":false,"parameters":{"retry_after":7}}', 7.0),
        (429, b'{"ok":false,"parameters":{"retry_after":"x"}}', 0.0),
        (429, b'{"ok":false,"parameters":3}', 0.0),
        (429, b"<html>", 0.0),
        (200, b'{"parameters":{"retry_after":7}}', 0.0),
    ],
)
def test_the_wait_is_what_a_429_asks_for(status: int, body: bytes, seconds: float) -> None:
    assert asked_wait(status, body) == seconds
