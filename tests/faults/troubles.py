"""What can go wrong around a bot that is a process of its own. What begins a trouble can end it, also when
the process is gone.
"""

import asyncio
import resource
import sqlite3
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.builders import Folder
from tests.fakes.discord_interaction import Interaction
from tests.fakes.discord_rights import INVITED
from tests.fakes.discord_rights import Right as Bit
from tests.fakes.discord_server import DiscordServer
from tests.fakes.telegram import HANG, Chat, Message, TelegramServer, flood, status
from tests.faults.line import Line
from tests.locked import hold
from tests.waiting import PATIENCE
from tests.whole.process import Bot, running

ANSWER = "en/answers/whatisksm.yaml"
RIGHTS = ("can_pin_messages", "can_change_info")
FILE = "bot.sqlite3"


@dataclass
class Scene:
    """Both platforms, each with a community and its moderator, and what is known of one home's processes."""

    home: Path
    telegram: TelegramServer
    discord: DiscordServer
    line: Line
    content: Folder
    asked: list[Message] = field(default_factory=list)
    called: list[Interaction] = field(default_factory=list)
    other: sqlite3.Connection | None = None
    bot: Bot | None = None
    settings: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.guild = self.discord.guild(permissions=INVITED | Bit.PIN_MESSAGES)
        self.hall = self.guild.channel()
        self.boss = self.guild.members[self.guild.owner_id]
        self.chat = self.telegram.chat(rights=RIGHTS)
        self.mod = self.telegram.member("Mod")
        self.chat.put(self.mod, "administrator", RIGHTS)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Bot]:
        """A process over this home, connected to both platforms."""
        settings = {
            "TELEGRAM_TOKEN": self.telegram.token,
            "TELEGRAM_API_URL": self.line.url,
            "DISCORD_TOKEN": self.discord.token,
            **self.discord.environment,
            **self.settings,
        }
        async with running(self.home, module=("tests.fakes.discord_point", "bot"), **settings) as self.bot:
            await self.telegram.until_polling()
            await self.discord.gateway.connected(1)
            async with asyncio.timeout(PATIENCE):
                while (await self.bot.get("/readyz"))[0] != 200:
                    pass
            yield self.bot

    def ask(self, chat: Chat | None = None) -> Message:
        """A newcomer asks on Telegram, in a group of its own unless told."""
        question = self.telegram.send(chat or self.telegram.chat(), self.telegram.member(), "/whatisksm")
        self.asked.append(question)
        return question

    def call(self) -> Interaction:
        """A newcomer calls a command on Discord, in a channel of its own."""
        number = len(self.called)
        hall, who = self.guild.channel(f"c{number}"), self.guild.member(f"m{number}")
        self.called.append(self.discord.slash(hall, who, "whatisksm"))
        return self.called[-1]

    async def both_answer(self) -> None:
        """Both platforms are served."""
        question, call = self.ask(), self.call()
        await self.telegram.until(lambda: self.answers(question) or None)
        async with asyncio.timeout(PATIENCE):
            assert "⚠️" in (await call.message()).content

    async def pin(self) -> None:
        """The moderators pin an explainer on both platforms; where it is pinned already it is brought up to date."""
        async with asyncio.timeout(PATIENCE):
            answer = await self.discord.slash(self.hall, self.boss, "pin", {"topic": "whatisksm"}).message()
        assert "hatisksm" in answer.content
        said = self.telegram.send(self.chat, self.mod, "/pin whatisksm")
        await self.telegram.until(lambda: self.answers(said) or None)

    def answers(self, question: Message) -> list[Message]:
        """What the bot has attached to that message."""
        mine = [one for one in question.chat.messages.values() if one.sender is self.telegram.bot]
        return [one for one in mine if one.content.get("reply_to") == question.id]

    def pins(self) -> tuple[int, int]:
        """How many explainers stand pinned on each platform, with their warning."""
        shown = [self.chat.messages[one] for one in self.chat.pins]
        told = [one for one in self.hall.messages.values() if one.pinned]
        return sum("⚠️" in one.text for one in shown), sum("⚠️" in one.content for one in told)

    def nothing_twice(self) -> None:
        """No question had two answers."""
        assert all(len(self.answers(question)) <= 1 for question in self.asked)
        taken = Counter(one.path for one in self.discord.done("POST", r"/callback$") if one.status in (200, 204))
        assert not [path for path, times in taken.items() if times > 1]


@asynccontextmanager
async def scene(home: Path) -> AsyncIterator[Scene]:
    """Two platforms and an empty home, with content in one language."""
    content = Folder(home, "en")
    async with (
        TelegramServer(privacy=False) as telegram,
        DiscordServer(point=False) as discord,
        Line(telegram.base_url.removesuffix("/bot")) as line,
    ):
        yield Scene(home, telegram, discord, line, content)


Act = Callable[[Scene], Awaitable[None]]


async def _nothing(_: Scene) -> None:
    """It is over with the process."""


async def _heal(one: Scene) -> None:
    one.telegram.heal()


async def _cut(one: Scene) -> None:
    await one.line.down()
    one.ask()


async def _mute(one: Scene) -> None:
    one.line.mute()
    one.ask()


async def _speak(one: Scene) -> None:
    await one.line.down()
    await one.line.up()


async def _failing_polls(one: Scene) -> None:
    one.telegram.fail_next("getUpdates", status(500, "Internal Server Error"), times=None)
    one.ask()


async def _second_poller(one: Scene) -> None:
    words = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
    one.telegram.fail_next("getUpdates", status(409, words), times=None)
    one.ask()


async def _hanging_answer(one: Scene) -> None:
    chat = one.telegram.chat()
    one.telegram.fail_next("sendMessage", HANG, chat=chat)
    one.ask(chat)
    await one.telegram.wait_for_start("sendMessage")


async def _waiting_chat(one: Scene) -> None:
    chat, before = one.telegram.chat(), len(one.telegram.of("sendMessage"))
    one.telegram.fail_next("sendMessage", flood(15), chat=chat)
    one.ask(chat)
    await one.telegram.wait_for("sendMessage", before + 1)


async def _refused_token(one: Scene) -> None:
    one.telegram.token, one.telegram.revoked = "revoked", one.telegram.token  # type: ignore[attr-defined]  # kept for the way back
    one.ask()


async def _taken_token(one: Scene) -> None:
    one.telegram.token = one.telegram.revoked  # type: ignore[attr-defined]  # see above


async def _discord_away(one: Scene) -> None:
    await one.discord.down()


async def _discord_back(one: Scene) -> None:
    await one.discord.up()


async def _torn_gateway(one: Scene) -> None:
    one.discord.gateway.refusing = 1_000
    one.discord.gateway.drop()
    one.call()


async def _gateway_back(one: Scene) -> None:
    one.discord.gateway.refusing = 0


async def _invalid_session(one: Scene) -> None:
    one.discord.gateway.invalidate()


async def _silent_gateway(one: Scene) -> None:
    one.discord.gateway.mute()
    one.call()


async def _hanging_callback(one: Scene) -> None:
    fault = one.discord.fail_next("POST", r"/callback$", hang=True)
    one.call()
    async with asyncio.timeout(PATIENCE):
        await fault.hit.wait()


async def _waiting_channel(one: Scene) -> None:
    fault = one.discord.fail_next("POST", r"/channels/\d+/messages$", status=429, retry_after=15.0, scope="shared")
    one.discord.say(one.guild.channel(), one.guild.member(), f"<@{one.discord.world.bot.id}> /whatisksm")
    async with asyncio.timeout(PATIENCE):
        await fault.hit.wait()


async def _lock(one: Scene) -> None:
    one.other = await hold(one.home / "data" / FILE)
    one.discord.slash(one.hall, one.boss, "settings", {"name": "cooldown", "value": "7"})


async def _unlock(one: Scene) -> None:
    assert one.other
    one.other.close()


async def _move_away(one: Scene) -> None:
    for file in (one.home / "data").glob(f"{FILE}*"):
        file.rename(one.home / file.name)


async def _move_back(one: Scene) -> None:
    for file in one.home.glob(f"{FILE}*"):
        file.rename(one.home / "data" / file.name)


async def _full_disk(one: Scene) -> None:
    assert one.bot
    resource.prlimit(one.bot.process.pid, resource.RLIMIT_FSIZE, (1, resource.RLIM_INFINITY))
    one.discord.slash(one.hall, one.boss, "settings", {"name": "cooldown", "value": "7"})


async def _broken_file(one: Scene) -> None:
    assert one.bot
    good = one.content.text(ANSWER)
    one.content.write(ANSWER, "title: [")
    one.content.write("kept", good)
    await one.bot.says("problem")


async def _mended_file(one: Scene) -> None:
    one.content.write(ANSWER, one.content.text("kept"))


async def _no_content(one: Scene) -> None:
    one.content.path.rename(one.home / "away")


async def _content_back(one: Scene) -> None:
    (one.home / "away").rename(one.content.path)


TROUBLES: dict[str, tuple[Act, Act]] = {
    "the line to telegram is cut": (_cut, lambda one: one.line.up()),
    "telegram carries nothing": (_mute, _speak),
    "polls fail": (_failing_polls, _heal),
    "a second poller takes the updates": (_second_poller, _heal),
    "an answer on telegram hangs": (_hanging_answer, _heal),
    "a chat has to wait": (_waiting_chat, _heal),
    "telegram refuses the token": (_refused_token, _taken_token),
    "discord is away": (_discord_away, _discord_back),
    "the gateway is torn off and refuses": (_torn_gateway, _gateway_back),
    "the session is invalid": (_invalid_session, _nothing),
    "the gateway says nothing": (_silent_gateway, _nothing),
    "an answer on discord hangs": (_hanging_callback, _nothing),
    "a channel has to wait": (_waiting_channel, _nothing),
    "the database is locked": (_lock, _unlock),
    "the database is gone": (_move_away, _move_back),
    "the disk is full": (_full_disk, _nothing),
    "a file is broken": (_broken_file, _mended_file),
    "the content is gone": (_no_content, _content_back),
}
