"""A bot on the fake Telegram that answers from a few drafts, and the replies that tests render."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from bot.adapters.telegram.adapter import TelegramAdapter
from bot.core.buttons import Button
from bot.core.catalog import Language
from bot.core.command_text import spelling, split_command
from bot.core.commands import CommandInfo, Shown
from bot.core.disclaimer import Reply, readdress, seal
from bot.core.markup import parse
from bot.core.model import Answer, Draft, Notice, Outcome, Place, Request, Right, Risk, Source, Suggestion
from bot.core.ports import Answers
from bot.core.spans import Body, Paragraph, Text
from tests.fakes.telegram import Chat, TelegramServer

WARNINGS = {
    Risk.GENERAL: "⚠️ High risk: you could lose all your money. /risk",
    Risk.ELEVATED: "⚠️ High risk, and experimental: you could lose all your money. /risk",
    Risk.HIGH: "⚠️ Crypto is high-risk. You could lose all the money you put in. Full risks: /risk",
}
NOTICES = {
    "something-went-wrong": parse("Something went wrong."),
    "old-button": parse("This button is too old."),
    "rated-wrong": parse("Counted."),
    "one-moment": parse("One moment, please."),
    "pins-current": parse("{command} in {channel}"),
}
ENGLISH = Language("en", "English", WARNINGS, {}, {}, NOTICES, {}, this_chat="this chat")
SOURCE = Source("What is KSM?", date(2026, 11, 22), "Source: “What is KSM?” · checked November 22, 2026")


def draft(
    body: Body | str = "**KSM** is a token.\n\n- one\n- two",
    *,
    command: str = "whatisksm",
    title: str = "What is KSM?",
    risk: Risk = Risk.HIGH,
    buttons: tuple[Button, ...] = (Button("Risks", "kusama-risks", "en"),),
) -> Answer:
    """An explainer as a handler would draft it."""
    words = parse(body) if isinstance(body, str) else body
    return Answer(command, Outcome.EXPLAINER, title, words, risk, SOURCE, buttons)


def sealed(given: Draft | None = None, **changed: Any) -> Reply:
    """A reply ready to be rendered."""
    return seal(given or draft(**changed), ENGLISH, Risk.GENERAL)


def paragraph(words: str) -> Body:
    """One paragraph of plain words."""
    return (Paragraph((Text(words),)),)


def place(chat: Chat, thread: int | None = None) -> Place:
    """Where messages to that chat go."""
    return Place("telegram", str(chat.id), str(chat.id), None if thread is None else str(thread))


def info(name: str, right: Right = Right.NONE, shown: Shown = Shown.ALL, **descriptions: str) -> CommandInfo:
    """A command as it is offered."""
    words = {"en": f"About {name}", **descriptions}
    return CommandInfo(name, "slash", {}, words, right=right, shown=shown)


async def at_once(_: float) -> None:
    """Wait for nothing, where time stands still."""
    await asyncio.sleep(0)


class Broken(Exception):
    """What a handler with a mistake raises."""


@dataclass
class Answering:
    """Stands for the responder: drafts by spelling, and every request as it came."""

    drafts: Mapping[str, Draft | Exception] = field(default_factory=dict)
    commands: tuple[CommandInfo, ...] = (info("whatisksm"), info("pin", Right.PIN))
    found: tuple[Reply, ...] = ()
    requests: list[Request] = field(default_factory=list)
    gate: asyncio.Event | None = None
    private: bool = False  # as a refusal is

    def read(self, words: str) -> tuple[str, str]:
        return split_command(
            words, {spelling(name): name for name in (*self.drafts, *(one.name for one in self.commands), "ask")}
        )

    def info(self, request: Request) -> CommandInfo:
        return next((one for one in self.commands if one.name == request.command), CommandInfo(""))

    async def respond(self, request: Request) -> Reply | None:
        self.requests.append(request)
        if self.gate is not None:
            await self.gate.wait()
        given = self.drafts.get(spelling(request.command))
        if isinstance(given, Exception):
            raise given
        if given is None and request.buttons is not None:
            return readdress(sealed(Notice("old-button")), None, True)
        return given and readdress(sealed(given), request.about, request.private or self.private)

    def suggest(self, text: str, locale: str | None) -> tuple[Suggestion, ...]:
        return ()

    async def search(self, text: str, locale: str | None) -> tuple[Reply, ...]:
        return self.found

    def notice(self, key: str, request: Request) -> Reply:
        return sealed(Notice(key, {}))


@dataclass
class Remembered:
    """Offers in memory."""

    hashes: dict[tuple[str, str], str] = field(default_factory=dict)
    saved: asyncio.Event = field(default_factory=asyncio.Event)
    error: Exception | None = None

    async def offered(self, platform: str, scope: str) -> str | None:
        if self.error:
            raise self.error
        return self.hashes.get((platform, scope))

    async def offer(self, platform: str, scope: str, hash_: str) -> None:
        self.hashes[platform, scope] = hash_
        self.saved.set()


KNOWN: Mapping[str, Draft] = {"whatisksm": draft(), "kusamavspolkadot": draft(title="Kusama and Polkadot")}


@asynccontextmanager
async def running(
    server: TelegramServer, answers: Answers, offers: Remembered | None = None, **options: Any
) -> AsyncIterator[TelegramAdapter]:
    """The adapter, connected and polling; stopped as the supervisor stops it."""
    options = {"base_url": server.base_url, "drain": 2.0, **options}
    adapter = TelegramAdapter(server.token, answers, offers or Remembered(), **options)
    task = asyncio.create_task(adapter.run())
    try:
        await (server.wait_for("setWebhook") if options.get("webhook") else server.until_polling())
        yield adapter
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
