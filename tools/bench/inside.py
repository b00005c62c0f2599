"""One answer without a platform, and how long reloading the content holds the event loop.

`python -m tools.bench.inside answers` and `… reloads` measure in a process of their own.
"""

import asyncio
import json
import sys
import time
from collections.abc import Awaitable
from functools import partial
from pathlib import Path
from statistics import median
from time import thread_time_ns

import aiohttp
import yaml

from tools.bench.process import Void, child
from tools.bench.row import Row, Scenario
from tools.bench.stage import TITLES, edit, explainer, home

_TIMES, _ROUNDS, _TICK = 5_000, 5, 0.001


async def answers() -> dict[str, float]:
    """Nanoseconds of an answer for both platforms, beside a look-up in a dictionary and the same JSON."""
    from bot.adapters.playground.preview import PREVIEWS
    from bot.adapters.playground.requests import request
    from bot.config import settings
    from bot.runtime.content import responder_of

    responder, platforms = responder_of(settings()), ("discord", "telegram")
    asked = request({"text": "/whatisksm", "locale": "en"}, responder.commands)
    plain = {"whatisksm": explainer()}
    ours, twin = list[int](), list[int]()
    for _ in range(_TIMES):
        began = thread_time_ns()
        reply = await responder.respond(asked)
        assert reply
        shown = json.dumps([PREVIEWS[one].render(reply) for one in platforms])
        between = thread_time_ns()
        found = plain["whatisksm"]
        known = json.dumps([found[one] for one in platforms])
        twin.append(thread_time_ns() - between)
        ours.append(between - began)
        if shown != known:
            raise Void(f"a wrong answer: {shown}")
    return {"ours": median(ours) / 1000, "twin": median(twin) / 1000}


async def reloads() -> dict[str, float]:
    """Milliseconds that the loop is held while six languages are reloaded, and while a plain thread parses them."""
    from bot.config import made
    from bot.runtime.service import Service

    with home() as known:
        folder = Path(known["RESPONSES_DIR"])
        given = {"responses_dir": str(folder), "data_dir": known["DATA_DIR"], "port": "0"}
        service = Service(made(given))
        running = asyncio.create_task(service.run())
        while service.port is None:  # noqa: ASYNC110 - it has no event
            await asyncio.sleep(0.01)
        ours, twin = list[float](), list[float]()
        for number in range(_ROUNDS):
            before = await _revision(service.port)
            edit(known, TITLES[(number + 1) % 2])
            ours.append(await held(_renewed(service.port, before)))
            twin.append(await held(asyncio.to_thread(_parsed, folder)))
        service.stop()
        await running
    return {"ours": max(ours), "twin": max(twin)}


def _parsed(folder: Path) -> None:
    for file in folder.glob("**/*.yaml"):
        yaml.load(file.read_bytes(), yaml.CSafeLoader)


async def _revision(port: int) -> str:
    async with aiohttp.ClientSession() as session, session.get(f"http://127.0.0.1:{port}/readyz") as answer:
        return str((await answer.json())["content"]["revision"])


async def _renewed(port: int, before: str) -> None:
    while await _revision(port) == before:  # noqa: ASYNC110 - the same
        await asyncio.sleep(0.05)


async def held(what: Awaitable[None]) -> float:
    """Milliseconds that the loop was held at most meanwhile.

    A task wants to run every millisecond. How late it comes counts, but not more than this process worked meanwhile, in
    all its threads: one that holds the interpreter's lock keeps the loop waiting too.
    """
    longest = 0.0

    async def watch() -> None:
        nonlocal longest
        while True:
            due, worked = time.perf_counter() + _TICK, time.process_time()
            await asyncio.sleep(_TICK)
            late, work = time.perf_counter() - due, time.process_time() - worked
            longest = max(longest, min(late, work) * 1000)

    watching = asyncio.create_task(watch())
    await asyncio.sleep(_TICK)
    await what
    await asyncio.sleep(_TICK)  # a hold just now is seen
    watching.cancel()
    return longest


async def _filled(row: Row, what: str) -> None:
    for _ in range(3):
        told = await asyncio.to_thread(child, "tools.bench.inside", what)
        row.ours.append(told["ours"])
        row.twin.append(told["twin"])


SCENARIOS = (
    Scenario(
        partial(_filled, what="answers"),
        (Row("answer", "an answer for both platforms, beside a dictionary and the same JSON", "µs", 3.0),),
    ),
    Scenario(
        partial(_filled, what="reloads"),
        (
            Row(
                "reload-hold",
                "the longest hold of the loop in a reload, beside a thread that parses the YAML",
                "ms",
                1.5,
            ),
        ),
    ),
)

if __name__ == "__main__":
    print(json.dumps(asyncio.run({"answers": answers, "reloads": reloads}[sys.argv[1]]())))
