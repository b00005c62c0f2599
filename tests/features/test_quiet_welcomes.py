"""/welcome quiet: on Telegram each new member alone sees the greeting, and never anybody else."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from bot.adapters.discord.adapter import DiscordAdapter
from bot.adapters.telegram.adapter import TelegramAdapter
from bot.core.commands import COMMANDS
from bot.core.join_window import Join
from bot.core.model import TELEGRAM, Place
from tests.adapters.discord.spoken import Remembered
from tests.fakes.discord_people import NotOffered
from tests.fakes.discord_rights import Right as Bit
from tests.fakes.discord_server import DiscordServer
from tests.fakes.telegram import LOST_ANSWER, Chat, Member, TelegramServer
from tests.fakes.telegram_ephemeral import Ephemeral
from tests.features.test_greeter_platforms import Bot, bot, served
from tests.waiting import PATIENCE, until


@dataclass
class Group:
    """A group on Telegram whose bot is an administrator, with a moderator."""

    server: TelegramServer
    one: Bot
    chat: Chat
    mod: Member
    seconds: list[int]
    came: int = 0

    async def says(self, text: str, thread: int | None = None) -> str:
        """What the moderator is answered, for all to see or alone."""
        before = len(self.server.of("sendMessage"))
        self.server.send(self.chat, self.mod, text, thread=thread)
        return str((await self.server.wait_for("sendMessage", before + 1))[-1].params["text"])

    async def join(self, *members: Member) -> None:
        """They join, and the greeter knows of it."""
        self.seconds[0] += 5  # who joins in the second of the last greeting may have been greeted
        self.server.join(self.chat, *members)
        self.came += len(members)
        await self.one.newcomers.took(self.came)

    async def greeted(self) -> None:
        """Wait until the greeting that is due was shown or given up."""
        self.one.clock.pass_(20)
        await until(lambda: self.one.clock.sleepers or not self.one.welcomes._waiting)  # waits for more, or has ended

    @property
    def alone(self) -> Sequence[Ephemeral]:
        """The greetings that only one member sees."""
        mine = (one for one in self.chat.ephemeral.values() if "joined" in one.text)
        return [one for one in mine if isinstance(one, Ephemeral)]

    @property
    def public(self) -> list[str]:
        """The greetings that all see."""
        bot_said = [one.text for one in self.chat.messages.values() if one.sender is self.server.bot]
        return [text for text in bot_said if "joined" in text]


@asynccontextmanager
async def group(*, rights: Sequence[str] = ("can_delete_messages",), older: bool = False) -> AsyncIterator[Group]:
    seconds = [1_795_000_000]
    async with TelegramServer(older=older, now=lambda: seconds[0]) as server, asyncio.timeout(PATIENCE):
        one = bot(lambda: datetime.fromtimestamp(seconds[0], UTC))
        chat, mod = server.chat(forum=True, rights=rights), server.member("Mod")
        chat.put(mod, "administrator", ["can_change_info"])
        adapter = TelegramAdapter(
            server.token,
            one.responder,
            Remembered(),
            base_url=server.base_url,
            newcomers=one.newcomers,
            now=lambda: datetime.fromtimestamp(seconds[0], UTC),
        )
        async with served(one, adapter, server.until_polling):
            yield Group(server, one, chat, mod, seconds)


async def test_each_newcomer_alone_sees_a_greeting_in_their_name() -> None:
    async with group() as here:
        topic = here.chat.topic("Newcomers")
        assert "greeted in" in await here.says("/welcome on", topic)
        assert "Each new member alone sees the greeting." in await here.says("/welcome quiet on")
        assert "Each new member alone sees the greeting." in await here.says("/welcome")
        people = [here.server.member(f"Newcomer{letter}") for letter in "ABCDEFG"]
        await here.join(*people)
        await here.greeted()
        seen = {one.receiver.id: one for one in here.alone if one.receiver}
        assert len(here.alone) == len(people)
        for person in people:
            greeting = seen[person.id]
            assert f"{person.first_name} has joined" in greeting.text
            assert greeting.text.count("Newcomer") == 1
            assert greeting.text.split("\n")[1].startswith("⚠️")
            assert greeting.thread == topic
            assert greeting.buttons
        assert here.public == []
        assert "Greetings are shown to all." in await here.says("/welcome quiet off")
        await here.join(here.server.member("Late"))
        await here.greeted()
        assert len(here.public) == 1


async def test_in_a_raid_nobody_is_shown_anything() -> None:
    async with group() as here:
        await here.says("/welcome on")
        await here.says("/welcome quiet on")
        calls = len(here.server.of("sendMessage"))
        await here.join(*(here.server.member() for _ in range(21)))
        here.one.clock.pass_(60)
        await here.greeted()
        assert list(here.alone) == []
        await here.join(here.server.member("Ada"))
        await here.greeted()
        assert len(here.server.of("sendMessage")) - calls == len(here.alone)
        assert "Ada has joined" in here.alone[-1].text
        assert here.public == []


async def test_who_left_is_left_out_and_the_others_are_greeted() -> None:
    async with group() as here:
        await here.says("/welcome on")
        await here.says("/welcome quiet on")
        people = [here.server.member(f"Newcomer{number}") for number in range(8)]
        await here.join(*people)
        here.server.leave(here.chat, people[7])
        await here.one.newcomers.lost(1)
        here.chat.put(people[1], "left")  # Telegram has not told of it yet
        await here.greeted()
        assert {one.receiver.id for one in here.alone if one.receiver} == {one.id for one in people} - {
            people[1].id,
            people[7].id,
        }
        assert "could not be" not in await here.says("/welcome")


async def test_where_the_bot_is_no_administrator_it_says_so_and_stays_as_it_was() -> None:
    async with group(rights=()) as here:
        assert "must be an administrator of this group" in await here.says("/welcome quiet on")
        assert "Type on or off after" in await here.says("/welcome quiet")
        await here.says("/welcome on")
        assert "alone" not in await here.says("/welcome")


async def test_where_the_server_has_no_such_messages_it_says_so() -> None:
    async with group(older=True) as here:
        assert "The Telegram server of this bot cannot show" in await here.says("/welcome quiet on")


async def test_a_bot_that_is_no_administrator_any_more_shows_the_greeting_to_nobody_and_says_why() -> None:
    async with group() as here:
        await here.says("/welcome on")
        await here.says("/welcome quiet on")
        here.chat.put(here.server.bot, "member")  # Telegram has not told of it yet
        member = here.server.member("Ada")
        here.seconds[0] += 5
        at = datetime.fromtimestamp(here.server.world.now(), UTC)
        await here.one.welcomes.joined(Place(TELEGRAM, str(here.chat.id)), [Join(str(member.id), "Ada", at)])
        await here.greeted()
        assert (here.public, list(here.alone)) == ([], [])
        for asked in ("/welcome", "/settings", "/diagnose"):
            here.chat.put(here.server.bot, "administrator", ["can_delete_messages"])
            assert "so nobody saw it" in await here.says(asked)


async def test_what_a_server_shows_to_all_is_removed_at_once() -> None:
    async with group() as here:
        await here.says("/welcome on")
        await here.says("/welcome quiet on")
        here.server.world.ephemeral.known = False  # as one of Bot API 10.2, which ignores the parameters of 10.3
        await here.join(here.server.member("Ada"), here.server.member("Bo"))
        await here.greeted()
        assert len(here.server.of("deleteMessage")) == 1
        assert here.public == []
        assert "so nobody saw it" in await here.says("/welcome")


async def test_a_greeting_whose_answer_was_lost_is_not_shown_twice() -> None:
    async with group() as here:
        await here.says("/welcome on")
        await here.says("/welcome quiet on")
        await here.join(here.server.member("Ada"), here.server.member("Bo"))
        here.server.fail_next("sendMessage", LOST_ANSWER)
        await here.greeted()
        assert sorted("Ada" in one.text for one in here.alone) == [False, True]


async def test_discord_does_not_offer_it_and_says_that_it_has_no_such_thing() -> None:
    assert not [one for info in COMMANDS for one in info.params if "quiet" in one.choices]
    async with DiscordServer() as server, asyncio.timeout(PATIENCE):
        one = bot(lambda: server.world.now)
        guild = server.guild()
        channel, mod = guild.channel(), guild.member("mod", permissions=Bit.MANAGE_GUILD)
        adapter = DiscordAdapter(server.token, one.responder, Remembered(), newcomers=one.newcomers)
        async with served(one, adapter, server.gateway.connected):
            await server.wait_for("PUT", "/commands$")
            with pytest.raises(NotOffered):
                server.slash(channel, mod, "welcome", {"action": "quiet", "text": "on"})
            menu = server.commands.find("welcome", 1, None)
            assert menu
            menu["options"][0]["choices"].append({"name": "quiet", "value": "quiet"})  # as an attacker's client would
            answer = await server.slash(channel, mod, "welcome", {"action": "quiet", "text": "on"}).message()
            assert answer.content == "Only Telegram can show a greeting to one member alone."
