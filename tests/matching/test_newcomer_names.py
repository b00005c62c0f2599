"""Names of newcomers: those that offer, ask for secrets or attack the warning are counted, ordinary ones are shown."""

import asyncio
import json
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.matching.matcher import Knowledge, Matcher, load_engine
from tests.builders import RESPONSES

ROWS = [json.loads(row) for row in (Path(__file__).parent / "names.jsonl").read_text("utf-8").splitlines()]
REFUSED, KEPT = ([row["text"] for row in ROWS if row["label"] == label] for label in ("refused", "kept"))


@pytest.fixture(params=["matcher", "fallback"])
def judge(request: pytest.FixtureRequest) -> Any:
    return request.getfixturevalue(request.param)


async def test_names_that_offer_ask_for_secrets_or_attack_the_warning_are_counted(judge: Matcher) -> None:
    assert len(REFUSED) > 100
    assert [name for name in REFUSED if await judge.why_name_hidden(name) is None] == []


async def test_ordinary_names_in_many_scripts_are_shown(judge: Matcher) -> None:
    assert len(KEPT) > 150
    assert [name for name in KEPT if await judge.why_name_hidden(name)] == []


@pytest.mark.parametrize("name", ["", "\u200b", "%", "ksm" * 200, "\ufdfa" * 200, "1" * 4000, "a b " * 2000])
async def test_any_name_is_judged_without_an_error(fallback: Matcher, name: str) -> None:
    await fallback.why_name_hidden(name)


class Noting:
    """An encoder that notes whether it was asked on the event loop."""

    def __init__(self) -> None:
        self.on_the_loop = list[bool]()

    def encode(self, text: str) -> list[float]:
        self.on_the_loop.append(threading.current_thread() is threading.main_thread())
        return [float(len(text))]


async def test_a_question_does_not_wait_for_hundreds_of_names(knowledge: Knowledge) -> None:
    matcher = Matcher(lambda: knowledge, lambda: load_engine(RESPONSES, semantic=False))
    await asyncio.to_thread(matcher.warm)
    names = [asyncio.create_task(matcher.why_name_hidden(f"KSM fan {number}")) for number in range(400)]
    await asyncio.sleep(0)
    await matcher.match("What is KSM?")
    assert sum(one.done() for one in names) < 40
    await asyncio.gather(*names)


async def test_the_classifier_is_asked_off_the_event_loop(knowledge: Knowledge) -> None:
    encoder = Noting()
    matcher = Matcher(lambda: knowledge, lambda: replace(load_engine(RESPONSES, semantic=False), encoder=encoder))
    assert await asyncio.gather(*(matcher.why_name_hidden(name) for name in ("KSM_fan", "Ada"))) == [None, None]
    assert set(encoder.on_the_loop) == {False}
