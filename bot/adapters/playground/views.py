"""Builds the JSON values that are sent to the page. Messages in them are the output of the platforms' renderers."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import product
from typing import Any, Final, Protocol

from bot.adapters.playground.posts import Post
from bot.adapters.playground.preview import faces, seen, spelled
from bot.core.catalog import Catalog
from bot.core.commands import CommandInfo, Shown, first
from bot.core.disclaimer import Reply
from bot.core.errors import MOST_SHOWN, Problem
from bot.core.model import Match, Member, Request, Risk, Suggestion
from bot.core.sealed_catalog import SealedCatalog
from bot.core.settings_export import NAME, to_yaml
from bot.core.spans import flatten

View = dict[str, Any]
Quote = Callable[[Problem], str | None]
"""Returns the line of the file that a problem is about, or None if it can no longer be read."""

_UNADDRESSED: Final = (
    "The bot stays silent: in a group it reads only commands and messages that begin by mentioning it. Write /ask or "
    "@TheBot before the question, or point at this message: ↩ with /ask on Telegram, “Explain this” on Discord."
)
_UNKNOWN: Final = "The bot stays silent: in a group, a command that it does not know may be meant for another bot."
_UNSURE: Final = (
    "The bot stays silent: a title gets an answer only where it surely asks for a topic or for advice, and where a"
    " moderator typed: /settings forum here on. Of many posts at once, some get none."
)
_NEAREST = 3
_DECLINED = "Should I buy it now?"


class Texts(Protocol):
    """The content in use, and the problems of the files if they have changed since and have mistakes."""

    @property
    def edition(self) -> SealedCatalog: ...

    @property
    def problems(self) -> tuple[Problem, ...]: ...


def answer(reply: Reply, request: Request, shown: Shown) -> View:
    """Return the reply to that request, with who sees it on each platform. `shown` is that of the command."""
    shared = request.place.community is not None or request.guest
    return message(reply, shared=shared, guest=request.guest) | {"seen": seen(reply, request, shown)}


def message(reply: Reply, *, shared: bool, guest: bool = False) -> View:
    """Return a sealed reply as each platform shows it. `shared`: several people read it. The page requests its picture
    by its digest.
    """
    return {
        "outcome": reply.outcome.value,
        "command": reply.command,
        "locale": reply.locale,
        "digest": reply.digest,
        "title": reply.title,
        "warning": reply.warning,
        "body": flatten(reply.body),
        "private": reply.private,
        "to": {"id": reply.to.id, "name": reply.to.name} if isinstance(reply.to, Member) else None,
        "file": {"name": NAME, "text": to_yaml(reply.settings)} if reply.settings else None,
        "faces": faces(reply, shared=shared, guest=guest),
    }


def silence(request: Request) -> str:
    """Return why the bot does not answer the request."""
    return _UNKNOWN if request.command else _UNSURE if request.place.thread else _UNADDRESSED


def pictured(edition: SealedCatalog, digest: str) -> Reply | None:
    """Return the reply with a picture that has that digest, or None. Searches all replies with a picture, so that there
    is no need to store which were shown.
    """
    for language in edition.catalog.languages.values():
        for command, entry in language.entries.items():
            for floor, rated in product(Risk, (True, False)) if entry.picture else ():
                reply = edition.explainer(command, language, floor, rated=rated)
                if reply and reply.digest == digest:
                    return reply
    return None


def question(request: Request, commands: Iterable[CommandInfo]) -> View:
    """Return the question, with the command's name on each platform."""
    info = next((one for one in commands if one.name == request.command), None)
    return {
        "command": request.command,
        "text": request.text,
        "spelled": spelled(info, request.locale or "") if info else {},
    }


def judgement(match: Match) -> View:
    """Return how a free question was matched, with the nearest explainers."""
    nearest = [suggestion(one) for one in match.suggestions[:_NEAREST]]
    return {"outcome": match.outcome.value, "score": match.score, "why": match.why, "nearest": nearest}


def suggestion(one: Suggestion) -> View:
    """Return a suggested explainer with its score."""
    return {"command": one.command, "title": one.title, "score": round(one.score, 3)}


def command(info: CommandInfo, locale: str) -> View:
    """Return a row of the slash menu for a reader of that language."""
    return {
        "name": info.name,
        "spelled": spelled(info, locale),
        "description": _in(info.descriptions, locale),
        "params": [
            {"name": _in(one.names, locale), "kind": one.kind, "required": one.required, "choices": list(one.choices)}
            for one in info.params
        ],
    }


def post(one: Post) -> View:
    """Return a message that the bot posted by itself."""
    return message(one.reply, shared=not one.reply.private) | {
        "message": one.ref.message,
        "seen": {"telegram": "alone"} if one.reply.private else None,
        "where": one.ref.place.community,
        "at": one.at,
        "pinned": one.pinned,
        "edited": one.edited,
    }


def content(texts: Texts, quote: Quote, folders: Sequence[str]) -> View:
    """Return the content in use, and the problems of the files, each with its line. `folders` are the content's folder
    and those of its overlays. If there is only one, file names do not contain it, so the page puts `prefix` before
    them.
    """
    catalog = texts.edition.catalog
    shown = introduction(catalog)
    shown["words"]["folders"] = ", ".join(f"{one}/" for one in folders)
    return shown | {
        "folder": folders[-1],
        "prefix": f"{folders[0]}/" if len(folders) == 1 else "",
        "first": catalog.first,
        "revision": catalog.revision,
        "article": catalog.article,
        "languages": [{"locale": one.locale, "name": one.name} for one in catalog.languages.values()],
        "problems": [
            {"file": one.file, "line": one.line, "what": one.what, "remedy": one.remedy, "quote": quote(one)}
            for one in texts.problems[:MOST_SHOWN]
        ],
        "count": len(texts.problems),
    }


def introduction(catalog: Catalog) -> View:
    """Return the page's introduction: texts by the ids of their elements, and examples to type, each with its kind."""
    default, about = catalog.default, f"about {catalog.subject} " if catalog.subject else ""
    name = f"{catalog.subject} bot".strip()
    name = name[0].upper() + name[1:]
    first, second = (*default.pages["start"].see_also, *catalog.explainers, *catalog.explainers)[:2]
    examples = [(f"/{first}", "a command"), (default.entries[second].title, "a question")]
    warned = "" if default.reason else ", always under a risk warning"
    return {
        "words": {
            "name": name,
            "mark": name[0],
            "intro-title": f"A bot {about}on Discord and Telegram",
            "intro-text": f"It answers from short, reviewed texts{warned}, and never gives advice. Below you see what"
            " each app would show. Nothing leaves this computer. Try:",
        },
        "examples": [*examples, *([(_DECLINED, "what it declines")] if "advice" in default.pages else [])],
    }


def _in(words: Mapping[str, str], locale: str) -> str:
    return words.get(locale) or words.get(locale.split("-", maxsplit=1)[0]) or first(words)
