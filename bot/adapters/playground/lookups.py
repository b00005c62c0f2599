"""Handles the page's requests for other things than answers: the slash menu, suggestions, pictures, and the explainers
as their writers see them.
"""

from collections.abc import Awaitable, Callable, Sequence
from http import HTTPStatus
from typing import Final, final

from aiohttp import web
from cachetools import LRUCache

from bot.adapters.playground import requests, views
from bot.adapters.playground.page_guard import HEADERS, json_response
from bot.adapters.playground.writer_view import explainer_details, explainer_rows
from bot.core.community import RatingCount
from bot.core.disclaimer import Reply
from bot.core.ports import Answers, Pictures

_CHOICES: Final = 8


@final
class Lookups:
    """The handlers of these requests. `ratings` returns how answers were rated, `pictures` draws pictures."""

    def __init__(
        self,
        responder: Answers,
        texts: views.Texts,
        ratings: Callable[[], Awaitable[Sequence[RatingCount]]],
        pictures: Pictures,
    ) -> None:
        self._responder, self._texts = responder, texts
        self._ratings, self._pictures = ratings, pictures
        self.charts = LRUCache[str, Reply](64)  # the latest replies with a chart, by digest

    async def picture(self, request: web.Request) -> web.StreamResponse:
        """Return the picture of the answer with that digest."""
        digest = request.match_info["digest"]
        reply = self.charts.get(digest) or views.pictured(self._texts.edition, digest)
        png = await self._pictures.png(reply) if reply else None
        if png is None:
            raise requests.Refusal("there is no such picture", HTTPStatus.NOT_FOUND)
        # Browsers may keep it, because a changed picture has another digest.
        headers = {**HEADERS, "Cache-Control": "private, max-age=31536000, immutable"}
        return web.Response(body=png, content_type="image/png", headers=headers)

    async def commands(self, request: web.Request) -> web.StreamResponse:
        """Return the slash menu of each platform for a reader with that language and role."""
        locale = _locale(request)
        moderator = request.query.get("as") in requests.MODERATORS
        offered = [
            views.command(info, locale)
            for info in self._responder.commands
            if info.kind == "slash" and (moderator or not info.right)
        ]
        return json_response(offered)

    async def suggest(self, request: web.Request) -> web.StreamResponse:
        """Return the explainers nearest to the typed text."""
        text = request.query.get("text", "")
        if len(text) > requests.LONGEST:
            raise requests.Refusal("“text” is too long")
        suggestions = self._responder.suggest(text, _locale(request))
        return json_response([views.suggestion(one) for one in suggestions[:_CHOICES]])

    async def content(self, request: web.Request) -> web.StreamResponse:
        """Return the list of explainers."""
        language = self._texts.edition.language(_locale(request))
        return json_response(explainer_rows(self._texts.edition, language, await self._ratings()))

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Return one explainer with all details."""
        edition = self._texts.edition
        details = explainer_details(edition, request.match_info["command"], edition.language(_locale(request)))
        if details is None:
            raise requests.Refusal("there is no such answer", HTTPStatus.NOT_FOUND)
        return json_response(details)


def _locale(request: web.Request) -> str:
    return requests.tag(request.query.get("locale", "en"))
