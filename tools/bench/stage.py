"""Shared by the scenarios: the answer that every bot must give, a folder for the bot, and rounds of commands."""

import asyncio
import json
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from time import perf_counter
from typing import Any, NamedTuple

from tools.bench.process import ROOT, Program, Void, run

COMMAND = "whatisksm"
PINNED, TITLES = "staking", ("What is staking on Kusama?", "How does staking work on Kusama?")
_COMMUNITY: dict[str, Any] = {
    "locale": None, "risk_floor": 1, "cooldown": 0, "channels": [], "welcome_channel": None, "welcome_thread": None,
    "welcome_line": None, "remove_greetings": True, "greeting_channel": None, "greeting_thread": None,
    "greeting_message": None, "greeting_media": False, "greeted_until": None, "left_on": None,
}  # fmt: skip


class Answer(NamedTuple):
    """The answer of a bot, with the milliseconds until it arrived: by the clock, and of the bot's CPU."""

    body: dict[str, Any]
    clock: float
    cpu: float


class Round(NamedTuple):
    """The figures of a round: CPU microseconds per answer, answers per second, and the 99th percentile of the time to
    answer in milliseconds.
    """

    cpu: float
    rate: float
    p99: float


class Bot(NamedTuple):
    """A running bot, and the `BotApi` or `Discord` that it is connected to."""

    api: Any
    program: Program

    async def round(self, count: int, flight: int = 1, places: Sequence[int | None] = (None,)) -> Round:
        """Ask for an explainer `count` times, `flight` at the same time, in these communities in turn.

        Raises:
            Void: an answer is wrong.
        """
        numbers, answers = iter(range(count)), list[Answer]()

        async def ask_one_by_one() -> None:
            for number in numbers:
                answers.append(await self.api.ask(community=places[number % len(places)]))

        worked, began = self.program.cpu, perf_counter()
        await asyncio.gather(*(ask_one_by_one() for _ in range(flight)))
        passed, worked = perf_counter() - began, self.program.cpu - worked
        self.check(answers)
        return Round(worked / count * 1e6, count / passed, percentile(one.clock for one in answers))

    def check(self, answers: Iterable[Answer]) -> None:
        """Raises Void if one of the answers is wrong."""
        expected = self.api.wanted()
        for answer in answers:
            if self.api.shown(answer.body) != expected:
                raise Void(f"a wrong answer: {answer.body}")


def percentile(values: Iterable[float], part: float = 0.99) -> float:
    """The value that this part (0 to 1) of the values does not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * part))]


@cache
def explainer(command: str = COMMAND) -> dict[str, Any]:
    """The answer as `bot ask --json` prints it: its digest, and text, entities and buttons for each platform."""
    answer: dict[str, Any] = json.loads(run(("-m", "bot", "ask", f"/{command}", "--json")).output)
    return answer


def topics(rows: Iterable[list[tuple[str, str]]]) -> list[list[tuple[str, str]]]:
    """The rows of buttons, as labels and ids, without the rating buttons, which only a bot with a database shows."""
    return [row for row in rows if not any(id_.endswith((":helpful", ":wrong")) for _, id_ in row)]


@contextmanager
def home(platform: str = "telegram", communities: Iterable[int] = (), pinned: int = 0) -> Iterator[dict[str, str]]:
    """Prepare content and a database in a temporary folder; yields the settings for a bot, with the folder as FOLDER.

    The database has the communities, with no cooldown between questions. In the first `pinned` of them, an explainer is
    pinned and up to date.
    """
    with tempfile.TemporaryDirectory() as name:
        shutil.copytree(ROOT / "responses", f"{name}/responses", ignore=shutil.ignore_patterns("questions"))
        settings = {"RESPONSES_DIR": f"{name}/responses", "DATA_DIR": f"{name}/data", "PORT": "0", "LOG_LEVEL": "error"}
        if rows := list(_rows(platform, list(communities), pinned)):
            lines = [{"backup": "kusama-community-bot", "version": 1}, *rows, {"rows": len(rows)}]
            Path(name, "backup").write_text(
                "".join(json.dumps(line, separators=(",", ":")) + "\n" for line in lines), "utf-8"
            )
            run(("-m", "bot", "restore", f"{name}/backup"), settings)
        yield {**settings, "FOLDER": name}


def _rows(platform: str, communities: Sequence[int], pinned: int) -> Iterator[dict[str, Any]]:
    for number in communities:
        yield {"communities": {**_COMMUNITY, "platform": platform, "id": str(number)}}
    for number in communities[:pinned]:
        where = {"platform": platform, "community": str(number), "channel": str(number), "thread": "", "message": "7"}
        state = {"locale": None, "digest": explainer(PINNED)["digest"], "state": "current", "missing": 0}
        yield {"pins": {**where, "media": False, "command": PINNED, **state}}


def edit(settings: dict[str, str], title: str, command: str = PINNED) -> None:
    """Change the title of an explainer, as a writer does."""
    path = Path(settings["RESPONSES_DIR"]) / "en" / "answers" / f"{command}.yaml"
    lines = [f"title: {title}" if line.startswith("title:") else line for line in path.read_text("utf-8").splitlines()]
    path.write_text("\n".join(lines) + "\n", "utf-8")
