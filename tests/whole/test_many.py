"""Some processes over one PostgreSQL: each thing is done by one of them, and when that one is killed another takes it
up within fifteen seconds, and answers nothing twice.
"""

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import TypeVar

import asyncpg
import pytest
from sqlalchemy import URL

from bot.store.leases import key
from tests.builders import Folder
from tests.fakes.discord_objects import Channel, Member
from tests.fakes.discord_server import DiscordServer
from tests.fakes.telegram import Call, TelegramServer, hold
from tests.postgres import USER, Server, postgres
from tests.waiting import PATIENCE
from tests.whole.process import Bot, running

__all__ = ["postgres"]

RECEIVER = r"took the lease telegram:7000000001:receiver"
KSM, STAKING = "What is KSM?", "What is staking on Kusama?"
T = TypeVar("T")
POINT = ("tests.fakes.discord_point", "bot")


@pytest.fixture
def database(postgres: Server) -> URL:
    return postgres.new_database()


def told(database: URL) -> str:
    """The address as an operator writes it."""
    return database.set(drivername="postgresql").render_as_string()


@asynccontextmanager
async def beside(count: int, folder: Path, database: URL, **settings: str) -> AsyncIterator[list[Bot]]:
    """So many processes, each with a folder of its own, as on machines of their own."""
    async with AsyncExitStack() as stack:
        bots = []
        for number in range(count):
            home = folder / str(number)
            Folder(home, "en")
            module = POINT if "DISCORD_HTTP" in settings else ("bot",)
            context = running(home, module=module, DATABASE_URL=told(database), **settings)
            bots.append(await stack.enter_async_context(context))
        yield bots


def on_telegram(server: TelegramServer) -> dict[str, str]:
    return {"TELEGRAM_TOKEN": server.token, "TELEGRAM_API_URL": server.base_url.removesuffix("/bot")}


async def who_says(bots: list[Bot], pattern: str) -> Bot:
    """The first of them that writes such a line."""
    waits = {asyncio.create_task(bot.says(pattern)): bot for bot in bots}
    done, left = await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    for one in left:
        one.cancel()
    await asyncio.gather(*left, return_exceptions=True)
    first = done.pop()
    first.result()
    return waits[first]


def title(call: Call) -> str:
    """What is answered, by its first line."""
    return str(call.params["text"].splitlines()[0])


def took(shard: int) -> str:
    return rf"took the lease discord:\w+:shard:{shard}\b"


async def until(bot: Bot, state: str) -> None:
    """Ask it, as a health check does, until it says so and is well with it."""
    async with asyncio.timeout(PATIENCE):
        while True:
            status, told = await bot.get("/readyz")
            if status == 200 and told["platforms"]["discord"]["state"] == state:
                return


async def ready_again(discord: DiscordServer, successor: Bot, shard: int) -> None:
    """The successor serves that shard."""
    await successor.says(took(shard))
    await discord.gateway.connected(2)
    await until(successor, "running")


async def answered_once(discord: DiscordServer, hall: Channel, ada: Member) -> None:
    """Somebody asks, and is answered, and no second process tries to."""
    before = len(discord.done("POST", "/callback$"))
    said = await discord.slash(hall, ada, "whatisksm").message()
    assert said.content.startswith("**What is KSM?**")
    assert len(discord.done("POST", "/callback$")) == before + 1


async def test_the_receiver_passes_from_one_killed_process_to_the_next_and_nothing_is_answered_twice(
    tmp_path: Path, database: URL
) -> None:
    async with (
        TelegramServer(privacy=False) as telegram,
        beside(3, tmp_path, database, **on_telegram(telegram)) as bots,
    ):
        chat = telegram.private(eve := telegram.member())
        left, asked = list(bots), 0
        while left:
            holder = await who_says(left, RECEIVER)
            left.remove(holder)
            for other in left:
                await other.says("standing by for the lease telegram")
                status, state = await other.get("/readyz")
                assert (status, state["platforms"]["telegram"]["state"]) == (200, "standby")
            telegram.send(chat, eve, "/whatisksm")
            asked += 1
            await telegram.wait_for("sendMessage", asked)
            await holder.stop(signal.SIGKILL)  # with the very word of its answer still in the air
            if left:
                telegram.send(chat, eve, "/staking")  # nobody is there to receive it
                asked += 1
                await telegram.wait_for("sendMessage", asked)
        assert [title(call) for call in telegram.of("sendMessage")] == [KSM, STAKING, KSM, STAKING, KSM]
        assert len({call.params["chat_id"] for call in telegram.of("sendMessage")}) == 1


async def test_what_a_killed_process_had_begun_to_answer_is_not_answered_again(tmp_path: Path, database: URL) -> None:
    """Telegram forgets an update when the next ones are asked for, which is done before the first word of an answer:
    the successor does not see it. An answer is lost rather than doubled.
    """
    async with (
        TelegramServer(privacy=False) as telegram,
        beside(2, tmp_path, database, **on_telegram(telegram)) as bots,
    ):
        chat = telegram.private(eve := telegram.member())
        holder = await who_says(bots, RECEIVER)
        bots.remove(holder)
        await telegram.until_polling()
        telegram.fail_next("sendMessage", hold())
        telegram.send(chat, eve, "/whatisksm")
        await telegram.wait_for_start("sendMessage")
        await holder.stop(signal.SIGKILL)
        telegram.send(chat, eve, "/staking")
        (answered,) = await telegram.wait_for("sendMessage")
        assert title(answered) == STAKING


async def cut_off(database: URL, name: str) -> None:
    """The database ends the connection of the process that holds that lease; the process lives on without it."""
    held = "SELECT pid FROM pg_locks WHERE objsubid = 1 AND (classid::bigint << 32) | objid::bigint = $1"
    connection = await asyncpg.connect(user=USER, database=database.database, host=str(database.query["host"]))
    assert await connection.fetchval(f"SELECT pg_terminate_backend(({held}))", key(name))
    await connection.close()


async def test_a_holder_that_is_cut_off_from_the_database_stops_and_another_goes_on(
    tmp_path: Path, database: URL
) -> None:
    async with (
        TelegramServer(privacy=False) as telegram,
        beside(2, tmp_path, database, **on_telegram(telegram)) as bots,
    ):
        chat = telegram.private(eve := telegram.member())
        holder = await who_says(bots, RECEIVER)
        bots.remove(holder)
        await telegram.until_polling()
        await cut_off(database, "telegram:7000000001:receiver")
        await holder.says("no connection to the database for leases")
        await who_says(bots, RECEIVER)
        telegram.send(chat, eve, "/staking")
        await telegram.wait_for("sendMessage")
        await holder.says("standing by for the lease telegram")
        telegram.send(chat, eve, "/whatisksm")
        await telegram.wait_for("sendMessage", 2)
        assert [title(call) for call in telegram.of("sendMessage")] == [STAKING, KSM]


async def test_a_killed_process_leaves_its_shard_to_the_one_that_stands_by(tmp_path: Path, database: URL) -> None:
    async with DiscordServer(point=False) as discord:
        discord.rest.max_concurrency = 2
        guilds = [discord.guild(id=(1_000 + shard) << 22) for shard in (0, 1)]
        halls = [(guild.channel(), guild.member("ada")) for guild in guilds]
        settings = {"DISCORD_TOKEN": discord.token, "SHARDS": "2", "SHARD_LEASES": "1"} | discord.environment
        async with beside(3, tmp_path, database, **settings) as bots:
            left, holders = list(bots), {}
            for shard in (0, 1):
                holders[shard] = await who_says(left, took(shard))
                left.remove(holders[shard])
            await discord.gateway.connected(2)
            (idle,) = left
            await until(idle, "standby")
            for shard in (0, 1):
                await until(holders[shard], "running")
                await answered_once(discord, *halls[shard])
            await holders[0].stop(signal.SIGKILL)
            await ready_again(discord, idle, 0)
            for hall, bob in ((channel, channel.guild.member("bob")) for channel, _ in halls if channel.guild):
                await answered_once(discord, hall, bob)  # ada may still have to cool down
            assert {tuple(one.shard) for one in discord.gateway.sessions.values()} == {(0, 2), (1, 2)}
        assert len(discord.done("PUT", "/commands$")) == 1
