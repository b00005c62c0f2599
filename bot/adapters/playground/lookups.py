"""What the page asks for without asking the bot a question: the slash menu, suggestions, and the writer's sheets."""

from collections.abc import Awaitable, Callable, Sequence
from http import HTTPStatus
from typing import Final, final

from aiohttp import web
from cachetools import LRUCache

from bot.adapters.playground import requests, views
from bot.adapters.playground.http_guard import HEADERS, said
from bot.adapters.playground.sheets import sheet, sheets
from bot.core.community import RatingCount
from bot.core.disclaimer import Reply
from bot.core.ports import Answers, Pictures

_CHOICES: Final = 8


@final
class Lookups:
    """The handlers of these requests. `ratings` says how answers were rated, `pictures` draws."""

    def __init__(
        self,
        responder: Answers,
        texts: views.Texts,
        ratings: Callable[[], Awaitable[Sequence[RatingCount]]],
        pictures: Pictures,
    ) -> None:
        self._responder, self._texts = responder, texts
        self._ratings, self._pictures = ratings, pictures
        self.charts = LRUCache[str, Reply](64)  # of statistics, by their digests

    async def picture(self, request: web.Request) -> web.StreamResponse:
        """The picture of the answer with that digest."""
        digest = request.match_info["digest"]
        reply = self.charts.get(digest) or views.pictured(self._texts.edition, digest)
        png = await self._pictures.png(reply) if reply else None
        if png is None:
            raise requests.Refusal("there is no such picture", HTTPStatus.NOT_FOUND)
        headers = {**HEADERS, "Cache-Control": "private, max-age=31536000, immutable"}  # the digest covers all of it
        return web.Response(body=png, content_type="image/png", headers=headers)

    async def commands(self, request: web.Request) -> web.StreamResponse:
        """The slash menu of each platform, for a reader of that language in that role."""
        locale = _locale(request)
        moderator = request.query.get("as") in requests.MODERATORS
        offered = [
            views.command(info, locale)
            for info in self._responder.commands
            if info.kind == "slash" and (moderator or not info.right)
        ]
        return said(offered)

    async def suggest(self, request: web.Request) -> web.StreamResponse:
        """The explainers nearest to what is typed."""
        text = request.query.get("text", "")
        if len(text) > requests.LONGEST:
            raise requests.Refusal("“text” is too long")
        found = self._responder.suggest(text, _locale(request))
        return said([views.suggestion(one) for one in found[:_CHOICES]])

    async def content(self, request: web.Request) -> web.StreamResponse:
        """The list of answers."""
        language = self._texts.edition.language(_locale(request))
        return said(sheets(self._texts.edition, language, await self._ratings()))

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """One answer, whole."""
        edition = self._texts.edition
        found = sheet(edition, request.match_info["command"], edition.language(_locale(request)))
        if found is None:
            raise requests.Refusal("there is no such answer", HTTPStatus.NOT_FOUND)
        return said(found)


def _locale(request: web.Request) -> str:
    return requests.tag(request.query.get("locale", "en"))
