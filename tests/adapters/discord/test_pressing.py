"""Commands in the bot's texts, which are pressed instead of typed."""

import pytest

from bot.core.model import Place
from tests.adapters.discord.conftest import Running
from tests.adapters.discord.spoken import COMMANDS, SpokenResponder, answer, info
from tests.fakes.discord_server import DiscordServer
from tests.fakes.told import ToldClock
from tests.waiting import until

COMMANDS_ROUTE = "/applications/[0-9]+/commands$"
RISK, RISKS = info("risk"), info("kusama-risks")


@pytest.fixture
def responder() -> SpokenResponder:
    return SpokenResponder((*COMMANDS, RISK, RISKS))


def named(server: DiscordServer, name: str) -> str:
    """The command as a text names it to be pressed."""
    command = server.commands.find(name, 1, None)
    assert command is not None
    return f"</{name}:{command['id']}>"


async def test_answers_and_pins_name_commands_by_the_ids_of_the_offer(server: DiscordServer, running: Running) -> None:
    guild = server.guild()
    channel, ada = guild.channel(), guild.member("ada")
    async with running() as adapter:
        message = await server.slash(channel, ada, "whatisksm").message()
        ref = await adapter.post(Place("discord", str(guild.id), str(channel.id)), answer())
    for content in (message.content, channel.messages[int(ref.message)].content):
        assert f"with no protection. {named(server, 'risk')}**" in content
        assert f"- two, see {named(server, 'kusama-risks')}" in content


async def test_when_nothing_has_to_be_offered_the_ids_are_looked_up(server: DiscordServer, running: Running) -> None:
    guild = server.guild()
    channel, ada = guild.channel(), guild.member("ada")
    async with running():
        pass
    async with running():
        message = await server.slash(channel, ada, "whatisksm").message()
    assert len(server.done("PUT", COMMANDS_ROUTE)) == len(server.done("GET", COMMANDS_ROUTE)) == 1
    assert named(server, "risk") in message.content


async def test_a_shard_that_offers_nothing_looks_the_ids_up(server: DiscordServer, running: Running) -> None:
    guild = server.guild(id=1 << 22)
    channel, ada = guild.channel(), guild.member("ada")
    async with running():
        pass
    async with running(options={"shard_id": 1, "shard_count": 2}):
        message = await server.slash(channel, ada, "whatisksm").message()
    assert len(server.done("PUT", COMMANDS_ROUTE)) == 1
    assert named(server, "risk") in message.content


async def test_while_the_ids_are_unknown_commands_are_plain_text(server: DiscordServer, running: Running) -> None:
    guild = server.guild()
    channel, ada = guild.channel(), guild.member("ada")
    async with running():
        pass
    server.fail_next("GET", COMMANDS_ROUTE, status=403, code=50001)
    async with running():
        message = await server.slash(channel, ada, "whatisksm").message()
    assert "with no protection. /risk**" in message.content
    assert "- two, see /kusama-risks" in message.content


async def test_a_shard_elsewhere_learns_what_another_process_offered_meanwhile(
    server: DiscordServer, running: Running, responder: SpokenResponder
) -> None:
    guild, clock = server.guild(id=1 << 22), ToldClock()
    channel, ada = guild.channel(), guild.member("ada")
    responder.commands = (*COMMANDS, RISK)
    async with (
        running() as first,
        running(options={"shard_id": 1, "shard_count": 2}, clock=clock, sleep=clock.sleep),
    ):
        await until(lambda: clock.sleepers)
        before = await server.slash(channel, ada, "whatisksm").message()
        assert "see /kusama-risks" in before.content
        looks = len(server.done("GET", COMMANDS_ROUTE))
        for _ in range(3):  # nothing was offered: Discord is not asked
            await until(lambda: clock.sleepers)
            clock.pass_(60)
        await until(lambda: clock.sleepers)
        assert len(server.done("GET", COMMANDS_ROUTE)) == looks
        await first.offer((*COMMANDS, RISK, RISKS))
        clock.pass_(60)
        await until(lambda: clock.sleepers)
        after = await server.slash(channel, ada, "whatisksm").message()
    assert f"see {named(server, 'kusama-risks')}" in after.content
    assert len(server.done("GET", COMMANDS_ROUTE)) == looks + 1


async def test_ids_that_could_not_be_looked_up_are_looked_up_again(server: DiscordServer, running: Running) -> None:
    guild, clock = server.guild(), ToldClock()
    channel, ada = guild.channel(), guild.member("ada")
    async with running():
        pass
    server.fail_next("GET", COMMANDS_ROUTE, status=403, code=50001)
    async with running(clock=clock, sleep=clock.sleep):
        await until(lambda: clock.sleepers)
        clock.pass_(60)
        await until(lambda: len(server.done("GET", COMMANDS_ROUTE)) == 2)
        message = await server.slash(channel, ada, "whatisksm").message()
    assert named(server, "risk") in message.content


async def test_a_new_command_can_be_pressed_as_soon_as_it_is_offered(
    server: DiscordServer, running: Running, responder: SpokenResponder
) -> None:
    guild = server.guild()
    channel, ada = guild.channel(), guild.member("ada")
    responder.commands = (*COMMANDS, RISK)
    async with running() as adapter:
        first = await server.slash(channel, ada, "whatisksm").message()
        await adapter.offer((*COMMANDS, RISK, RISKS))
        second = await server.slash(channel, ada, "whatisksm").message()
    assert "see /kusama-risks" in first.content
    assert second.content == first.content.replace("/kusama-risks", named(server, "kusama-risks"))
