"""Measures one answer without a platform. `python -m tools.bench.inside` does it in a separate process."""

import asyncio
import json
from statistics import median
from time import thread_time_ns

from tools.bench.process import Void, child
from tools.bench.row import Row, Scenario
from tools.bench.stage import COMMAND, explainer

_TIMES, _PLATFORMS = 5_000, ("discord", "telegram")


async def answers() -> dict[str, float]:
    """Measure the CPU microseconds of an answer for both platforms as JSON (`ours`), and of the same JSON from a
    dictionary (`twin`). Raises Void if they differ.
    """
    from bot.adapters.playground.preview import faces
    from bot.adapters.playground.requests import Asked, request
    from bot.config import load_settings
    from bot.runtime.content_setup import responder_of

    responder, plain = responder_of(load_settings()), {COMMAND: explainer()}
    asked = request(Asked(f"/{COMMAND}", locale="en"), responder.read, responder.commands)
    ours, twin = list[int](), list[int]()
    for _ in range(_TIMES):
        began = thread_time_ns()
        reply = await responder.respond(asked)
        assert reply
        shown = json.dumps(list(faces(reply).values()))
        between = thread_time_ns()
        expected = json.dumps([plain[COMMAND][one] for one in _PLATFORMS])
        twin.append(thread_time_ns() - between)
        ours.append(between - began)
        if shown != expected:
            raise Void(f"a wrong answer: {shown}")
    return {"ours": median(ours) / 1000, "twin": median(twin) / 1000}


async def _answer(row: Row) -> None:
    for _ in range(3):
        figures = await asyncio.to_thread(child, "tools.bench.inside")
        row.ours.append(figures["ours"])
        row.twin.append(figures["twin"])


SCENARIOS = (
    Scenario(
        _answer,
        (Row("answer", "an answer for both platforms as JSON, compared with the same from a dictionary", "µs", 3.0),),
    ),
)

if __name__ == "__main__":
    print(json.dumps(asyncio.run(answers())))
