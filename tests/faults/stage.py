"""The bot whole, in this process, between a Telegram and a Discord of ours. The supervisor's waits are told,
everything else is as operators run it.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import aiohttp

from bot.config import Settings, settings_from
from bot.core.catalog import Catalog
from bot.features.pins import PACES, EditIntervals
from bot.runtime.clock import MACHINE, Clock
from bot.runtime.platform_setup import SILENCE
from bot.runtime.service import Service
from tests.builders import Folder, read_once
from tests.fakes.discord_interaction import Interaction
from tests.fakes.discord_server import DiscordServer
from tests.fakes.telegram import Chat, Message, TelegramServer
from tests.fakes.telegram_ephemeral import Ephemeral
from tests.faults.line import Line
from tests.waiting import PATIENCE


class Naps:
    """The supervisor's waits: each lasts until the test ends it."""

    def __init__(self) -> None:
        self.taken: list[float] = []
        self._asleep: list[asyncio.Event] = []
        self._begun = asyncio.Event()

    async def sleep(self, seconds: float) -> None:
        """Wait until the test says that the time is over."""
        over = asyncio.Event()
        self.taken.append(seconds)
        self._asleep.append(over)
        self._begun.set()
        await over.wait()

    async def begun(self) -> None:
        """Return when somebody waits."""
        async with asyncio.timeout(PATIENCE):
            await self._begun.wait()

    def over(self) -> None:
        """Let all who wait go on."""
        self._begun.clear()
        for one in self._asleep:
            one.set()
        self._asleep.clear()


@dataclass
class Whole:
    """A running bot and the two platforms it serves."""

    service: Service
    telegram: TelegramServer
    discord: DiscordServer
    line: Line
    naps: Naps
    content: Folder
    data: Path
    running: asyncio.Task[None]
    _numbers: Iterator[int] = field(default_factory=count)

    def __post_init__(self) -> None:
        self.guild = self.discord.guild()
        self.channel = self.guild.channel()
        self.boss = self.guild.members[self.guild.owner_id]

    async def get(self, path: str) -> tuple[int, Any]:
        """A GET on the bot's own server."""
        address = f"http://127.0.0.1:{self.service.port}{path}"
        async with aiohttp.ClientSession() as session, session.get(address) as answer:
            return answer.status, await answer.json()

    async def tells(self, true: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """Ask /readyz as a health check does, until it tells so; its status always agrees with what it tells."""
        state: dict[str, Any] = {}
        try:
            async with asyncio.timeout(PATIENCE):
                while True:
                    status, state = await self.get("/readyz")
                    assert (status == 200) is state["ready"]
                    if true(state):
                        return state
        except TimeoutError:
            raise AssertionError(f"/readyz does not tell the truth: {state}") from None

    async def ready(self) -> None:
        """Return once /readyz says that all is served."""
        await self.tells(lambda state: bool(state["ready"]))

    async def down(self, platform: str) -> None:
        """Return once /readyz says that this platform, and no other, is not served."""

        def so(state: dict[str, Any]) -> bool:
            return [name for name, one in state["platforms"].items() if not one["ready"]] == [platform]

        await self.tells(so)

    async def telegram_answers(self, text: str = "/whatisksm", chat: Chat | None = None) -> str:
        """A newcomer asks in a group (one of its own unless told); returns the one answer."""
        chat = chat or self.telegram.chat("supergroup")
        asked = self.telegram.send(chat, self.telegram.member(), text)
        assert asked.delivered
        return await self.answered(asked)

    async def answered(self, question: Message) -> str:
        """The one answer to a message on Telegram, as soon as it stands."""

        def answer() -> str | None:
            found = self.answers_to(question)
            return found[0] if found else None

        return await self.telegram.until(answer)

    def answers_to(self, question: Message) -> list[str]:
        """What the bot has attached to that message on Telegram so far, for all or for its author alone."""
        chat = question.chat
        mine = [one for one in (*chat.messages.values(), *chat.ephemeral.values()) if one.sender is self.telegram.bot]
        kind = "reply_to_ephemeral" if isinstance(question, Ephemeral) else "reply_to"
        return [one.text for one in mine if one.content.get(kind) == question.id]

    async def discord_answers(self, command: str = "whatisksm") -> str:
        """A newcomer calls a command in a channel of its own; returns the answer."""
        async with asyncio.timeout(PATIENCE):
            return (await self.called(command).message()).content

    def called(self, command: str = "whatisksm") -> Interaction:
        """A newcomer calls a command in a channel of its own."""
        number = next(self._numbers)
        return self.discord.slash(self.guild.channel(f"c{number}"), self.guild.member(f"m{number}"), command)

    async def both_answer(self) -> None:
        """Both platforms serve, with the warning, and nothing was answered twice so far."""
        assert "⚠️" in await self.telegram_answers()
        assert "⚠️" in await self.discord_answers()
        self.nothing_twice()

    def nothing_twice(self) -> None:
        """No question has two answers."""
        mine = [one for chat in self.telegram.world.chats.values() for one in chat.messages.values()]
        replied = Counter(
            (one.chat.id, one.content["reply_to"])
            for one in mine
            if one.sender is self.telegram.bot and "reply_to" in one.content
        )
        called = Counter(one.path for one in self.discord.done("POST", r"/callback$") if one.status in (200, 204))
        assert not [one for one, times in (replied + called).items() if times > 1]

    async def stop(self) -> None:
        """Leave, as at a SIGTERM."""
        self.service.stop()
        async with asyncio.timeout(PATIENCE):
            await self.running


def settings(home: Path, telegram: TelegramServer, discord: DiscordServer, **more: Any) -> Settings:
    """What an operator would set for these two servers."""
    given: dict[str, Any] = {
        "telegram_token": telegram.token,
        "telegram_api_url": telegram.base_url.removesuffix("/bot"),
        "discord_token": discord.token,
        "responses_dir": home / "responses",
        "data_dir": home / "data",
        "port": 0,
    }
    return settings_from({name: str(value) for name, value in (given | more).items()})


Prepare = Callable[[Line, DiscordServer], Awaitable[None]]


@asynccontextmanager
async def whole(
    home: Path,
    *,
    prepare: Prepare | None = None,
    clock: Clock = MACHINE,
    paces: Mapping[str, EditIntervals] = PACES,
    silence: float = SILENCE,
    languages: tuple[str, ...] = ("en",),
    read: Callable[..., Catalog] = read_once,
    **more: Any,
) -> AsyncIterator[Whole]:
    """A bot that listens; `prepare` makes something go wrong before it starts. At the end it is stopped, and nothing
    may have been answered twice.
    """
    content = Folder(home, *languages)
    async with (
        TelegramServer(privacy=False, now=lambda: int(clock.moment().timestamp())) as telegram,
        DiscordServer() as discord,
        Line(telegram.base_url.removesuffix("/bot")) as line,
    ):
        if prepare:
            await prepare(line, discord)
        given = settings(home, telegram, discord, telegram_api_url=line.url, **more)
        service, naps = Service(given, paces, clock, silence, read), Naps()
        service.supervisor.sleep = naps.sleep
        running = asyncio.create_task(service.run())
        bot = Whole(service, telegram, discord, line, naps, content, home / "data", running)
        try:
            await _listening(bot)
            yield bot
            bot.nothing_twice()
            await bot.stop()
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)


async def _listening(bot: Whole) -> None:
    async with asyncio.timeout(PATIENCE):
        while bot.service.port is None:
            assert not bot.running.done(), bot.running.exception()
            await asyncio.sleep(0)


@asynccontextmanager
async def served(home: Path, **more: Any) -> AsyncIterator[Whole]:
    """A bot that is connected to both platforms."""
    async with whole(home, **more) as bot:
        await bot.telegram.until_polling()
        await bot.discord.gateway.connected()
        await bot.ready()
        yield bot
