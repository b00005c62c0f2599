"""The real discord.py against the Discord server of our own: messages, pins, rights, limits and faults."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import aiohttp
import discord
import pytest

from tests.fakes.discord_rights import EVERYONE, INVITED, Right
from tests.fakes.discord_server import DiscordServer
from tests.fakes.discord_small_bot import Panel, post, running


@pytest.fixture
async def server() -> AsyncIterator[DiscordServer]:
    async with DiscordServer() as one:
        yield one


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


async def test_too_long_a_message_is_a_bad_form(server: DiscordServer) -> None:
    channel = server.guild().channel()
    async with running(server) as bot:
        with pytest.raises(discord.HTTPException) as refused:
            await post(bot, channel, "x" * 2001)
        assert refused.value.code == 50035
        assert not channel.messages


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


async def test_a_full_channel_takes_no_more_pins(server: DiscordServer) -> None:
    guild = server.guild()
    channel, ada = guild.channel(), guild.member("ada")
    for number in range(250):
        server.pins.pin(server.say(channel, ada, str(number)), ada.user)
    async with running(server) as bot:
        posted = await post(bot, channel, "one more")
        with pytest.raises(discord.HTTPException) as refused:
            await bot.get_partial_messageable(channel.id).get_partial_message(posted.id).pin()
        assert refused.value.code == 30003
        assert len([one async for one in bot.get_partial_messageable(channel.id).pins(limit=None)]) == 250


@pytest.mark.parametrize(("deny", "code"), [(Right.VIEW_CHANNEL, 50001), (Right.SEND_MESSAGES, 50013), (Right.NONE, 0)])
async def test_a_channels_overwrites_decide_what_the_bot_may(server: DiscordServer, deny: Right, code: int) -> None:
    guild = server.guild()
    channel = guild.channel()
    channel.overwrite(guild.everyone, deny=deny)
    guild.bot_permissions(0)
    async with running(server) as bot:
        sent = await asyncio.gather(post(bot, channel, "hello"), return_exceptions=True)
        assert getattr(sent[0], "code", 0) == code


async def test_a_locked_thread_refuses_and_an_archived_one_wakes(server: DiscordServer) -> None:
    guild = server.guild()
    parent = guild.forum()
    locked, archived = guild.thread(parent, locked=True, archived=True), guild.thread(parent, archived=True)
    async with running(server) as bot:
        with pytest.raises(discord.HTTPException) as refused:
            await post(bot, locked, "hello")
        assert refused.value.code == 50083
        await post(bot, archived, "hello")
        assert not archived.archived


async def test_what_is_gone_is_unknown(server: DiscordServer) -> None:
    guild = server.guild()
    channel, other = guild.channel(), guild.channel("other")
    async with running(server) as bot:
        posted = await post(bot, channel, "soon gone")
        server.posts.drop(posted)
        with pytest.raises(discord.NotFound) as gone:
            await bot.get_partial_messageable(channel.id).get_partial_message(posted.id).edit(content="x")
        assert gone.value.code == 10008
        other.delete()
        with pytest.raises(discord.NotFound) as gone:
            await post(bot, other, "x")
        assert gone.value.code == 10003


@pytest.mark.parametrize("scope", ["user", "global"])
async def test_a_rate_limit_is_obeyed_and_the_message_sent_once(server: DiscordServer, scope: str) -> None:
    channel = server.guild().channel()
    async with running(server) as bot:
        server.fail_next("POST", "/messages$", status=429, retry_after=0.01, scope=scope)
        await post(bot, channel, "hello")
        assert [one.status for one in server.done("POST", "/messages$")] == [429, 200]
        assert len(channel.messages) == 1


async def test_an_empty_bucket_delays_its_own_channel_alone(server: DiscordServer) -> None:
    guild = server.guild()
    slow, fast = guild.channel("slow"), guild.channel("fast")
    server.limit("POST", f"/channels/{slow.id}/messages$", 2, 0.2)
    async with running(server) as bot:
        await asyncio.gather(*(post(bot, channel, str(n)) for n in range(3) for channel in (slow, fast)))
        assert len(slow.messages) == len(fast.messages) == 3
        assert [one.status for one in server.done("POST", f"{slow.id}/messages$")].count(429) >= 1
        assert [one.status for one in server.done("POST", f"{fast.id}/messages$")] == [200] * 3


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


async def test_a_hanging_request_is_let_go(server: DiscordServer) -> None:
    channel = server.guild().channel()
    async with running(server) as bot:
        fault = server.fail_next("POST", "/messages$", hang=True)
        sending = asyncio.create_task(post(bot, channel, "hello"))
        await fault.hit.wait()
        assert not sending.done()
        fault.release()
        with pytest.raises(aiohttp.ServerDisconnectedError):
            await sending
        assert not channel.messages


async def test_a_token_revoked_in_the_middle_is_refused(server: DiscordServer) -> None:
    channel = server.guild().channel()
    async with running(server) as bot:
        server.revoke_token()
        with pytest.raises(discord.HTTPException) as refused:
            await post(bot, channel, "x")
        assert refused.value.status == 401
        server.gateway.forget()


async def test_an_answer_that_is_no_json_is_an_error(server: DiscordServer) -> None:
    channel = server.guild().channel()
    async with running(server) as bot:
        server.fail_next("POST", "/messages$", broken_json=True)
        with pytest.raises(ValueError, match=r"."):
            await post(bot, channel, "hello")
        server.fail_next("POST", "/messages$", status=503)
        with pytest.raises(discord.DiscordServerError):
            await post(bot, channel, "hello")
        assert not channel.messages


async def test_deleting_what_others_wrote_needs_a_right(server: DiscordServer) -> None:
    guild = server.guild()
    channel = guild.channel()
    async with running(server) as bot:
        own, other = await post(bot, channel, "mine"), server.say(channel, guild.member(), "yours")
        where = bot.get_partial_messageable(channel.id)
        await where.get_partial_message(own.id).delete()
        with pytest.raises(discord.Forbidden) as refused:
            await where.get_partial_message(other.id).delete()
        assert refused.value.code == 50013
        assert list(channel.messages.values()) == [other]


async def test_history_is_read_page_by_page(server: DiscordServer) -> None:
    guild = server.guild()
    channel, ada = guild.channel(), guild.member("ada")
    for number in range(150):
        server.say(channel, ada, str(number))
    async with running(server) as bot:
        seen = [one.content async for one in bot.get_partial_messageable(channel.id).history(limit=None)]
        assert seen == [str(one) for one in reversed(range(150))]


async def test_a_slow_answer_is_an_answer(server: DiscordServer) -> None:
    channel = server.guild().channel()
    async with running(server) as bot:
        fault = server.fail_next("POST", "/messages$", slow=True)
        sending = asyncio.create_task(post(bot, channel, "hello"))
        await fault.hit.wait()
        assert not channel.messages
        fault.release()
        await server.until(lambda: len(channel.messages) == 1, "the message")
        assert (await sending).content == "hello"


async def test_a_socket_can_be_cut_before_anything_is_done(server: DiscordServer) -> None:
    channel = server.guild().channel()
    async with running(server) as bot:
        server.fail_next("*", "/messages$", cut=True)
        with pytest.raises(aiohttp.ClientError):
            await post(bot, channel, "hello")
        assert not channel.messages
        assert [one.status for one in server.done("POST", "/messages$")] == [0]
