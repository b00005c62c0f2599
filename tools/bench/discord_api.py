"""A minimal fake of Discord on loopback, for one bot: one gateway connection and the few routes that a bot needs.

The fake in `tests/fakes` checks everything. This one is fast, so that the bot is the bottleneck. It runs in the
measuring process, so its work is not counted. `discord_shapes.json` has templates of Discord's objects, in their real
shape and size.
"""

import asyncio
import json
import time
import zlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, final

import orjson
import zstandard
from aiohttp import web

from tools.bench.stage import COMMAND, Answer, explainer, topics

Json = dict[str, Any]
TOKEN = "bench.discord.token"
MODERATOR = str(1 << 3)
# View, send, history, links and commands. Without permission to attach files, so that the bot draws no pictures.
_RIGHTS = str(1 << 10 | 1 << 11 | 1 << 14 | 1 << 16 | 1 << 31 | 1 << 38)
_SHAPES: dict[str, Json] = json.loads(Path(__file__).with_name("discord_shapes.json").read_text("utf-8"))
_BOT, _APPLICATION = 1_000_000_000_000_000_001, 1_000_000_000_000_000_002
_GUILDS, _CHANNELS = 1_100_000_000_000_000_000, 1_200_000_000_000_000_000
_ROLES, _MEMBERS = 1_300_000_000_000_000_000, 1_400_000_000_000_000_000
_CHANNELS_EACH, _ROLES_EACH = 20, 10
_EPOCH = 1_420_070_400_000  # the epoch of Discord's ids, in milliseconds
_SECONDS = 120.0  # how long to wait for an answer
_API = "/api/v10"


def guild_id(number: int) -> int:
    """The id of the guild with that number."""
    return _GUILDS + number


def _snowflake(number: int) -> str:
    """An id with the current time. `number` distinguishes ids of the same millisecond."""
    return str((int(time.time() * 1000) - _EPOCH) << 22 | number & 0x3FFFFF)


def _user(number: int, *, bot: bool = False) -> Json:
    name = f"member{number % 100_000}"
    return _SHAPES["user"] | {"id": str(number), "username": name, "global_name": name.title(), "bot": bot}


def _channel(guild: int, number: int) -> Json:
    overwrites = [
        {"id": str(role), "type": 0, "allow": "0", "deny": "2048"}
        for role in (guild_id(guild), _ROLES + guild * 1000 + number % 10)
    ]
    own = {"id": str(_CHANNELS + guild * 1000 + number), "name": f"channel-{number}", "position": number}
    return _SHAPES["channel"] | own | {"permission_overwrites": overwrites}


def _role(guild: int, number: int) -> Json:
    id_, name = (_ROLES + guild * 1000 + number, f"Role {number}") if number else (guild_id(guild), "@everyone")
    return _SHAPES["role"] | {"id": str(id_), "name": name, "permissions": _RIGHTS, "position": number}


def _guild(number: int) -> Json:
    """The data of a GUILD_CREATE event."""
    return _SHAPES["guild"] | {
        "id": str(guild_id(number)),
        "name": f"Guild {number}",
        "owner_id": str(_MEMBERS + number),
        "system_channel_id": str(_CHANNELS + number * 1000),
        "members": [_SHAPES["member"] | {"user": _user(_BOT, bot=True)}],
        "channels": [_channel(number, one) for one in range(_CHANNELS_EACH)],
        "roles": [_role(number, one) for one in range(_ROLES_EACH)],
    }


def _interaction(name: str, number: int, guild: int, options: dict[str, str], rights: str) -> Json:
    """The data of a slash command, from a different member for each number."""
    id_, home, where = _snowflake(number), str(guild_id(guild)), _channel(guild, number % _CHANNELS_EACH)
    given = [{"name": key, "type": 3, "value": value} for key, value in options.items()]
    return _SHAPES["interaction"] | {
        "id": id_,
        "token": f"{id_}:{number:0>150}",
        "guild_id": home,
        "guild": {"id": home, "locale": "en-US", "features": ["COMMUNITY", "NEWS"]},
        "channel_id": where["id"],
        "channel": where | {"guild_id": home, "permissions": _RIGHTS},
        "member": _SHAPES["member"] | {"user": _user(_MEMBERS + number), "permissions": rights},
        "authorizing_integration_owners": {"0": home},
        "data": {"id": str(_APPLICATION + 1), "name": name, "type": 1, "options": given},
    }


def _stream(compress: str) -> Callable[[bytes], bytes]:
    if compress == "zstd-stream":
        zstd = zstandard.ZstdCompressor().compressobj()
        return lambda text: zstd.compress(text) + zstd.flush(zstandard.COMPRESSOBJ_FLUSH_BLOCK)
    deflate = zlib.compressobj()
    return lambda text: deflate.compress(text) + deflate.flush(zlib.Z_SYNC_FLUSH)


def _json(body: object) -> web.Response:
    """A response with Discord's content type. With a charset in it, discord.py would treat the body as plain text."""
    return web.Response(body=orjson.dumps(body), headers={"Content-Type": "application/json"})


@final
class Discord:
    """Serves one bot that is in `guilds` guilds. `cpu` returns the CPU seconds of that bot."""

    def __init__(self, guilds: int) -> None:
        self.guilds = guilds
        self.cpu: Callable[[], float] = lambda: 0.0
        self.messages: list[Json] = []
        self.began = self.worked = 0.0  # the time, and the bot's CPU seconds, when READY was sent
        self.environment: dict[str, str] = {}
        self._number = self._sequence = 0
        self._connected = asyncio.Event()
        self._waiting: dict[str, asyncio.Future[Json]] = {}
        self._write: Callable[[Json], Any] | None = None

    async def connected(self) -> None:
        """Wait until the bot has received all its guilds."""
        await self._connected.wait()

    async def dispatch(self, event: str, data: Json) -> None:
        """Send an event to the bot."""
        assert self._write
        self._sequence += 1
        await self._write({"op": 0, "t": event, "s": self._sequence, "d": data})

    async def join(self, number: int) -> None:
        """A member joins the first guild."""
        joined_at = datetime.now(UTC).isoformat(timespec="microseconds")
        own = {"user": _user(_MEMBERS + number), "joined_at": joined_at, "guild_id": str(guild_id(0))}
        await self.dispatch("GUILD_MEMBER_ADD", _SHAPES["member"] | own)

    async def ask(
        self, command: str = COMMAND, community: int | None = None, *, rights: str = _RIGHTS, **options: str
    ) -> Answer:
        """A new member uses a command in that guild, or in the guilds in turn; returns the bot's answer.

        Raises:
            TimeoutError: no answer within two minutes.
        """
        number, self._number = self._number, self._number + 1
        asked = _interaction(command, number, number % self.guilds if community is None else community, options, rights)
        answered = self._waiting[asked["id"]] = asyncio.get_running_loop().create_future()
        began, worked = time.perf_counter(), self.cpu()
        await self.dispatch("INTERACTION_CREATE", asked)
        async with asyncio.timeout(_SECONDS):
            body = await answered
        return Answer(body["data"], (time.perf_counter() - began) * 1000, (self.cpu() - worked) * 1000)

    async def complete(self, command: str, typed: str) -> None:
        """A member types into an option with autocompletion. Does not wait for the bot's answer."""
        self._number += 1
        asked = _interaction(command, self._number, 0, {}, _RIGHTS)
        typing = {"name": "question", "type": 3, "value": typed, "focused": True}
        data = asked["data"] | {"options": [typing]}
        user = _SHAPES["member"] | {"user": _user(_MEMBERS - 1), "permissions": _RIGHTS}
        await self.dispatch("INTERACTION_CREATE", asked | {"type": 4, "data": data, "member": user})

    def shown(self, body: Json) -> tuple[object, ...]:
        """The text, topic buttons and allowed mentions of an answer, to compare with `wanted`."""
        rows = [[(one["label"], one["custom_id"]) for one in row["components"]] for row in body.get("components", [])]
        return body["content"], topics(rows), body["allowed_mentions"].get("parse")

    def wanted(self) -> tuple[object, ...]:
        """The correct values of `shown`."""
        right = explainer()["discord"]
        return right["text"], [[(one["label"], one["id"]) for one in row] for row in right["buttons"]], []

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Handle a gateway connection."""
        socket = web.WebSocketResponse(compress=False)
        await socket.prepare(request)
        stream = _stream(request.query.get("compress", "zlib-stream"))

        async def write(frame: Json) -> None:
            await socket.send_bytes(stream(orjson.dumps(frame)))

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
        self.began, self.worked, self._sequence = time.perf_counter(), self.cpu(), 0
        ready = {
            "v": 10,
            "user": _user(_BOT, bot=True),
            "guilds": [{"id": str(guild_id(one)), "unavailable": True} for one in range(self.guilds)],
            "session_id": "0" * 32,
            "session_type": "normal",
            "resume_gateway_url": self.environment["DISCORD_GATEWAY"],
            "shard": [0, 1],
            "application": {"id": str(_APPLICATION), "flags": 0},
        }
        await self.dispatch("READY", ready)
        for number in range(self.guilds):
            await self.dispatch("GUILD_CREATE", _guild(number))
        self._connected.set()

    async def rest(self, request: web.Request) -> web.Response:
        """Handle a call of the REST API."""
        path, body = request.path.removeprefix(_API), json.loads(await request.read() or "null")
        if path.endswith("/callback"):
            if waiting := self._waiting.pop(id_ := path.split("/")[2], None):
                waiting.set_result(body)
            if body["type"] == 8:
                return web.Response(status=204)
            if request.query.get("with_response") != "1":
                return web.Response(status=204)
            message = self._message(body["data"], str(_CHANNELS))
            flags = {"response_message_loading": False, "response_message_ephemeral": False}
            interaction = {"id": id_, "type": 2, "response_message_id": message["id"], **flags}
            return _json({"interaction": interaction, "resource": {"type": 4, "message": message}})
        if path.endswith("/messages"):
            self.messages.append(body)
            return _json(self._message(body, path.split("/")[2]))
        if path == "/users/@me":
            return _json(_user(_BOT, bot=True))
        if path == "/gateway/bot":
            limit = {"total": 1000, "remaining": 1000, "reset_after": 0, "max_concurrency": 1}
            return _json({"url": self.environment["DISCORD_GATEWAY"], "shards": 1, "session_start_limit": limit})
        return _json(_SHAPES["application"] | {"owner": _user(_BOT + 9)} if path.endswith("/@me") else [])

    def _message(self, call: Json, channel: str) -> Json:
        """The message object that Discord returns for a sent message."""
        self._number += 1
        given = {"content": "", "components": [], "flags": 0} | call
        own = {"id": _snowflake(self._number), "channel_id": channel, "author": _user(_BOT, bot=True)}
        return _SHAPES["message"] | {key: given[key] for key in ("content", "components", "flags")} | own


@asynccontextmanager
async def listening(guilds: int) -> AsyncIterator[Discord]:
    """Run the fake until the block ends. Its `environment` makes a bot connect to it."""
    discord, application = Discord(guilds), web.Application()
    application.router.add_get("/", discord.serve)
    application.router.add_route("*", _API + "/{rest:.*}", discord.rest)
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        host = f"127.0.0.1:{runner.addresses[0][1]}"
        discord.environment = {"DISCORD_HTTP": f"http://{host}{_API}", "DISCORD_GATEWAY": f"ws://{host}/"}
        yield discord
    finally:
        await runner.cleanup()
