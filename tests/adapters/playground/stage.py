"""The playground over the real content and responder, with a matcher whose judgement a test can see through.
Nothing of the playground itself is replaced."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.adapters.playground.adapter import PlaygroundAdapter
from bot.adapters.playground.views import Texts
from bot.content.loader import load
from bot.core.catalog import Catalog
from bot.core.community import Community, RatingCount
from bot.core.disclaimer import Reply
from bot.core.errors import Problem
from bot.core.model import Match, MessageRef, Notice, Outcome, Place, Request, Suggestion
from bot.core.ports import Communities
from bot.core.sealed_catalog import SealedCatalog
from bot.core.spans import CommandRef
from bot.features.answers import Responder
from bot.pictures.gallery import Gallery
from bot.runtime.content_setup import page_values

RESPONSES = Path(__file__).parents[3] / "responses"


@cache
def real_catalog() -> Catalog:
    """The content as it lies in the repository, read once."""
    return load([RESPONSES], {})


@dataclass
class LiveContent:
    """An edition and its problems, for a test to exchange."""

    edition: SealedCatalog
    problems: tuple[Problem, ...] = ()


class Defaults:
    """Communities that chose nothing."""

    async def of(self, place: Place) -> Community:
        return Community(place.platform, place.community)


@dataclass
class PlainMatcher:
    """Free text that names an explainer's title means it; “buy” asks for advice; anything else is near something."""

    titles: dict[str, str]
    asked: list[str] = field(default_factory=list)

    async def match(self, text: str) -> Match:
        self.asked.append(text)
        words = text.casefold().strip(" ?")
        for command, title in self.titles.items():
            if words == title.casefold().strip(" ?"):
                return Match(Outcome.EXPLAINER, command, self.suggest(text, 3), 0.97, "the title")
        outcome = Outcome.ADVICE if "buy" in words else Outcome.SUGGEST
        return Match(outcome, None, self.suggest(text, 3), 0.4, "no title")

    def suggest(self, text: str, limit: int) -> tuple[Suggestion, ...]:
        words = text.casefold()
        near = sorted(self.titles, key=lambda command: (words not in self.titles[command].casefold(), command))
        return tuple(Suggestion(command, self.titles[command], 0.5) for command in near[:limit])


@dataclass
class Stage:
    """A playground and what stands behind it."""

    shelf: LiveContent
    matcher: PlainMatcher
    responder: Responder
    playground: PlaygroundAdapter
    pinned: list[MessageRef] = field(default_factory=list)

    def teach_pinning(self) -> None:
        """Let `/pin` post and pin an explainer, and keep its reference in `pinned`."""

        async def pin(request: Request, community: Community) -> Notice:
            catalog = self.shelf.edition.catalog
            reply = self.shelf.edition.explainer(request.text, catalog.default, community.risk_floor)
            assert reply is not None
            ref = await self.playground.post(request.place, reply)
            await self.playground.pin(ref)
            self.pinned.append(ref)
            return Notice("pinned", {"command": CommandRef(request.text)})

        self.responder.learn("pin", pin)

    def app(self) -> web.Application:
        """A server's application with the playground's routes."""
        app = web.Application()
        app.add_routes(self.playground.routes())
        return app

    @asynccontextmanager
    async def client(self) -> AsyncIterator[TestClient[web.Request, web.Application]]:
        """A client on loopback; the event streams end before the server does."""
        async with TestClient(TestServer(self.app())) as client:
            try:
                yield client
            finally:
                self.playground.close()


def stage(communities: Communities | None = None) -> Stage:
    """Everything put together, over the real content."""
    catalog = real_catalog()
    shelf = LiveContent(SealedCatalog(catalog))
    matcher = PlainMatcher({command: entry.title for command, entry in catalog.default.entries.items()})
    responder = Responder(lambda: shelf.edition, (communities or Defaults()).of, matcher, page_values)
    return Stage(shelf, matcher, responder, playground_of(responder, shelf, match=matcher.match))


def playground_of(
    responder: Responder, texts: Texts, folders: Sequence[str] = ("responses",), **more: Any
) -> PlaygroundAdapter:
    """The page over that responder; where a test gives nothing, nobody rated and no title is answered."""

    async def unrated() -> Sequence[RatingCount]:
        return ()

    async def silent(post: Place, author: str, title: str) -> Reply | None:
        return None

    given: dict[str, Any] = {"match": responder.questions.look_up, "ratings": unrated, "titles": silent}
    given |= {"quote": lambda one: f"risk: {len(one.what)}", "pictures": Gallery()}
    return PlaygroundAdapter(responder, texts, folders, **(given | more))
