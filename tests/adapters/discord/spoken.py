"""Sealed replies for tests, and a responder that gives them."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from bot.core.buttons import Button
from bot.core.catalog import Language
from bot.core.command_text import spelling, split_command
from bot.core.commands import CommandInfo, Param
from bot.core.disclaimer import Reply, readdress, seal
from bot.core.errors import StoreError
from bot.core.markup import parse
from bot.core.model import Answer, Member, MessageRef, Notice, Outcome, Request, Right, Risk, Source, Suggestion
from bot.core.notices import SLOTS
from bot.core.spans import Body, Paragraph, Span, Text

WARNING = "⚠️ High-risk: you could lose all your money, with no protection. /risk"
ENGLISH = Language(
    locale="en",
    name="English",
    warnings=dict.fromkeys(Risk, WARNING),
    entries={},
    pages={},
    notices={key: (Paragraph((Text(f"notice: {key}"),)),) for key in SLOTS},
    rights={right: (right.name or "").lower() for right in Right},
)
BUTTONS = (Button("Risks", "kusama-risks", "en"), Button("Kusama vs Polkadot", "kusama-vs-polkadot", "en"))
BODY = "**Kusama's own token.**\n\nIt pays fees.\n\n- one\n- two, see /kusama-risks"


def answer(
    body: str | Body = BODY,
    *,
    command: str = "whatisksm",
    title: str = "What is KSM?",
    buttons: tuple[Button, ...] = (),
    outcome: Outcome = Outcome.EXPLAINER,
    to: Member | MessageRef | None = None,
    private: bool = False,
) -> Reply:
    """A sealed explainer."""
    words = parse(body) if isinstance(body, str) else body
    source = Source("What is KSM?", date(2026, 11, 22), "Source: “What is KSM?” · checked November 22, 2026")
    draft = Answer(command, outcome, title, words, Risk.HIGH, source, buttons)
    return readdress(seal(draft, ENGLISH, Risk.GENERAL), to, private)


def spans(*parts: Span) -> Body:
    """One paragraph of these spans."""
    return (Paragraph(parts),)


def notice(key: str = "settings-saved", *, private: bool = False) -> Reply:
    """A sealed notice without values."""
    return readdress(seal(Notice(key), ENGLISH, Risk.GENERAL), None, private)


def info(name: str, *params: Param, right: Right = Right.NONE, kind: str = "slash", shown: str = "") -> CommandInfo:
    """A command as content would describe it."""
    names = {"en": shown or name}
    words = {"en": f"About {name}", "es": f"Sobre {name}", "zh": f"关于 {name}"}
    return CommandInfo(name, "message" if kind == "message" else "slash", names, words, params, right)


def param(key: str, kind: str, *, required: bool = False, choices: tuple[str, ...] = ()) -> Param:
    """An option as content would describe it."""
    names = {"en": key, "es": f"{key}-es"}
    return Param(key, kind, names, {"en": f"The {key}"}, required, choices)  # type: ignore[arg-type]  # from a table


FOR_AND_PRIVATE = (param("for", "member"), param("private", "flag"))
COMMANDS = (
    info("whatisksm", *FOR_AND_PRIVATE),
    info("kusama-vs-polkadot", *FOR_AND_PRIVATE),
    info("ask", param("question", "text", required=True)),
    info("help"),
    info("explain", kind="message", shown="Explain this"),
    info("pin", param("topic", "topic", required=True), right=Right.PIN),
    info(
        "settings",
        param("name", "choice", choices=("language", "risk")),
        param("value", "text"),
        right=Right.MANAGE,
    ),
)


@dataclass
class SpokenResponder:
    """Answers every command with an explainer, and keeps what it was asked. `gate` holds answers back until set."""

    commands: tuple[CommandInfo, ...] = COMMANDS
    speak: Callable[[Request], Reply | None] = lambda request: answer(command=request.command, buttons=BUTTONS)
    requests: list[Request] = field(default_factory=list)
    gate: asyncio.Event | None = None

    def read(self, words: str) -> tuple[str, str]:
        return split_command(words, {spelling(one.name): one.name for one in self.commands if one.kind == "slash"})

    def info(self, request: Request) -> CommandInfo:
        return next((one for one in self.commands if one.name == request.command), CommandInfo(""))

    async def respond(self, request: Request) -> Reply | None:
        self.requests.append(request)
        if self.gate:
            await self.gate.wait()
        reply = self.speak(request)
        return reply and readdress(reply, request.about, request.private)

    async def search(self, text: str, locale: str | None) -> tuple[Reply, ...]:
        return ()

    def suggest(self, text: str, locale: str | None) -> tuple[Suggestion, ...]:
        return (Suggestion("whatisksm", f"{text} in {locale}", 1.0),)

    def notice(self, key: str, request: Request) -> Reply:
        return notice(key, private=request.private)


@dataclass
class Remembered:
    """The offers' port in memory; `calls` counts what was remembered."""

    known: dict[tuple[str, str], str] = field(default_factory=dict)
    calls: int = 0
    error: StoreError | None = None

    async def offered(self, platform: str, scope: str) -> str | None:
        if self.error:
            raise self.error
        return self.known.get((platform, scope))

    async def offer(self, platform: str, scope: str, hash_: str) -> None:
        self.known[platform, scope] = hash_
        self.calls += 1
