"""What counts as ok, what is written down, and how long a loop was held."""

import asyncio
import json
import time
from pathlib import Path

import pytest

from tools.bench import docs, plot, report
from tools.bench.__main__ import chosen, held, main, rows, taken
from tools.bench.child import ROOT, ChildFailed, child, ended
from tools.bench.row import Measured, Result, Row, grown, in_turns, spread
from tools.bench.watch import Watch


def row(goal: float = 1.5, *, at_most: bool = True, absolute: bool = False, name: str = "some-row") -> Row:
    return Row(name, "what it is", "ms", goal, at_most, lambda: Measured((1.0,), (1.0,)), absolute)


def test_a_row_is_held_by_the_ratio_of_the_medians() -> None:
    measured = Measured((30.0, 10.0, 11.0), (8.0, 100.0, 7.0))
    assert Result(row(1.4), measured).ok
    assert not Result(row(1.3), measured).ok


def test_a_row_that_should_be_faster_fails_below_its_goal() -> None:
    measured = Measured((20.0,), (10.0,))
    assert Result(row(2.0, at_most=False), measured).ok
    assert not Result(row(2.1, at_most=False), measured).ok


def test_an_absolute_row_needs_no_floor() -> None:
    assert Result(row(25.0, absolute=True), Measured((24.0,))).ok
    assert not Result(row(25.0, absolute=True), Measured((26.0,))).ok


@pytest.mark.parametrize(
    "measured",
    [Measured((1.0,), (1.0,), void="9 of 10 were answered"), Measured(()), Measured((1.0,)), Measured((1.0,), (0.0,))],
)
def test_a_void_row_is_not_ok(measured: Measured) -> None:
    result = Result(row(), measured)
    assert result.void
    assert not result.ok
    assert not result.figures()["ok"]


def test_a_program_that_fails_makes_its_row_void(capsys: pytest.CaptureFixture[str]) -> None:
    def broken() -> Measured:
        raise ChildFailed("it ended")

    result = taken(Row("broken", "", "s", 1.0, True, broken))
    assert result.void == "it ended"
    assert "VOID" in capsys.readouterr().err


def test_both_sides_take_turns() -> None:
    order = list[str]()

    def once(name: str) -> float:
        order.append(name)
        return float(len(order))

    measured = in_turns(3, lambda: once("ours"), lambda: once("floor"))
    assert order == ["floor", "ours", "ours", "floor", "floor", "ours"]
    assert (measured.ours, measured.floor) == ((2.0, 3.0, 6.0), (1.0, 4.0, 5.0))


def test_the_spread_is_the_middle_half_by_the_median() -> None:
    assert spread((8.0, 9.0, 10.0, 11.0, 12.0)) == pytest.approx(0.2)
    assert spread((8.0,)) is None


def test_the_latest_figures_keep_the_rows_that_were_not_measured_and_drop_those_that_are_no_more(
    tmp_path: Path,
) -> None:
    path = tmp_path / "latest.json"
    old = Result(row(name="old"), Measured((3.0,), (2.0,)))
    gone = Result(row(name="gone"), Measured((3.0,), (2.0,)))
    report.write([old, gone], ["old", "gone"], path)
    alone = Result(row(0.02, absolute=True, name="new"), Measured((0.0123456,)))
    report.write([alone], ["old", "new"], path)
    assert json.loads(path.read_text("utf-8")) == {
        "old": {"ours": 3.0, "floor": 2.0, "ratio": 1.5, "goal": 1.5, "ok": True},
        "new": {"ours": 0.01235, "floor": None, "ratio": None, "goal": 0.02, "ok": True},
    }


def test_a_curve_is_kept_until_it_is_measured_again(tmp_path: Path) -> None:
    path = tmp_path / "growth.json"
    both = {"pins": ((1.0, 0.1), (10.0, 0.2)), "answers": ((1.0, 0.3),)}
    report.drawn([Result(row(), Measured((1.0,), curves=both))], path)
    kept = report.drawn([Result(row(), Measured((1.0,), curves={"answers": ((1.0, 0.4),)}))], path)
    assert kept["answers"] == ((1.0, 0.4),)
    assert report.read(path) == {"pins": [[1.0, 0.1], [10.0, 0.2]], "answers": [[1.0, 0.4]]}


def test_growth_is_held_by_what_each_costs() -> None:
    straight = grown("pins", [{1: 0.1, 100: 1.0, 1_000: 10.0}], 1_000, 100)
    square = grown("pins", [{1: 0.1, 100: 1.0, 1_000: 100.0}], 1_000, 100)
    assert Result(row(1.2), straight).ratio == pytest.approx(1.0)
    assert Result(row(1.2), square).ratio == pytest.approx(10.0)
    assert straight.curves == {"pins": ((1.0, 0.1), (100.0, 1.0), (1_000.0, 10.0))}


def test_the_table_shows_medians_and_says_what_is_void() -> None:
    lines = report.table(
        [Result(row(), Measured((3.0,), (2.0,))), Result(row(), Measured((3.0,), (2.0,), void="too few answers"))]
    ).splitlines()
    assert lines[1].split() == ["some-row", "3", "2", "ms", "1.5", "≤", "1.5", "ok"]
    assert lines[2].rstrip().endswith("VOID: too few answers")


def test_the_page_gets_the_table_between_its_marks_and_keeps_the_rest() -> None:
    names = ("tools/bench/latest.json", "tools/bench/shares.json")
    page = "before\n" + "".join(f"<!-- from {name} -->\nold\n<!-- end of {name} -->\n" for name in names) + "after\n"
    new = docs.written(page, [row()], {"some-row": Result(row(), Measured((3.0,), (1.0,))).figures()})
    assert new.startswith("before\n")
    assert new.endswith("\nafter\n")
    assert "old" not in new
    assert "| `some-row` | what it is | 3 | 1 | ms | 3 | ≤ 1.5 | **not ok** |" in new
    assert docs.written(new, [row()], {}).count("some-row") == 0


def test_the_page_that_is_there_says_what_the_latest_figures_say() -> None:
    page = docs.PAGE.read_text("utf-8")
    assert docs.written(page, [*rows(), held(()).row], report.read()) == page


def test_the_pictures_name_every_row_and_curve() -> None:
    figures = {"some-row": Result(row(), Measured((3.0,), (1.0,))).figures()}
    assert ">some-row</text>" in plot.bars([row()], figures)
    assert ">200%</text>" in plot.bars([row()], figures)
    drawn = plot.growth({"a pin": ((1.0, 0.001), (10.0, 0.01), (100.0, 0.1))})
    assert ">a pin</text>" in drawn
    assert drawn.count("<circle") == 3


def test_rows_are_chosen_by_name_or_pattern() -> None:
    known = [row(name="start-ready"), row(name="start-ask"), row(name="pins")]
    assert [one.name for one in chosen(known, ["start-*"])] == ["start-ready", "start-ask"]
    assert [one.name for one in chosen(known, ["pins"])] == ["pins"]
    assert len(chosen(known, [])) == 3


def test_an_unknown_name_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["no-such-row"]) == 2
    assert "--list" in capsys.readouterr().err


def test_every_row_has_a_name_of_its_own() -> None:
    names = [one.name for one in rows()]
    assert len(set(names)) == len(names)


def test_the_longest_hold_of_all_programs_is_a_row() -> None:
    one, other = (Result(row(), Measured((1.0,), (1.0,), holds=holds)) for holds in ((3.0, 21.0), (7.0,)))
    assert held([one, other]).ours == 21.0
    assert not held([one, other]).ok
    assert held([other]).ok


async def test_a_held_loop_is_seen_and_an_idle_one_is_not() -> None:
    async with Watch() as idle:
        await asyncio.sleep(0)
    async with Watch() as watch:
        await asyncio.sleep(0)
        until = time.process_time() + 0.03
        while time.process_time() < until:
            pass
    assert watch.longest >= 25.0
    assert idle.longest < watch.longest


async def test_a_machine_that_sleeps_holds_no_loop() -> None:
    asleep = 0.0
    async with Watch(elapsed=lambda: time.perf_counter() + asleep) as watch:
        asleep = 0.03
    assert watch.longest < 20.0


def test_the_work_of_a_program_is_its_own() -> None:
    idle = ended(("-c", "pass"))
    busy = ended(("-c", "import time\nwhile time.process_time() < .3: pass"))
    assert busy.cpu - idle.cpu > 0.2
    assert idle.peak > 1


def test_a_program_that_fails_or_says_nothing_is_told() -> None:
    with pytest.raises(ChildFailed, match="exit status 1"):
        ended(("-c", "raise SystemExit(1)"))
    with pytest.raises(ChildFailed, match="no JSON"):
        child("this")


def test_the_environment_of_a_program_is_what_it_is_given() -> None:
    said = ended(("-c", "import os; print(sorted(os.environ.items()))"), {"TOKEN": "7"}).said
    assert "('TOKEN', '7')" in said
    assert str(ROOT) in said
