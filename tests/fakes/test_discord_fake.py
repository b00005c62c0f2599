"""The real discord.py against the Discord server of our own: commands, buttons and answers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import aiohttp
import discord
import pytest

from tests.fakes import contracts
from tests.fakes.discord_messages import Pings
from tests.fakes.discord_people import NotOffered
from tests.fakes.discord_rights import INVITED, Right
from tests.fakes.discord_server import DiscordServer
from tests.fakes.discord_small_bot import post, running


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


OPTION = {"name": "x", "description": "x", "type": 3}
CHOICES = [{"name": "n" * 100, "value": f"{n:02}" * 50} for n in range(20)]  # 4,000 characters an option


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
        {"options": [OPTION | {"name": f"o{n}", "choices": CHOICES} for n in range(3)]},
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


@pytest.mark.skipif(contracts.folder() is None, reason=contracts.ABSENT)
async def test_a_body_that_is_not_in_the_platforms_description_fails_the_test() -> None:
    with pytest.raises(AssertionError, match="create_message"):
        async with DiscordServer() as server, running(server) as bot:
            await asyncio.gather(_wordless(bot), return_exceptions=True)


async def _wordless(bot: discord.Client) -> None:
    route = discord.http.Route("POST", "/channels/1/messages")  # takes its address when it is made
    await bot.http.request(route, json={"content": ["no", "words"]})
