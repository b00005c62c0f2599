"""`python -m tools.bench [NAME…]` measures every row, or those whose names match; it fails where a goal is missed."""

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
    """0 when every row that was measured is ok, 1 when one is not, 2 when no row has such a name."""
    parser = argparse.ArgumentParser(prog="python -m tools.bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="rows to measure, such as 'discord-*' (all)")
    parser.add_argument("--list", action="store_true", help="name the rows and measure nothing")
    options = parser.parse_args(arguments)
    wanted = chosen(options.names)
    if not wanted:
        print("No row has such a name; --list shows all.", file=sys.stderr)
        return 2
    if options.list:
        print("\n".join(f"{row.name:32} {row.what}" for scenario in wanted for row in scenario.rows))
        return 0
    for folder in (sysconfig.get_path("purelib"), *(ROOT / name for name in ("bot", "tools", "tests"))):
        compileall.compile_dir(str(folder), quiet=2, workers=0)  # so that no run pays for it
    return max([int(not measured(scenario)) for scenario in wanted])


def chosen(names: Sequence[str], scenarios: Iterable[Scenario] = SCENARIOS) -> list[Scenario]:
    """The scenarios with a row whose name is, or matches, one of the names; all where none is named."""
    return [
        scenario
        for scenario in scenarios
        if not names or any(fnmatch(row.name, name) for row in scenario.rows for name in names)
    ]


def measured(scenario: Scenario) -> bool:
    """Measure a scenario, print and keep its rows; returns whether all are ok. Where it is void, none is."""
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
