"""The command line, called in the tests' own process: all of it but the start of a Python."""

import asyncio
import io
import logging
import os
from collections.abc import Iterator, Mapping
from contextlib import chdir, contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path

from bot.__main__ import main
from tests.whole.process import environment


async def called(home: Path, *arguments: str, **settings: str) -> tuple[int, str, str]:
    """As `tests.whole.process.ended`, for all commands but a `run` whose settings are right, which takes signals."""
    out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8", write_through=True) for _ in range(2))
    with _alone(environment(home, **settings)), chdir(home), redirect_stdout(out), redirect_stderr(err):
        status = await asyncio.to_thread(_status, [*arguments])
    return status, out.buffer.getvalue().decode(), err.buffer.getvalue().decode()


def _status(arguments: list[str]) -> int:
    try:
        return main(arguments)
    except SystemExit as end:  # argparse's
        return int(end.code or 0)


@contextmanager
def _alone(variables: Mapping[str, str]) -> Iterator[None]:
    """Nothing but these variables, and a log that nobody has set up: its warnings go to standard error."""
    root, before = logging.getLogger(), dict(os.environ)
    handlers, level = root.handlers, root.level
    root.handlers = []
    root.setLevel(logging.WARNING)
    os.environ.clear()
    os.environ.update(variables)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
        root.handlers = handlers
        root.setLevel(level)
