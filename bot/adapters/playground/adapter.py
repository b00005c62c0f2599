"""The playground as a platform, and the routes of its page. The page shows each answer as each platform renders it."""

import asyncio
import hashlib
import logging
import time
import traceback
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from functools import lru_cache
from http import HTTPStatus
from itertools import count
from pathlib import Path
from typing import Final, final

from aiohttp import web

from bot.adapters.playground import requests, views
from bot.adapters.playground.event_stream import EventStream
from bot.adapters.playground.join_simulator import Clock, FakeMembers
from bot.adapters.playground.lookups import Lookups
from bot.adapters.playground.page_guard import HEADERS, PageGuard, json_body, json_response
from bot.adapters.playground.posts import Posts
from bot.core.commands import CommandInfo
from bot.core.community import RatingCount
from bot.core.disclaimer import Reply, readdress
from bot.core.errors import MOST_SHOWN, Busy, MessageGone
from bot.core.join_window import Join
from bot.core.model import PLAYGROUND, Attachment, Match, Member, Place, Request, Right
from bot.core.ports import Answers, Pictures

_log = logging.getLogger(__name__)

_TYPES: Final = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
_PAGE: Final = Path(__file__).parent / "page"


Joined = Callable[[Place, Sequence[Join]], Awaitable[None]]  # takes the new members of that place


@final
class PlaygroundAdapter(Posts):
    """`bot.core.ports.Platform` over a local page.

    `folders` are those of the content. `match` finds the explainer for free text, `quote` returns the line of a
    problem, `pictures` draws pictures, `ratings` returns how answers were rated, `titles` answers new posts in a forum.
    Call `changed()` after the content was reloaded, and `close()` before the server stops. The page can speed up the
    `clock`.
    """

    name = PLAYGROUND
    ready = True  # there is nothing to connect to

    def __init__(
        self,
        responder: Answers,
        texts: views.Texts,
        folders: Sequence[str],
        *,
        match: Callable[[str], Awaitable[Match]],
        quote: views.Quote,
        pictures: Pictures,
        ratings: Callable[[], Awaitable[Sequence[RatingCount]]],
        titles: Callable[[Place, str, str], Awaitable[Reply | None]],
    ) -> None:
        self._events = EventStream(self._state)
        super().__init__(self._events.notify, time.time)
        self._responder, self._texts, self._match = responder, texts, match
        self._quote = lru_cache(MOST_SHOWN)(quote)  # all pages show these lines, which are read from files
        self._titles, self._folders, self._numbers = titles, folders, count(1)
        self._lookups = Lookups(responder, texts, ratings, pictures)
        self._joined: Joined | None = None
        self._fake_members = FakeMembers(lambda: datetime.now(UTC))
        self.clock, self._guard = Clock(time.monotonic), PageGuard(time.monotonic)
        self._files = {path.name: path.read_bytes() for path in _PAGE.iterdir() if path.suffix in _TYPES}

    def routes(self) -> list[web.RouteDef]:
        """Return the routes for the web server."""
        guarded = self._guard.guarded
        return [
            web.get("/", guarded(self._file, paced=False)),
            web.get("/page/{name}", guarded(self._file, paced=False)),
            web.get("/picture/{digest}.png", guarded(self._lookups.picture, paced=False)),
            web.get("/events", guarded(self._events.stream, paced=False), allow_head=False),
            web.post("/api/ask", guarded(self._ask)),
            web.post("/api/join", guarded(self._join)),
            web.post("/api/clock", guarded(self._speed)),
            web.get("/api/commands", guarded(self._lookups.commands)),
            web.get("/api/suggest", guarded(self._lookups.suggest)),
            web.get("/api/content", guarded(self._lookups.content)),
            web.get("/api/content/{command}", guarded(self._lookups.answer)),
        ]

    def greet(self, joined: Joined) -> None:
        """Offer the join simulator on the page, and pass its made-up members to `joined`."""
        self._joined = joined
        self._events.notify()

    def changed(self) -> None:
        """Send the new state to the pages, after the content was reloaded."""
        self._quote.cache_clear()
        self._events.notify()

    def close(self) -> None:
        """End the pages' event streams, so that the server can stop."""
        self._events.close()

    async def run(self) -> None:
        """Wait until cancelled, as there is nothing to connect to."""
        await asyncio.Event().wait()

    async def offer(self, commands: Sequence[CommandInfo]) -> None:  # noqa: ARG002  the pages fetch the commands
        """Have the pages fetch the commands again."""
        self._events.notify()

    async def rights(self, place: Place, member: Member | None) -> Right:
        """Return all rights for the bot and the moderators, and those to write and read for members. Raises MessageGone
        for any other channel than the playground's.
        """
        if place.channel not in (requests.COMMUNITY.channel, requests.CHANNEL.channel):
            raise MessageGone("the playground has no such channel")
        return ~Right.NONE if member in (None, requests.MODERATOR, requests.ADMINISTRATOR) else requests.MEMBERS

    async def is_forum(self, place: Place) -> bool:
        """Whether the place is the community's channel. It is also a forum, so that titles can be tried."""
        return place.channel == requests.COMMUNITY.channel

    async def shows_alone(self, place: Place) -> bool:
        """Whether the place is in the group, where Telegram can do this."""
        return place.community == requests.COMMUNITY.community

    async def show(self, place: Place, member: str, reply: Reply) -> bool:  # noqa: ARG002  all members share the pages
        """Show the reply in the Telegram half of all pages, marked as visible to one member alone."""
        await self.post(place, readdress(reply, None, private=True))
        return True

    async def read(self, file: Attachment) -> bytes:
        """Return the content of the file, which is in `source`, because the page sends it with the request."""
        return file.source.encode(errors="replace")

    async def _file(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info.get("name", "index.html")
        file = self._files.get(name)
        if file is None:
            raise requests.Refusal("there is no such file", HTTPStatus.NOT_FOUND)
        # Not a web.FileResponse, which would wait for ever for a client that does not read it: the server's deadline
        # covers only data in its own buffers.
        etag = f'"{hashlib.sha256(file).hexdigest()[:16]}"'
        headers = {**HEADERS, "Cache-Control": "no-cache", "ETag": etag}
        if request.headers.get("If-None-Match") == etag:
            return web.Response(status=HTTPStatus.NOT_MODIFIED, headers=headers)
        return web.Response(body=file, content_type=_TYPES[Path(name).suffix], charset="utf-8", headers=headers)

    async def _ask(self, request: web.Request) -> web.StreamResponse:
        commands = self._responder.commands
        asked = requests.request(await json_body(request, requests.Asked), self._responder.read, commands)
        if asked.member == requests.MEMBER:  # each address has a budget of its own
            asked = replace(asked, member=replace(asked.member, id=f"{asked.member.id}@{request.remote}"))
        reply = await self._reply(asked)
        question = {"asked": views.question(asked, commands)}
        if reply is None:
            return json_response({"silent": views.silence(asked)} | question)
        if reply.is_notice and reply.picture:
            self._lookups.charts[reply.digest] = reply
        match = None
        if asked.command == "ask" and asked.text.strip():
            with suppress(Busy):
                match = views.judgement(await self._match(asked.text))
        answer = views.answer(reply, asked, self._responder.info(asked).shown)
        return json_response({"silent": None, "match": match} | question | answer)

    async def _reply(self, asked: Request) -> Reply | None:
        try:
            if asked.place.thread and not asked.command:
                post = replace(asked.place, thread=f"post-{next(self._numbers)}")
                return await self._titles(post, asked.member.id, asked.text)
            return await self._responder.respond(asked)
        except Exception as error:  # the page shows a notice, and other requests go on
            where = "".join(traceback.format_tb(error.__traceback__))
            _log.error("a request failed: %s\n%s", type(error).__name__, where)
            return self._responder.notice("something-went-wrong", asked)

    async def _join(self, request: web.Request) -> web.StreamResponse:
        new = await json_body(request, requests.Newcomers)
        if self._joined is None:
            raise requests.Refusal("nobody is greeted here", HTTPStatus.NOT_FOUND)
        await self._joined(requests.COMMUNITY, self._fake_members.create(new.count, hostile=new.hostile))
        return json_response({"joined": new.count})

    async def _speed(self, request: web.Request) -> web.StreamResponse:
        self.clock.set_speed((await json_body(request, requests.Speed)).speed)
        self._events.notify()
        return json_response({"speed": self.clock.speed})

    def _state(self) -> dict[str, views.View]:
        """The events that keep every page up to date: the content and its problems, and the bot's posts."""
        content = views.content(self._texts, self._quote, self._folders)
        content |= {"joins": self._joined is not None, "speed": self.clock.speed}
        posts = {f"post/{one.ref.message}": views.post(one) for one in self.posts}
        return {"content": content, "standing": {"messages": [one.ref.message for one in self.posts]}, **posts}
