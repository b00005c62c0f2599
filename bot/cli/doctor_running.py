"""Asks the bot that runs on this machine for its current faults and its counters, for `doctor` and `health`."""

from collections.abc import Iterator
from http.client import HTTPConnection, HTTPException
from typing import Any, Final, NamedTuple

import msgspec
from prometheus_client.parser import text_string_to_metric_families

from bot.config import REACHED_BY
from bot.core.faults import CONTENT, Fault, Finding, State

_TIMEOUT: Final = 5.0  # seconds
_PASSING: Final = frozenset({Fault.STARTING, Fault.BUSY, Fault.OVERLOADED, Fault.STOPPED, Fault.INCOMPLETE})


class _ReportedFault(msgspec.Struct):
    """A fault in the answer of `/readyz`."""

    part: str
    fault: str
    reason: str
    since: str
    fix: str


class _Readiness(msgspec.Struct):
    """The answer of `/readyz`. Another program at the port does not have these fields."""

    ready: bool
    version: str
    store: dict[str, Any]
    faults: list[_ReportedFault]


class Sign(NamedTuple):
    """A counter that shows a fault if its value for that `result` is over `over`, with the cause and fix to print."""

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
        "nothing, if few: only that chat waits; else raise its cooldown (/settings cooldown)",
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
        "call(s) failed with a server error",
        f"nothing, if the platform's status page reports an outage; {_NETWORK}",
    ),
    Sign(_CALLS, "lost", 10, "call(s) got no answer", "check this machine's network and name server"),
    Sign(_CALLS, "conflict", 0, "poll(s) failed: another program uses the same token", Fault.CONFLICT.fix),
    Sign(
        "kusamabot_platform_interruptions_total",
        "",
        20,
        "interruption(s) of the connection",
        f"nothing, if spread over days: the bot fetched what it missed; {_NETWORK}",
    ),
    Sign("kusamabot_store_errors_total", "", 0, "database error(s)", "see the log: it has each error with its fix"),
    Sign(
        "kusamabot_content_readings_total",
        "refused",
        0,
        "change(s) of the content were refused because of mistakes",
        "nothing, if `python -m bot check` finds none now",
    ),
    *(
        Sign("kusamabot_pin_updates_total", state, 0, f"pin(s) could not be updated ({state})", "see /pins there")
        for state in ("gone", "forbidden", "closed", "full", "refused")
    ),
    *(
        Sign("kusamabot_greetings_total", result, 0, f"greeting(s) {words}", "see /welcome there")
        for result, words in (("failed", "could not be posted"), ("left-out", "were left out after a failure"))
    ),
)


def get(host: str, port: int, path: str) -> tuple[int, bytes]:
    """Return the status, and at most 1 MiB of the body, of a GET request to that port. Never uses a proxy.

    Raises:
        OSError, HTTPException: nothing answers within 5 seconds, or the answer is not HTTP.
    """
    connection = HTTPConnection(REACHED_BY.get(host, host), port, timeout=_TIMEOUT)
    try:
        connection.request("GET", path, headers={"Host": "localhost"})
        answer = connection.getresponse()
        return answer.status, answer.read(1 << 20)
    finally:
        connection.close()


def running(host: str, port: int) -> list[Finding] | None:
    """Return the findings of the bot at that address. None if this bot does not answer there."""
    try:
        found = [*faults(get(host, port, "/readyz")[1])]
        return [*found, *_signs(get(host, port, "/metrics")[1].decode())]
    except (OSError, HTTPException, ValueError, RecursionError, msgspec.MsgspecError):
        return None


def faults(body: bytes) -> Iterator[Finding]:
    """Yield whether the bot is ready, and each fault, from the answer of `/readyz`.

    Raises:
        msgspec.MsgspecError, RecursionError, ValueError: the answer is not from this bot.
    """
    state = msgspec.json.decode(body, type=_Readiness)
    ready = "ready" if state.ready else "not ready"
    cause = f"version {_one_line(state.version)} is {ready}"
    yield Finding("running bot", State.FINE if state.ready else State.BROKEN, cause)
    for one in state.faults:
        broken = one.fault not in _PASSING and one.part != CONTENT
        cause = f"{_one_line(one.reason)} (since {_one_line(one.since)})"
        state_of_part = State.BROKEN if broken else State.NOTE
        yield Finding(f"running {_one_line(one.part)}", state_of_part, cause, _one_line(one.fix))


def _one_line(text: str) -> str:
    """Return the first 400 characters in one line without control characters. Another program may have sent them."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text[:400]).split())


def _signs(metrics: str) -> Iterator[Finding]:
    """Yield a finding for each counter that shows a fault, none if the metrics cannot be parsed."""
    try:
        samples = [sample for family in text_string_to_metric_families(metrics) for sample in family.samples]
    except ValueError:
        return
    for name, labels, value, *_ in samples:
        for sign in SIGNS:
            if sign.metric == name and labels.get("result", "") == sign.result and value > sign.over:
                where = _one_line(labels.get("platform", labels.get("fault", CONTENT)))
                yield Finding(f"running {where}", State.NOTE, f"since the start, {value:.0f} {sign.cause}", sign.fix)
