"""Discord shuts out an address that gets 10,000 refusals in ten minutes: what nobody may answer costs few of them."""

import asyncio

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
