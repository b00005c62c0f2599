"""A group takes 20 messages a minute, and nobody who asks is left without a word."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from tests.adapters.telegram.stage import KNOWN, Answering, draft, place, running, sealed
from tests.fakes.telegram import TelegramServer

PIN = ("can_pin_messages",)
MEMBERS = 45


class Time:
    """A clock that goes when it is told to, and wakes who sleeps."""

    def __init__(self) -> None:
        self.now = 1_795_000_000.0
        self.on_sleep: Callable[[], None] = lambda: None
        self.asleep: list[tuple[float, asyncio.Future[None]]] = []

    def __call__(self) -> float:
        return self.now

    def moment(self) -> datetime:
        return datetime.fromtimestamp(self.now, UTC)

    async def sleep(self, seconds: float) -> None:
        waking: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.asleep.append((self.now + seconds, waking))
        self.on_sleep()
        await waking

    def go(self, seconds: float) -> None:
        self.now += seconds
        for due, waking in self.asleep:
            if due <= self.now and not waking.done():
                waking.set_result(None)
        self.asleep = [(due, waking) for due, waking in self.asleep if due > self.now]


async def settled(server: TelegramServer, time: Time, asked: int) -> None:
    """Wait until each who asked was answered, or waits."""
    await server.until(lambda: len(server.of("sendMessage")) + len(time.asleep) == asked or None)


@pytest.mark.parametrize("rights", [PIN, ()])
async def test_each_of_many_is_answered_or_told_to_wait_within_the_limit(rights: tuple[str, ...]) -> None:
    time = Time()
    server = TelegramServer(now=lambda: int(time.now), limited=True)
    async with server, running(server, Answering(KNOWN), clock=time, sleep=time.sleep, now=time.moment):
        time.on_sleep = server.updates.on_wait
        chat = server.chat(rights=rights)
        members = [server.member() for _ in range(MEMBERS)]
        for number, member in enumerate(members, 1):
            server.send(chat, member, "/whatisksm")
            await settled(server, time, number)
            time.go(1)
        for _ in range(180):
            await settled(server, time, MEMBERS)
            time.go(1)
        assert all(call.ok for call in server.of("sendMessage"))
        told = [one for one in chat.ephemeral.values() if one.text == "One moment, please."]
        answered = chat.said(server.bot)
        assert len(told) + len(answered) == MEMBERS
        assert bool(told) == bool(rights)


async def test_edits_and_pins_share_the_limit_and_another_group_has_its_own() -> None:
    time = Time()
    server = TelegramServer(now=lambda: int(time.now), limited=True)
    async with server, running(server, Answering(KNOWN), clock=time, sleep=time.sleep, now=time.moment) as adapter:
        time.on_sleep = server.updates.on_wait
        chat, other = server.chat(rights=PIN), server.chat(rights=PIN)
        ref = await adapter.post(place(chat), sealed())
        for number in range(18):
            await adapter.edit(ref, sealed(title=f"Title {number}"))
        await adapter.pin(ref)
        last = asyncio.create_task(adapter.edit(ref, sealed(title="The last")))
        await server.until(lambda: time.asleep or None)
        await adapter.post(place(other), sealed())
        time.go(61)
        await last
        assert all(call.ok for call in server.calls if call.status is not None)


async def test_what_a_moderator_asks_for_in_a_busy_group_is_done_and_answered_late() -> None:
    time = Time()
    server = TelegramServer(now=lambda: int(time.now), limited=True)
    async with (
        server,
        running(
            server, Answering({**KNOWN, "pin": draft(title="Pinned")}), clock=time, sleep=time.sleep, now=time.moment
        ),
    ):
        time.on_sleep = server.updates.on_wait
        chat, moderator = server.chat(rights=PIN), server.member()
        chat.put(moderator, "administrator", PIN)
        for number in range(1, 21):
            server.send(chat, server.member(), "/whatisksm")
            await settled(server, time, number)
        server.send(chat, moderator, "/pin whatisksm")
        await settled(server, time, 21)
        assert chat.ephemeral == {}
        time.go(61)
        *_, last = await server.wait_for("sendMessage", 21)
        assert last.text.startswith("Pinned")


async def test_a_press_in_a_busy_group_of_an_older_server_is_told_in_its_bubble() -> None:
    time = Time()
    server = TelegramServer(now=lambda: int(time.now), limited=True, older=True)
    async with server, running(server, Answering(KNOWN), clock=time, sleep=time.sleep, now=time.moment):
        chat = server.chat()
        for number in range(1, 21):
            server.send(chat, server.member(), "/whatisksm")
            await settled(server, time, number)
        query = server.press(chat.said(server.bot)[0], "v1:en:whatisksm", server.member(), forged=True)
        await server.wait_for("answerCallbackQuery")
        told = server.answer_to(query)
        assert told is not None
        assert told["text"] == "One moment, please."
        assert len(server.of("sendMessage")) == 20
