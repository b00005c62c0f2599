"""`python -m tools.bench [NAME…]` measures every row, or those whose names match, and says whether all is well.

Its law: it only starts programs and compares what they tell; it measures nothing itself.
"""

import argparse
import compileall
import sys
import sysconfig
from collections.abc import Iterable, Sequence
from fnmatch import fnmatch
from importlib import import_module

from tools.bench import docs, plot, report
from tools.bench.child import ROOT, ChildFailed
from tools.bench.row import Measured, Result, Row

MODULES = ("discord.rows", "telegram.rows", "start.rows", "inside.rows")
_BARS, _GROWTH = report.HERE / "latest.svg", report.HERE / "growth.svg"
_HOLD = "longest-hold"
_MOST_HELD = 20.0  # milliseconds that no benchmark may hold its event loop


def main(arguments: Sequence[str] | None = None) -> int:
    """0 when every row that was measured is ok, 1 when one is not, 2 when no row has such a name."""
    options = _parser().parse_args(arguments)
    known = rows()
    wanted = chosen(known, options.names)
    if options.list:
        print("\n".join(f"{row.name:32} {row.what}" for row in wanted))
        return 0
    if options.docs:
        drawn([*known, held(()).row])
        return 0
    if not wanted:
        print("No row has such a name; --list shows all.", file=sys.stderr)
        return 2
    compiled()
    results = [taken(row) for row in wanted]
    if not options.names:
        results.append(held(results))
    print(report.table(results))
    kept([*known, held(()).row], results)
    return 0 if all(result.ok for result in results) else 1


def kept(known: Sequence[Row], results: Sequence[Result]) -> None:
    """Put the results beside those of rows that were not measured, and write what is made of all."""
    report.write(results, [row.name for row in known])
    plot.write(_GROWTH, plot.growth(report.drawn(results)))
    drawn(known)


def drawn(known: Sequence[Row]) -> None:
    """Draw the bars and write the page from `latest.json`."""
    figures = report.read()
    plot.write(_BARS, plot.bars(known, figures))
    docs.write(known, figures)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tools.bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="rows to measure, such as start or 'discord-*' (all)")
    parser.add_argument("--list", action="store_true", help="name the rows and measure nothing")
    parser.add_argument(
        "--docs", action="store_true", help="write docs/performance.md from latest.json, measure nothing"
    )
    return parser


def rows() -> tuple[Row, ...]:
    """Every row of every module."""
    modules = [import_module(f"tools.bench.{name}") for name in MODULES]
    return tuple(row for module in modules for row in module.ROWS)


def chosen(known: Iterable[Row], names: Sequence[str]) -> list[Row]:
    """The rows whose name is, or matches, one of the names; all where none is named."""
    return [row for row in known if not names or any(fnmatch(row.name, name) for name in names)]


def compiled() -> None:
    """Write the bytecode of everything that is imported, so that no run pays for it."""
    for folder in (sysconfig.get_path("purelib"), *(ROOT / name for name in ("bot", "tools", "tests"))):
        compileall.compile_dir(str(folder), quiet=2, workers=0)


def taken(row: Row) -> Result:
    """The row measured, and told in a line; a program that fails makes it void."""
    print(f"{row.name}: {row.what} …", file=sys.stderr, flush=True)
    try:
        result = Result(row, row.measure())
    except ChildFailed as error:
        print(error, file=sys.stderr)
        result = Result(row, Measured((), void=str(error).splitlines()[0]))
    print(report.table([result]).splitlines()[1], file=sys.stderr, flush=True)
    return result


def held(results: Iterable[Result]) -> Result:
    """The longest that any program in these results held its event loop, as a row of its own."""
    holds = [hold for result in results for hold in result.measured.holds]
    measured = Measured((max(holds, default=0.0),))
    what = "the longest that any benchmark held its event loop"
    return Result(Row(_HOLD, what, "ms", _MOST_HELD, True, lambda: measured, absolute=True), measured)


if __name__ == "__main__":
    sys.exit(main())
