"""The real discord.py against the Discord server of our own: each says what the other must be able to rely on."""

from __future__ import annotations

import asyncio
import io
import zlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import discord
import pytest
from discord import app_commands

from tests.fakes.discord_gateway import HEARTBEAT, IDENTIFY, RESUME
from tests.fakes.discord_messages import Message, Pings
from tests.fakes.discord_objects import Channel
from tests.fakes.discord_people import NotOffered
from tests.fakes.discord_rights import EVERYONE, INVITED, Right
from tests.fakes.discord_server import DiscordServer


class Panel(discord.ui.View):
    """Buttons that outlive a restart."""

    def __init__(self) -> None:
        super().__init__(timeout=None)

    @discord.ui.button(label="More", custom_id="more")
    async def more(self, interaction: discord.Interaction, button: discord.ui.Button[Panel]) -> None:
        await interaction.response.send_message("more about it", ephemeral=True)


class Bot(discord.Client):
    """A small bot with one of everything that the project uses."""

    def __init__(self, intents: discord.Intents | None = None, heartbeat_timeout: float = 60) -> None:
        super().__init__(
            intents=intents or discord.Intents(guilds=True, guild_messages=True),
            allowed_mentions=discord.AllowedMentions.none(),
            heartbeat_timeout=heartbeat_timeout,
            max_messages=None,
            enable_debug_events=True,
            guild_ready_timeout=0.01,  # how long the library waits for one more guild before it calls itself ready
        )
        self.tree = app_commands.CommandTree(self)
        self.joined: asyncio.Queue[discord.Member] = asyncio.Queue()
        self.resumed: asyncio.Queue[bool] = asyncio.Queue()
        self.removed: asyncio.Queue[discord.Guild] = asyncio.Queue()
        self.events: asyncio.Queue[str] = asyncio.Queue()

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """The library would wait five seconds here."""

    async def setup_hook(self) -> None:
        self.add_view(Panel())
        _teach(self.tree)
        await self.tree.sync()

    async def on_member_join(self, member: discord.Member) -> None:
        await self.joined.put(member)

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        await self.removed.put(guild)

    async def on_socket_event_type(self, event: str) -> None:
        await self.events.put(event)

    async def on_resumed(self) -> None:
        await self.resumed.put(True)


def _teach(tree: app_commands.CommandTree[Bot]) -> None:
    @tree.command(description="Explains it")
    @app_commands.rename(whom="for")
    async def explain(interaction: discord.Interaction, whom: discord.Member | None = None) -> None:
        words = f"It is a network. {interaction.locale.value} {interaction.guild_locale}"
        allowed = discord.AllowedMentions(everyone=False, roles=False, users=[whom] if whom else [])
        await interaction.response.send_message(
            f"{whom.mention} {words}" if whom else words, view=Panel(), allowed_mentions=allowed
        )

    @tree.command(description="Asks it")
    async def ask(interaction: discord.Interaction, question: str) -> None:
        await interaction.response.defer(ephemeral=True)
        await interaction.edit_original_response(content=f"asked: {question}")
        await interaction.followup.send("and more", ephemeral=True)

    @ask.autocomplete("question")
    async def suggest(interaction: discord.Interaction, current: str) -> list[app_commands.Choice[str]]:
        return [app_commands.Choice(name=f"{current} ksm", value="whatisksm")]

    @tree.context_menu(name="Explain this")
    async def menu(interaction: discord.Interaction, message: discord.Message) -> None:
        await interaction.response.send_message(f"about: {message.content}", ephemeral=True)

    group = app_commands.Group(name="welcome", description="Greets")

    @group.command(description="Says how")
    async def say(interaction: discord.Interaction, words: str) -> None:
        file = discord.File(io.BytesIO(words.encode()), "words.txt")
        await interaction.response.send_message(words, file=file)

    tree.add_command(group)

    @tree.command(description="Sets it")
    @app_commands.default_permissions(manage_guild=True)
    @app_commands.guild_only()
    async def settings(interaction: discord.Interaction) -> None:
        await interaction.response.send_message(str(interaction.app_permissions.pin_messages))


@asynccontextmanager
async def running(server: DiscordServer, bot: Bot | None = None) -> AsyncIterator[Bot]:
    """A bot that is connected, and is closed in the end."""
    bot = bot or Bot()
    task = asyncio.create_task(bot.start(server.token))
    ready = asyncio.create_task(server.gateway.connected())
    try:
        await asyncio.wait({task, ready}, return_when=asyncio.FIRST_COMPLETED)
        if task.done():
            await task
        await bot.wait_until_ready()
        yield bot
    finally:
        ready.cancel()
        await bot.close()
        await asyncio.gather(task, ready, return_exceptions=True)


@pytest.fixture
async def server() -> AsyncIterator[DiscordServer]:
    async with DiscordServer() as one:
        yield one


async def test_a_slash_command_is_answered_in_the_readers_locale(server: DiscordServer) -> None:
    guild = server.guild(locale="tr")
    channel, ada = guild.channel(), guild.member("ada")
    async with running(server):
        asked = server.slash(channel, ada, "explain", locale="es-ES")
        body = await asked.response
        assert body["type"] == 4
        assert body["data"]["content"] == "It is a network. es-ES tr"
        assert (await asked.message()).buttons == [("More", "more")]


async def test_a_press_answers_whoever_pressed(server: DiscordServer) -> None:
    guild = server.guild()
    channel, ada, bob = guild.channel(), guild.member("ada"), guild.member("bob")
    async with running(server):
        shown = await server.slash(channel, ada, "explain").message()
        pressed = server.press(shown, "more", bob)
        answer = await pressed.message()
        assert answer.content == "more about it"
        assert answer.seen_by == bob.id
        assert list(channel.messages.values()) == [shown]


async def test_a_button_that_is_not_there_is_not_offered(server: DiscordServer) -> None:
    guild = server.guild()
    ada = guild.member("ada")
    async with running(server):
        shown = await server.slash(guild.channel(), ada, "explain").message()
        with pytest.raises(NotOffered):
            server.press(shown, "less", ada)


async def test_a_deferred_answer_becomes_what_it_was_edited_into(server: DiscordServer) -> None:
    guild = server.guild()
    channel, ada = guild.channel(), guild.member("ada")
    async with running(server):
        asked = server.slash(channel, ada, "ask", {"question": "what?"})
        assert (await asked.message()).content == "asked: what?"
        assert (await asked.followup()).content == "and more"
        assert asked.ephemeral
        assert not channel.messages


async def test_autocompletion_gives_its_choices(server: DiscordServer) -> None:
    guild = server.guild()
    async with running(server):
        typed = server.autocomplete(guild.channel(), guild.member(), "ask", "question", {"question": "what is"})
        assert await typed.choices() == [("what is ksm", "whatisksm")]


async def test_a_message_menu_gets_the_message(server: DiscordServer) -> None:
    guild = server.guild()
    channel, ada = guild.channel(), guild.member("ada")
    async with running(server):
        said = server.say(channel, ada, "hello?")
        picked = server.message_menu(channel, ada, "Explain this", said)
        assert (await picked.message()).content == "about: hello?"


async def test_a_command_is_answered_in_a_direct_chat(server: DiscordServer) -> None:
    grace = server.user("grace")
    async with running(server):
        asked = server.slash(server.direct(grace), grace, "explain")
        assert (await asked.message()).content == "It is a network. en-US None"


async def test_a_moderators_command_is_offered_to_moderators_alone(server: DiscordServer) -> None:
    guild = server.guild()
    channel, ada = guild.channel(), guild.member("ada")
    mod = guild.member("mod", permissions=Right.MANAGE_GUILD)
    async with running(server):
        with pytest.raises(NotOffered):
            server.slash(channel, ada, "settings")
        assert (await server.slash(channel, mod, "settings").message()).content == "True"
        channel.overwrite(guild.me, deny=Right.PIN_MESSAGES)
        assert (await server.slash(channel, mod, "settings").message()).content == "False"


async def test_only_the_named_member_is_pinged(server: DiscordServer) -> None:
    guild = server.guild(permissions=INVITED | Right.MENTION_EVERYONE)
    channel, ada, bob = guild.channel(), guild.member("ada"), guild.member("bob")
    async with running(server) as bot:
        shown = await server.slash(channel, ada, "explain", {"for": bob}).message()
        assert shown.pings == Pings(users=frozenset({bob.id}))
        posted = await post(bot, channel, f"@everyone <@{ada.id}>")
        assert not posted.pings


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


async def post(bot: discord.Client, channel: Channel, content: str, **more: str) -> Message:
    where = bot.get_partial_messageable(channel.id)
    sent = await (where.send(content, nonce=more["nonce"]) if more else where.send(content))
    return channel.messages[sent.id]


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
    server.limit("POST", f"/channels/{slow.id}/messages$", 2, 0.05)
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


async def test_a_bad_command_is_refused_and_nothing_is_kept(server: DiscordServer) -> None:
    async with running(server) as bot:
        kept = server.commands.scopes[None]
        bad = [{"name": "Bad Name", "description": "x", "type": 1}]
        with pytest.raises(discord.HTTPException) as refused:
            await bot.http.bulk_upsert_global_commands(server.world.application_id, bad)
        assert refused.value.code == 50035
        assert server.commands.scopes[None] is kept
    server.problems.clear()


async def test_a_call_that_breaks_the_contract_fails_the_test() -> None:
    with pytest.raises(AssertionError, match="old pin routes"):
        async with DiscordServer() as server, running(server) as bot:
            await asyncio.gather(
                bot.http.request(discord.http.Route("GET", "/channels/1/pins")), return_exceptions=True
            )


async def test_discord_py_has_its_own_addresses_back_afterwards() -> None:
    before = discord.http.Route.BASE
    async with DiscordServer() as server:
        assert server.http_url == discord.http.Route.BASE
    assert before == discord.http.Route.BASE


async def test_a_subcommand_gets_its_option_and_sends_a_file(server: DiscordServer) -> None:
    guild = server.guild()
    async with running(server):
        said = await server.slash(guild.channel(), guild.member(), "welcome say", {"words": "hi"}).message()
        assert (said.content, said.attachments[0]["filename"]) == ("hi", "words.txt")


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


async def test_a_first_connection_that_fails_kills_the_client(server: DiscordServer) -> None:
    """A fault of discord.py 2.7.1 (its issue 10520): the bot must make a fresh client for each attempt."""
    server.gateway.refusing = 1
    bot = Bot()
    with pytest.raises(AttributeError):
        async with running(server, bot):
            pass
    async with running(server) as fresh:
        assert fresh.is_ready()


async def test_a_token_revoked_in_the_middle_is_refused(server: DiscordServer) -> None:
    channel = server.guild().channel()
    async with running(server) as bot:
        server.revoke_token()
        with pytest.raises(discord.HTTPException) as refused:
            await post(bot, channel, "x")
        assert refused.value.status == 401
        server.gateway.forget()


async def test_each_shard_hears_of_its_own_guilds(server: DiscordServer) -> None:
    even, odd = server.guild("even", id=2 << 22), server.guild("odd", id=3 << 22)
    server.set_shards(2)
    client = discord.AutoShardedClient(intents=discord.Intents(guilds=True), guild_ready_timeout=0.01)
    async with client:
        task = asyncio.create_task(client.start(server.token))
        await server.gateway.connected(2)
        server.raw("UNHEARD_OF", {})
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


OPTION = {"name": "x", "description": "x", "type": 3}


@pytest.mark.parametrize(
    "more",
    [
        {"name": "x" * 33},
        {"description": ""},
        {"description": "x" * 101},
        {"options": [OPTION | {"name": f"x{n}"} for n in range(26)]},
        {"options": [OPTION, OPTION | {"name": "y", "required": True}]},
        {"options": [OPTION, OPTION]},
        {"name_localizations": {"es-ES": "Mal Nombre"}},
        {"description_localizations": {"es": "no such locale"}},
        {
            "options": [
                OPTION | {"name": f"o{n}", "choices": LONG}
                for n, LONG in enumerate([[{"name": "n" * 100, "value": f"{v}" * 50} for v in range(20)]] * 3)
            ]
        },
    ],
)
async def test_a_command_that_breaks_a_rule_is_refused(server: DiscordServer, more: dict[str, object]) -> None:
    body = [{"name": "fine", "description": "fine", "type": 1}]
    url = f"{server.http_url}/applications/{server.world.application_id}/commands"
    async with aiohttp.ClientSession(headers={"Authorization": f"Bot {server.token}"}) as http:
        async with http.put(url, json=body) as taken:
            assert taken.status == 200
        async with http.put(url, json=[body[0] | more]) as refused:
            assert (refused.status, (await refused.json())["code"]) == (400, 50035)
    server.problems.clear()


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
