"""The rows of starting, of the command line, and of memory at rest."""

import asyncio
import json
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tools.bench.child import child, ended, resident
from tools.bench.row import Measured, Row, in_turns
from tools.bench.spawn import rested
from tools.bench.start.stage import COMMAND, home, started

LIBRARIES = "import discord, telegram.ext, aiohttp.web, yaml"
_ROUNDS = 7
_MOST_HELD = 20.0  # milliseconds
_LOADED = 6.0  # seconds
_TELL_SIZE = f"{LIBRARIES}; from tools.bench.child import resident, tell; tell(resident=resident())"


@contextmanager
def _home() -> Iterator[dict[str, str]]:
    """A bot's environment in a temporary folder, which is its working folder too: no `.env` is there."""
    with tempfile.TemporaryDirectory() as folder:
        yield home(Path(folder)) | {"FOLDER": folder}


async def _ready(settings: Mapping[str, str], module: str, *arguments: str) -> tuple[float, tuple[str, str]]:
    async with started(module, *arguments, settings=settings) as program:
        return program.cpu, program.answers


async def _idle(settings: Mapping[str, str], module: str, *arguments: str) -> float:
    async with started(module, *arguments, settings=settings) as program:
        await asyncio.sleep(_LOADED)  # by then it has loaded what reads questions, though nobody asked one
        await rested(program.pid)
        return resident(program.pid)


def _right(answers: tuple[str, str]) -> bool:
    """Whether both platforms got the explainer with its warning."""
    return all("KSM" in answer and "⚠️" in answer for answer in answers)


def ready(rounds: int = _ROUNDS) -> Measured:
    """CPU seconds until both platforms were answered; a start before made the tables and offered the commands."""
    with _home() as settings:
        wrong = list[tuple[str, str]]()

        def once(module: str, *arguments: str) -> float:
            cpu, answers = asyncio.run(_ready(settings, module, *arguments))
            wrong.extend([] if _right(answers) else [answers])
            return cpu

        once("bot", "run")
        measured = in_turns(rounds, lambda: once("bot", "run"), lambda: once("tools.bench.start.bare"))
    return Measured(measured.ours, measured.floor, f"answered {wrong[0]!r}" if wrong else None)


def idle(rounds: int = 3) -> Measured:
    """MiB at rest after an answer on both platforms, without the encoder, which has a row of its own."""
    with _home() as settings:
        plain = {**settings, "NO_ENCODER": "1"}

        def ours() -> float:
            return asyncio.run(_idle(plain, "bot", "run"))

        ours()
        return in_turns(rounds, ours, _libraries)


def _libraries() -> float:
    return float(json.loads(ended(("-c", _TELL_SIZE)).said)["resident"])


def _line(*arguments: str, says: str, languages: tuple[str, ...] = (), rounds: int = _ROUNDS) -> Measured:
    """The command line beside the import of the libraries, which it does not need. `languages` keeps just these."""
    with _home() as settings:
        folder, content = Path(settings["FOLDER"]), Path(settings["RESPONSES_DIR"])
        for other in [path for path in content.iterdir() if path.is_dir()] if languages else []:
            if other.name not in languages:
                shutil.rmtree(other)
        wrong = list[str]()

        def ours() -> float:
            run = ended(("-m", "bot", *arguments), settings, folder)
            wrong.extend([] if says in run.said else [run.said])
            return run.cpu

        measured = in_turns(rounds, ours, lambda: ended(("-c", LIBRARIES)).cpu)
    return Measured(measured.ours, measured.floor, f"it said {wrong[0][:80]!r}" if wrong else None)


def ask(rounds: int = _ROUNDS) -> Measured:
    """CPU seconds of one answer on the command line."""
    return _line("ask", f"/{COMMAND}", says="⚠️", rounds=rounds)


def check(rounds: int = _ROUNDS) -> Measured:
    """CPU seconds of checking English alone."""
    return _line("check", says="en (20)", languages=("en",), rounds=rounds)


def encoder(rounds: int = 3) -> Measured:
    """MiB that the encoder adds; void where it is not there, or holds the loop while it loads."""
    told = [child("tools.bench.start.encoder") for _ in range(rounds)]
    holds = tuple(float(one["held"]) for one in told)
    void = None if all(one["there"] for one in told) else "the encoder is not installed"
    if max(holds) > _MOST_HELD:
        void = f"loading it held the loop for {max(holds):.0f} ms"
    return Measured(tuple(float(one["added"]) for one in told), void=void, holds=holds)


def _row(name: str, what: str, goal: float, measure: Callable[[], Measured]) -> Row:
    return Row(name, what, "s", goal, True, measure)


_IMPORTS = "beside importing discord.py, PTB, aiohttp.web and yaml"
_MEMORY = "memory at rest with both platforms, beside a process that imports them"
_ENCODER = "what the semantic encoder adds, loaded off the loop"

ROWS = (
    _row("start-ready", "CPU from start to an answer on both platforms, beside a bare program on both", 1.5, ready),
    _row("start-ask", f'`ask "/{COMMAND}"` {_IMPORTS}', 0.6, ask),
    _row("start-check", f"`check` of one language {_IMPORTS}", 0.35, check),
    Row("idle-memory", _MEMORY, "MiB", 1.5, True, idle),
    Row("encoder-memory", _ENCODER, "MiB", 75, True, encoder, absolute=True),
)
