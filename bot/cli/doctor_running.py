"""Asks the bot that runs on this machine, for `doctor`: its faults now, and what it counted since its start."""

from collections.abc import Iterator
from http.client import HTTPConnection, HTTPException
from typing import Any, Final, NamedTuple

import msgspec
from prometheus_client.parser import text_string_to_metric_families

from bot.config import REACHED_BY
from bot.core.faults import CONTENT, Fault, Finding, State

_PATIENCE: Final = 5.0  # seconds
_PASSING: Final = frozenset({Fault.STARTING, Fault.BUSY, Fault.OVERLOADED, Fault.STOPPED, Fault.INCOMPLETE})


class _Told(msgspec.Struct):
    """A fault, as `/readyz` shows it."""

    part: str
    fault: str
    reason: str
    since: str
    fix: str


class _State(msgspec.Struct):
    """What `/readyz` shows. Another program at that port says something else."""

    ready: bool
    version: str
    store: dict[str, Any]
    faults: list[_Told]


class Sign(NamedTuple):
    """A counter that shows a fault: more than `over` under that `result`, and the words for it."""

    metric: str
    result: str
    over: float
    cause: str
    fix: str


_CALLS: Final = "kusamabot_platform_calls_total"
_NETWORK: Final = "else check this machine's network"
SIGNS: Final = (
    Sign(
        _CALLS,
        "limited",
        0,
        "call(s) were answered with 429: too many messages in one chat",
        "nothing, if few: only that chat waits; else raise its pause (/settings cooldown)",
    ),
    Sign(
        _CALLS,
        "forbidden",
        0,
        "call(s) were forbidden: the bot lacks a right somewhere, or was removed",
        "/diagnose in the community says which right is missing and how to give it",
    ),
    Sign(
        _CALLS,
        "failed",
        10,
        "call(s) were answered with a server's error",
        f"nothing, if the platform's status page reports an outage; {_NETWORK}",
    ),
    Sign(_CALLS, "lost", 10, "call(s) got no answer", "check this machine's network and name server"),
    Sign(_CALLS, "conflict", 0, "poll(s) met another program with the same token", Fault.CONFLICT.fix),
    Sign(
        "kusamabot_platform_interruptions_total",
        "",
        20,
        "time(s) the connection broke",
        f"nothing, if spread over days: what was missed was fetched; {_NETWORK}",
    ),
    Sign("kusamabot_store_errors_total", "", 0, "time(s) the database refused", "the log has each with its fix"),
    Sign(
        "kusamabot_content_readings_total",
        "refused",
        0,
        "change(s) of the content were refused for mistakes",
        "nothing, if `python -m bot check` finds none now",
    ),
    *(
        Sign("kusamabot_pin_updates_total", state, 0, f"pin(s) could not be updated ({state})", "/pins there says more")
        for state in ("gone", "forbidden", "closed", "full", "refused")
    ),
    *(
        Sign("kusamabot_greetings_total", result, 0, f"greeting(s) {words}", "/welcome there says why")
        for result, words in (("failed", "could not be posted"), ("left-out", "were left out after a failure"))
    ),
)


def ask(host: str, port: int, path: str) -> tuple[int, bytes]:
    """What the program that listens on that host and port answers: its status, and at most 1 MiB of the body.

    It is asked directly, whatever proxies the environment names.

    Raises:
        OSError, HTTPException: nothing answers, or not in HTTP.
    """
    connection = HTTPConnection(REACHED_BY.get(host, host), port, timeout=_PATIENCE)
    try:
        connection.request("GET", path, headers={"Host": "localhost"})
        answer = connection.getresponse()
        return answer.status, answer.read(1 << 20)
    finally:
        connection.close()


def running(host: str, port: int) -> list[Finding] | None:
    """The findings of the bot at that address, or None if no bot of ours answers there."""
    try:
        found = [*faults(ask(host, port, "/readyz")[1])]
        return [*found, *_signs(ask(host, port, "/metrics")[1].decode())]
    except (OSError, HTTPException, ValueError, RecursionError, msgspec.MsgspecError):
        return None


def faults(body: bytes) -> Iterator[Finding]:
    """What `/readyz` shows: whether the bot is ready, and each fault.

    Raises:
        msgspec.MsgspecError, RecursionError, ValueError: it is not the answer of our bot.
    """
    state = msgspec.json.decode(body, type=_State)
    ready = "ready" if state.ready else "not ready"
    cause = f"version {_line(state.version)} is {ready}"
    yield Finding("running bot", State.FINE if state.ready else State.BROKEN, cause)
    for one in state.faults:
        broken = one.fault not in _PASSING and one.part != CONTENT
        cause = f"{_line(one.reason)} (since {_line(one.since)})"
        yield Finding(f"running {_line(one.part)}", State.BROKEN if broken else State.NOTE, cause, _line(one.fix))


def _line(words: str) -> str:
    """In one line, whoever said it."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in words[:400]).split())


def _signs(counted: str) -> Iterator[Finding]:
    """The counters that show a fault. Counters that cannot be read show none."""
    try:
        samples = [sample for family in text_string_to_metric_families(counted) for sample in family.samples]
    except ValueError:
        return
    for name, labels, value, *_ in samples:
        for sign in SIGNS:
            if sign.metric == name and labels.get("result", "") == sign.result and value > sign.over:
                where = _line(labels.get("platform", labels.get("fault", CONTENT)))
                yield Finding(f"running {where}", State.NOTE, f"since the start, {value:.0f} {sign.cause}", sign.fix)
