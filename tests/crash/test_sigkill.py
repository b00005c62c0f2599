"""SIGKILL at every step: after a restart what is recorded is current, and nothing is recorded twice."""

import signal
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.core.community import Pin, PinState
from bot.core.model import MessageRef, Place
from bot.store.store import Store, open_store
from bot.store.url import address
from tests.fakes.discord_rights import Right as Bit
from tests.fakes.discord_server import DiscordServer
from tests.fakes.telegram import Chat, Fault, Member, TelegramServer, hold
from tests.whole.process import Bot, running

SWIFT = ("tests.crash.swift",)
PINS, BEFORE, UNDER_WAY = 1_000, 300, 100


def answered_never() -> Fault:
    """Telegram does what it is asked, and the bot does not learn of it."""
    return Fault("hang", after=True)


@dataclass
class Scene:
    """A group on the pretend Telegram, and a bot that is started and killed."""

    server: TelegramServer
    home: Path

    def bot(self) -> AbstractAsyncContextManager[Bot]:
        """A new process over the same files."""
        api = self.server.base_url.removesuffix("/bot")
        return running(self.home, module=SWIFT, TELEGRAM_TOKEN=self.server.token, TELEGRAM_API_URL=api)

    def moderated(self) -> tuple[Chat, Member]:
        """A group where the bot and a moderator may pin."""
        chat, moderator = self.server.chat(rights=("can_pin_messages",)), self.server.member("Mod")
        chat.put(moderator, "administrator", ["can_pin_messages"])
        return chat, moderator

    @asynccontextmanager
    async def store(self) -> AsyncIterator[Store]:
        """What the bot remembers; not while it runs."""
        async with open_store(address(None, self.home / "data")) as opened:
            yield opened

    def explainers(self, chat: Chat) -> list[str]:
        """What stands there with a warning."""
        return [one.text for one in chat.said(self.server.bot) if "⚠️" in one.text]


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    async with TelegramServer() as server:
        yield Scene(server, tmp_path)


STEPS = {
    "before the send": ("sendMessage", hold),
    "after the send": ("sendMessage", answered_never),
    "after the record, before the pin": ("pinChatMessage", hold),
    "after the pin": ("pinChatMessage", answered_never),
}


@pytest.mark.parametrize("step", STEPS)
async def test_a_bot_killed_while_it_pins_leaves_one_orphan_at_most(scene: Scene, step: str) -> None:
    method, fault = STEPS[step]
    chat, moderator = scene.moderated()
    async with scene.bot() as bot:
        await scene.server.until_polling()
        scene.server.fail_next(method, fault(), chat=chat)
        scene.server.send(chat, moderator, "/pin whatisksm")
        await scene.server.wait_for_start(method)
        if fault is answered_never:
            await scene.server.wait_for(method)
        await bot.stop(signal.SIGKILL)
    async with scene.bot() as bot:
        recorded = "the pin" in step
        if recorded:
            await scene.server.until(lambda: chat.pins or None)
        await scene.server.until_polling()
        assert len(scene.explainers(chat)) == (step != "before the send")
        scene.server.send(chat, moderator, "/pin whatisksm")
        await scene.server.until(lambda: _told(scene, chat))
        await bot.stop()
    assert len(scene.explainers(chat)) == (2 if step == "after the send" else 1)
    async with scene.store() as store:
        (pin,) = await store.pins.of(Place("telegram", str(chat.id), str(chat.id)))
    assert pin.state is PinState.CURRENT
    assert int(pin.ref.message) in chat.pins


def _told(scene: Scene, chat: Chat) -> str | None:
    """What a moderator was told, after the restart."""
    found = [one.text for one in chat.said(scene.server.bot) if "⚠️" not in one.text]
    return found[-1] if found else None


async def test_a_bot_killed_after_the_record_has_nothing_left_to_do(scene: Scene) -> None:
    chat, moderator = scene.moderated()
    async with scene.bot() as bot:
        await scene.server.until_polling()
        scene.server.send(chat, moderator, "/pin whatisksm")
        await scene.server.until(lambda: _told(scene, chat))
        await bot.stop(signal.SIGKILL)
    async with scene.bot() as bot:
        scene.server.send(chat, moderator, "/pins")
        await scene.server.until(lambda: "up to date" in (_told(scene, chat) or "") or None)
        await bot.stop()
    assert (len(scene.explainers(chat)), len(chat.pins), scene.server.of("editMessageText")) == (1, 1, [])


async def test_a_bot_killed_while_it_edits_a_thousand_pins_goes_on_where_it_was(scene: Scene) -> None:
    chats = [scene.server.chat(rights=("can_pin_messages",)) for _ in range(PINS)]
    async with scene.store() as store:
        for chat in chats:
            message = chat.store(scene.server.bot, {"text": "⚠️ as it was", "date": scene.server.world.now()})
            chat.pins.append(message.id)
            place = Place("telegram", str(chat.id), str(chat.id))
            await store.pins.record(Pin(MessageRef(place, str(message.id)), "whatisksm", None, "as it was"))
    async with scene.bot() as bot:
        await scene.server.wait_for("editMessageText", BEFORE)
        await bot.stop(signal.SIGKILL)
    taken = len([call for call in scene.server.of("editMessageText") if call.ok])
    assert BEFORE <= taken < PINS
    async with scene.bot() as bot:
        await bot.says(r"pin\(s\) updated")
        await bot.stop()
    again = [call for call in scene.server.of("editMessageText") if "not modified" in call.description]
    assert len(again) <= UNDER_WAY, "what was recorded before is not edited again"
    assert {text[:30] for chat in chats for text in scene.explainers(chat)} == {"What is KSM?\n⚠️ Crypto is high"}
    async with scene.store() as store:
        pins = [pin for chat in chats for pin in await store.pins.of(Place("telegram", str(chat.id)))]
    assert len(pins) == PINS
    assert {(pin.state, pin.digest == pins[0].digest) for pin in pins} == {(PinState.CURRENT, True)}
    assert pins[0].digest != "as it was"


async def test_discord_takes_the_same_pin_once_even_over_a_crash(tmp_path: Path) -> None:
    async with DiscordServer(point=False) as server:
        guild = server.guild()
        channel, moderator = guild.channel(), guild.member("mod", permissions=Bit.PIN_MESSAGES)
        module = ("tests.fakes.discord_point", *SWIFT)
        settings = {"DISCORD_TOKEN": server.token, **server.environment}
        async with running(tmp_path, module=module, **settings) as bot:
            await server.gateway.connected(1)
            lost = server.fail_next("POST", f"/channels/{channel.id}/messages$", hang=True, after=True)
            server.slash(channel, moderator, "pin", {"topic": "whatisksm"})
            await lost.hit.wait()
            await bot.stop(signal.SIGKILL)
        async with running(tmp_path, module=module, **settings) as bot:
            await server.gateway.connected(1)
            answer = await server.slash(channel, moderator, "pin", {"topic": "whatisksm"}).message()
            assert "Pinned" in answer.content
            await bot.stop()
        explainers = [one for one in channel.messages.values() if "⚠️" in one.content]
        assert [one.pinned for one in explainers] == [True]
