"""Measures every row, or those whose names match, and fails if one misses its goal: `python -m tools.bench [NAME…]`."""

import argparse
import asyncio
import compileall
import sys
import sysconfig
from collections.abc import Iterable, Sequence
from fnmatch import fnmatch

from tools.bench import discord, inside, load, pins, start, telegram
from tools.bench.process import ROOT, Void
from tools.bench.row import Row, Scenario, line, write

_MODULES = (discord, telegram, load, start, inside, pins)
SCENARIOS: tuple[Scenario, ...] = tuple(scenario for module in _MODULES for scenario in module.SCENARIOS)
ROWS: tuple[Row, ...] = tuple(row for scenario in SCENARIOS for row in scenario.rows)


def main(arguments: Sequence[str] | None = None) -> int:
    """Returns 0 if every measured row is ok, 1 if one is not, 2 if no row has such a name."""
    parser = argparse.ArgumentParser(prog="python -m tools.bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="rows to measure, such as 'discord-*' (default: all)")
    parser.add_argument("--list", action="store_true", help="list the rows and measure nothing")
    options = parser.parse_args(arguments)
    scenarios = chosen(options.names)
    if not scenarios:
        print("No row has such a name; --list shows all.", file=sys.stderr)
        return 2
    if options.list:
        print("\n".join(f"{row.name:32} {row.what}" for scenario in scenarios for row in scenario.rows))
        return 0
    for folder in (sysconfig.get_path("purelib"), *(ROOT / name for name in ("bot", "tools", "tests"))):
        compileall.compile_dir(str(folder), quiet=2, workers=0)  # so that no measurement includes it
    return max([int(not measured(scenario)) for scenario in scenarios])


def chosen(names: Sequence[str], scenarios: Iterable[Scenario] = SCENARIOS) -> list[Scenario]:
    """The scenarios that have a row whose name matches one of the names (shell patterns); all if there are no names."""
    return [
        scenario
        for scenario in scenarios
        if not names or any(fnmatch(row.name, name) for row in scenario.rows for name in names)
    ]


def measured(scenario: Scenario) -> bool:
    """Measure a scenario, print and store its rows, and return whether all are ok. If it is void, none is."""
    try:
        asyncio.run(scenario.measure(*scenario.rows))  # type: ignore[arg-type]  # all are coroutine functions
    except* (Void, TimeoutError) as errors:
        print(f"VOID: {errors.exceptions}", file=sys.stderr)
        for row in scenario.rows:
            row.ours.clear()
    print("\n".join(line(row, row.figures()) for row in scenario.rows), flush=True)
    write(scenario.rows, ROWS)
    return all(row.figures()["ok"] for row in scenario.rows)


if __name__ == "__main__":
    sys.exit(main())
