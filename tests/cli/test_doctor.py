"""`doctor`: every line names its cause and its fix, nothing is changed, and what is not set is not asked."""

import asyncio
import json
import re
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from bot.adapters.discord.account_check import examine as discord
from bot.adapters.telegram.account_check import examine as telegram
from bot.cli.doctor_running import running as asked
from bot.core.faults import Finding, State
from tests.builders import shipped
from tests.command import called
from tests.fakes.discord_rights import Right as Bit
from tests.fakes.discord_server import DiscordServer
from tests.fakes.telegram import TelegramServer, status
from tests.whole.process import environment, running

ALL_BUT_PINS = (1 << 10) | (1 << 11) | (1 << 16) | (1 << 13)


async def test_with_nothing_set_the_bot_is_well_and_connects_nowhere(tmp_path: Path) -> None:
    code, out, err = await called(tmp_path, "doctor")
    assert (code, err) == (0, "")
    assert not any(line.startswith("broken") for line in out.splitlines())
    assert "ok     content: revision" in out
    assert f"ok     storage: SQLite {tmp_path}/data/bot.sqlite3 will be created when the bot starts" in out
    assert "set DISCORD_TOKEN or TELEGRAM_TOKEN" in out
    assert not (tmp_path / "data").exists()


async def test_every_broken_thing_is_a_line_with_its_fix(tmp_path: Path) -> None:
    content = Path(environment(tmp_path)["RESPONSES_DIR"])
    (content / "en" / "policy.yaml").write_text("warnings: [", encoding="utf-8")
    (tmp_path / "data").write_text("a file, where a folder should be", encoding="utf-8")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        code, out, err = await called(tmp_path, "doctor", "--json", PORT=str(taken.getsockname()[1]))
    found = {one["subject"]: one for one in json.loads(out)}
    assert (code, err) == (1, "")
    assert found["content"]["state"] == found["storage"]["state"] == "broken"
    assert "en/policy.yaml:" in found["content"]["what"]
    assert "DATA_DIR" in found["storage"]["fix"]
    assert found["port"]["state"] == "note"
    assert "PORT" in found["port"]["fix"]


async def test_the_bot_that_runs_is_asked_what_it_suffers_now_and_what_it_counted(tmp_path: Path) -> None:
    async with running(tmp_path, LOG_LEVEL="debug") as bot:
        port = str(bot.port)
        code, out, _ = await called(tmp_path, "doctor", PORT=port)
        assert code == 0
        assert f"ok     port: the bot listens on 127.0.0.1:{port}" in out
        assert re.search(r"ok     running bot: version \S+ is ready", out)
        (tmp_path / "responses" / "en" / "policy.yaml").write_text("warnings: [", encoding="utf-8")
        await bot.says("the content has")
        for file in (tmp_path / "data").glob("bot.sqlite3*"):
            file.unlink()
        await bot.says("store: The database file cannot be opened")
        code, out, _ = await called(tmp_path, "doctor", PORT=port)
        assert code == 1
        assert "broken running bot: version" in out
        for part, state, words in (
            ("store", "broken", "The database file cannot be opened"),
            ("content", "note", "files in the content folder have mistakes"),
            ("content", "note", r"since the start, \d+ change"),
            ("gone", "note", r"since the start, \d+ database error"),
        ):
            assert re.search(rf"(?m)^{state:<6} running {part}: .*{words}.* → ", out), (part, out)
        await bot.stop()


FAULT = {
    "part": "store",
    "fault": "full",
    "reason": "no room",
    "fix": "make room",
    "since": "2026-11-22T12:00Z",
}


@asynccontextmanager
async def answering(said: bytes, counted: bytes) -> AsyncIterator[int]:
    """Another program, which says that to whoever asks how it is, and counts that; gives its port."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked = await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.0 200 OK\r\n\r\n" + (counted if b" /metrics " in asked else said))
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        yield server.sockets[0].getsockname()[1]


def state(*faults: object, **changed: object) -> bytes:
    """What the bot might say of itself."""
    return json.dumps({"ready": True, "version": "1", "store": {}, "faults": list(faults), **changed}).encode()


@pytest.mark.parametrize(
    "said",
    [
        b'{"ready": true}',
        b"[]",
        b"\xff",
        b"[" * 100_000,
        state(faults=None),
        state(1),
        state({}),
        state({**FAULT, "fault": []}),
        state({**FAULT, "since": None}),
    ],
    ids=range(9),
)
async def test_another_program_at_the_port_is_not_believed(said: bytes) -> None:
    async with answering(said, b"") as port:
        assert await asyncio.to_thread(asked, "127.0.0.1", port) is None


async def test_doctor_says_that_another_program_stands_at_the_port(tmp_path: Path) -> None:
    async with answering(b'{"ready": true}', b"") as port:
        _, out, _ = await called(tmp_path, "doctor", PORT=str(port))
    assert "no bot answers there" in out
    assert "running" not in out


@pytest.mark.parametrize(
    ("counted", "shown"),
    [
        (b'kusamabot_store_errors_total{fault="away"} 2\n', ["running away"]),
        (b'kusamabot_store_errors_total{fault="away"} 0\nkusamabot_other_total 5\n', []),
        (b'kusamabot_store_errors_total{fault="away"} abc\n', []),
        (b"no metrics at all {", []),
    ],
)
async def test_counters_are_shown_and_what_is_no_counter_is_passed_over(counted: bytes, shown: list[str]) -> None:
    async with answering(state(FAULT), counted) as port:
        found = await asyncio.to_thread(asked, "127.0.0.1", port)
    assert [one.what for one in found or ()] == ["running bot", "running store", *shown]


async def test_a_setting_that_cannot_be_used_is_named_without_its_value(tmp_path: Path) -> None:
    code, out, _ = await called(tmp_path, "doctor", PORT="s3cret-port", RISK_FLOOR="none")
    assert code == 1
    assert "broken settings: PORT:" in out
    assert "broken settings: RISK_FLOOR:" in out
    assert "s3cret" not in out


async def test_a_database_that_is_none_is_told(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "bot.sqlite3").write_text("no database at all" * 100, encoding="utf-8")
    code, out, _ = await called(tmp_path, "doctor")
    assert code == 1
    assert "broken storage: The database file is not a database" in out


async def gathered(findings: AsyncIterator[Finding]) -> dict[str, Finding]:
    """The findings by their subject."""
    return {finding.what: finding async for finding in findings}


async def test_discord_is_asked_for_token_intents_commands_and_rights() -> None:
    async with DiscordServer() as server:
        good, poor = server.guild("Good"), server.guild("Poor", permissions=ALL_BUT_PINS)
        found = await gathered(discord(server.token, shipped().commands))
        assert found["discord token"].state is State.FINE
        assert found["discord intents"].state is State.FINE
        assert found["discord commands"].state is State.NOTE
        assert found[f"discord guild {poor.id}"].cause == "the bot lacks Pin Messages"
        assert f"discord guild {good.id}" not in found


@pytest.mark.parametrize("installs", [{}, {"0": {}}, {"0": {}, "1": {}}])
async def test_discord_is_asked_whether_people_can_add_the_bot_for_themselves(installs: dict[str, Any]) -> None:
    async with DiscordServer() as server:
        server.rest.installs = installs
        found = await gathered(discord(server.token, ()))
    assert ("discord installs" in found) is ("1" not in installs)


async def test_the_links_that_invite_the_bot_have_the_scopes_and_rights_that_it_needs() -> None:
    async with DiscordServer() as server:
        found = await gathered(discord(server.token, ()))
        id_ = server.world.application_id
    link = parse_qs(urlsplit(found["discord server invite"].cause).query)
    assert link["client_id"] == [str(id_)]
    assert link["scope"] == ["bot applications.commands"]
    needed = Bit.VIEW_CHANNEL | Bit.SEND_MESSAGES | Bit.SEND_MESSAGES_IN_THREADS | Bit.ATTACH_FILES
    assert int(link["permissions"][0]) == int(needed | Bit.READ_MESSAGE_HISTORY | Bit.PIN_MESSAGES)
    own = parse_qs(urlsplit(found["discord user install"].cause).query)
    assert (own["scope"], own["integration_type"]) == (["applications.commands"], ["1"])
    async with TelegramServer() as telegram_server:
        found = await gathered(telegram(telegram_server.token, (), base_url=telegram_server.base_url, webhook=None))
    link = parse_qs(urlsplit(found["telegram group invite"].cause).query)
    assert found["telegram group invite"].cause.startswith("https://t.me/kusama_test_bot?")
    assert link == {"startgroup": ["true"], "admin": ["pin_messages delete_messages"]}


@pytest.mark.parametrize(
    ("field", "subject", "good", "switch"),
    [
        ("can_join_groups", "telegram groups", True, "/setjoingroups"),
        ("can_read_all_group_messages", "telegram group privacy", False, "/setprivacy"),
        ("supports_inline_queries", "telegram inline mode", True, "/setinline"),
        ("supports_guest_queries", "telegram guest mode", True, "Guest Mode"),
    ],
)
async def test_what_is_switched_at_botfather_is_said_with_the_switch(
    field: str, subject: str, good: bool, switch: str
) -> None:
    async with TelegramServer() as server:
        look = partial(telegram, server.token, (), base_url=server.base_url, webhook=None)
        server.methods.account[field] = good
        fine = (await gathered(look()))[subject]
        server.methods.account[field] = not good
        other = (await gathered(look()))[subject]
        del server.methods.account[field]  # a server from before the switch
        older = (await gathered(look()))[subject]
    assert (fine.state, fine.fix) == (State.FINE, "")
    assert (other.state, older.state) == (State.NOTE, State.NOTE if good else State.FINE)
    assert other.fix.startswith("@BotFather: ")
    assert switch in other.fix
    assert fine.cause != other.cause


async def test_a_discord_token_that_is_refused_is_broken() -> None:
    async with DiscordServer() as server:
        found = [await gathered(discord(token, ())) for token in ("a.wrong.token", "clé")]
        assert not server.gateway.sessions
    for one in found:
        assert one.keys() == {"discord token"}
        assert one["discord token"].state is State.BROKEN
        assert one["discord token"].fix


async def test_telegram_is_asked_for_token_updates_and_menus() -> None:
    async with TelegramServer() as server:
        examined = telegram(server.token, shipped().commands, base_url=server.base_url, webhook=None)
        found = await gathered(examined)
        assert found["telegram token"].state is State.FINE
        assert found["telegram updates"].cause.startswith("by polling")
        assert found["telegram commands"].state is State.NOTE
        assert not server.of("setMyCommands")
        assert not server.of("getUpdates")


@pytest.mark.parametrize("older", [True, False])
async def test_a_server_that_can_show_nothing_to_one_member_alone_is_named(older: bool) -> None:
    async with TelegramServer(older=older) as server:
        found = await gathered(telegram(server.token, (), base_url=server.base_url, webhook=None))
    assert ("older than 10.3" in found["telegram server"].cause) if older else ("telegram server" not in found)


@pytest.mark.parametrize(("fault", "subject"), [(401, "telegram token"), (502, "telegram")])
async def test_a_telegram_that_refuses_is_broken_and_the_token_stands_nowhere(fault: int, subject: str) -> None:
    async with TelegramServer() as server:
        server.fail_next("getMe", status(fault, "no"), times=None)
        found = await gathered(telegram(server.token, (), base_url=server.base_url, webhook=None))
        assert found[subject].state is State.BROKEN
        assert found[subject].fix
        assert server.token not in str(found)


async def test_a_platform_that_is_away_does_not_keep_the_others_from_being_looked_at(tmp_path: Path) -> None:
    code, out, _ = await called(tmp_path, "doctor", TELEGRAM_TOKEN="1:abc", TELEGRAM_API_URL="http://127.0.0.1:1")
    assert code == 1
    assert "broken telegram:" in out
    assert "ok     storage" in out
    assert "1:abc" not in out


async def test_a_password_in_the_address_of_telegrams_server_is_not_shown() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    address = f"http://user:swordfish@127.0.0.1:{port}/bot"
    found = await gathered(telegram("1:a", (), base_url=address, webhook=None))
    assert found["telegram"].fix == "let this machine reach 127.0.0.1, and try again"
    assert "swordfish" not in " ".join(map(str, found.values()))
