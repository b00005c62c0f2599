"""Discord shuts out an address that gets 10,000 refusals in ten minutes: what nobody may answer costs few of them."""

import asyncio

import pytest

from bot.core.errors import Forbidden, PlatformError
from bot.core.model import DISCORD, Place, Right
from tests.adapters.discord.conftest import Running
from tests.adapters.discord.spoken import SpokenResponder
from tests.fakes.discord_rights import Right as Bit
from tests.fakes.discord_server import DiscordServer
from tests.waiting import PATIENCE


def refused(server: DiscordServer) -> int:
    return sum(one.status == 403 for one in server.done("POST", "/messages$"))


async def test_a_guild_refuses_twenty_answers_a_minute_and_all_others_are_answered(
    server: DiscordServer, running: Running, responder: SpokenResponder
) -> None:
    now, mention = 1000.0, f"<@{server.world.bot.id}> what is ksm?"
    mute, good = server.guild(), server.guild()
    channels = [mute.channel(f"c{number}") for number in range(30)]
    for channel in channels:
        channel.overwrite(mute.members[server.world.bot.id], deny=Bit.SEND_MESSAGES)
    halls = [good.channel(f"h{number}") for number in range(30)]
    async with running(clock=lambda: now):
        for minute in (1, 2):
            for number, channel in enumerate(channels * 2):
                server.say(channel, mute.member(f"m{minute}-{number}"), mention)
            await server.until(lambda: refused(server) == 20 * minute, "refusals")  # noqa: B023 - awaited here
            for hall in halls:
                server.say(hall, good.member(f"{hall.id}-{minute}"), mention)
                await server.until(lambda: len(hall.messages) == 2 * minute, "an answer")  # noqa: B023
            server.say(channels[0], mute.member("late"), mention)
            async with asyncio.timeout(PATIENCE):
                await server.slash(halls[0], good.member("ada"), "whatisksm").message()
            assert refused(server) == 20 * minute
            now += 61


async def test_a_guilds_channels_are_asked_about_one_at_a_time_until_eighty_were_refused(
    server: DiscordServer, running: Running
) -> None:
    now, guild, other = 1000.0, server.guild(), server.guild()
    good = Place(DISCORD, str(other.id), str(other.channel().id))
    hidden = [guild.channel(f"c{number}") for number in range(100)]
    for channel in hidden:
        channel.overwrite(guild.members[server.world.bot.id], deny=Bit.VIEW_CHANNEL)
    places = [Place(DISCORD, str(guild.id), str(one.id)) for one in hidden]
    async with running(clock=lambda: now) as adapter:
        errors = await asyncio.gather(*(adapter.rights(one, None) for one in places), return_exceptions=True)
        assert [isinstance(one, Forbidden) for one in errors] == [True] * 80 + [False] * 20
        assert all(isinstance(one, PlatformError) and not one.permanent for one in errors[80:])
        calls = [one.path for one in server.done("GET", rf"/guilds/{guild.id}$|/channels/\d+$")]
        assert len(calls) == 160
        assert all("/guilds/" in one for one in calls[::2]), "each channel after the answer about the one before"
        assert Right.SEND in await adapter.rights(good, None)
        now += 61
        with pytest.raises(Forbidden):
            await adapter.rights(places[-1], None)
