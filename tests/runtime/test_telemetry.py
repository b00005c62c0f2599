"""No secret in any log line, whoever writes it and however; the libraries stay quiet."""

import json
import logging
from collections.abc import Iterator

import pytest
import structlog
from prometheus_client import generate_latest

from bot.runtime.telemetry import Metrics, set_up

SECRETS = ("123456:AAtoken-of-nobody", 'pass"wörd\\', "postgresql://u:pass%2Fword@db/x")
LEVELS = ("debug", "info", "warning", "error", "critical")
LIBRARIES = (
    "aiohttp.access",
    "alembic.runtime",
    "asyncio",
    "discord.client",
    "httpx",
    "httpcore.http11",
    "sqlalchemy.engine",
    "telegram.Bot",
    "telegram.ext.Updater",
)


@pytest.fixture(autouse=True)
def _restored() -> Iterator[None]:
    """Logging as it was, afterwards."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    levels = {name: logging.getLogger(name).level for name in {one.partition(".")[0] for one in LIBRARIES}}
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    for name, was in levels.items():
        logging.getLogger(name).setLevel(was)
    structlog.reset_defaults()


@pytest.fixture(params=["console", "json"])
def style(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def _set_up(style: str, level: str = "debug") -> None:
    set_up(level, "json" if style == "json" else "console", SECRETS)


def _assert_clean(text: str) -> None:
    for secret in SECRETS:
        for form in (secret, json.dumps(secret)[1:-1], repr(secret)[1:-1]):
            assert form not in text


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize("level", LEVELS)
def test_a_secret_is_taken_out_of_a_message_and_its_arguments(
    style: str, level: str, secret: str, capsys: pytest.CaptureFixture[str]
) -> None:
    _set_up(style)
    log = logging.getLogger("bot.test")
    getattr(log, level)(f"calling https://api.example/bot{secret}/getMe")
    getattr(log, level)("calling %s with %r", secret, {"token": secret})
    text = capsys.readouterr().err
    assert text.count("calling") == 2
    assert "***" in text
    _assert_clean(text)


@pytest.mark.parametrize("secret", SECRETS)
def test_a_secret_is_taken_out_of_a_traceback(style: str, secret: str, capsys: pytest.CaptureFixture[str]) -> None:
    _set_up(style)
    try:
        try:
            raise ValueError(f"no such token {secret}")
        except ValueError as error:
            raise RuntimeError(f"cannot connect with {secret!r}") from error
    except RuntimeError:
        logging.getLogger("bot.test").exception("it failed")
    text = capsys.readouterr().err
    assert "RuntimeError" in text
    assert "ValueError" in text
    _assert_clean(text)


@pytest.mark.parametrize("secret", SECRETS)
def test_a_secret_is_taken_out_of_a_structured_value(
    style: str, secret: str, capsys: pytest.CaptureFixture[str]
) -> None:
    _set_up(style)
    structlog.get_logger("bot.test").warning("connecting", url=f"https://x/{secret}", deep={"a": [secret]})
    text = capsys.readouterr().err
    assert "connecting" in text
    _assert_clean(text)


def test_a_traceback_shows_no_variables(style: str, capsys: pytest.CaptureFixture[str]) -> None:
    _set_up(style)
    words = "what a member wrote"
    try:
        raise LookupError(len(words))
    except LookupError:
        logging.getLogger("bot.test").exception("it failed")
    assert "a member wrote" not in capsys.readouterr().err.replace('words = "what a member wrote"', "")


def test_libraries_that_log_addresses_and_payloads_stay_quiet(style: str, capsys: pytest.CaptureFixture[str]) -> None:
    _set_up(style)
    for name in LIBRARIES:
        logging.getLogger(name).debug("payload")
        logging.getLogger(name).info("GET https://api.example/bot…")
    assert capsys.readouterr().err == ""
    for name in LIBRARIES:
        logging.getLogger(name).warning("attention")
    assert capsys.readouterr().err.count("attention") == len(LIBRARIES)


def test_what_the_health_check_logs_is_not_logged_by_the_libraries_too(
    style: str, capsys: pytest.CaptureFixture[str]
) -> None:
    _set_up(style, "info")
    for name in ("discord.http", "discord.webhook.async_", "discord.gateway"):
        logging.getLogger(name).warning("Webhook ID None is rate limited")
    assert capsys.readouterr().err == ""


def test_a_line_of_json_is_one_object(capsys: pytest.CaptureFixture[str]) -> None:
    _set_up("json", "info")
    logging.getLogger("bot.test").info("two\nlines %s", SECRETS[0])
    logging.getLogger("bot.test").debug("not this one")
    (line,) = capsys.readouterr().err.splitlines()
    row = json.loads(line)
    assert (row["event"], row["level"], row["logger"]) == ("two\nlines ***", "info", "bot.test")
    assert row["timestamp"].endswith("Z")


def test_an_empty_secret_stars_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    set_up("info", "console", ["", "x" * 40])
    logging.getLogger("bot.test").info("plain words")
    assert "plain words" in capsys.readouterr().err


def test_setting_up_twice_writes_each_line_once(capsys: pytest.CaptureFixture[str]) -> None:
    _set_up("console")
    _set_up("console")
    logging.getLogger("bot.test").info("once")
    assert capsys.readouterr().err.count("once") == 1


def test_two_processes_counters_do_not_meet() -> None:
    one, two = Metrics(), Metrics()
    one.replies.labels("discord", "risk", "page").inc()
    assert b'kusamabot_replies_total{command="risk",outcome="page",platform="discord"} 1.0' in generate_latest(
        one.registry
    )
    assert b"kusamabot_replies_total{" not in generate_latest(two.registry)
