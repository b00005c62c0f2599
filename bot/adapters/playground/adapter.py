"""The playground's routes: the page, its questions and its news. Its law: what it shows of an answer is what the
platforms' own renderers made of it, side by side.
"""

import hashlib
import logging
import traceback
from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final, Protocol, final

from aiohttp import web

from bot.adapters.playground import read
from bot.adapters.playground.content import room, sheets
from bot.adapters.playground.door import HEADERS, Door, body, said
from bot.adapters.playground.face import Face
from bot.adapters.playground.news import News
from bot.core.commands import Audience, CommandInfo
from bot.core.disclaimer import Reply
from bot.core.edition import Edition
from bot.core.errors import Problem
from bot.core.model import Match, Member, Request, Suggestion
from bot.core.spans import flatten

_log = logging.getLogger(__name__)

_PAGE: Final = Path(__file__).parent / "page"
_TYPES: Final = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
_NEAREST: Final = 3
_CHOICES: Final = 8


class Speaker(Protocol):
    """The responder, as far as the playground asks it."""

    @property
    def commands(self) -> tuple[CommandInfo, ...]: ...

    async def respond(self, request: Request) -> Reply | None: ...

    def suggest(self, text: str, locale: str | None) -> tuple[Suggestion, ...]: ...

    def notice(self, key: str, request: Request) -> Reply: ...


class Texts(Protocol):
    """The content in use, and what is wrong with the files if they are newer and broken."""

    @property
    def edition(self) -> Edition: ...

    @property
    def problems(self) -> tuple[Problem, ...]: ...


@final
class PlaygroundAdapter:
    """Serves the page under the names in `hosts`.

    `match` tells how free text was judged (None: that is not shown). Tell `changed()` after the content was read
    again, and `close()` before the server stops.
    """

    def __init__(
        self,
        responder: Speaker,
        faces: Mapping[str, Face],
        texts: Texts,
        hosts: frozenset[str],
        match: Callable[[str], Awaitable[Match]] | None = None,
    ) -> None:
        self._responder, self._faces, self._texts, self._match = responder, faces, texts, match
        self._door = Door(hosts)
        self._news = News(lambda: {"content": self._content()})
        self._files = {path.name: path.read_bytes() for path in _PAGE.iterdir() if path.suffix in _TYPES}

    def routes(self) -> list[web.RouteDef]:
        """What the server shall answer."""
        opened = self._door.open
        return [
            web.get("/", opened(self._file)),
            web.get("/page/{name}", opened(self._file)),
            web.get("/events", opened(self._news.stream)),
            web.post("/api/ask", opened(self._ask)),
            web.get("/api/commands", opened(self._commands)),
            web.get("/api/suggest", opened(self._suggest)),
            web.get("/api/content", opened(self._sheets)),
        ]

    def changed(self) -> None:
        """The content was read again: tell the pages what is new, if anything is."""
        self._news.tell()

    def close(self) -> None:
        """End the pages' event streams, so that the server can stop."""
        self._news.close()

    async def _file(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info.get("name", "index.html")
        file = self._files.get(name)
        if file is None:
            raise read.Refusal("there is no such file", HTTPStatus.NOT_FOUND)
        etag = f'"{hashlib.sha256(file).hexdigest()[:16]}"'
        headers = {**HEADERS, "Cache-Control": "no-cache", "ETag": etag}
        if request.headers.get("If-None-Match") == etag:
            return web.Response(status=HTTPStatus.NOT_MODIFIED, headers=headers)
        return web.Response(body=file, content_type=_TYPES[Path(name).suffix], charset="utf-8", headers=headers)

    async def _ask(self, request: web.Request) -> web.StreamResponse:
        asked = read.request(read.json(await body(request)), self._responder.commands)
        reply = await self._reply(asked)
        if reply is None:
            return said({"silent": True})
        return said(self._answer(asked, reply) | {"match": await self._judged(asked)})

    async def _reply(self, asked: Request) -> Reply | None:
        if asked.private and isinstance(asked.about, Member):
            return self._responder.notice("mention-and-private-refused", asked)
        try:
            return await self._responder.respond(asked)
        except Exception as error:  # the shell: a fault in one answer is told, and stays in it
            where = "".join(traceback.format_tb(error.__traceback__))
            _log.error("a request failed: %s\n%s", type(error).__name__, where)
            return self._responder.notice("something-went-wrong", asked)

    def _answer(self, asked: Request, reply: Reply) -> dict[str, Any]:
        info = {one.name: one for one in self._responder.commands}.get(asked.command)
        spelled = {name: f"/{face.spell(info, asked.locale or 'en')}" for name, face in self._faces.items() if info}
        return {
            "silent": False,
            "outcome": reply.outcome.value,
            "command": reply.command,
            "locale": reply.locale,
            "digest": reply.digest,
            "title": reply.title,
            "warning": reply.warning,
            "body": flatten(reply.body),
            "private": reply.private,
            "to": {"id": reply.to.id, "name": reply.to.name} if isinstance(reply.to, Member) else None,
            "asked": {"command": asked.command, "text": asked.text, "spelled": spelled},
            "faces": {name: face.render(reply) for name, face in self._faces.items()},
        }

    async def _judged(self, asked: Request) -> dict[str, Any] | None:
        """How free text was taken: the measure, and the nearest explainers."""
        if self._match is None or asked.command != "ask" or not asked.text.strip():
            return None
        match = await self._match(asked.text)
        nearest = [_suggested(one) for one in match.suggestions[:_NEAREST]]
        return {"outcome": match.outcome.value, "score": match.score, "why": match.why, "nearest": nearest}

    async def _commands(self, request: web.Request) -> web.StreamResponse:
        """The slash menu of each platform, for a reader of that language in that role."""
        locale = read.tag(request.query.get("locale", "en"))
        moderator = request.query.get("as") == "moderator"
        explainers = set(self._texts.edition.catalog.explainers)
        return said(
            [
                self._offered(info, locale) | {"explainer": info.name in explainers}
                for info in self._responder.commands
                if info.kind == "slash" and (moderator or info.audience is Audience.EVERYONE)
            ]
        )

    def _offered(self, info: CommandInfo, locale: str) -> dict[str, Any]:
        params = [{"name": _in(p.names, locale), "kind": p.kind, "required": p.required} for p in info.params]
        return {
            "name": info.name,
            "spelled": {name: f"/{face.spell(info, locale)}" for name, face in self._faces.items()},
            "description": _in(info.descriptions, locale),
            "params": params,
        }

    async def _suggest(self, request: web.Request) -> web.StreamResponse:
        text = request.query.get("text", "")
        if len(text) > read.LONGEST:
            raise read.Refusal("“text” is too long")
        found = self._responder.suggest(text, read.tag(request.query.get("locale", "en")))
        return said([_suggested(one) for one in found[:_CHOICES]])

    async def _sheets(self, request: web.Request) -> web.StreamResponse:
        """The writer's side: every answer with what it rests on and how much more it may say."""
        language = self._texts.edition.catalog.language(read.tag(request.query.get("locale", "en")))
        return said(sheets(self._texts.edition, language, lambda reply: room(reply, self._faces)))

    def _content(self) -> dict[str, Any]:
        """What the pages are told of the content."""
        catalog = self._texts.edition.catalog
        return {
            "revision": catalog.revision,
            "article": catalog.article,
            "languages": [{"locale": one.locale, "name": one.name} for one in catalog.languages.values()],
            "problems": [
                {"file": one.file, "line": one.line, "what": one.what, "remedy": one.remedy}
                for one in self._texts.problems
            ],
        }


def _suggested(one: Suggestion) -> dict[str, Any]:
    return {"command": one.command, "title": one.title, "score": round(one.score, 3)}


def _in(words: Mapping[str, str], locale: str) -> str:
    return words.get(locale) or words.get(locale.split("-", maxsplit=1)[0]) or words.get("en", "")
