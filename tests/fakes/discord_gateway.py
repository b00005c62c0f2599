"""The pretend Discord's gateway. A session outlives its socket, and what it missed is replayed in order.

Speaks what discord.py asks for: JSON, plain or as one zlib or zstd stream. `acking`, `drop`, `ask_reconnect`,
`invalidate`, `refusing` and `dropping` are the faults.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web

from tests.fakes.discord_bell import Bell
from tests.fakes.discord_intents import MEMBERS, PRIVILEGED, VALID, tailored
from tests.fakes.discord_objects import Json
from tests.fakes.discord_socket import Socket
from tests.fakes.discord_state import World

DISPATCH, HEARTBEAT, IDENTIFY, RESUME, RECONNECT, MEMBERS_ASKED = 0, 1, 2, 6, 7, 8
INVALID, HELLO, ACK = 9, 10, 11
_SILENT = {3, 4}  # presence and voice state are heard and change nothing here


@dataclass(eq=False)
class Session:
    """What one IDENTIFY began. `sent` is every event so far, to be replayed from any number on."""

    id: str
    intents: int
    shard: tuple[int, int]
    sent: list[Json] = field(default_factory=list)
    trimmed: int = 0
    socket: Socket | None = None

    @property
    def last(self) -> int:
        """The number of the newest event."""
        return self.trimmed + len(self.sent)

    def trim(self) -> None:
        """Forgets what was sent, for long runs: a client that missed some of it can no longer resume."""
        self.trimmed, self.sent = self.last, []

    def concerns(self, guild: int | None) -> bool:
        """Whether events of a guild go to this session's shard; direct chats go to the first one."""
        return self.shard[0] == ((guild >> 22) % self.shard[1] if guild else 0)

    def dispatch(self, event: str, body: Json) -> None:
        """Numbers an event, keeps it, and sends it when there is a socket."""
        frame = {"op": DISPATCH, "t": event, "s": self.last + 1, "d": body}
        self.sent.append(frame)
        if self.socket is not None:
            self.socket.send(frame)


class Gateway:
    """All sockets and sessions. `left` is how many may be begun for the next `reset_after` seconds. `received` is every
    frame that clients sent, with its session's id.
    """

    def __init__(self, world: World, url: str, heartbeat: float, bell: Bell) -> None:
        self.world = world
        self.url = url
        self.heartbeat = heartbeat
        self.acking = True
        self.refusing = 0
        self.dropping, self.dropped = False, 0
        self.open = asyncio.Event()
        self.open.set()
        self.allowed_intents = VALID
        self.token: str | None = None
        self.total, self.left, self.reset_after = 1000, 1000, 86_400.0
        self.problems: list[str] = []
        self.shards = 1
        self.sessions: dict[str, Session] = {}
        self.sockets: set[Socket] = set()
        self.received: list[Json] = []
        self.bell = bell

    def limit(self) -> Json:
        """The `session_start_limit` of GET /gateway/bot."""
        return {"total": self.total, "remaining": self.left, "reset_after": int(self.reset_after * 1000)}

    def emit(self, event: str, body: Json, guild: int | None) -> None:
        """Sends an event to every session whose shard and intents it concerns."""
        for session in self.sessions.values():
            fitted = tailored(event, body, session.intents, self.world.bot.id)
            if session.concerns(guild) and fitted is not None:
                session.dispatch(event, fitted)

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """One client's socket, from HELLO to its end."""
        if self.refusing > 0:
            self.refusing -= 1
            return web.Response(status=503)
        await self.open.wait()
        response = web.WebSocketResponse(autoping=True, timeout=1)
        await response.prepare(request)
        socket = Socket(response, request, request.query.get("compress", ""))
        self.sockets.add(socket)
        if self.dropping:  # it takes a connection, and tears it off
            self.dropped += 1
            socket.dropped = True
            socket.abort()
        socket.send({"op": HELLO, "d": {"heartbeat_interval": int(self.heartbeat * 1000)}})
        try:
            async for message in response:
                if message.type is WSMsgType.TEXT:
                    self._hear(socket, message.json())
        finally:
            self._left(socket, response.close_code)
            await socket.finish()
        return response

    def _left(self, socket: Socket, code: int | None) -> None:
        self.sockets.discard(socket)
        session = self._session_of(socket)
        if session is not None:
            session.socket = None
            if code in (1000, 1001) and not socket.dropped:
                del self.sessions[session.id]  # a client that says goodbye does not come back for its session
        self.bell.ring()

    def _session_of(self, socket: Socket) -> Session | None:
        return next((one for one in self.sessions.values() if one.socket is socket), None)

    def _hear(self, socket: Socket, frame: Json) -> None:
        op, body = frame.get("op"), frame.get("d")
        session = self._session_of(socket)
        self.received.append({**frame, "session": session.id if session else None})
        if op == HEARTBEAT:
            if self.acking:
                socket.send({"op": ACK})
        elif op == IDENTIFY:
            self._identify(socket, body or {})
        elif op == RESUME:
            self._resume(socket, body or {})
        elif session is None:
            socket.close(4003)
        elif op == MEMBERS_ASKED:
            self._members(session, body or {})
        elif op not in _SILENT:
            socket.close(4001)
        self.bell.ring()

    def _identify(self, socket: Socket, body: Json) -> None:
        shard = tuple(body.get("shard") or (0, 1))
        intents = int(body.get("intents", 0))
        if self._session_of(socket) is not None:
            return socket.close(4005)
        if body.get("token") != self.token:
            return socket.close(4004)
        self.left -= 1
        if self.left <= 0:  # as Discord does: the token is reset, and every session ends
            self.problems.append(f"{self.total} sessions were begun in a day, so the token is reset")
            self.token = None
            self.drop(4004)
            return None
        if not 0 <= shard[0] < shard[1] or shard[1] < self.shards:
            return socket.close(4010 if shard[1] >= self.shards else 4011)
        if intents & ~VALID:
            return socket.close(4013)
        if intents & PRIVILEGED & ~self.allowed_intents:
            return socket.close(4014)
        session = Session(secrets.token_hex(16), intents, (shard[0], shard[1]), socket=socket)
        self.sessions[session.id] = session
        self._welcome(session)
        return None

    def _welcome(self, session: Session) -> None:
        guilds = [one for one in self.world.guilds.values() if session.concerns(one.id)]
        ready = {
            "v": 10,
            "user": self.world.bot.json(),
            "guilds": [{"id": str(one.id), "unavailable": True} for one in guilds],
            "session_id": session.id,
            "session_type": "normal",
            "resume_gateway_url": self.url,
            "shard": list(session.shard),
            "application": {"id": str(self.world.application_id), "flags": 0},
        }
        session.dispatch("READY", ready)
        for guild in guilds:
            guild.live = True
            session.dispatch("GUILD_CREATE", guild.json())

    def _resume(self, socket: Socket, body: Json) -> None:
        session = self.sessions.get(str(body.get("session_id")))
        if body.get("token") != self.token:
            return socket.close(4004)
        seen = int(body.get("seq") or 0)
        if session is None or seen < session.trimmed:
            return socket.send({"op": INVALID, "d": False})
        if seen > session.last:
            return socket.close(4007)
        if session.socket is not None:
            session.socket.abort()
        session.socket = socket
        for frame in session.sent[seen - session.trimmed :]:
            socket.send(frame)
        return session.dispatch("RESUMED", {})

    def _members(self, session: Session, body: Json) -> None:
        guild = self.world.guilds.get(int(body.get("guild_id") or 0))
        if guild is None or not (session.intents & MEMBERS or body.get("user_ids") or body.get("query")):
            return
        wanted = body.get("user_ids")
        ids = {int(one) for one in (wanted if isinstance(wanted, list) else [wanted])} if wanted else None
        found = [one for one in guild.members.values() if ids is None or one.id in ids]
        found = [one for one in found if one.user.name.startswith(body.get("query") or "")]
        missing = sorted((ids or set()) - {one.id for one in found})
        pages = [found[at : at + 1000] for at in range(0, len(found), 1000)] or [[]]
        for number, page in enumerate(pages):
            chunk: Json = {
                "guild_id": str(guild.id),
                "members": [one.json() for one in page],
                "chunk_index": number,
                "chunk_count": len(pages),
                "not_found": [str(one) for one in missing],
            }
            session.dispatch("GUILD_MEMBERS_CHUNK", chunk | ({"nonce": body["nonce"]} if "nonce" in body else {}))

    def drop(self, code: int | None = None) -> None:
        """Ends every socket: with a close code, or torn off without one. Sessions stay."""
        for socket in list(self.sockets):
            socket.dropped = True
            socket.abort() if code is None else socket.close(code)

    @contextmanager
    def away(self) -> Iterator[None]:
        """Within the block whoever connects waits for its end: else nobody may see that a client was away."""
        self.open.clear()
        try:
            yield
        finally:
            self.open.set()

    def mute(self) -> None:
        """No word reaches the clients over the sockets there are, nor does an end; new sockets are as ever."""
        for socket in self.sockets:
            socket.muted = True

    def ask_reconnect(self) -> None:
        """Asks every client to come back on a new socket (op 7)."""
        for socket in self.sockets:
            socket.send({"op": RECONNECT, "d": None})

    def invalidate(self, *, resumable: bool = False) -> None:
        """Declares every session invalid (op 9); they are forgotten unless resumable."""
        for socket in self.sockets:
            socket.send({"op": INVALID, "d": resumable})
        if not resumable:
            self.sessions.clear()

    def garble(self, text: str = '{"op": 0, "t": "MESS') -> None:
        """Sends words that are no frame."""
        for socket in self.sockets:
            socket.send_raw(text)

    def forget(self) -> None:
        """Loses every session, as a restart of the platform does; clients notice when they try to resume."""
        for session in self.sessions.values():
            session.socket = None
        self.sessions.clear()

    async def heard(self, op: int, count: int = 1) -> list[Json]:
        """The frames with this op, as soon as there are `count` of them since the beginning."""

        def look() -> list[Json] | None:
            found = [one for one in self.received if one["op"] == op]
            return found if len(found) >= count else None

        return await self.bell.until(look, lambda: f"{count} frames with op {op}; heard {self._ops()}")

    async def connected(self, sessions: int = 1) -> None:
        """Returns once so many sessions have a socket."""

        def look() -> Any:
            return True if sum(one.socket is not None for one in self.sessions.values()) >= sessions else None

        await self.bell.until(look, lambda: f"{sessions} connected sessions; heard {self._ops()}")

    def _ops(self) -> list[int]:
        return [one["op"] for one in self.received]

    async def close(self) -> None:
        for socket in list(self.sockets):
            socket.abort()
        await asyncio.gather(*(one.finish() for one in self.sockets))
