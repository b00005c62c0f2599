"""The doors under atheris, which follows what the code does with each input: `make fuzz`.

    python -m tests.fuzz.guided DOOR [libFuzzer's options]

Where atheris is not installed (it needs Linux and a Python it was built for) this says so and ends well.
"""

import logging
import sys
import tempfile
from importlib import import_module
from pathlib import Path

import structlog


def main(arguments: list[str]) -> int:
    """0 after the time is over, or where there is no atheris; libFuzzer ends the process at the first fault."""
    try:
        atheris = import_module("atheris")  # no name that types could be asked for
    except ImportError:
        print("atheris is not installed here; the doors are fuzzed by hypothesis alone (make test)")
        return 0
    with atheris.instrument_imports(include=["bot"]):
        from tests.fuzz.doors import DOORS
        from tests.fuzz.seeds import SEEDS
    quiet = structlog.make_filtering_bound_logger(logging.CRITICAL)
    structlog.configure(wrapper_class=quiet)  # what cannot be read is told of, thousands of times a second
    name, *options = arguments
    with tempfile.TemporaryDirectory() as corpus:
        for number, seed in enumerate(SEEDS[name]):
            Path(corpus, f"seed{number}").write_bytes(seed)
        atheris.Setup([sys.argv[0], *options, corpus], DOORS[name])
        atheris.Fuzz()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
