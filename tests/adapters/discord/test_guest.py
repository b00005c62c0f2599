"""The bot in a place that it was not added to: somebody installed it for themselves and brought it along."""

import asyncio

import pytest

from bot.core.disclaimer import Reply
from bot.core.model import Place, Request
from tests.adapters.discord.conftest import Running
from tests.adapters.discord.spoken import WARNING, SpokenResponder
from tests.fakes.discord_people import NotOffered
from tests.fakes.discord_rights import EVERYONE
from tests.fakes.discord_rights import Right as Bit
from tests.fakes.discord_server import DiscordServer


async def test_the_commands_come_with_who_installed_them_and_with_nobody_else(
    server: DiscordServer, running: Running, responder: SpokenResponder
) -> None:
    guild = server.foreign_guild()
    channel, ada, bob = guild.channel(), guild.member("ada"), guild.member("bob", permissions=Bit.ADMINISTRATOR)
    server.install(ada)
    async with running():
        message = await server.slash(channel, ada, "whatisksm", locale="ru").message()
        with pytest.raises(NotOffered):
            server.slash(channel, bob, "whatisksm")
    assert WARNING in message.content
    assert message.seen_by is None
    (request,) = responder.requests
    assert request.guest
    assert request.place == Place("discord", None, str(channel.id))
    assert (request.locale, request.private) == ("ru", False)


async def test_moderators_commands_do_not_come_along(server: DiscordServer, running: Running) -> None:
    guild = server.foreign_guild()
    channel, mod = guild.channel(), guild.member("mod", permissions=Bit.ADMINISTRATOR)
    server.install(mod)
    async with running():
        for name, options in (("pin", {"topic": "whatisksm"}), ("settings", {})):
            with pytest.raises(NotOffered):
                server.slash(channel, mod, name, options)


async def test_a_forged_moderators_command_finds_no_community_there(
    server: DiscordServer, running: Running, responder: SpokenResponder
) -> None:
    guild = server.foreign_guild()
    mod = guild.member("mod", permissions=Bit.ADMINISTRATOR)
    server.install(mod)
    async with running():
        await server.slash(guild.channel(), mod, "settings", forged=True).response
    assert responder.requests[0].place.community is None


async def test_in_a_group_chat_and_in_a_thread_it_is_the_same(
    server: DiscordServer, running: Running, responder: SpokenResponder
) -> None:
    grace, guild = server.user("grace"), server.foreign_guild()
    ada, thread = guild.member("ada"), guild.thread(guild.channel())
    for who in (grace, ada):
        server.install(who)
    async with running():
        in_group = await server.slash(server.group(grace), grace, "whatisksm").message()
        in_thread = await server.slash(thread, ada, "whatisksm").message()
    assert (in_group.seen_by, in_thread.seen_by) == (None, None)
    assert all(request.guest and request.place.community is None for request in responder.requests)


async def test_where_guests_may_not_speak_in_public_the_answer_is_private_from_the_start(
    server: DiscordServer, running: Running, responder: SpokenResponder
) -> None:
    guild = server.foreign_guild()
    guild.set_permissions(guild.everyone, EVERYONE & ~Bit.USE_EXTERNAL_APPS)
    channel, ada = guild.channel(), guild.member("ada")
    server.install(ada)
    async with running():
        asked = server.slash(channel, ada, "whatisksm")
        message = await asked.message()
    assert (asked.ephemeral, message.seen_by) == (True, ada.id)
    assert responder.requests[0].private


async def test_a_press_under_a_guests_answer_is_a_guests_too(
    server: DiscordServer, running: Running, responder: SpokenResponder
) -> None:
    guild = server.foreign_guild()
    channel, ada, bob = guild.channel(), guild.member("ada"), guild.member("bob")
    server.install(ada)
    async with running():
        shown = await server.slash(channel, ada, "whatisksm").message()
        message = await server.press(shown, shown.buttons[0][1], bob).message()
    assert message.seen_by == bob.id
    assert responder.requests[-1].guest


async def test_explain_this_comes_along_in_the_message_menu(
    server: DiscordServer, running: Running, responder: SpokenResponder
) -> None:
    guild = server.foreign_guild()
    channel, ada = guild.channel(), guild.member("ada")
    server.install(ada)
    said = server.say(channel, guild.member("bob"), "what is ksm?")
    async with running():
        await server.message_menu(channel, ada, "Explain this", said).message()
    (request,) = responder.requests
    assert (request.text, request.guest, request.place.community) == ("what is ksm?", True, None)


async def test_the_slowest_and_most_private_answer_takes_one_of_five_followups(
    server: DiscordServer, running: Running, responder: SpokenResponder
) -> None:
    guild = server.foreign_guild()
    channel, ada = guild.channel(), guild.member("ada")
    server.install(ada)
    responder.gate = asyncio.Event()

    def fail(_: Request) -> Reply:
        raise ValueError

    responder.speak = fail
    async with running(patience=0):
        asked = server.slash(channel, ada, "whatisksm")
        await asked.response
        responder.gate.set()
        assert (await asked.followup()).content == "notice: something-went-wrong"
    assert len(asked.followups) == 1


async def test_where_the_bot_was_added_too_the_place_is_the_communitys(
    server: DiscordServer, running: Running, responder: SpokenResponder
) -> None:
    guild = server.guild()
    channel, ada = guild.channel(), guild.member("ada")
    server.install(ada)
    async with running():
        await server.slash(channel, ada, "whatisksm").response
    (request,) = responder.requests
    assert (request.guest, request.place.community) == (False, str(guild.id))
