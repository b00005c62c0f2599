"""Greetings from `/welcome on` to the message, with the real clients on both pretend platforms."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast

from bot.adapters.discord.adapter import DiscordAdapter
from bot.adapters.telegram.adapter import TelegramAdapter
from bot.core.community import Pin
from bot.core.join_window import Join
from bot.core.model import Match, Outcome, Place, Suggestion
from bot.core.ports import PinRecords, Platform
from bot.core.sealed_catalog import SealedCatalog
from bot.features.answers import Responder
from bot.features.diagnosis import Diagnosis
from bot.features.settings_command import SettingsCommand
from bot.features.welcomes.greeter import Greeter
from bot.features.welcomes.welcome_command import WelcomeCommand
from bot.runtime.content_setup import page_values
from tests.adapters.discord.reader import read
from tests.adapters.discord.spoken import Remembered
from tests.builders import no_fault, shipped, why_name_hidden
from tests.fakes.discord_bell import Bell
from tests.fakes.discord_rights import Right as Bit
from tests.fakes.discord_server import DiscordServer
from tests.fakes.homes import Homes
from tests.fakes.telegram import TelegramServer
from tests.fakes.told import ToldClock

NAMES = ("evil.example", "@everyone", "[x](http://evil.io)", "<b>Admin</b>", "\u202emoc.live")


class Nothing:
    """A matcher that finds nothing."""

    async def match(self, text: str) -> Match:
        return Match(Outcome.NONE, None, (), 0.0, "told")

    def suggest(self, text: str, limit: int) -> tuple[Suggestion, ...]:
        return ()


class NoPins:
    """Records of pins that hold none."""

    async def of(self, place: Place) -> Sequence[Pin]:
        return ()


class Reporting:
    """Hands joins on to the greeter, which `took` so many."""

    def __init__(self, greeter: Greeter) -> None:
        self._greeter, self._taken, self._left, self._bell = greeter, 0, 0, Bell()

    async def greets(self, place: Place) -> bool:
        return await self._greeter.greets(place)

    async def joined(self, place: Place, joins: Sequence[Join]) -> None:
        await self._greeter.joined(place, joins)
        self._taken += len(joins)
        self._bell.ring()

    async def left(self, place: Place, member: str) -> None:
        await self._greeter.left(place, member)
        self._left += 1
        self._bell.ring()

    async def lost(self, count: int) -> None:
        """Wait until the greeter knows that so many left, all of them since the bot began."""
        await self._bell.until(lambda: True if self._left >= count else None, lambda: f"{count}, not {self._left}")

    async def took(self, count: int) -> None:
        """Wait until the greeter knows of so many newcomers, all of them since the bot began."""
        await self._bell.until(lambda: True if self._taken >= count else None, lambda: f"{count}, not {self._taken}")


@dataclass
class Bot:
    """The bot's own parts."""

    homes: Homes
    clock: ToldClock
    welcomes: Greeter
    newcomers: Reporting
    responder: Responder
    platforms: dict[str, Platform]


def bot(now: Callable[[], datetime]) -> Bot:
    homes, clock, edition = Homes(), ToldClock(), SealedCatalog(shipped())
    known, platforms = homes.known(), dict[str, Platform]()
    welcomes = Greeter(lambda: edition, known, platforms, why_name_hidden, clock=clock, sleep=clock.sleep, now=now)
    responder = Responder(lambda: edition, known.of, Nothing(), page_values)
    responder.learn("welcome", WelcomeCommand(known, welcomes, now, no_fault).welcome)
    moderation = SettingsCommand(lambda: edition, known, now, welcomes.posting.problem)
    responder.learn("settings", moderation.settings)
    responder.learn("diagnose", Diagnosis(cast(PinRecords, NoPins()), lambda: False, welcomes.posting.problem).diagnose)
    return Bot(homes, clock, welcomes, Reporting(welcomes), responder, platforms)


@asynccontextmanager
async def served(one: Bot, platform: Platform, up: Callable[[], Coroutine[Any, Any, object]]) -> AsyncIterator[None]:
    one.platforms[platform.name] = platform
    task = asyncio.create_task(platform.run())
    try:
        await up()
        yield
        await one.welcomes.close()
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_newcomers_on_discord_are_greeted_with_names_that_are_only_words() -> None:
    async with DiscordServer() as server:
        one = bot(lambda: server.world.now)
        guild = server.guild()
        channel, mod = guild.channel(), guild.member("mod", permissions=Bit.MANAGE_GUILD)
        adapter = DiscordAdapter(server.token, one.responder, Remembered(), newcomers=one.newcomers)
        async with served(one, adapter, server.gateway.connected):
            await server.wait_for("PUT", "/commands$")
            answer = await server.slash(channel, mod, "welcome", {"action": "on"}).message()
            assert "New members are greeted" in answer.content
            assert answer.seen_by == mod.id
            server.advance(5)
            for name in NAMES:
                server.join(guild, name)
            late = server.join(guild, "late", pending=True)
            server.screened(late)
            await one.newcomers.took(len(NAMES) + 1)
            assert one.clock.sleepers == 1
            one.clock.pass_(20)
            await server.until(
                lambda: any("have joined" in one.content for one in server.world.messages.values()), "a greeting"
            )
            greeting = next(one for one in server.world.messages.values() if "have joined" in one.content)
            assert "and one other have joined" in greeting.content
            names, warning, *_ = greeting.content.split("\n")
            assert read(names).marks == ["bold", "bold"]
            assert warning.startswith("**⚠️")
            server.advance(60)
            server.join(guild, "Bo")
            await one.newcomers.took(len(NAMES) + 2)
            one.clock.pass_(20)
            await server.wait_for("DELETE", f"/channels/{channel.id}/messages/{greeting.id}$")


async def test_newcomers_on_telegram_are_greeted_with_names_that_are_only_words() -> None:
    async with TelegramServer() as server:
        one = bot(lambda: datetime.fromtimestamp(server.world.now() - 1, UTC))
        chat, mod = server.chat(rights=["can_delete_messages"]), server.member("Mod")
        chat.put(mod, "administrator", ["can_change_info"])
        adapter = TelegramAdapter(
            server.token, one.responder, Remembered(), base_url=server.base_url, newcomers=one.newcomers
        )
        async with served(one, adapter, server.until_polling):
            server.send(chat, mod, "/welcome on")
            await server.wait_for("sendMessage")
            server.join(chat, *(server.member(name) for name in NAMES))
            await one.newcomers.took(len(NAMES))
            one.clock.pass_(20)
            greeting = (await server.wait_for("sendMessage", 2))[-1]
            assert "have joined" in greeting.params["text"]
            assert greeting.params["text"].split("\n")[1].startswith("⚠️")
            stored = chat.messages[greeting.result["message_id"]]
            assert {entity["type"] for entity in stored.entities} <= {"bold", "bot_command"}
            assert "evil.example" not in greeting.params["text"]


async def test_who_left_discord_before_the_greeting_is_not_named() -> None:
    async with DiscordServer() as server:
        one = bot(lambda: server.world.now)
        guild = server.guild()
        channel, mod = guild.channel(), guild.member("mod", permissions=Bit.MANAGE_GUILD)
        adapter = DiscordAdapter(server.token, one.responder, Remembered(), newcomers=one.newcomers)
        async with served(one, adapter, server.gateway.connected):
            await server.wait_for("PUT", "/commands$")
            await server.slash(channel, mod, "welcome", {"action": "on"}).message()
            server.advance(5)
            server.join(guild, "Ada")
            spammer = server.join(guild, "Spammer")
            await one.newcomers.took(2)
            server.left(spammer)
            await one.newcomers.lost(1)
            one.clock.pass_(20)
            await server.until(lambda: bool(_greetings(server)), "a greeting")
            assert "Ada has joined." in _greetings(server)[0]


async def test_who_left_a_telegram_group_before_the_greeting_is_not_named() -> None:
    for rights in (["can_delete_messages"], None):  # an administrator is told of every change, a member of notes
        async with TelegramServer() as server:
            one = bot(lambda: datetime.fromtimestamp(server.world.now(), UTC))
            chat, mod = server.chat(rights=rights) if rights else server.chat(), server.member("Mod")
            chat.put(mod, "administrator", ["can_change_info"])
            adapter = TelegramAdapter(
                server.token, one.responder, Remembered(), base_url=server.base_url, newcomers=one.newcomers
            )
            async with served(one, adapter, server.until_polling):
                server.send(chat, mod, "/welcome on")
                await server.wait_for("sendMessage")
                ada, spammer = server.member("Ada"), server.member("Spammer")  # in the second of `/welcome on`
                server.join(chat, ada)
                server.join(chat, spammer)
                await one.newcomers.took(2)
                server.leave(chat, spammer)
                await one.newcomers.lost(1)
                one.clock.pass_(20)
                said = (await server.wait_for("sendMessage", 2))[-1].params["text"]
                assert "Ada has joined." in said


async def test_a_greeting_for_a_closed_topic_is_shown_where_moderators_look() -> None:
    async with TelegramServer() as server:
        one = bot(lambda: datetime.fromtimestamp(server.world.now(), UTC))
        chat, mod = server.chat(forum=True, rights=["can_delete_messages"]), server.member("Mod")
        chat.put(mod, "administrator", ["can_change_info"])
        topic = chat.topic("Newcomers")
        adapter = TelegramAdapter(
            server.token, one.responder, Remembered(), base_url=server.base_url, newcomers=one.newcomers
        )
        async with served(one, adapter, server.until_polling):
            server.send(chat, mod, "/welcome on", thread=topic)
            await server.wait_for("sendMessage")
            chat.closed_topics.add(topic)
            server.join(chat, server.member("Ada"))
            await one.newcomers.took(1)
            one.clock.pass_(20)
            await server.wait_for("sendMessage", 2)
            for number, asked in enumerate(("/settings", "/diagnose", "/welcome"), 3):
                server.send(chat, mod, asked)
                said = (await server.wait_for("sendMessage", number))[-1].params["text"]
                assert "its topic or thread is closed. Open it, then type: /welcome on" in said


def _greetings(server: DiscordServer) -> list[str]:
    """What new members were told."""
    return [one.content for one in server.world.messages.values() if "joined" in one.content]
