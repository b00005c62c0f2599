"""The bench counts no wrong answer, keeps its rows in the page, and passes nothing of its environment on."""

import asyncio
import json
import signal
from pathlib import Path
from typing import Any

import pytest

from tools.bench import load, row, start
from tools.bench.__main__ import ROWS, chosen, main, measured
from tools.bench.process import Void, child, run, running
from tools.bench.row import Row, Scenario
from tools.bench.stage import COMMAND, explainer, home
from tools.bench.telegram import bot
from tools.bench.telegram_api import GROUPS, BotApi, Connection, parameters


def a_row(goal: float = 1.5, **more: Any) -> Row:
    return Row("some-row", "what it is", "ms", goal, **more)


@pytest.mark.parametrize(
    ("one", "ok"),
    [
        (a_row(1.4, ours=[30.0, 10.0, 11.0], twin=[8.0, 100.0, 7.0]), True),
        (a_row(1.3, ours=[30.0, 10.0, 11.0], twin=[8.0, 100.0, 7.0]), False),
        (a_row(2.0, at_most=False, ours=[20.0], twin=[10.0]), True),
        (a_row(2.1, at_most=False, ours=[20.0], twin=[10.0]), False),
        (a_row(25.0, absolute=True, ours=[24.0]), True),
        (a_row(25.0, absolute=True, ours=[26.0]), False),
        (a_row(ours=[1.0]), False),
        (a_row(ours=[1.0], twin=[0.0]), False),
        (a_row(twin=[1.0]), False),
    ],
)
def test_a_row_is_ok_where_it_was_measured_and_its_goal_is_met(one: Row, ok: bool) -> None:
    assert one.figures()["ok"] is ok


def test_a_wrong_answer_makes_every_row_of_its_scenario_not_ok(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async def wrong(first: Row, _: Row) -> None:
        first.ours.append(1.0)
        raise Void("a wrong answer")

    kept = list[Row]()
    monkeypatch.setattr("tools.bench.__main__.write", lambda rows, _: kept.extend(rows))
    assert not measured(Scenario(wrong, (a_row(absolute=True), a_row(absolute=True))))
    assert [one.ours for one in kept] == [[], []]
    assert "a wrong answer" in capsys.readouterr().err


def test_figures_are_kept_until_they_are_measured_again_and_dropped_with_their_row(tmp_path: Path) -> None:
    figures, page = tmp_path / "latest.json", tmp_path / "page.md"
    page.write_text(
        "before\n<!-- from tools/bench/latest.json -->\nold\n<!-- end of tools/bench/latest.json -->\nafter\n"
    )
    old, gone, new = (Row(name, "what", "ms", 1.0, ours=[3.0], twin=[2.0]) for name in ("old", "gone", "new"))
    row.write([old, gone], [old, gone], figures, page)
    row.write([new], [old, new], figures, page)
    assert json.loads(figures.read_text()).keys() == {"old", "new"}
    text = page.read_text()
    assert text.startswith("before\n")
    assert text.endswith("\nafter\n")
    assert "| `old` | what | 3 | 2 | ms | 1.5 | ≤ 1 | **not ok** |" in text
    assert "gone" not in text


def test_the_page_shows_the_figures_that_are_kept() -> None:
    text = row.PAGE.read_text("utf-8")
    assert row.page(text, ROWS, row.read()) == text


def test_every_row_has_a_name_of_its_own_and_is_found_by_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert len({one.name for one in ROWS}) == len(ROWS)
    assert [one.name for scenario in chosen(["start-ask", "answer"]) for one in scenario.rows][:2] == [
        "start-ask",
        "start-check",
    ]
    assert main(["no-such-row"]) == 2
    assert "--list" in capsys.readouterr().err


async def test_our_bot_answers_rightly_in_a_group_that_it_has_stored() -> None:
    with home(communities=GROUPS[:2]) as settings:
        async with bot(settings) as ours:
            assert (await ours.round(4, 2, GROUPS[:2])).cpu > 0
            with pytest.raises(Void, match="a wrong answer"):
                ours.check([await ours.api.ask("/risk", GROUPS[0])])


async def test_a_started_bot_has_answered_on_both_platforms() -> None:
    with home() as settings:
        async with start.started(settings, "bot", "run") as program:
            assert program.cpu > 0
            assert program.resident > 1


async def test_an_answer_is_what_the_command_line_shows() -> None:
    assert child("tools.bench.inside")["ours"] > 0


async def test_one_who_asks_beside_a_flood_of_any_kind_is_answered_and_the_flood_is_taken() -> None:
    with home(communities=GROUPS) as settings:
        async with bot(settings) as ours:
            for kind in load.FLOODS.values():
                ours.api.flood(map(kind, range(150)))
                answer = await ours.api.ask()
                assert ours.api.shown(answer.body)[:2] == ours.api.wanted()[:2]
                await ours.api.drained.wait()


def test_a_call_is_read_as_json_and_as_a_form() -> None:
    said = {"chat_id": "-5", "text": "two words & ⚠️"}
    form = b"chat_id=-5&text=two+words+%26+%E2%9A%A0%EF%B8%8F"
    assert parameters(json.dumps(said).encode()) == parameters(form) == said


def test_a_request_that_comes_in_pieces_is_taken_once_it_is_whole() -> None:
    taken = list[tuple[bytes, bytes]]()
    connection = Connection(lambda _, first, body: taken.append((first, body)))
    whole = b"POST /bot1:a/getMe HTTP/1.1\r\nContent-Length: 4\r\n\r\nbody" * 2
    for number in range(0, len(whole), 7):
        connection.data_received(whole[number : number + 7])
    assert taken == [(b"POST /bot1:a/getMe HTTP/1.1", b"body")] * 2


def test_what_a_program_used_and_said_is_its_own() -> None:
    busy = run(("-c", "import time\nwhile time.process_time() < .3: pass\nprint('done')"))
    assert busy.output == "done\n"
    assert busy.cpu - run(("-c", "pass")).cpu > 0.2


def test_a_program_that_fails_or_says_nothing_is_void() -> None:
    with pytest.raises(Void, match="exit status 1"):
        run(("-c", "raise SystemExit(1)"))
    with pytest.raises(Void, match="no JSON"):
        child("this")


async def test_a_program_gets_its_settings_alone_and_is_ended(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", "of the one who measures")
    code = "import os, signal; open('said', 'w').write(str(dict(os.environ))); signal.pause()"

    async def said() -> None:
        while "GIVEN" not in ((tmp_path / "said").read_text() if (tmp_path / "said").exists() else ""):  # noqa: ASYNC110 - a file
            await asyncio.sleep(0)

    async with running(("-c", code), {"GIVEN": "7"}, tmp_path, said()) as program:
        assert program.cpu > 0
    assert program.process.returncode == -signal.SIGTERM
    assert "DISCORD_TOKEN" not in (tmp_path / "said").read_text()


async def test_a_program_that_ends_before_it_is_ready_is_void(tmp_path: Path) -> None:
    with pytest.raises(Void, match="ended with 3\nno token"):
        async with running(("-c", "print('no token'); raise SystemExit(3)"), {}, tmp_path, asyncio.Event().wait()):
            pass


def test_the_answer_that_every_bot_must_give_carries_its_warning() -> None:
    shown = explainer(COMMAND)
    assert all("⚠️" in shown[platform]["text"] for platform in ("telegram", "discord"))
    assert BotApi().wanted()[0] == shown["telegram"]["text"]
