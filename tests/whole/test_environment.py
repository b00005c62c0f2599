"""The environment as people have it: what can be meant is taken, and what cannot is one sentence that names it."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import pytest

from tests.builders import Folder
from tests.command import called
from tests.fakes.telegram import TelegramServer
from tests.waiting import PATIENCE
from tests.whole.process import ROOT, ended, environment, running

TOKEN = "123456:secret-token-of-nobody"


async def told(home: Path, *arguments: str, **settings: str) -> str:
    """The one line that a command ends with."""
    status, _, err = await called(home, *arguments, **settings)
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
    status, out, err = await called(tmp_path, "doctor")
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
        status, out, _ = await called(tmp_path, "doctor", TELEGRAM_TOKEN=pasted, TELEGRAM_API_URL=address)
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
    status, out, err = await called(tmp_path, "run", WEBHOOK_SECRET="x", **given)
    assert (status, out) == (1, "")
    assert sorted(line.partition(":")[0] for line in err.splitlines()) == sorted(given)
    assert "secret" not in err


@pytest.mark.parametrize(
    "value",
    ["secret", "postgresql://bot:secret@db:port/bot", "postgresql://bot:secret@[db/bot", "sqlite:///~nobody-secret/x"],
)
async def test_an_odd_address_of_a_database_is_one_sentence(tmp_path: Path, value: str) -> None:
    line = await told(tmp_path, "backup", "kept", DATABASE_URL=value)
    assert "DATABASE_URL" in line
    assert "secret" not in line


async def test_a_bot_with_an_odd_address_of_a_database_ends_with_one_sentence(tmp_path: Path) -> None:
    status, out, err = await ended(tmp_path, "run", DATABASE_URL="postgresql://bot:secret@db:port/bot")
    assert (status, out) == (1, "")
    (line,) = err.splitlines()
    assert "DATABASE_URL" in line
    assert "secret" not in line


async def test_a_proxy_that_cannot_be_used_matters_only_with_a_platform(tmp_path: Path) -> None:
    proxy = {"ALL_PROXY": "socks://127.0.0.1:1080/"}
    line = await told(tmp_path, "run", **proxy, DISCORD_TOKEN="x", TELEGRAM_TOKEN=TOKEN)
    assert line.startswith("ALL_PROXY: should be like http://proxy.example:3128")
    assert (await called(tmp_path, "check", **proxy))[0] == 0


async def test_a_path_may_begin_with_the_home_folder(tmp_path: Path) -> None:
    home = {"HOME": str(tmp_path), "RESPONSES_DIR": "~/responses", "DATA_DIR": "~/my data"}
    async with running(tmp_path, module=("bot",), **home) as bot:
        assert (tmp_path / "my data" / "bot.sqlite3").exists()
        assert await bot.stop() == 0
    assert await called(tmp_path, "backup", "~kept", **home) == (0, "Rows written to ~kept: 0\n", "")
    assert (await called(tmp_path, "restore", "~kept", **home, DATABASE_URL="sqlite:///~/other.sqlite3"))[0] == 0
    assert (tmp_path / "other.sqlite3").exists()


CONSOLES = {
    "a Windows console": {"PYTHONIOENCODING": "cp1252"},
    "ASCII": {"PYTHONIOENCODING": "ascii"},
    "LC_ALL=C without Python's help": {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
}
SHOWN = [
    (*command, *form)
    for command in (("ask", "/whatisksm"), ("ask", "/whatisksm", "--locale", "ru"), ("topics", "--locale", "zh"))
    for form in ((), ("--json",))
]
EACH = """
import sys
from itertools import groupby
from bot.__main__ import main
for is_end, words in groupby(sys.argv[1:], ";".__eq__):
    if not is_end:
        print(f"\x1e{main([*words])}\x1e", end="")
        print("\x1e", end="", file=sys.stderr)
"""


def said(
    home: Path, console: Mapping[str, str], commands: Iterable[Sequence[str]], given: bytes = b""
) -> list[tuple[int, str, str]]:
    """What each of these commands says in one process at that console: exit status, standard output, standard error.
    The last one may read what is `given`.
    """
    words = [word for command in commands for word in (*command, ";")]
    done = subprocess.run(
        [sys.executable, "-c", EACH, *words], cwd=home, env=environment(home, **console),
        input=given, capture_output=True, check=True,
    )  # fmt: skip
    out, err = (one.decode(errors="replace").split("\x1e") for one in (done.stdout, done.stderr))
    return list(zip(map(int, out[1::2]), out[::2], err, strict=False))


@pytest.mark.parametrize("console", CONSOLES.values(), ids=CONSOLES)
def test_a_console_that_is_not_utf_8_shows_what_it_can_and_questions_are_read_as_utf_8(
    tmp_path: Path, console: dict[str, str]
) -> None:
    content = Folder(tmp_path, "en", "ru", "zh").path
    given = '{"text": "что такое стейкинг"}\n{"text": "что такое стейкинг"}\n'.encode("utf-8-sig") + b"\xff\xfe\n"
    *shown, (status, matched, err) = said(
        tmp_path, console, (*SHOWN, ("ask", "--json", "что такое ksm 😀"), ("match", "--jsonl")), given
    )
    assert [(status, err) for status, _, err in shown] == [(0, "")] * 7
    assert all("whatisksm" in json.dumps(json.loads(out)) for _, out, _ in shown[1:6:2])
    rows = [json.loads(line) for line in matched.splitlines()]
    assert (status, err, len(rows)) == (0, "", 3)
    assert matched.isascii()
    assert rows[0]["command"] == rows[1]["command"] == "staking"
    (content / "ru" / "interface.yaml").write_text("заметки: [", encoding="utf-8")
    for status, out, err in said(tmp_path, console, (("check",), ("doctor",), ("run",))):
        assert status == 1
        assert "ru/interface.yaml" in out + err
        assert "Traceback" not in out + err


async def test_a_loop_that_takes_no_signals_is_stopped_by_them_all_the_same(tmp_path: Path) -> None:
    """As on Windows, where asyncio's loops have no handlers of signals."""
    program = tmp_path / "windows.py"
    program.write_text(
        "import asyncio\n"
        "from bot import config\n"
        "from bot.runtime import service, telemetry\n"
        "class Loop(asyncio.SelectorEventLoop):\n"
        "    add_signal_handler = asyncio.AbstractEventLoop.add_signal_handler\n"
        "given = config.load_settings()\n"
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
