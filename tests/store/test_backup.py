"""Backup, wipe, restore, compare: on each database and across."""

import asyncio
import os
import stat
from collections.abc import AsyncIterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import orjson
import pytest
import pytest_asyncio
from sqlalchemy import URL, Connection, Table, delete, select, update

from bot.core.buttons import Rating
from bot.core.community import PinState
from bot.core.errors import StoreError
from bot.core.model import DISCORD, TELEGRAM, Outcome, Place, Right
from bot.store.backup import HEADER, LONGEST, backup, restore
from bot.store.backup_rows import TABLES
from bot.store.store import Store, open_store
from bot.store.tables import counts
from bot.store.url import address
from tests.builders import urging
from tests.full_disk import full_disk
from tests.postgres import Server
from tests.store.conftest import DATABASES, empty
from tests.store.test_store import CHOSEN, DAY, GROUP, GUILD, SUPERGROUP, a_pin

RULES = ({"en", "es", "zh"}, urging)
ROWS = 1_102 + 2 + 2 + 1_100 + 2 + 1  # communities, their channels, pins, counts, ratings, offers


async def furnish(store: Store) -> None:
    await store.communities.change(GUILD, lambda _: CHOSEN)
    await store.pins.record(a_pin())
    await store.pins.record(replace(a_pin(GROUP), state=PinState.FORBIDDEN, missing=Right.PIN, locale="zh"))
    await store.communities.left(GROUP, DAY)
    for number in range(1_100):
        store.counts.count(Place(TELEGRAM, f"-{number + 1}"), "staking", Outcome.EXPLAINER, DAY)
    store.counts.rate(GUILD, "staking", "en", Rating.WRONG, DAY)
    store.counts.rate(GUILD, "staking", "pt-BR", Rating.HELPFUL, DAY)  # a language that the content no longer has
    await store.offers.offer(DISCORD, "global", "hash")


async def everything(store: Store) -> dict[str, list[tuple[object, ...]]]:
    """All rows of all tables, but for the pins' own numbers."""

    def rows(table: Table, connection: Connection) -> list[tuple[object, ...]]:
        columns = (column for column in table.columns if column.name != "number")
        return sorted(tuple(row) for row in connection.execute(select(*columns)))

    return {name: await store.database.read(partial(rows, table)) for name, (table, _) in TABLES.items()}


def wipe(connection: Connection) -> None:
    for table, _ in reversed(TABLES.values()):
        connection.execute(delete(table))


async def test_what_was_wiped_comes_back_whole(store: Store, tmp_path: Path) -> None:
    await furnish(store)
    file = tmp_path / "backup.jsonl"
    rows = await backup(store, file)
    before = await everything(store)
    assert rows == sum(map(len, before.values())) == ROWS
    await store.database.write(wipe)
    await store.offers.offer(DISCORD, "global", "another")
    assert await restore(store, file, *RULES, replace=True) == (rows, ())
    assert await everything(store) == before
    assert await store.communities.read(GUILD) == CHOSEN
    await store.pins.record(a_pin(command="staking"))  # new rows find numbers of their own
    assert len(await store.pins.of(GUILD)) == 2


@pytest.mark.parametrize("there_and_back", [False, True])
async def test_a_backup_moves_from_one_database_to_the_other(
    tmp_path: Path, postgres: Server, there_and_back: bool
) -> None:
    urls = [address(None, tmp_path), postgres.new_database()]
    first, second = reversed(urls) if there_and_back else urls
    async with open_store(first) as source, open_store(second) as target:
        await furnish(source)
        await backup(source, tmp_path / "one")
        await restore(target, tmp_path / "one", *RULES)
        await backup(target, tmp_path / "two")
        assert await everything(target) == await everything(source)
    assert sorted((tmp_path / "one").read_bytes().splitlines()) == sorted((tmp_path / "two").read_bytes().splitlines())


async def test_a_backup_shows_one_moment_while_the_bot_writes_on(store: Store, url: URL, tmp_path: Path) -> None:
    await furnish(store)

    async def wander(other: Store) -> None:
        for _ in range(6):
            await other.communities.moved(GROUP, "-1004001")
            await other.communities.moved(SUPERGROUP, "-4001")

    async with open_store(url) as other:
        wandering = asyncio.create_task(wander(other))
        for _ in range(3):
            assert await backup(store, tmp_path / "file") == ROWS
            rows = [orjson.loads(line) for line in (tmp_path / "file").read_bytes().splitlines()]
            homes = {row["communities"]["id"] for row in rows if "communities" in row}
            assert {row["pins"]["community"] for row in rows if "pins" in row} <= homes
            assert ("-4001" in homes) != ("-1004001" in homes)
        await wandering


async def test_a_backup_replaces_the_one_before_and_is_its_owners_alone(store: Store, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    (folder / "file").write_text("an older one")
    await backup(store, folder / "file")
    assert stat.S_IMODE((folder / "file").stat().st_mode) == 0o600
    assert (folder / "file").read_bytes().count(b"\n") == 2
    assert os.listdir(folder) == ["file"]


async def test_a_place_that_cannot_be_written_is_told(store: Store, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="No such file or directory"):
        await backup(store, tmp_path / "missing" / "file")
    with pytest.raises(StoreError, match="No such file or directory"):
        await restore(store, tmp_path / "missing", *RULES)
    folder = tmp_path / "backups" / "folder"
    folder.mkdir(parents=True)
    with pytest.raises(StoreError, match="Is a directory"):
        await backup(store, folder)
    assert os.listdir(tmp_path / "backups") == ["folder"]


async def test_a_backup_for_which_there_is_no_room_says_so_and_leaves_nothing(store: Store, tmp_path: Path) -> None:
    await furnish(store)
    await store.counts.flush()
    folder = tmp_path / "backups"
    folder.mkdir()
    with full_disk(), pytest.raises(StoreError, match="Free some space there, or name a file on another disk"):
        await backup(store, folder / "backup.jsonl")
    assert [*folder.iterdir()] == []


async def test_what_is_stored_is_not_overwritten_unasked(store: Store, tmp_path: Path) -> None:
    await backup(store, tmp_path / "empty")
    await store.offers.offer(DISCORD, "global", "hash")
    with pytest.raises(StoreError, match="stored already"):
        await restore(store, tmp_path / "empty", *RULES)
    assert await store.offers.offered(DISCORD, "global") == "hash"


HOME = {
    "platform": "discord",
    "id": "1",
    "locale": "en",
    "risk_floor": 1,
    "cooldown": 3,
    "channels": [],
    "welcome_channel": None,
    "welcome_thread": None,
    "welcome_line": None,
    "remove_greetings": True,
    "greeting_channel": None,
    "greeting_thread": None,
    "greeting_message": None,
    "greeting_media": False,
    "greeted_until": None,
    "left_on": None,
}
SPOKEN = {"platform": "discord", "community": "1", "locale": "es"}
CHAT = HOME | {"platform": "telegram", "id": "-1001"}
COUNT = {
    "platform": "discord",
    "community": "1",
    "day": "2026-11-22",
    "command": "staking",
    "outcome": "explainer",
    "times": 1,
}


PIN = {
    "platform": "discord",
    "community": "1",
    "channel": "10",
    "thread": "",
    "message": "77",
    "media": False,
    "command": "whatisksm",
    "locale": None,
    "digest": "0" * 32,
    "state": "current",
    "missing": 0,
}


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=DATABASES)
async def kept(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Store]:
    """A store with a pin, for all tests that change nothing."""
    async with open_store(empty(request, tmp_path_factory.mktemp("kept"))) as opened:
        await opened.pins.record(a_pin())
        yield opened


def lines(*rows: object) -> bytes:
    return b"".join(orjson.dumps(row) + b"\n" for row in rows)


def whole(*rows: object) -> bytes:
    return lines(HEADER, *rows, {"rows": len(rows)})


def home(**changed: object) -> bytes:
    return whole({"communities": HOME | changed})


def chat(**changed: object) -> bytes:
    return whole({"communities": CHAT | changed})


def pin(**changed: object) -> bytes:
    return whole({"communities": HOME}, {"pins": PIN | changed})


def count(**changed: object) -> bytes:
    return whole({"communities": HOME}, {"counts": COUNT | changed})


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"", "line 1: the file is empty"),
        (b"SQLite format 3\0", "line 1: this is not a backup"),
        (lines({"communities": HOME}), "line 1: this is not a backup"),
        (lines({**HEADER, "version": 2}), "line 1: this is not a backup by this version"),
        (b" " * (LONGEST + 1), "line 1: this is not a backup"),
        (lines(HEADER), "line 2: the end is missing"),
        (lines(HEADER, {"communities": HOME}), "line 3: the end is missing"),
        (lines(HEADER, {"rows": 1}), "line 2: it says 1 rows, but there are 0 above"),
        (whole() + lines({"communities": HOME}), "line 3: there is a line after the last one"),
        (lines(HEADER) + b"[" * LONGEST, "line 2: Invalid JSON"),
        (lines(HEADER) + b" " * LONGEST + lines({"communities": HOME}), "line 2: Invalid JSON"),
        (whole([]), "line 2: Input should be an object"),
        (whole({}), "line 2: this should be a row of one of"),
        (whole({"communities": HOME, "rows": 1}), "line 2: this should be a row of one of"),
        (whole({"communities": None}), "line 2: this should be a row of one of"),
        (whole({"members": {}}), "line 2: members: Extra"),
        (home(name="x"), "line 2: name: Extra"),
        (whole({"communities": {k: v for k, v in HOME.items() if k != "locale"}}), "line 2: locale: Field required"),
        (whole({"communities": HOME}, {"communities": HOME}), "line 3: the row is there twice"),
        (count(community="2"), "line 3: .* its community is missing"),
        (home(cooldown=-1, locale="xx"), "line 2: locale: .*; cooldown: "),
        (home(cooldown=None), "line 2: cooldown: "),
        (home(cooldown=3601), "line 2: cooldown: "),
        (home(id="1\0"), "line 2: id: .*an id of discord"),
        (home(id="1" * 33), "line 2: id: .*an id of discord"),
        (home(id="-1"), "line 2: id: .*an id of discord"),
        (home(id="١٢"), "line 2: id: .*an id of discord"),
        (home(id=""), "line 2: id: .*an id of discord"),
        (home(id="0"), "line 2: id: .*an id of discord"),
        (home(id="01"), "line 2: id: .*an id of discord"),
        (home(channels=["7", "7"]), "line 2: channels: .*twice"),
        (chat(id="1001"), "line 2: id: .*an id of telegram"),
        (chat(id="-0"), "line 2: id: .*an id of telegram"),
        (chat(id="-01001"), "line 2: id: .*an id of telegram"),
        (chat(channels=["-5"]), "line 2: channels: .*of this chat"),
        (chat(channels=["-1001", "7", "-1001"]), "line 2: channels: .*twice"),
        (chat(welcome_channel="12345"), "line 2: welcome_channel: .*of this chat"),
        (chat(welcome_channel="-1002"), "line 2: welcome_channel: .*of this chat"),
        (chat(welcome_channel="-1001", welcome_thread="-7"), "line 2: welcome_thread: .*of this chat"),
        (chat(greeting_channel="-1002", greeting_message="7"), "line 2: greeting_channel: .*of this chat"),
        (
            whole({"communities": CHAT}, {"pins": PIN | {"platform": "telegram", "community": "-1001"}}),
            "line 3: channel: .*of this chat",
        ),
        (home(risk_floor=0), "line 2: risk_floor: "),
        (home(risk_floor=4), "line 2: risk_floor: "),
        (home(risk_floor=True), "line 2: risk_floor: "),
        (home(channels=[1]), "line 2: channels"),
        (home(channels="1"), "line 2: channels: .*array"),
        (home(channels=["<#1>"]), "line 2: channels: .*an id of discord"),
        (home(channels=["@everyone"]), "line 2: channels: .*an id of discord"),
        (home(channels=[str(number) for number in range(1, 27)]), "line 2: channels: .*at most 25"),
        (home(greeted_until="2026-11-22T12:00:00"), "line 2: greeted_until: .*timezone"),
        (home(greeted_until="0001-01-01T00:00:00+14:00"), "line 2: greeted_until: .*2015"),
        (home(greeted_until="9999-12-31T23:59:59-14:00"), "line 2: greeted_until: .*2100"),
        (home(greeted_until="2026-11-22T12:00:00+24:00"), "line 2: greeted_until: "),
        (home(greeted_until=1764000000), "line 2: greeted_until: "),
        (home(left_on="yesterday"), "line 2: left_on: "),
        (home(left_on="0001-01-01"), "line 2: left_on: .*2015"),
        (home(left_on="9999-12-31"), "line 2: left_on: .*2100"),
        (home(locale="xx"), "line 2: locale: .*a language of the content"),
        (home(locale="../en"), "line 2: locale: .*a language of the content"),
        (home(platform="irc"), "line 2: platform: .*'discord'"),
        (home(welcome_line=1), "line 2: welcome_line: "),
        (home(welcome_channel="general"), "line 2: welcome_channel: .*an id of discord"),
        (home(greeting_message="3"), "line 2: .*greeting_message needs a greeting_channel"),
        (home(welcome_thread="3"), "line 2: .*welcome_thread needs a welcome_channel"),
        (home(log_thread="3"), "line 2: .*log_thread needs a log_channel"),
        (
            whole(
                {"communities": HOME}, *({"channel_settings": SPOKEN | {"channel_id": str(n)}} for n in range(1, 27))
            ),
            "line 28: its community has a language in more than 25 channels",
        ),
        (pin(command="_contentsx"), "line 3: command: "),
        (pin(command="_contents"), "line 3: command: "),
        (pin(command="_contents-9"), "line 3: command: "),
        (pin(command="What is KSM?"), "line 3: command: "),
        (pin(state="fine"), "line 3: state: .*'current'"),
        (pin(missing=-1), "line 3: missing: "),
        (pin(missing=1 << 20), "line 3: missing: "),
        (pin(digest="Buy now!"), "line 3: digest: "),
        (pin(channel=""), "line 3: channel: .*an id of discord"),
        (pin(thread="x"), "line 3: thread: .*an id of discord"),
        (pin(message="77 "), "line 3: message: .*an id of discord"),
        (pin(locale="xx"), "line 3: locale: .*a language of the content"),
        (count(command="should i buy"), "line 3: command: "),
        (count(outcome="fun"), "line 3: outcome: "),
        (count(times=0), "line 3: times: "),
        (count(times=10**12 + 1), "line 3: times: "),
        (count(day="0001-01-01"), "line 3: day: .*2015"),
        (whole({"offers": {"platform": "irc", "scope": "1", "hash": "a"}}), "line 2: platform: "),
        (whole({"offers": {"platform": "discord", "scope": "a b", "hash": "a"}}), "line 2: scope: "),
        (whole({"offers": {"platform": "discord", "scope": "1", "hash": "\n"}}), "line 2: hash: "),
    ],
)
@pytest.mark.asyncio(loop_scope="module")
async def test_a_bad_file_is_refused_by_its_line_and_changes_nothing(
    kept: Store, tmp_path: Path, content: bytes, what: str
) -> None:
    (tmp_path / "file").write_bytes(content)
    with pytest.raises(StoreError, match=f"^file, {what}"):
        await restore(kept, tmp_path / "file", *RULES, replace=True)
    assert await kept.pins.of(GUILD) == (a_pin(),)


async def test_a_file_as_the_cases_above_is_good_without_their_mistake(store: Store, tmp_path: Path) -> None:
    good = HOME | {"welcome_line": "2", "greeted_until": "2026-11-22T12:00:00+14:00", "cooldown": 3600, "locale": "zh"}
    (tmp_path / "file").write_bytes(whole({"communities": good}, {"pins": PIN}, {"counts": COUNT}))
    assert await restore(store, tmp_path / "file", *RULES) == (3, ())
    assert await store.communities.read(Place(DISCORD, "1"))


async def test_a_welcome_message_that_is_refused_today_is_left_out_and_its_line_is_named(
    store: Store, tmp_path: Path
) -> None:
    messages = [
        "Hi {names}",
        "Buy KSM now",
        "Join t.me/x",
        "Ask @support",
        "Hello {you}",
        "x" * 241,
        "two\nlines",
        "a\0b",
        "7",
        "",
    ]
    rows = [{"communities": HOME | {"id": str(number), "welcome_line": one}} for number, one in enumerate(messages, 1)]
    (tmp_path / "file").write_bytes(whole(*rows))
    done = await restore(store, tmp_path / "file", *RULES)
    assert done == (len(messages), tuple(range(3, 2 + len(messages))))
    found = [await store.communities.read(Place(DISCORD, str(number))) for number in range(1, len(messages) + 1)]
    assert [one and one.welcome_line for one in found] == ["Hi {names}", *[None] * 9]


async def test_a_chat_of_telegram_is_restored_with_what_lies_in_it(store: Store, tmp_path: Path) -> None:
    here = {"welcome_channel": "-1001", "welcome_thread": "7", "channels": ["-1001", "7"]}
    greeted = {"greeting_channel": "-1001", "greeting_thread": "7", "greeting_message": "9"}
    mine = PIN | {"platform": "telegram", "community": "-1001", "channel": "-1001", "thread": "7"}
    (tmp_path / "file").write_bytes(whole({"communities": CHAT | here | greeted}, {"pins": mine}))
    assert await restore(store, tmp_path / "file", *RULES) == (2, ())


async def test_a_count_that_a_backup_left_high_neither_stops_counting_nor_the_next_backup(
    store: Store, tmp_path: Path
) -> None:
    place = Place(DISCORD, "1", "1")
    (tmp_path / "file").write_bytes(count(day=DAY.isoformat(), times=10**12))
    await restore(store, tmp_path / "file", *RULES)
    for poisoned in (10**12, 2**63 - 1):  # the second was taken by an earlier version
        await store.database.write(partial(_set_times, poisoned))
        for each in (place, Place(DISCORD, "2", "2")):
            store.counts.count(each, "staking", Outcome.EXPLAINER, DAY)
        await store.counts.flush()
        assert [one.times for one in await store.counts.statistics(place, DAY)] == [10**12]
    assert [one.times for one in await store.counts.statistics(Place(DISCORD, "2", "2"), DAY)] == [2]
    await backup(store, tmp_path / "again")
    await restore(store, tmp_path / "again", *RULES, replace=True)


def _set_times(times: int, connection: Connection) -> None:
    connection.execute(update(counts).where(counts.c.community == "1").values(times=times))
