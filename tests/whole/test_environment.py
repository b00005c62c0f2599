"""The environment as people have it: what can be meant is taken, and what cannot is one sentence that names it."""

import asyncio
import json
import os
import signal
import sys
from pathlib import Path

import pytest

from tests.builders import Folder
from tests.fakes.telegram import TelegramServer
from tests.waiting import PATIENCE
from tests.whole.process import ROOT, ended, environment, running

TOKEN = "123456:secret-token-of-nobody"


async def told(home: Path, *arguments: str, **settings: str) -> str:
    """The one line that a command ends with."""
    status, _, err = await ended(home, *arguments, **settings)
    assert status == 1
    (line,) = err.splitlines()
    return line


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, ".env: is a folder"),
        ("PORT=1\n".encode("utf-16"), ".env: is not UTF-8 text"),
        ("PORT=1\n".encode("utf-16-le"), ".env: is not UTF-8 text"),
        (b"PORT=\xff\n", ".env: is not UTF-8 text"),
        (b"# mine\nDISCORD_TOKEN abc-secret\n", ".env: line 2 cannot be read; write it like NAME=value"),
        (b'TELEGRAM_TOKEN="abc-secret\n', ".env: line 1 cannot be read"),
    ],
)
async def test_a_file_of_settings_that_cannot_be_read_is_one_sentence(
    tmp_path: Path, content: bytes | None, words: str
) -> None:
    if content is None:
        (tmp_path / ".env").mkdir()
    else:
        (tmp_path / ".env").write_bytes(content)
    line = await told(tmp_path, "run")
    assert words in line
    assert "secret" not in line


async def test_doctor_tells_of_a_file_of_settings_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / ".env").mkdir()
    status, out, err = await ended(tmp_path, "doctor")
    assert (status, err) == (1, "")
    assert out.startswith("broken settings: .env: is a folder")


@pytest.mark.skipif(sys.platform != "linux", reason="/proc is Linux's")
async def test_a_file_of_settings_that_may_not_be_read_is_one_sentence(tmp_path: Path) -> None:
    """Root may read every file but some of /proc, whatever their rights are."""
    if os.geteuid():
        (tmp_path / ".env").write_text("PORT=1\n", "utf-8")
        (tmp_path / ".env").chmod(0)
    else:
        (tmp_path / ".env").symlink_to("/proc/self/mem")
    assert (await told(tmp_path, "topics")).startswith(".env: cannot be read (")


async def test_a_file_of_settings_is_taken_as_editors_and_shells_write_it(tmp_path: Path) -> None:
    lines = ["export DATA_DIR='elsewhere'", "", "# a remark", "export QUESTION_LOG=''", "port = 0  # any"]
    (tmp_path / ".env").write_bytes("\r\n".join(lines).encode("utf-8-sig"))
    odd = {"DATA_DIR": "", "PORT": " ", "LOG_FORMAT": " Json ", "HOST": "127.0.0.1 ", "RISK_FLOOR": "'HIGH'"}
    async with running(tmp_path, module=("bot",), **odd) as bot:
        assert (tmp_path / "elsewhere").is_dir()
        assert json.loads(bot.log[-1])
        assert await bot.stop() == 0


async def test_a_token_is_taken_as_it_was_pasted(tmp_path: Path) -> None:
    async with TelegramServer() as server:
        pasted, address = f"\u00a0“Bot {server.token}\u200b”\r\n", server.base_url.removesuffix("bot")
        status, out, _ = await ended(tmp_path, "doctor", TELEGRAM_TOKEN=pasted, TELEGRAM_API_URL=address)
    assert "ok     telegram token: logged in" in out
    assert status == 0


BAD = {
    "DISCORD_TOKEN": ["my secret token", "<secret>"],
    "TELEGRAM_TOKEN": ["sécret", "'secret"],
    "WEBHOOK_URL": [
        *("https://bot.example:8080/secret", "https://bot.example/{secret}", "https://bot.example/%7Bsecret"),
        *("https://bot.example/se cret", "https://bot.example/a?secret=1", "https://bot.example/a#secret"),
        *(
            "https://me@secret@bot.example/",
            "https://bot.example/../secret",
            "https://[::secret/",
            "bot.example/secret",
        ),
    ],
    "TELEGRAM_API_URL": ["http://secret:99999", "ftp://secret"],
    "HOST": ["http://secret", "secret..name", "127.0.0.1:secret"],
    "PORT": ["secret", "80 80"],
    "DEFAULT_LOCALE": ["en_secret"],
    "LOG_LEVEL": ["secret"],
    "SHARDS": ["secret"],
    "DATA_DIR": ["~secret-user-of-nobody/data"],
    "RESPONSES_DIR": ["~secret-user-of-nobody"],
    "CONTENT": ["responses:~secret-user-of-nobody", "secret::responses"],
}


@pytest.mark.parametrize("turn", range(max(map(len, BAD.values()))))
async def test_each_value_that_cannot_be_used_is_one_sentence_that_names_it(tmp_path: Path, turn: int) -> None:
    given = {name: values[turn] for name, values in BAD.items() if turn < len(values)}
    status, out, err = await ended(tmp_path, "run", WEBHOOK_SECRET="x", **given)
    assert (status, out) == (1, "")
    assert sorted(line.partition(":")[0] for line in err.splitlines()) == sorted(given)
    assert "secret" not in err


@pytest.mark.parametrize(
    "value",
    ["secret", "postgresql://bot:secret@db:port/bot", "postgresql://bot:secret@[db/bot", "sqlite:///~nobody-secret/x"],
)
async def test_an_odd_address_of_a_database_is_one_sentence(tmp_path: Path, value: str) -> None:
    line = await told(tmp_path, "run", DATABASE_URL=value)
    assert "DATABASE_URL" in line
    assert "secret" not in line


async def test_a_proxy_that_cannot_be_used_matters_only_with_a_platform(tmp_path: Path) -> None:
    proxy = {"ALL_PROXY": "socks://127.0.0.1:1080/"}
    line = await told(tmp_path, "run", **proxy, DISCORD_TOKEN="x", TELEGRAM_TOKEN=TOKEN)
    assert line.startswith("ALL_PROXY: should be like http://proxy.example:3128")
    assert (await ended(tmp_path, "check", **proxy))[0] == 0


async def test_a_path_may_begin_with_the_home_folder(tmp_path: Path) -> None:
    home = {"HOME": str(tmp_path), "RESPONSES_DIR": "~/responses", "DATA_DIR": "~/my data"}
    async with running(tmp_path, module=("bot",), **home) as bot:
        assert (tmp_path / "my data" / "bot.sqlite3").exists()
        assert await bot.stop() == 0
    async with running(tmp_path, module=("bot",), **home, DATABASE_URL="sqlite:///~/other.sqlite3") as bot:
        assert (tmp_path / "other.sqlite3").exists()
        assert await bot.stop() == 0


CONSOLES = {
    "a Windows console": {"PYTHONIOENCODING": "cp1252"},
    "ASCII": {"PYTHONIOENCODING": "ascii"},
    "LC_ALL=C without Python's help": {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
}


@pytest.mark.parametrize("console", CONSOLES.values(), ids=CONSOLES)
async def test_a_console_that_is_not_utf_8_shows_what_it_can(tmp_path: Path, console: dict[str, str]) -> None:
    content = Folder(tmp_path).path
    for command in (("ask", "/whatisksm"), ("ask", "/whatisksm", "--locale", "ru"), ("topics", "--locale", "zh")):
        for form in ((), ("--json",)):
            status, out, err = await ended(tmp_path, *command, *form, **console)
            assert (status, err) == (0, "")
            assert not form or "whatisksm" in json.dumps(json.loads(out))
    status, out, err = await ended(tmp_path, "ask", "--json", "что такое ksm 😀", **console)
    assert (status, err) == (0, "")
    (content / "ru" / "interface.yaml").write_text("заметки: [", encoding="utf-8")
    for name in ("check", "doctor", "run"):
        status, out, err = await ended(tmp_path, name, **console)
        assert status == 1
        assert "ru/interface.yaml" in out + err
        assert "Traceback" not in out + err


@pytest.mark.parametrize("console", CONSOLES.values(), ids=CONSOLES)
async def test_questions_are_read_as_utf_8_whatever_the_console_is(tmp_path: Path, console: dict[str, str]) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "match", "--jsonl", cwd=tmp_path, env=environment(tmp_path, **console),
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    given = '{"text": "что такое стейкинг"}\n{"text": "что такое стейкинг"}\n'.encode("utf-8-sig") + b"\xff\xfe\n"
    out, err = await process.communicate(given)
    rows = [json.loads(line) for line in out.decode("ascii").splitlines()]
    assert (process.returncode, err, len(rows)) == (0, b"", 3)
    assert rows[0]["command"] == rows[1]["command"] == "staking"


async def test_a_loop_that_takes_no_signals_is_stopped_by_them_all_the_same(tmp_path: Path) -> None:
    """As on Windows, where asyncio's loops have no handlers of signals."""
    program = tmp_path / "windows.py"
    program.write_text(
        "import asyncio\n"
        "from bot import config\n"
        "from bot.runtime import service, telemetry\n"
        "class Loop(asyncio.SelectorEventLoop):\n"
        "    add_signal_handler = asyncio.AbstractEventLoop.add_signal_handler\n"
        "given = config.settings()\n"
        "telemetry.set_up(given.log_level, given.log_format, given.secrets)\n"
        "asyncio.Runner(loop_factory=Loop).run(service.serve(given))\n",
        "utf-8",
    )
    for number in (signal.SIGTERM, signal.SIGINT):
        process = await asyncio.create_subprocess_exec(
            sys.executable, str(program), cwd=ROOT, env=environment(tmp_path), stderr=asyncio.subprocess.PIPE
        )
        assert process.stderr
        async with asyncio.timeout(PATIENCE):
            while b"listening on port" not in (line := await process.stderr.readline()):
                assert line, "it ended before it listened"
            process.send_signal(number)
            rest = (await process.communicate())[1].decode()
        assert "stopping" in rest
        assert "Traceback" not in rest
        assert process.returncode == 0
