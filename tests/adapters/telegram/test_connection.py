"""Whether updates come in, by what polls return and by polls that return nothing."""

import pytest

from bot.adapters.telegram.connection import Connection
from bot.core.errors import PlatformError
from bot.core.faults import Fault, Trouble
from bot.runtime.telemetry import Metrics


class Stage:
    """A connection whose seconds a test sets."""

    def __init__(self) -> None:
        self.now, self.metrics = 100.0, Metrics()
        self.connection = Connection(self.metrics.wire("telegram"), 3.0, lambda: self.now)

    @property
    def trouble(self) -> Trouble | None:
        return self.connection.trouble(full=False)


def test_a_connection_is_starting_until_updates_are_asked_for() -> None:
    stage = Stage()
    assert stage.trouble == (Fault.STARTING, "")
    stage.connection.on_answer()
    assert stage.trouble is None
    stage.connection.on_stop()
    assert stage.trouble == (Fault.STARTING, "")


@pytest.mark.parametrize(
    ("fault", "trouble"),
    [(Fault.CONFLICT, (Fault.CONFLICT, "")), (None, (Fault.UNREACHED, "Telegram: away"))],
)
def test_a_poll_that_fails_is_trouble_until_one_succeeds(fault: Fault | None, trouble: Trouble) -> None:
    stage = Stage()
    stage.connection.on_answer()
    for _ in range(3):
        stage.connection.on_failure(PlatformError("away", permanent=False, fault=fault))
        assert stage.trouble == trouble
    stage.connection.on_answer()
    assert stage.trouble is None
    interruptions = "kusamabot_platform_interruptions_total"
    assert stage.metrics.registry.get_sample_value(interruptions, {"platform": "telegram"}) == 1


def test_a_poll_whose_answer_is_overdue_is_silence_within_five_seconds() -> None:
    stage = Stage()
    stage.connection.on_answer()
    stage.now += 3.0
    stage.connection.on_answer()
    stage.now += 4.4
    assert stage.trouble is None
    stage.now += 0.2
    assert stage.trouble == (Fault.SILENT, "")
    stage.connection.on_answer()
    assert stage.trouble is None


def test_what_telegram_cannot_deliver_to_the_webhook_is_reported_until_it_can() -> None:
    stage = Stage()
    stage.connection.on_answer()
    stage.connection.undelivered = "the certificate is wrong"
    assert stage.trouble == (Fault.UNDELIVERED, "the certificate is wrong")
    stage.connection.undelivered = ""
    assert stage.trouble is None


def test_while_no_more_is_taken_in_the_bot_is_overloaded_and_telegram_not_silent() -> None:
    stage = Stage()
    stage.connection.on_answer()
    stage.now += 60
    assert stage.connection.trouble(full=True) == (Fault.OVERLOADED, "")
