"""A moderator's walk on both platforms, with the whole bot and the real clients."""

import asyncio
from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest

from bot.features.pins import EditIntervals
from tests.fakes import telegram
from tests.fakes.discord_messages import Message as Shown
from tests.fakes.discord_rights import INVITED
from tests.fakes.discord_rights import Right as Bit
from tests.fakes.told import ToldClock
from tests.faults.stage import Whole, served
from tests.features.walk import Texts, Walk, title, walk
from tests.waiting import PATIENCE

AT_ONCE = dict.fromkeys(("discord", "telegram", "playground"), EditIntervals(0.0, 0.0))
ALONE = ("/settings", "/stats", "/diagnose")
OPTIONS = {"settings": ("name", "value"), "welcome": ("action", "text"), "post": ("topic",), "pin": ("topic",)}
OPTIONS |= {"privacy": ("action",)}


class OnPlatform(Walk):
    def __init__(self, bot: Whole, time: ToldClock) -> None:
        super().__init__(bot.content)
        self.bot, self.time = bot, time

    @property
    def standing(self) -> Texts:
        raise NotImplementedError

    def passes(self, seconds: float) -> None:
        self.time.pass_(seconds)
        self.bot.discord.advance(seconds)

    async def until(self, true: Callable[[Texts], bool]) -> None:
        try:
            await self.goes_by(lambda: true(self.standing))
        except TimeoutError:
            raise AssertionError(f"it is never so: {[title(one) for one in self.standing]}") from None

    async def goes_by(self, true: Callable[[], bool]) -> None:
        """Return once it is so; time goes by while the bot has nothing to do."""
        async with asyncio.timeout(PATIENCE):
            for turn in count(1):
                if true():
                    return
                await asyncio.sleep(0)
                if turn % 1_000 == 0:
                    self.passes(1)


class OnTelegram(OnPlatform):
    def __init__(self, bot: Whole, time: ToldClock) -> None:
        super().__init__(bot, time)
        self.server = bot.telegram
        self.chat = self.server.chat(forum=True, rights=["can_pin_messages", "can_delete_messages"])
        self.mod = self.server.member("Mod")
        self.chat.put(self.mod, "administrator", ["can_pin_messages", "can_change_info"])
        self.faq, self.talk = self.chat.topic("Español"), self.chat.topic("Talk")

    @property
    def standing(self) -> Texts:
        return [one.text for one in self.chat.said(self.server.bot) if one.thread == self.faq]

    async def says(self, words: str, *, elsewhere: bool = False) -> str:
        self.passes(1)  # nobody types faster
        thread = self.talk if elsewhere else self.faq
        said = self.server.send(self.chat, self.mod, words, thread=thread, ephemeral=words.startswith(ALONE))
        await self.goes_by(lambda: bool(self.bot.answers_to(said)))
        return self.bot.answers_to(said)[0]

    async def presses(self) -> str:
        shown = max(self.chat.messages.values(), key=lambda one: one.id)
        query = self.server.press(shown, shown.buttons[0][0]["callback_data"], self.mod)
        await self.goes_by(lambda: self.server.answer_to(query) is not None)
        return str((self.server.answer_to(query) or {})["text"])

    async def closes(self) -> None:
        self.chat.closed_topics.add(self.faq)
        closed = telegram.status(400, "Bad Request: TOPIC_CLOSED")
        self.server.fail_next("editMessageText", closed, chat=self.chat, times=None)

    async def opens(self) -> None:
        self.chat.closed_topics.discard(self.faq)
        self.server.heal()

    async def greets(self) -> str:
        ada, mallory = self.server.member("Ada"), self.server.member("Mallory")
        self.passes(5)
        self.server.join(self.chat, ada)
        self.server.join(self.chat, mallory)
        self.server.change(self.chat, mallory, "kicked", by=self.mod)
        await self.says("/pins", elsewhere=True)
        self.passes(20)
        await self.goes_by(lambda: any("Ada" in one.text for one in self.chat.said(self.server.bot)))
        return next(one.text for one in self.chat.said(self.server.bot) if "Ada" in one.text)

    async def forwards(self, words: str) -> bool:
        origin = {"type": "user", "date": 1, "sender_user": self.server.member("Troll").shown()}
        said = self.server.send(self.chat, self.mod, words, thread=self.faq, more={"forward_origin": origin})
        assert said.delivered
        await self.says("/pins")
        return bool(self.bot.answers_to(said))

    async def disarms(self) -> None:
        self.server.change(self.chat, self.server.bot, "administrator", ["can_delete_messages"])


class OnDiscord(OnPlatform):
    def __init__(self, bot: Whole, time: ToldClock) -> None:
        super().__init__(bot, time)
        self.server, self.guild = bot.discord, bot.guild
        self.faq = self.guild.thread(self.guild.channel("español"), "preguntas")
        self.mod = self.guild.member("mod", permissions=Bit.PIN_MESSAGES | Bit.MANAGE_GUILD)
        self.last: Shown | None = None

    @property
    def standing(self) -> Texts:
        mine = self.server.world.bot.id
        return [one.content.replace("**", "") for one in self.faq.messages.values() if one.author.id == mine]

    async def says(self, words: str, *, elsewhere: bool = False) -> str:
        self.passes(1)  # nobody types faster
        command, *given = words.removeprefix("/").split(" ", 2)
        options = dict(zip(OPTIONS.get(command, ()), given, strict=False))
        asked = self.server.slash(self.bot.channel if elsewhere else self.faq, self.mod, command, options)
        self.last = await asked.message()
        return self.last.shown

    async def presses(self) -> str:
        assert self.last
        return (await self.server.press(self.last, self.last.buttons[0][1], self.mod).message()).shown

    async def closes(self) -> None:
        self.faq.archived = self.faq.locked = True

    async def opens(self) -> None:
        self.faq.archived = self.faq.locked = False

    async def greets(self) -> str:
        self.passes(5)
        self.server.join(self.guild, "Ada")
        self.server.left(self.server.join(self.guild, "Mallory"))
        await self.says("/pins", elsewhere=True)
        self.passes(20)
        await self.goes_by(lambda: any("Ada" in one.content for one in self.bot.channel.messages.values()))
        return next(one.content for one in self.bot.channel.messages.values() if "Ada" in one.content)

    async def forwards(self, words: str) -> bool:
        said = self.server.say(self.faq, self.mod, words)
        await self.says("/pins")
        return bool([one for one in self.faq.messages.values() if one.id > said.id])

    async def disarms(self) -> None:
        self.guild.bot_permissions(INVITED & ~Bit.PIN_MESSAGES)


@pytest.mark.parametrize("surface", [OnTelegram, OnDiscord])
async def test_a_moderator_gets_through_the_day_and_reads_what_to_do(surface: type[OnPlatform], tmp_path: Path) -> None:
    time = ToldClock()
    async with served(tmp_path, clock=time.clock(), paces=AT_ONCE, languages=("en", "es")) as bot:
        await walk(surface(bot, time))
