"""The real discord.py against the Discord server of our own: sessions, events, shards and members."""

from __future__ import annotations

import asyncio
import os
import sys
import zlib
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import discord
import pytest

from tests.fakes.discord_gateway import HEARTBEAT, IDENTIFY, RESUME
from tests.fakes.discord_server import DiscordServer
from tests.fakes.discord_small_bot import Bot, post, running


@pytest.fixture
async def server() -> AsyncIterator[DiscordServer]:
    async with DiscordServer() as one:
        yield one


async def test_a_dropped_socket_is_resumed_and_what_was_missed_comes(server: DiscordServer) -> None:
    guild = server.guild()
    channel, ada = guild.channel(), guild.member("ada")
    async with running(server) as bot:
        server.gateway.drop()
        asked = server.slash(channel, ada, "explain")
        await asked.response
        assert await bot.resumed.get()
        assert len(await server.gateway.heard(RESUME)) == 1
        assert len(await server.gateway.heard(IDENTIFY)) == 1


async def test_a_request_to_reconnect_is_resumed(server: DiscordServer) -> None:
    server.guild()
    async with running(server) as bot:
        server.gateway.ask_reconnect()
        assert await bot.resumed.get()


async def test_an_invalid_session_is_identified_anew(server: DiscordServer) -> None:
    guild = server.guild()
    async with running(server):
        server.gateway.invalidate()
        assert len(await server.gateway.heard(IDENTIFY, 2)) == 2
        await server.gateway.connected()
        await server.slash(guild.channel(), guild.member("ada"), "explain").response


async def test_a_lost_session_is_identified_anew_after_the_resume_is_refused(server: DiscordServer) -> None:
    async with running(server):
        server.gateway.forget()
        server.gateway.drop()
        assert len(await server.gateway.heard(IDENTIFY, 2)) == 2
        assert len(await server.gateway.heard(RESUME)) == 1


async def test_a_connection_without_heartbeat_answers_is_left_and_resumed() -> None:
    async with DiscordServer(heartbeat=0.02) as server, running(server, Bot(heartbeat_timeout=0.1)) as bot:
        await server.gateway.heard(HEARTBEAT, 2)
        server.gateway.acking = False
        await server.gateway.heard(RESUME)
        server.gateway.acking = True
        assert await bot.resumed.get()


async def test_a_wrong_token_cannot_log_in(server: DiscordServer) -> None:
    server.revoke_token()
    with pytest.raises(discord.LoginFailure):
        async with running(server):
            pass


async def test_an_intent_that_is_not_granted_ends_the_connection(server: DiscordServer) -> None:
    server.allow_intents(0)
    with pytest.raises(discord.PrivilegedIntentsRequired):
        async with running(server, Bot(discord.Intents(guilds=True, members=True))):
            pass


async def test_joins_reach_those_who_asked_for_members(server: DiscordServer) -> None:
    guild = server.guild()
    async with running(server, Bot(discord.Intents(guilds=True, members=True))) as bot:
        joined = server.join(guild, "newcomer", pending=True)
        member = await bot.joined.get()
        assert (member.id, member.pending) == (joined.id, True)


async def test_members_are_listed_when_asked_for(server: DiscordServer) -> None:
    guild = server.guild()
    guild.member("ada")
    async with running(server, Bot(discord.Intents(guilds=True, members=True))) as bot:
        seen = bot.get_guild(guild.id)
        assert seen is not None
        assert {one.name for one in seen.members} == {"owner", "kusama", "ada"}


async def test_passing_screening_is_told_even_of_members_never_heard_of(server: DiscordServer) -> None:
    guild = server.guild()
    ada = guild.member("ada", pending=True)
    async with running(server, Bot(discord.Intents(guilds=True, members=True))) as bot:
        server.screened(ada)
        while await bot.events.get() != "GUILD_MEMBER_UPDATE":
            pass
        assert not ada.pending


async def test_members_are_no_business_of_those_who_did_not_ask(server: DiscordServer) -> None:
    guild = server.guild()
    async with running(server):
        server.join(guild, "newcomer")
        (session,) = server.gateway.sessions.values()
        assert [one["t"] for one in session.sent] == ["READY", "GUILD_CREATE"]


async def test_being_put_out_is_told_and_an_outage_is_not_that(server: DiscordServer) -> None:
    away, gone = server.guild("away"), server.guild("gone")
    async with running(server) as bot:
        server.outage(away)
        server.remove_bot(gone)
        assert (await bot.removed.get()).id == gone.id
        assert bot.removed.empty()


async def test_nobody_listens_until_the_server_is_up_again(server: DiscordServer) -> None:
    await server.down()
    with pytest.raises(aiohttp.ClientConnectorError):
        async with running(server):
            pass
    await server.up()
    async with running(server) as bot:
        assert bot.is_ready()


async def test_a_first_connection_that_fails_leaves_the_server_to_the_next_client(server: DiscordServer) -> None:
    server.gateway.refusing = 1
    async with Bot() as bot:
        await bot.login(server.token)
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await bot.connect(reconnect=False)
    async with running(server) as fresh:
        assert fresh.is_ready()


async def test_broken_json_on_the_gateway_ends_the_client(server: DiscordServer) -> None:
    async with Bot() as bot:
        task = asyncio.create_task(bot.start(server.token))
        await server.gateway.connected()
        server.gateway.garble()
        with pytest.raises(ValueError, match=r"."):
            await task


async def test_an_event_nobody_knows_is_passed_over(server: DiscordServer) -> None:
    guild = server.guild()
    async with running(server):
        server.raw("UNHEARD_OF", {"id": None})
        await server.slash(guild.channel(), guild.member("ada"), "explain").response


class Sharded(discord.AutoShardedClient):
    """As many shards as the platform recommends."""

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """The library would wait five seconds here."""


async def test_each_shard_hears_of_its_own_guilds(server: DiscordServer) -> None:
    even, odd = server.guild("even", id=2 << 22), server.guild("odd", id=3 << 22)
    server.set_shards(2)
    async with Sharded(intents=discord.Intents(guilds=True), guild_ready_timeout=0.01) as client:
        task = asyncio.create_task(client.start(server.token))
        await server.gateway.connected(2)
        shards = {one.shard[0]: one for one in server.gateway.sessions.values()}
        heard = {at: [f["d"]["id"] for f in one.sent if f["t"] == "GUILD_CREATE"] for at, one in shards.items()}
        assert heard == {0: [str(even.id)], 1: [str(odd.id)]}
        await client.close()
        await asyncio.gather(task, return_exceptions=True)


@pytest.mark.parametrize("compress", ["", "&compress=zlib-stream"])
async def test_the_gateway_speaks_plainly_and_in_one_zlib_stream(server: DiscordServer, compress: str) -> None:
    stream = zlib.decompressobj()
    url = f"{server.gateway_url}?v=10&encoding=json{compress}"
    async with aiohttp.ClientSession() as http, http.ws_connect(url) as socket:
        await socket.send_json({"op": IDENTIFY, "d": {"token": server.token, "intents": 1}})
        frames = [await socket.receive() for _ in range(2)]
        texts = [stream.decompress(one.data).decode() if compress else one.data for one in frames]
        assert '"heartbeat_interval"' in texts[0]
        assert '"READY"' in texts[1]


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"op": IDENTIFY, "d": {"token": "x", "intents": 1}}, 4004),
        ({"op": IDENTIFY, "d": {"token": "fake.discord.token", "intents": 1 << 30}}, 4013),
        ({"op": IDENTIFY, "d": {"token": "fake.discord.token", "intents": 1, "shard": [2, 2]}}, 4010),
        ({"op": RESUME, "d": {"token": "x"}}, 4004),
        ({"op": 8, "d": {}}, 4003),
    ],
)
async def test_the_gateway_closes_with_the_platforms_codes(
    server: DiscordServer, wrong: dict[str, object], code: int
) -> None:
    async with aiohttp.ClientSession() as http, http.ws_connect(f"{server.gateway_url}?v=10") as socket:
        await socket.receive()
        await socket.send_json(wrong)
        await socket.receive()
        assert socket.close_code == code


async def test_a_long_run_can_be_trimmed_and_still_be_resumed(server: DiscordServer) -> None:
    guild = server.guild()
    channel, ada = guild.channel(), guild.member("ada")
    async with running(server) as bot:
        await server.slash(channel, ada, "explain").response
        server.trim()
        server.gateway.drop()
        await server.slash(channel, ada, "explain").response
        assert await bot.resumed.get()
        assert len(await server.wait_for("POST", "/callback")) == 1


async def test_words_reach_a_bot_without_the_content_intent_only_where_it_is_mentioned(server: DiscordServer) -> None:
    guild = server.guild()
    channel, ada = guild.channel(), guild.member("ada")
    async with running(server) as bot:
        server.say(channel, ada, "not for you")
        server.say(channel, ada, f"<@{bot.application_id}> for you")
        assert (await bot.heard.get()).content == ""
        assert (await bot.heard.get()).content.endswith("for you")


async def test_a_server_that_went_down_refuses_and_is_found_again_when_it_is_back(server: DiscordServer) -> None:
    channel = server.guild().channel()
    async with running(server) as bot:
        await post(bot, channel, "before")
        fault = server.fail_next("POST", "/messages$", slow=True)
        sending = asyncio.create_task(post(bot, channel, "meanwhile"))
        await fault.hit.wait()
        await server.down()
        fault.release()
        with pytest.raises(aiohttp.ClientError):
            await sending
        with pytest.raises(aiohttp.ClientError):
            await post(bot, channel, "while it was down")
        await server.up()
        assert (await post(bot, channel, "after")).content == "after"


async def test_a_process_of_its_own_is_answered_to_and_can_be_killed(server: DiscordServer) -> None:
    guild = server.guild()
    channel, ada = guild.channel(), guild.member("ada")
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.fakes.discord_point",
        "tests.fakes.discord_small_bot",
        env=os.environ | server.environment | {"DISCORD_TOKEN": server.token},
        cwd=Path(__file__).parents[2],
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        await server.gateway.connected()
        await server.slash(channel, ada, "explain").response
    finally:
        process.kill()
        await process.wait()
    await server.until(lambda: not server.gateway.sockets, "the killed process's socket to end")
    assert len(server.gateway.sessions) == 1
