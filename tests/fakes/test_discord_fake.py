"""The Discord fake refuses and forgets what Discord does, seen through the real discord.py."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import aiohttp
import discord
import pytest

from tests.fakes import contracts
from tests.fakes.discord_gateway import IDENTIFY, RESUME
from tests.fakes.discord_rights import EVERYONE, INVITED, Right
from tests.fakes.discord_server import DiscordServer
from tests.fakes.discord_small_bot import Bot, Panel, post, running


@pytest.fixture
async def server() -> AsyncIterator[DiscordServer]:
    async with DiscordServer() as one:
        yield one


async def test_a_late_answer_meets_an_unknown_interaction(server: DiscordServer) -> None:
    guild = server.guild()
    channel, ada = guild.channel(), guild.member("ada")
    async with running(server):
        server.gateway.drop()
        asked = server.slash(channel, ada, "explain")
        server.advance(4)
        assert (await server.wait_for("POST", "/callback"))[0].status == 404
        assert asked.callback is None


async def test_a_second_answer_to_the_same_interaction_is_refused(server: DiscordServer) -> None:
    guild = server.guild()
    async with running(server):
        asked = server.slash(guild.channel(), guild.member("ada"), "explain")
        await asked.response
        server.again(asked)
        calls = await server.wait_for("POST", "/callback", 2)
        assert [one.status for one in calls] == [200, 400]


async def test_a_call_that_breaks_the_contract_fails_the_test() -> None:
    with pytest.raises(AssertionError, match="old pin routes"):
        async with DiscordServer() as server, running(server) as bot:
            await asyncio.gather(
                bot.http.request(discord.http.Route("GET", "/channels/1/pins")), return_exceptions=True
            )


@pytest.mark.skipif(contracts.folder() is None, reason=contracts.ABSENT)
async def test_a_body_that_is_not_in_the_platforms_description_fails_the_test() -> None:
    with pytest.raises(AssertionError, match="create_message"):
        async with DiscordServer() as server, running(server) as bot:
            await asyncio.gather(_wordless(bot), return_exceptions=True)


async def _wordless(bot: discord.Client) -> None:
    route = discord.http.Route("POST", "/channels/1/messages")  # takes its address when it is made
    await bot.http.request(route, json={"content": ["no", "words"]})


async def test_an_edit_without_allowed_mentions_pings_everyone(server: DiscordServer) -> None:
    guild = server.guild(permissions=INVITED | Right.MENTION_EVERYONE)
    channel = guild.channel()
    async with running(server) as bot:
        posted = await post(bot, channel, "@everyone")
        partial = bot.get_partial_messageable(channel.id).get_partial_message(posted.id)
        await partial.edit(view=Panel())
        assert posted.pings.everyone
        await partial.edit(view=Panel(), allowed_mentions=discord.AllowedMentions.none())
        assert not posted.pings
        assert posted.edits == 2


async def test_the_same_nonce_makes_one_message_for_some_minutes(server: DiscordServer) -> None:
    channel = server.guild().channel()
    async with running(server) as bot:
        first = await post(bot, channel, "once", nonce="n1")
        assert await post(bot, channel, "once", nonce="n1") is first
        server.advance(600)
        assert await post(bot, channel, "once", nonce="n1") is not first


async def test_pinning_needs_its_own_right(server: DiscordServer) -> None:
    guild = server.guild()
    channel = guild.channel()
    async with running(server) as bot:
        posted = await post(bot, channel, "pin me")
        partial = bot.get_partial_messageable(channel.id).get_partial_message(posted.id)
        await partial.pin()
        assert posted.pinned
        assert [one.kind for one in channel.messages.values()] == [0, 6]
        assert [one.id async for one in bot.get_partial_messageable(channel.id).pins()] == [posted.id]
        guild.bot_permissions(EVERYONE | Right.MANAGE_MESSAGES)
        with pytest.raises(discord.Forbidden) as refused:
            await partial.unpin()
        assert refused.value.code == 50013


@pytest.mark.parametrize("scope", ["user", "global"])
async def test_a_rate_limit_is_obeyed_and_the_message_sent_once(server: DiscordServer, scope: str) -> None:
    channel = server.guild().channel()
    async with running(server) as bot:
        server.fail_next("POST", "/messages$", status=429, retry_after=0.01, scope=scope)
        await post(bot, channel, "hello")
        assert [one.status for one in server.done("POST", "/messages$")] == [429, 200]
        assert len(channel.messages) == 1


async def test_editing_old_messages_runs_out(server: DiscordServer) -> None:
    channel = server.guild().channel()
    server.posts.old_edits = 1
    async with running(server) as bot:
        posted = await post(bot, channel, "old")
        server.advance(3601)
        partial = bot.get_partial_messageable(channel.id).get_partial_message(posted.id)
        await partial.edit(content="one")
        server.posts.old_edits_retry_after = 60
        bot.http.max_ratelimit_timeout = 30
        with pytest.raises(discord.RateLimited):
            await partial.edit(content="two")
        assert posted.content == "one"


async def test_a_reply_that_breaks_off_was_done_all_the_same(server: DiscordServer) -> None:
    channel = server.guild().channel()
    async with running(server) as bot:
        server.fail_next("POST", "/messages$", half=True, after=True)
        with pytest.raises(aiohttp.ClientPayloadError):
            await post(bot, channel, "hello")
        assert len(channel.messages) == 1


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


async def test_an_intent_that_is_not_granted_ends_the_connection(server: DiscordServer) -> None:
    server.allow_intents(0)
    with pytest.raises(discord.PrivilegedIntentsRequired):
        async with running(server, Bot(discord.Intents(guilds=True, members=True))):
            pass


async def test_passing_screening_is_told_even_of_members_never_heard_of(server: DiscordServer) -> None:
    guild = server.guild()
    ada = guild.member("ada", pending=True)
    async with running(server, Bot(discord.Intents(guilds=True, members=True))) as bot:
        server.screened(ada)
        while await bot.events.get() != "GUILD_MEMBER_UPDATE":
            pass
        assert not ada.pending


async def test_words_reach_a_bot_without_the_content_intent_only_where_it_is_mentioned(server: DiscordServer) -> None:
    guild = server.guild()
    channel, ada = guild.channel(), guild.member("ada")
    async with running(server) as bot:
        server.say(channel, ada, "not for you")
        server.say(channel, ada, f"<@{bot.application_id}> for you")
        assert (await bot.heard.get()).content == ""
        assert (await bot.heard.get()).content.endswith("for you")
