"""What is in hand on Discord: never without end, and let go of when the time to leave is over."""

import asyncio
import gc
from typing import Any

import pytest

from bot.adapters.discord.dispatcher import Dispatcher
from bot.adapters.discord.render import Renderer
from bot.adapters.discord.send import Sender
from tests.adapters.discord.conftest import Running
from tests.adapters.discord.spoken import SpokenResponder
from tests.fakes.discord_server import DiscordServer


@pytest.fixture
def dispatcher(responder: SpokenResponder) -> Dispatcher:
    return Dispatcher(Sender(None, Renderer()), responder, 2.0, lambda: 0.0)


async def waited(gate: asyncio.Event, ends: list[str]) -> None:
    """A request that is answered once the gate opens."""
    try:
        await gate.wait()
        ends.append("answered")
    except asyncio.CancelledError:
        ends.append("cancelled")
        raise


async def test_what_is_not_finished_in_time_is_let_go_of_and_counted(
    dispatcher: Dispatcher, caplog: pytest.LogCaptureFixture
) -> None:
    ends: list[str] = []
    for _ in range(3):
        dispatcher.start(waited(asyncio.Event(), ends), "1")
    await asyncio.sleep(0)
    await dispatcher.tasks.drain(0.0)
    assert ends == ["cancelled"] * 3
    assert dispatcher.tasks.waiting == 0
    assert caplog.messages == ["Discord: 3 request(s) were not answered in time"]


async def test_what_is_finished_in_time_is_not_cut_off(
    dispatcher: Dispatcher, caplog: pytest.LogCaptureFixture
) -> None:
    gate, ends = asyncio.Event(), list[str]()
    dispatcher.start(waited(gate, ends), "1")
    asyncio.get_running_loop().call_soon(gate.set)
    await dispatcher.tasks.drain(5.0)
    assert ends == ["answered"]
    assert dispatcher.tasks.waiting == 0
    assert caplog.messages == []


async def test_what_comes_while_too_much_is_in_hand_is_dropped_and_logged_once_a_rush(
    dispatcher: Dispatcher, caplog: pytest.LogCaptureFixture
) -> None:
    gate, ends = asyncio.Event(), list[str]()
    for number in range(1500):
        dispatcher.start(waited(gate, ends), number)
    assert dispatcher.tasks.waiting == 1024
    gate.set()
    await dispatcher.tasks.drain(5.0)
    assert len(ends) == 1024
    assert [line for line in caplog.messages if "dropped" in line] == [
        "Discord: 1024 requests are being answered, more are dropped",
        "Discord: requests are accepted again, 476 were dropped",
    ]
    dispatcher.start(waited(gate, ends), 1)
    await dispatcher.tasks.drain(5.0)
    assert len(ends) == 1025


async def test_what_one_guild_asks_leaves_room_for_every_other(
    dispatcher: Dispatcher, caplog: pytest.LogCaptureFixture
) -> None:
    gate, ends = asyncio.Event(), list[str]()
    for guild in ("1", "2"):
        for _ in range(2000):
            dispatcher.start(waited(gate, ends), guild)
    dispatcher.start(waited(gate, ends), "3")
    assert dispatcher.tasks.waiting == 512 + 256 + 1
    gate.set()
    await dispatcher.tasks.drain(5.0)
    assert len(ends) == 512 + 256 + 1
    assert len([line for line in caplog.messages if "are being answered, more are dropped" in line]) == 1


async def test_an_announcement_under_way_is_let_go_of_with_its_answer(
    server: DiscordServer, running: Running, responder: SpokenResponder
) -> None:
    unheard: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, told: unheard.append(told))
    channel = (guild := server.guild()).channel()
    responder.gate = asyncio.Event()
    held = server.fail_next("POST", "/callback", hang=True)
    async with running(patience=0, drain=0.0):
        server.slash(channel, guild.member("ada"), "whatisksm")
        await held.hit.wait()
    held.release()
    gc.collect()
    assert unheard == []


async def test_one_members_flood_is_answered_in_part_told_once_and_leaves_others_alone(
    server: DiscordServer, running: Running, responder: SpokenResponder
) -> None:
    channel = (guild := server.guild()).channel()
    ada, eve = guild.member("ada"), guild.member("eve")
    async with running(clock=lambda: 1000.0):
        flood = [server.autocomplete(channel, ada, "ask", "question", {"question": "w"}) for _ in range(30)]
        flood += [server.slash(channel, ada, "whatisksm") for _ in range(370)]
        other = server.slash(channel, eve, "whatisksm")
        assert (await other.message()).content.startswith("**What is KSM?**")
        assert (await flood[40].message()).content == "notice: one-moment"
    assert len(responder.requests) == 11


async def test_mentions_of_one_member_are_answered_in_part(
    server: DiscordServer, running: Running, responder: SpokenResponder
) -> None:
    channel = (guild := server.guild()).channel()
    ada, eve = guild.member("ada"), guild.member("eve")
    async with running(clock=lambda: 1000.0):
        for _ in range(100):
            server.say(channel, ada, f"<@{server.world.bot.id}> what is ksm?")
        await server.slash(channel, eve, "whatisksm").message()
    assert len(responder.requests) == 41
