"""What the bot that runs on this machine says of itself, for `doctor`. Its law: what it suffers now and what it counted
since its start become lines with a cause and a fix; what another program answers at that port is not believed.
"""

import json
import re
from collections.abc import Iterator, Mapping
from http.client import HTTPConnection, HTTPException
from typing import Any, Final, NamedTuple

from bot.config import REACHED_BY
from bot.core.faults import WORDS, Fault
from bot.core.findings import Finding, State

_PATIENCE: Final = 5.0  # seconds
_SAMPLE: Final = re.compile(r"(kusamabot_\w+)(?:\{(.*)\})? (\d+(?:\.\d+)?(?:e[+-]?\d+)?)")
_LABEL: Final = re.compile(r'(\w+)="([^"]*)"')
_PASSING: Final = frozenset({Fault.STARTING, Fault.BUSY, Fault.OVERLOADED, Fault.STOPPED})


class Sign(NamedTuple):
    """A counter that tells of trouble: more than `over` of it, the `result` it is counted under, and the words."""

    metric: str
    result: str
    over: float
    cause: str
    fix: str


SIGNS: Final = (
    Sign(
        "kusamabot_platform_calls_total",
        "limited",
        0,
        "call(s) were answered with 429: too many in one chat",
        "nothing, if few: only that chat waits; else raise its pause (/settings cooldown)",
    ),
    Sign(
        "kusamabot_platform_calls_total",
        "forbidden",
        0,
        "call(s) were forbidden: the bot lacks a right somewhere, or was removed",
        "/diagnose in the community tells which right and where it is given",
    ),
    Sign(
        "kusamabot_platform_calls_total",
        "failed",
        10,
        "call(s) were answered with a server's error",
        "nothing, if the platform's status page tells of an outage; else check this machine's network",
    ),
    Sign(
        "kusamabot_platform_calls_total",
        "lost",
        10,
        "call(s) stayed without an answer",
        "check this machine's network and name server",
    ),
    Sign(
        "kusamabot_platform_calls_total",
        "conflict",
        0,
        "poll(s) met another program with the same token",
        WORDS[Fault.CONFLICT].fix,
    ),
    Sign(
        "kusamabot_platform_interruptions_total",
        "",
        20,
        "time(s) the connection broke",
        "nothing, if spread over days: what was missed was fetched; else check this machine's network",
    ),
    Sign(
        "kusamabot_store_errors_total",
        "",
        0,
        "time(s) the database refused",
        "the log has a line for each with its remedy",
    ),
    Sign(
        "kusamabot_content_readings_total",
        "refused",
        0,
        "change(s) of the content were refused for mistakes",
        "nothing, if `python -m bot check` finds none now",
    ),
    *(
        Sign(
            "kusamabot_pin_updates_total", state, 0, f"pin(s) could not be updated ({state})", "/pins there tells more"
        )
        for state in ("gone", "forbidden", "closed", "full", "refused")
    ),
    *(
        Sign("kusamabot_greetings_total", result, 0, f"greeting(s) {words}", "/welcome there tells why")
        for result, words in (("failed", "could not be posted"), ("left-out", "were left out after a failure"))
    ),
)


def running(host: str, port: int) -> list[Finding] | None:
    """What the bot at that address says, or None if nothing of ours answers there."""
    try:
        state = json.loads(asked(host, port, "/readyz")[1])
        if not _ours(state):
            return None
        counted = asked(host, port, "/metrics")[1].decode()
    except (OSError, HTTPException, ValueError, RecursionError):
        return None
    return [*told(state), *_signs(counted)]


def _ours(state: object) -> bool:
    """Whether it has the shape of what this bot says of itself."""
    if not isinstance(state, dict) or not {"ready", "version", "faults", "store"} <= state.keys():
        return False
    faults = state["faults"]
    return isinstance(faults, list) and all(
        isinstance(one, dict)
        and all(isinstance(one.get(name), str) for name in ("part", "fault", "reason", "since", "fix"))
        for one in faults
    )


def asked(host: str, port: int, path: str) -> tuple[int, bytes]:
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


def told(state: Mapping[str, Any]) -> Iterator[Finding]:
    """The lines of what `/readyz` shows: one for each fault, or that all is well."""
    how = "is ready" if state["ready"] else "is not ready"
    version = _line(state["version"])
    yield Finding("running bot", State.FINE if state["ready"] else State.BROKEN, f"version {version} {how}")
    for one in state["faults"]:
        broken = one["fault"] not in _PASSING and one["part"] != "content"
        what = f"{_line(one['reason'])} (since {_line(one['since'])})"
        yield Finding(f"running {_line(one['part'])}", State.BROKEN if broken else State.NOTE, what, _line(one["fix"]))


def _line(words: object) -> str:
    """In one line, whoever said it."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in str(words)[:400]).split())


def _signs(counted: str) -> Iterator[Finding]:
    """The lines of what was counted since the bot began."""
    for line in counted.splitlines():
        if not (sample := _SAMPLE.fullmatch(line)):
            continue
        name, labels, number = sample[1], dict(_LABEL.findall(sample[2] or "")), float(sample[3])
        for sign in SIGNS:
            if sign.metric == name and labels.get("result", "") == sign.result and number > sign.over:
                where = _line(labels.get("platform", labels.get("fault", "content")))
                yield Finding(f"running {where}", State.NOTE, f"since its start {number:.0f} {sign.cause}", sign.fix)
