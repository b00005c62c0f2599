"""The plain reading routes of the pretend Discord: who am I, where is the gateway, what is this guild.

Nothing here changes anything but leaving a guild and opening a direct chat.
"""

from __future__ import annotations

from tests.fakes.discord_gateway import Gateway
from tests.fakes.discord_objects import Json, Member
from tests.fakes.discord_posts import Posts
from tests.fakes.discord_refusal import bad_form, missing_access, unknown
from tests.fakes.discord_rights import in_guild
from tests.fakes.discord_state import Guild, World
from tests.fakes.discord_wire import Call, Wire


class Rest:
    """Login, gateway, guilds, members, users and channels."""

    def __init__(self, world: World, posts: Posts, gateway: Gateway) -> None:
        self.world = world
        self.posts = posts
        self.gateway = gateway
        self.shards = 1
        self.description = ""
        self.max_concurrency = 1
        self.installs: Json = {"0": {}, "1": {}}

    def route(self, wire: Wire) -> None:
        wire.add("GET", "/users/@me", lambda _: self.world.bot.json() | {"verified": True, "mfa_enabled": False})
        wire.add("POST", "/users/@me/channels", self._direct)
        wire.add("GET", "/users/@me/guilds", lambda _: list(map(self._mine, self.world.guilds.values())))
        wire.add("DELETE", "/users/@me/guilds/{guild}", self._leave)
        wire.add("GET", "/users/{user}", self._user)
        wire.add("GET", "/oauth2/applications/@me", self._application)
        wire.add("GET", "/applications/@me", self._application)
        wire.add("PATCH", "/applications/@me", self._describe)
        wire.add("GET", "/gateway", lambda _: {"url": self.gateway.url}, public=True)
        wire.add("GET", "/gateway/bot", self._gateway)
        wire.add("GET", "/guilds/{guild}", lambda call: self._guild(call).json())
        wire.add("GET", "/guilds/{guild}/channels", self._channels)
        wire.add("GET", "/guilds/{guild}/roles", self._roles)
        wire.add("GET", "/guilds/{guild}/members", self._members)
        wire.add("GET", "/guilds/{guild}/members/{user}", lambda call: self._member(call).json())
        wire.add("GET", "/channels/{channel}", lambda call: self.posts.reach(call).json())

    def _application(self, _: Call) -> Json:
        return {
            "id": str(self.world.application_id),
            "name": self.world.bot.name,
            "description": self.description,
            "icon": None,
            "bot_public": True,
            "bot_require_code_grant": False,
            "owner": {"id": "1", "username": "owner", "discriminator": "0", "avatar": None, "global_name": None},
            "verify_key": "0" * 64,
            "flags": 1 << 15 | 1 << 19,
            "approximate_guild_count": len(self.world.guilds),
            "interactions_endpoint_url": None,
            "integration_types_config": self.installs,
        }

    def _describe(self, call: Call) -> Json:
        text = str((call.body or {}).get("description", self.description))
        if len(text) > 400:
            words = "Must be 400 or fewer in length."
            raise bad_form({"description": {"_errors": [{"code": "BASE_TYPE_MAX_LENGTH", "message": words}]}})
        self.description = text
        return self._application(call)

    def _mine(self, guild: Guild) -> Json:
        return {"id": str(guild.id), "name": guild.name, "owner": False, "permissions": str(in_guild(guild.me))}

    def _gateway(self, _: Call) -> Json:
        limit = self.gateway.limit() | {"max_concurrency": self.max_concurrency}
        return {"url": self.gateway.url, "shards": self.shards, "session_start_limit": limit}

    def _guild(self, call: Call) -> Guild:
        guild = self.world.guilds.get(call.id("guild"))
        if guild is None:
            raise unknown(10004, "Guild")
        return guild

    def _channels(self, call: Call) -> list[Json]:
        return [one.json() for one in self._guild(call).channels.values() if not one.is_thread]

    def _roles(self, call: Call) -> list[Json]:
        return [one.json() for one in self._guild(call).roles.values()]

    def _member(self, call: Call) -> Member:
        member = self._guild(call).members.get(call.id("user"))
        if member is None:
            raise unknown(10007, "Member")
        return member

    def _members(self, call: Call) -> list[Json]:
        after = int(call.query.get("after", 0))
        found = sorted((one for one in self._guild(call).members.values() if one.id > after), key=lambda one: one.id)
        return [one.json() for one in found[: min(int(call.query.get("limit", 1)), 1000)]]

    def _user(self, call: Call) -> Json:
        user = self.world.users.get(call.id("user"))
        if user is None:
            raise unknown(10013, "User")
        return user.json()

    def _direct(self, call: Call) -> Json:
        user = self.world.users.get(int((call.body or {}).get("recipient_id") or 0))
        if user is None:
            raise unknown(10013, "User")
        return self.world.direct(user).json()

    def _leave(self, call: Call) -> None:
        if call.id("guild") not in self.world.guilds:
            raise missing_access()
        self.world.forget(self._guild(call))
