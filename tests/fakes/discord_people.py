"""What people do on the pretend Discord. They can only do what the platform would offer them.

A command that is not registered, not allowed to them or not meant for this place raises `NotOffered`, as does a
button that is not there; `forged=True` sends it all the same, as an attacker or an outdated client would.
"""

from __future__ import annotations

from typing import Any

from tests.fakes import discord_rights as rights
from tests.fakes.discord_callbacks import Callbacks
from tests.fakes.discord_commands import CHAT, MESSAGE, Commands
from tests.fakes.discord_interaction import AUTOCOMPLETE, COMMAND, COMPONENT, Interaction
from tests.fakes.discord_messages import Message
from tests.fakes.discord_objects import DIRECT, Channel, Json, Member, User
from tests.fakes.discord_state import Guild

_STRING, _INTEGER, _BOOLEAN, _USER, _CHANNEL, _NUMBER, _ATTACHMENT = 3, 4, 5, 6, 7, 10, 11
_GUILD_CONTEXT, _BOT_DM, _PRIVATE_CHANNEL = 0, 1, 2
_GUILD_INSTALL, _USER_INSTALL = 0, 1


class NotOffered(LookupError):
    """The platform would not have let a person do this."""


class People:
    """Begins interactions and sends them over the gateway."""

    def __init__(self, callbacks: Callbacks, commands: Commands) -> None:
        self.callbacks = callbacks
        self.commands = commands
        self.world = callbacks.world

    def slash(
        self,
        channel: Channel,
        who: Member | User,
        name: str,
        options: dict[str, Any] | None = None,
        *,
        locale: str = "en-US",
        forged: bool = False,
    ) -> Interaction:
        """Sends a chat command; `name` may have a subcommand after a space."""
        first, *path = name.split()
        command = self._command(channel, who, first, CHAT, forged)
        data = self._filled(command, path, options or {}, None, channel.guild, forged)
        return self._begin(COMMAND, channel, who, data, locale)

    def autocomplete(
        self,
        channel: Channel,
        who: Member | User,
        name: str,
        focused: str,
        options: dict[str, Any],
        *,
        locale: str = "en-US",
    ) -> Interaction:
        """Types into the option `focused` of a command, not yet sending it."""
        first, *path = name.split()
        command = self._command(channel, who, first, CHAT, False)
        data = self._filled(command, path, options, focused, channel.guild)
        return self._begin(AUTOCOMPLETE, channel, who, data, locale)

    def message_menu(
        self, channel: Channel, who: Member | User, name: str, message: Message, *, locale: str = "en-US"
    ) -> Interaction:
        """Picks an entry of a message's menu."""
        command = self._command(channel, who, name, MESSAGE, False)
        data = {
            "id": command["id"],
            "name": name,
            "type": MESSAGE,
            "target_id": str(message.id),
            "resolved": {"messages": {str(message.id): message.json()}},
        }
        return self._begin(COMMAND, channel, who, data, locale)

    def press(
        self, message: Message, custom_id: str, who: Member | User, *, locale: str = "en-US", forged: bool = False
    ) -> Interaction:
        """Presses a button under a message."""
        button = message.button(custom_id) or ({} if forged else None)
        unseen = message.seen_by not in (None, who.id) or message.id not in self.world.messages
        if button is None or (not forged and (button.get("disabled") or unseen)):
            raise NotOffered(f"no button {custom_id!r} for {who.id} among {message.buttons}")
        data = {"custom_id": custom_id, "component_type": 2, "id": button.get("id", 2)}
        return self._begin(COMPONENT, message.channel, who, data, locale, message)

    def again(self, interaction: Interaction) -> None:
        """Sends the very same interaction once more, as a gateway that repeats itself would."""
        guild = interaction.channel.guild
        self.world.emit("INTERACTION_CREATE", interaction.payload, guild.id if guild else None)

    def _command(self, channel: Channel, who: Member | User, name: str, kind: int, forged: bool) -> Json:
        guild = channel.guild
        command = self.commands.find(name, kind, guild.id if guild else None)
        if command is None and forged:
            return {"id": str(self.world.new_id()), "name": name, "type": kind, "options": []}
        if command is None:
            raise NotOffered(f"no such command here: {name}")
        if not forged and not self._offered(command, channel, who):
            raise NotOffered(f"{name} is not offered to {who.id} in {channel.name or 'a direct chat'}")
        return command

    def _offered(self, command: Json, channel: Channel, who: Member | User) -> bool:
        if _context(channel) not in (command.get("contexts") or [_GUILD_CONTEXT, _BOT_DM]):
            return False
        installs = command["integration_types"] or [_GUILD_INSTALL]
        by_guild = channel.has_bot and _GUILD_INSTALL in installs
        if not by_guild and not (who.id in self.world.installed_by and _USER_INSTALL in installs):
            return False
        if not isinstance(who, Member):
            return True
        bits = rights.in_channel(who, channel)
        needed = command.get("default_member_permissions")
        if not bits & rights.Right.USE_APPLICATION_COMMANDS:
            return False
        if needed is None or bits == rights.ALL:
            return True
        return int(needed) != 0 and bits & int(needed) == int(needed)

    def _filled(
        self,
        command: Json,
        path: list[str],
        values: dict[str, Any],
        focused: str | None,
        guild: Guild | None,
        forged: bool = False,
    ) -> Json:
        """The command's data with its options filled in, below the subcommands of `path`."""
        declared, rest = command.get("options") or [], list(path)
        nest: list[Json] = []
        while rest:
            found = next((one for one in declared if one["name"] == rest[0] and one["type"] in (1, 2)), None)
            if found is None:
                raise NotOffered(f"no subcommand {rest[0]!r} in /{command['name']}")
            nest.append({"name": found["name"], "type": found["type"]})
            declared, rest = found.get("options") or [], rest[1:]
        resolved: Json = {}
        options = [self._option(declared, name, one, focused, guild, resolved) for name, one in values.items()]
        if not forged:
            _check_channels(declared, values)
        missing = {one["name"] for one in declared if one.get("required")} - set(values)
        if missing and focused is None:
            raise NotOffered(f"/{command['name']} needs {sorted(missing)}")
        for outer in reversed(nest):
            options = [outer | {"options": options}]
        data = {"id": command["id"], "name": command["name"], "type": CHAT, "options": options}
        where = {"guild_id": command["guild_id"]} if "guild_id" in command else {}
        return data | where | ({"resolved": resolved} if resolved else {})

    def _option(
        self, declared: list[Json], name: str, value: Any, focused: str | None, guild: Guild | None, resolved: Json
    ) -> Json:
        found = next((one for one in declared if one["name"] == name), None)
        if found is None:
            raise NotOffered(f"no option {name!r} among {[one['name'] for one in declared]}")
        if found.get("choices") and value not in [one["value"] for one in found["choices"]]:
            raise NotOffered(f"{value!r} is no choice of {name}")
        if found["type"] == _USER:
            self._resolve_user(value, resolved)
        elif found["type"] == _CHANNEL:
            bits = rights.in_channel(guild.members[self.world.bot.id], value) if guild else 0
            resolved.setdefault("channels", {})[str(value.id)] = value.json() | {"permissions": str(bits)}
        elif found["type"] == _ATTACHMENT:
            attachment = self.world.files.attachment(self.world.new_id(), value) | {"ephemeral": True}
            resolved.setdefault("attachments", {})[attachment["id"]] = attachment
            return {"name": name, "type": found["type"], "value": attachment["id"]}
        plain = str(value.id) if isinstance(value, Member | User | Channel) else value
        option = {"name": name, "type": found["type"], "value": plain}
        return option | ({"focused": True} if name == focused else {})

    def _resolve_user(self, value: Member | User, resolved: Json) -> None:
        user = value.user if isinstance(value, Member) else value
        resolved.setdefault("users", {})[str(user.id)] = user.json()
        if isinstance(value, Member):
            body = {key: one for key, one in value.json().items() if key not in ("user", "deaf", "mute")}
            body["permissions"] = str(rights.in_guild(value))
            resolved.setdefault("members", {})[str(user.id)] = body

    def _begin(
        self,
        kind: int,
        channel: Channel,
        who: Member | User,
        data: Json,
        locale: str,
        message: Message | None = None,
    ) -> Interaction:
        user = who.user if isinstance(who, Member) else who
        one = Interaction(
            self.world.new_id(), kind, user, channel, self.world.now, self.callbacks.bell, pressed=message
        )
        one.payload = self._payload(one, who, data, locale)
        if message is not None:
            flags = {"message": message.json()}
            one.payload |= flags
        self.callbacks.begin(one)
        self.again(one)
        return one

    def _payload(self, one: Interaction, who: Member | User, data: Json, locale: str) -> Json:
        guild = one.channel.guild
        owners = {"0": str(guild.id) if guild else "0"} if one.channel.has_bot else {}
        if one.pressed and one.pressed.metadata:
            owners = one.pressed.metadata["authorizing_integration_owners"]
        elif one.user.id in self.world.installed_by:
            owners["1"] = str(one.user.id)
        body: Json = {
            "id": str(one.id),
            "application_id": str(self.world.application_id),
            "type": one.kind,
            "data": data,
            "token": one.token,
            "version": 1,
            "locale": locale,
            "channel_id": str(one.channel.id),
            "channel": one.channel.json(),
            "entitlements": [],
            "attachment_size_limit": 10 * 2**20,
            "context": _context(one.channel),
            "authorizing_integration_owners": owners,
        }
        if guild is None:
            return body | {"user": one.user.json(), "app_permissions": str(rights.GUEST)}
        assert isinstance(who, Member)
        bits = rights.in_channel(who, one.channel)
        own = rights.in_channel(guild.me, one.channel) if one.channel.has_bot else bits & rights.GUEST
        return body | {
            "guild_id": str(guild.id),
            "guild_locale": guild.locale,
            "guild": {"id": str(guild.id), "locale": guild.locale, "features": []},
            "member": who.json() | {"permissions": str(bits)},
            "app_permissions": str(own),
        }


def _check_channels(declared: list[Json], values: dict[str, Any]) -> None:
    """An app offers only channels of the types that the option names."""
    for option in declared:
        chosen, types = values.get(option["name"]), option.get("channel_types")
        if types and isinstance(chosen, Channel) and chosen.kind not in types:
            raise NotOffered(f"{chosen.name!r} is no channel for {option['name']}")


def _context(channel: Channel) -> int:
    """Where an interaction happens, in the platform's numbers."""
    if channel.guild is not None:
        return _GUILD_CONTEXT
    return _BOT_DM if channel.kind == DIRECT else _PRIVATE_CHANNEL
