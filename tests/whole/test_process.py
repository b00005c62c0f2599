"""The bot as a process: it starts, answers on both platforms and in the playground, says clearly what is wrong, and
leaves in time.
"""

import asyncio
import os
import socket
import sqlite3
import sys
from collections.abc import Awaitable, Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests import unprivileged
from tests.command import called
from tests.fakes.discord_server import DiscordServer
from tests.fakes.telegram import TelegramServer
from tests.waiting import PATIENCE
from tests.whole.process import ended, json_of, running

WHATISKSM = "en/answers/whatisksm.yaml"


async def until(true: Callable[[], Awaitable[bool]]) -> None:
    """Ask the process again and again, as a health check does, until it is so."""
    async with asyncio.timeout(PATIENCE):
        while not await true():
            pass


async def test_without_a_token_the_playground_answers_as_both_platforms_would_and_the_start_names_the_file(
    tmp_path: Path,
) -> None:
    async with running(tmp_path) as bot:
        await bot.says(rf"storage: SQLite {tmp_path}/data/bot.sqlite3 ")
        for text, command in (("/whatisksm", "whatisksm"), ("/kusama_vs_polkadot", "kusama-vs-polkadot")):
            status, answer = await bot.post("/api/ask", {"text": text})
            assert (status, answer["command"]) == (200, command)
            for face in answer["faces"].values():
                assert answer["warning"] in face["text"].replace("\\", "")
        assert await bot.stop() == 0


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a thread has the priority of its process")
async def test_the_event_loop_is_run_before_the_threads_that_match_questions(tmp_path: Path) -> None:
    def nice(task: Path) -> int:
        return int((task / "stat").read_text("ascii").rpartition(")")[2].split()[16])

    async with running(tmp_path) as bot:
        assert (await bot.post("/api/ask", {"text": "what do I need the token for?"}))[0] == 200
        process = Path(f"/proc/{bot.process.pid}")
        others = [nice(task) for task in (process / "task").iterdir() if task.name != process.name]
        assert max(others) == min(nice(process) + 10, 19)


async def test_both_platforms_and_the_playground_give_the_same_answer(tmp_path: Path) -> None:
    async with TelegramServer(privacy=False) as telegram, DiscordServer(point=False) as discord:
        settings = {
            "TELEGRAM_TOKEN": telegram.token,
            "TELEGRAM_API_URL": telegram.base_url.removesuffix("/bot"),
            "DISCORD_TOKEN": discord.token,
            "PLAYGROUND": "true",
            **discord.environment,
        }
        async with running(tmp_path, module=("tests.fakes.discord_point", "bot"), **settings) as bot:
            guild = discord.guild()
            channel, ada = guild.channel(), guild.member("ada")
            await discord.gateway.connected(1)
            group, eve = telegram.chat("supergroup"), telegram.member()
            await telegram.until_polling()
            telegram.send(group, eve, "/kusama_vs_polkadot")
            await telegram.wait_for("sendMessage")
            said = await discord.slash(channel, ada, "kusama-vs-polkadot").message()
            _, shown = await bot.post("/api/ask", {"text": "/kusama-vs-polkadot"})
            assert shown["faces"]["discord"]["text"] == said.shown
            assert shown["faces"]["telegram"]["text"] == telegram.of("sendMessage")[-1].params["text"]

            async def ready() -> bool:
                return (await bot.get("/readyz"))[0] == 200

            await until(ready)
            assert await bot.stop() == 0


async def test_a_wrong_token_disables_its_platform_with_one_line_and_the_other_goes_on(tmp_path: Path) -> None:
    async with TelegramServer() as telegram, DiscordServer(point=False) as discord:
        settings = {
            "TELEGRAM_TOKEN": telegram.token,
            "TELEGRAM_API_URL": telegram.base_url.removesuffix("/bot"),
            "DISCORD_TOKEN": "a.wrong.token",
            **discord.environment,
        }
        async with running(tmp_path, module=("tests.fakes.discord_point", "bot"), **settings) as bot:
            await bot.says("discord is disabled: .*token")
            await telegram.until_polling()
            _, state = await bot.get("/healthz")
            assert state["platforms"]["discord"]["state"] == "disabled"
            assert (await bot.get("/readyz"))[0] == 503
            assert "Traceback" not in "\n".join(bot.log)
            assert "a.wrong.token" not in "\n".join(bot.log)
            telegram.send(telegram.private(eve := telegram.member()), eve, "/risk")
            await telegram.wait_for("sendMessage")
            assert await bot.stop() == 0


async def test_a_broken_file_changes_nothing_but_what_the_log_the_page_and_the_health_say_also_after_a_restart(
    tmp_path: Path,
) -> None:
    async with running(tmp_path) as bot:
        _, before = await bot.post("/api/ask", {"text": "/whatisksm"})
        file = tmp_path / "responses" / WHATISKSM
        good = file.read_text("utf-8")
        file.write_text(good + "titel: no\n", "utf-8")
        await bot.says(r"whatisksm.yaml:\d+: the key “titel” is not known here")
        status, state = await bot.get("/healthz")
        assert status == 200
        assert "titel" in state["content"]["problems"][0]
        assert (await bot.post("/api/ask", {"text": "/whatisksm"}))[1]["digest"] == before["digest"]
        file.write_text(good.replace("What is KSM?", "What is the KSM token?", 1), "utf-8")
        await bot.says("content revision .* is in use")
        assert (await bot.post("/api/ask", {"text": "/whatisksm"}))[1]["title"] == "What is the KSM token?"
        assert (await bot.get("/healthz"))[1]["content"]["problems"] == []
        assert await bot.stop() == 0
    file.write_text("title: [", "utf-8")
    async with running(tmp_path) as bot:
        assert (await bot.post("/api/ask", {"text": "/whatisksm"}))[1]["title"] == "What is the KSM token?"
        assert (await bot.get("/readyz"))[1]["content"]["last_good_version"]


async def test_a_taken_port_is_told_in_one_line(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        status, _, err = await ended(tmp_path, "run", PORT=port)
    assert status == 1
    assert f"port {port} on 127.0.0.1 is taken" in err.splitlines()[-1]
    assert "Traceback" not in err


async def test_an_unwritable_folder_is_told_in_one_line(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o500)
    folder = closed / "data" if os.geteuid() else Path("/proc/data")  # nobody writes there, not even root
    status, _, err = await ended(tmp_path, "run", DATA_DIR=str(folder))
    assert status == 1
    refused = f"The folder {folder} cannot be created" if folder.parts[1] == "proc" else f"{closed} cannot be written"
    assert err.splitlines()[-1].startswith(refused)
    assert "Traceback" not in err


@pytest.mark.parametrize("closed", ["data", "data/bot.sqlite3"])
@pytest.mark.parametrize("command", ["run", "doctor"])
async def test_a_data_folder_or_file_that_cannot_be_written_is_named_with_its_setting(
    tmp_path: Path, closed: str, command: str
) -> None:
    file = tmp_path / "data/bot.sqlite3"
    file.parent.mkdir()
    with closing(sqlite3.connect(file)) as made:
        made.execute("VACUUM")
    (tmp_path / closed).chmod(0o555)
    status, out, err = await ended(tmp_path, command, before=unprivileged.BEFORE)
    (tmp_path / closed).chmod(0o755)
    assert status == 1
    [line] = [line for line in (out + err).splitlines() if "cannot be written" in line]
    assert f"{tmp_path / closed} cannot be written" in line
    assert "DATA_DIR" in line
    assert "Traceback" not in err


async def test_the_start_names_the_database_and_no_password(tmp_path: Path) -> None:
    status, _, err = await ended(tmp_path, "run", DATABASE_URL="postgresql://bot:s3cret@127.0.0.1:9/answers")
    assert status == 1
    assert "storage: PostgreSQL at 127.0.0.1:9/answers" in err
    assert "s3cret" not in err


async def test_data_that_cannot_be_a_folder_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file", "utf-8")
    status, _, err = await ended(tmp_path, "run")
    assert status == 1
    assert "DATA_DIR" in err.splitlines()[-1]
    assert "Traceback" not in err


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "http"),
        ("RISK_FLOOR", "none"),
        ("WEBHOOK_URL", "http://x"),
        ("LOG_LEVEL", "loud"),
    ],
)
async def test_a_wrong_setting_is_named_and_its_value_is_not_repeated(tmp_path: Path, name: str, value: str) -> None:
    status, _, err = await called(tmp_path, "run", **{name: value})
    assert status == 1
    assert err.startswith(f"{name}: ")
    assert "Traceback" not in err


async def test_a_default_language_that_the_content_lacks_is_told_in_one_line(tmp_path: Path) -> None:
    status, _, err = await ended(tmp_path, "run", DEFAULT_LOCALE="xx")
    assert status == 1
    assert err.startswith("DEFAULT_LOCALE: ")
    assert "Traceback" not in err


async def test_check_lists_every_problem_with_its_file_and_line_and_fails(tmp_path: Path) -> None:
    assert (await called(tmp_path, "check"))[0] == 0
    content = tmp_path / "responses"
    (content / WHATISKSM).write_text("title: no\n", "utf-8")
    (content / "en/answers/staking.yaml").unlink()
    (content / "en/answers/collators.yaml").write_text("title: a\ntitle: b\n", "utf-8")
    status, out, err = await called(tmp_path, "check")
    assert (status, out) == (1, "")
    assert "en/answers/whatisksm.yaml:1: “title” is read by YAML as no" in err
    assert "en/answers/collators.yaml:2: has the key “title” twice" in err
    assert "Traceback" not in err


async def test_ask_prints_one_json_object_and_nothing_else(tmp_path: Path) -> None:
    status, out, err = await called(tmp_path, "ask", "/kusama-vs-polkadot", "--json")
    answer = json_of(out)
    assert (status, err) == (0, "")
    assert answer["command"] == "kusama-vs-polkadot"
    assert answer.keys() == {
        "outcome", "command", "locale", "digest", "warning", "title", "body", "discord", "telegram",
    }  # fmt: skip
    assert answer["discord"]["text"].splitlines()[1] == f"**{answer['warning']}**"
    assert answer["telegram"]["text"].splitlines()[1] == answer["warning"]


async def test_topics_tells_command_title_risk_section_and_review(tmp_path: Path) -> None:
    status, out, _ = await called(tmp_path, "topics", "--json")
    rows = json_of(out)
    assert status == 0
    assert len(rows) == 20
    assert all(row.keys() == {"command", "title", "risk", "section", "reviewed"} for row in rows)
