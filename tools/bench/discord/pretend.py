"""A lean Discord on the loopback for benchmarks: one gateway socket and the few routes a bot needs. Its law: it runs in
the driver, so that its work is not counted, and it keeps every answer for the driver to judge.

`tests/fakes` has the one that checks everything; this one is to be fast.
"""

import asyncio
import json
import time
import zlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, final

import zstandard
from aiohttp import web

from tools.bench.discord import shapes
from tools.bench.discord.shapes import Json

TOKEN = "bench.discord.token"
_SECONDS = 120.0  # until a bot that says nothing is given up


@final
@dataclass(frozen=True, slots=True)
class Answer:
    """What came back to an interaction, and after how many seconds."""

    body: Json
    seconds: float


def _stream(compress: str) -> Callable[[bytes], bytes]:
    if compress == "zstd-stream":
        zstd = zstandard.ZstdCompressor().compressobj()
        return lambda text: zstd.compress(text) + zstd.flush(zstandard.COMPRESSOBJ_FLUSH_BLOCK)
    deflate = zlib.compressobj()
    return lambda text: deflate.compress(text) + deflate.flush(zlib.Z_SYNC_FLUSH)


def _json(body: object) -> web.Response:
    """As Discord labels it: discord.py takes anything else for plain text."""
    return web.Response(body=json.dumps(body).encode(), headers={"Content-Type": "application/json"})


@final
@dataclass(eq=False)
class Pretend:
    """Serves one bot that is in `guilds` guilds; `channels` and `roles` are each guild's."""

    guilds: int = 1
    channels: int = 20
    roles: int = 10
    url: str = ""
    gateway: str = ""
    messages: list[Json] = field(default_factory=list)
    begun: float = 0.0  # when READY left, by `time.perf_counter`
    cpu: Callable[[], float] = float  # what the bot has worked so far
    worked: float = 0.0  # what it had, then
    _number: int = 0
    _sequence: int = 0
    _connected: asyncio.Event = field(default_factory=asyncio.Event)
    _waiting: dict[str, tuple[asyncio.Future[Answer], float]] = field(default_factory=dict)
    _write: Callable[[Json], Any] | None = None

    async def connected(self) -> None:
        """Wait until the bot has been told of all its guilds."""
        async with asyncio.timeout(_SECONDS):
            await self._connected.wait()

    async def begin_anew(self) -> None:
        """Invalidate the session, so that the bot begins another and is told of all its guilds again."""
        assert self._write
        self._connected.clear()
        await self._write({"op": 9, "d": False})
        await self.connected()

    async def dispatch(self, event: str, data: Json) -> None:
        """Send an event."""
        assert self._write
        self._sequence += 1
        await self._write({"op": 0, "t": event, "s": self._sequence, "d": data})

    async def command(self, name: str, options: dict[str, str] | None = None, *, moderator: bool = False) -> Answer:
        """Call a command, each time as somebody else and in the next guild, and wait for its answer."""
        rights = {"rights": shapes.MODERATOR} if moderator else {}
        interaction = shapes.command(name, self._number, self.guilds, self.channels, **rights)
        interaction["data"]["options"] = [
            {"name": key, "type": 3, "value": one} for key, one in (options or {}).items()
        ]
        self._number += 1
        answered: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._waiting[interaction["id"]] = answered, time.perf_counter()
        await self.dispatch("INTERACTION_CREATE", interaction)
        async with asyncio.timeout(_SECONDS):
            return await answered

    async def commands(self, name: str, count: int, at_once: int) -> list[Answer]:
        """Call it so many times, so many at once."""
        left, answers = iter(range(count)), list[Answer]()

        async def one_by_one() -> None:
            for _ in left:
                answers.append(await self.command(name))

        async with asyncio.TaskGroup() as group:
            for _ in range(at_once):
                group.create_task(one_by_one())
        return answers

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        socket = web.WebSocketResponse(compress=False)
        await socket.prepare(request)
        stream = _stream(request.query.get("compress", "zlib-stream"))

        async def write(frame: Json) -> None:
            await socket.send_bytes(stream(json.dumps(frame, separators=(",", ":")).encode()))

        self._write = write
        await write({"op": 10, "d": {"heartbeat_interval": 41_250}})
        async for message in socket:
            op = json.loads(message.data)["op"]
            if op == 1:
                await write({"op": 11})
            elif op == 2:
                await self._welcome()
        return socket

    async def _welcome(self) -> None:
        self.worked = self.cpu()
        self.begun, self._sequence = time.perf_counter(), 0
        ready = {
            "v": 10,
            "user": shapes.user(shapes.BOT, "bot", bot=True),
            "guilds": [{"id": str(shapes.guild_id(one)), "unavailable": True} for one in range(self.guilds)],
            "session_id": "0" * 32,
            "session_type": "normal",
            "resume_gateway_url": self.gateway,
            "shard": [0, 1],
            "application": {"id": str(shapes.APPLICATION), "flags": 0},
        }
        await self.dispatch("READY", ready)
        for number in range(self.guilds):
            await self.dispatch("GUILD_CREATE", shapes.guild(number, self.channels, self.roles))
        self._connected.set()

    async def _callback(self, request: web.Request) -> web.Response:
        body: Json = json.loads(await request.read())
        answered, since = self._waiting.pop(request.match_info["interaction"])
        answered.set_result(Answer(body, time.perf_counter() - since))
        if request.query.get("with_response") != "1":
            return web.Response(status=204)
        self._number += 1
        message = shapes.posted(body["data"], shapes.channel_id(0, 0), self._number)
        told = {"id": request.match_info["interaction"], "type": 2, "response_message_id": message["id"]}
        flags = {"response_message_loading": False, "response_message_ephemeral": False}
        return _json({"interaction": told | flags, "resource": {"type": 4, "message": message}})

    async def _post(self, request: web.Request) -> web.Response:
        body: Json = json.loads(await request.read())
        self.messages.append(body)
        self._number += 1
        return _json(shapes.posted(body, int(request.match_info["channel"]), self._number))

    async def _plain(self, request: web.Request) -> web.Response:
        """Whatever else is asked."""
        path = request.path.removeprefix("/api/v10")
        if path == "/users/@me":
            return _json(shapes.user(shapes.BOT, "bot", bot=True))
        if path == "/gateway/bot":
            limit = {"total": 1000, "remaining": 1000, "reset_after": 0, "max_concurrency": 1}
            return _json({"url": self.gateway, "shards": 1, "session_start_limit": limit})
        if path.endswith("/@me"):
            return _json(shapes.application())
        return _json([])


@asynccontextmanager
async def pretending(guilds: int = 1, channels: int = 20, roles: int = 10) -> AsyncIterator[Pretend]:
    """A Discord that listens on the loopback until it is left."""
    pretend = Pretend(guilds, channels, roles)
    application = web.Application()
    api = "/api/v10"
    application.router.add_get("/", pretend._serve)
    application.router.add_post(api + "/interactions/{interaction}/{token}/callback", pretend._callback)
    application.router.add_post(api + "/channels/{channel}/messages", pretend._post)
    application.router.add_route("*", api + "/{rest:.*}", pretend._plain)
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=1)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        port = runner.addresses[0][1]
        pretend.url, pretend.gateway = f"http://127.0.0.1:{port}{api}", f"ws://127.0.0.1:{port}/"
        yield pretend
    finally:
        await runner.cleanup()
