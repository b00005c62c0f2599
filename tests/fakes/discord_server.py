"""A Discord server of our own, on loopback sockets, for the real discord.py. No test sleeps or polls.

    async with DiscordServer() as server:
        guild = server.guild()
        channel, ada = guild.channel("general"), guild.member("ada")
        ...                                    # start the client with server.token
        body = await server.slash(channel, ada, "whatisksm", {"private": True}, locale="es-ES").response

Leaving it fails when a call did not fit the platform's contract or met a route that is not there (`problems`).
"""

from __future__ import annotations

import re
import socket
from collections.abc import Callable
from contextlib import ExitStack
from types import TracebackType
from typing import Any, Self

from aiohttp import web

from tests.fakes import contracts
from tests.fakes.discord_bell import Bell
from tests.fakes.discord_callbacks import Callbacks
from tests.fakes.discord_commands import Commands
from tests.fakes.discord_faults import Bucket, Fault
from tests.fakes.discord_files import Files
from tests.fakes.discord_gateway import Gateway
from tests.fakes.discord_intents import VALID
from tests.fakes.discord_interaction import Interaction
from tests.fakes.discord_messages import Message, pings
from tests.fakes.discord_objects import Channel, Json, Member, User
from tests.fakes.discord_people import People
from tests.fakes.discord_pins import Pins
from tests.fakes.discord_point import pointed
from tests.fakes.discord_posts import Posts
from tests.fakes.discord_rest import Rest
from tests.fakes.discord_rights import INVITED
from tests.fakes.discord_state import Guild, World
from tests.fakes.discord_wire import API, Call, Wire


def _free_port() -> int:
    """A port nobody listens on, so that the addresses are known before anything is started."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


class DiscordServer:
    """REST and gateway over one told-time world. `point=False` leaves discord.py's addresses alone."""

    def __init__(self, *, token: str = "fake.discord.token", heartbeat: float = 41.25, point: bool = True) -> None:
        self.token = token
        self._point = point
        self.port = _free_port()
        self.http_url = f"http://127.0.0.1:{self.port}{API}"
        self.gateway_url = f"ws://127.0.0.1:{self.port}/gateway"
        self.bell = Bell()
        self.wire = Wire(token, contracts.discord_problems, self.bell)
        self.world = World(self._emit)
        self.world.files = Files(self.wire.problems, f"http://127.0.0.1:{self.port}/attachments")
        self.gateway = Gateway(self.world, self.gateway_url, heartbeat, self.bell)
        self.gateway.token, self.gateway.problems = token, self.wire.problems
        self.posts = Posts(self.world)
        self.pins = Pins(self.posts, self.wire.problems)
        self.commands = Commands(self.world)
        self.callbacks = Callbacks(self.posts, self.bell)
        self.people = People(self.callbacks, self.commands)
        self.rest = Rest(self.world, self.posts, self.gateway)
        self.slash = self.people.slash
        self.autocomplete = self.people.autocomplete
        self.message_menu = self.people.message_menu
        self.press = self.people.press
        self._runner: web.AppRunner | None = None
        self._open = ExitStack()

    def _emit(self, event: str, body: Json, guild: int | None) -> None:
        self.gateway.emit(event, body, guild)

    @property
    def environment(self) -> dict[str, str]:
        """What a process started through discord_point needs to find this server."""
        return {"DISCORD_HTTP": self.http_url, "DISCORD_GATEWAY": self.gateway_url}

    @property
    def calls(self) -> list[Call]:
        """Every request so far, in order of arrival."""
        return self.wire.calls

    @property
    def problems(self) -> list[str]:
        """What did not fit the contract so far; a test that provokes one on purpose clears it."""
        return self.wire.problems

    async def __aenter__(self) -> Self:
        for part in (self.pins, self.posts, self.commands, self.callbacks, self.rest):
            part.route(self.wire)
        for path in ("/gateway", "/"):  # Discord's own is at the second
            self.wire.app.router.add_get(path, self.gateway.serve)
        self.wire.app.router.add_get("/attachments/{id}/{name}", self.world.files.serve)
        self.wire.close_routes()
        self._runner = web.AppRunner(self.wire.app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await self.up()
        if self._point:
            self._open.enter_context(pointed(self.http_url, self.gateway_url))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.close()
        for fault in self.wire.faults:
            fault.release()
        await self.down()
        assert self._runner is not None
        await self._runner.cleanup()
        if error is None and self.problems:
            raise AssertionError("\n".join(dict.fromkeys(self.problems)))

    async def up(self) -> None:
        """Listens, on the same port as ever."""
        assert self._runner is not None
        await web.TCPSite(self._runner, "127.0.0.1", self.port, reuse_address=True).start()

    async def down(self) -> None:
        """Stops listening (connections are refused) and tears every socket off. Sessions are kept."""
        assert self._runner is not None
        assert self._runner.server is not None
        for site in list(self._runner.sites):
            await site.stop()
        await self.gateway.close()
        for connection in self._runner.server.connections:
            if connection.transport is not None:
                connection.transport.abort()

    def advance(self, seconds: float) -> None:
        """Moves the told time on: interactions grow old, messages too."""
        self.world.advance(seconds)

    # the state

    def guild(
        self,
        name: str = "Nest",
        *,
        locale: str = "en-US",
        permissions: int = INVITED,
        id: int | None = None,
    ) -> Guild:
        """A guild with the bot in it; while clients are connected it arrives as a new one (the bot was added)."""
        guild = self.world.guild(name, locale=locale, permissions=permissions, id=id)
        if self.gateway.sessions:
            guild.live = True
            self._emit("GUILD_CREATE", guild.json(), guild.id)
        return guild

    def remove_bot(self, guild: Guild) -> None:
        """The bot is put out of the guild."""
        self.world.forget(guild)

    def outage(self, guild: Guild) -> None:
        """The guild is away for a while: the bot was not removed."""
        self._emit("GUILD_DELETE", {"id": str(guild.id), "unavailable": True}, guild.id)

    def user(self, name: str = "grace") -> User:
        return self.world.user(name)

    def foreign_guild(self, name: str = "Elsewhere") -> Guild:
        """A guild without the bot."""
        return self.world.foreign_guild(name)

    def install(self, who: Member | User) -> None:
        """Someone adds the bot to their own account, so that its commands come with them everywhere."""
        self.world.installed_by.add(who.id)

    def group(self, user: User) -> Channel:
        """A group chat that the user is in, without the bot."""
        return self.world.group(user)

    def direct(self, user: User) -> Channel:
        return self.world.direct(user)

    def say(self, channel: Channel, who: Member | User, content: str) -> Message:
        """Someone writes a message; mentions in it count as far as they may mention."""
        user = who.user if isinstance(who, Member) else who
        body = {"content": content}
        return self.posts.add(channel, user, body, pings=pings(body, channel, user))

    def delete(self, message: Message) -> None:
        """Someone deletes a message."""
        self.posts.drop(message)

    def join(self, guild: Guild, who: Member | str, *, pending: bool = False, bot: bool = False) -> Member:
        """Someone joins, before screening if `pending`; a member who is already there joins once more."""
        member = guild.member(who, bot=bot) if isinstance(who, str) else who
        member.pending = pending
        member.joined = self.world.now
        self._emit("GUILD_MEMBER_ADD", member.json() | {"guild_id": str(guild.id)}, guild.id)
        return member

    def screened(self, member: Member) -> None:
        """The member passes screening; clients may never have heard of them before."""
        member.pending = False
        self.updated(member)

    def updated(self, member: Member) -> None:
        """Tells clients how a member is now."""
        self._emit("GUILD_MEMBER_UPDATE", member.json() | {"guild_id": str(member.guild.id)}, member.guild.id)

    def left(self, member: Member) -> None:
        """The member leaves."""
        del member.guild.members[member.id]
        body = {"guild_id": str(member.guild.id), "user": member.user.json()}
        self._emit("GUILD_MEMBER_REMOVE", body, member.guild.id)

    def again(self, interaction: Interaction) -> None:
        """Sends the very same interaction once more."""
        self.people.again(interaction)

    def raw(self, event: str, body: Json) -> None:
        """Sends any event to every session, whatever its intents."""
        for session in self.gateway.sessions.values():
            session.dispatch(event, body)

    # what goes wrong

    def fail_next(self, method: str, path: str, **how: Any) -> Fault:
        """The next requests with this method (or "*") whose path matches fail as `how` says; see Fault."""
        fault = Fault(method, path, **how)
        self.wire.faults.append(fault)
        return fault

    def limit(self, method: str, path: str, limit: int, window: float) -> None:
        """From now on a true rate limit, a bucket for each channel, guild or webhook."""
        self.wire.buckets.append(Bucket(method, path, limit, window))

    def revoke_token(self, token: str | None = None) -> None:
        """From now on the old token is refused everywhere; `token` is the new one, if any."""
        self.wire.token = self.gateway.token = token

    def allow_intents(self, intents: int = VALID) -> None:
        """Which privileged intents the application may ask for; others close the socket with 4014."""
        self.gateway.allowed_intents = intents

    def set_shards(self, shards: int) -> None:
        """How many shards GET /gateway/bot recommends."""
        self.rest.shards = shards

    # what came

    def trim(self) -> None:
        """Forgets the logs and what is over, so that a long run's memory is the bot's own. Counts begin anew."""
        self.calls.clear()
        self.wire.faults = [one for one in self.wire.faults if one.times > 0]
        self.gateway.received.clear()
        self.callbacks.trim()
        self.world.files.keep(file for message in self.world.messages.values() for file in message.attachments)
        for session in self.gateway.sessions.values():
            session.trim()

    def done(self, method: str, path: str) -> list[Call]:
        """The answered calls with this method (or "*") whose path matches."""
        fitting = [one for one in self.calls if method in ("*", one.method) and re.search(path, one.path)]
        return [one for one in fitting if one.status is not None]

    async def until(self, true: Callable[[], bool], what: str) -> None:
        """Returns once `true()`, looked at after every call and gateway frame; `what` says so if it never is."""
        await self.bell.until(lambda: True if true() else None, lambda: what)

    async def wait_for(self, method: str, path: str, count: int = 1) -> list[Call]:
        """The answered calls that fit, as soon as there are `count` of them since the beginning."""

        def look() -> list[Call] | None:
            found = self.done(method, path)
            return found if len(found) >= count else None

        def what() -> str:
            return f"{count} × {method} {path}; came {[(c.method, c.path, c.status) for c in self.calls]}"

        return await self.bell.until(look, what)
