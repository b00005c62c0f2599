"""Application commands of the pretend Discord. A set of commands is taken whole, or refused with a reason.

Facts: 100 chat commands a scope; names of letters, digits, - and _ up to 32, lower case; descriptions 1 to 100;
25 options, required ones first; 8,000 characters a command; 200 new ones a day in a scope (30034).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

from tests.fakes.discord_objects import Json
from tests.fakes.discord_refusal import Refusal, bad_form, missing_access, unknown
from tests.fakes.discord_state import World
from tests.fakes.discord_wire import Call, Wire

CHAT, USER, MESSAGE = 1, 2, 3
_SUB, _GROUP, _CHANNEL = 1, 2, 7
_CHANNEL_TYPES = frozenset({0, 1, 2, 3, 4, 5, 10, 11, 12, 13, 14, 15, 16})
_QUOTAS = {CHAT: 100, USER: 15, MESSAGE: 15}
_CREATES_A_DAY = 200
_LOCALES = """
    id da de en-GB en-US es-ES es-419 fr hr it lt hu nl no pl pt-BR ro fi sv-SE vi tr
    cs el bg ru uk hi th zh-CN ja zh-TW ko
"""
LOCALES = frozenset(_LOCALES.split())


class Commands:
    """The commands registered for everyone (scope None) and for single guilds."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.scopes: dict[int | None, list[Json]] = {}
        self._created: dict[int | None, list[datetime]] = {}

    def route(self, wire: Wire) -> None:
        for base in ("/applications/{application}/commands", "/applications/{application}/guilds/{guild}/commands"):
            wire.add("GET", base, self._list)
            wire.add("PUT", base, self._replace)
            wire.add("DELETE", base + "/{command}", self._delete)

    def find(self, name: str, kind: int, guild: int | None) -> Json | None:
        """The command that a member would use here; a guild's own comes before everyone's."""
        offered = [*self.scopes.get(guild, []), *self.scopes.get(None, [])]
        return next((one for one in offered if one["name"] == name and one["type"] == kind), None)

    def _scope(self, call: Call) -> int | None:
        if call.id("application") != self.world.application_id:
            raise Refusal(403, 20012, "You are not authorized to perform this action on this application")
        if "guild" not in call.params:
            return None
        if call.id("guild") not in self.world.guilds:
            raise missing_access()
        return call.id("guild")

    def _list(self, call: Call) -> list[Json]:
        commands = self.scopes.get(self._scope(call), [])
        if call.query.get("with_localizations") in ("1", "true", "True"):
            return commands
        hidden = ("name_localizations", "description_localizations")
        return [{key: value for key, value in one.items() if key not in hidden} for one in commands]

    def _delete(self, call: Call) -> None:
        commands = self.scopes.get(self._scope(call), [])
        found = next((one for one in commands if one["id"] == call.params["command"]), None)
        if found is None:
            raise unknown(10063, "application command")
        commands.remove(found)

    def _replace(self, call: Call) -> list[Json]:
        scope = self._scope(call)
        wanted: list[Json] = call.body or []
        errors = {str(at): wrong for at, one in enumerate(wanted) if (wrong := dict(_wrong(one)))}
        for kind, quota in _QUOTAS.items():
            names = [one.get("name") for one in wanted if one.get("type", CHAT) == kind]
            if len(names) > quota:
                raise Refusal(400, 30032, f"Maximum number of application commands reached ({quota})")
            if len(set(names)) < len(names):
                errors["name"] = _error("APPLICATION_COMMANDS_DUPLICATE_NAME", "Names must be unique")
        if errors:
            raise bad_form(errors)
        old = {(one["name"], one["type"]): one for one in self.scopes.get(scope, [])}
        self._count(scope, sum((one["name"], one.get("type", CHAT)) not in old for one in wanted))
        self.scopes[scope] = [self._kept(one, old.get((one["name"], one.get("type", CHAT))), scope) for one in wanted]
        return self.scopes[scope]

    def _count(self, scope: int | None, new: int) -> None:
        day = self.world.now - timedelta(days=1)
        recent = [one for one in self._created.get(scope, []) if one > day]
        if len(recent) + new > _CREATES_A_DAY:
            words = f"Max number of daily application command creates has been reached ({_CREATES_A_DAY})"
            raise Refusal(400, 30034, words)
        self._created[scope] = recent + [self.world.now] * new

    def _kept(self, body: Json, old: Json | None, scope: int | None) -> Json:
        base: Json = {
            "type": CHAT,
            "description": "",
            "options": [],
            "nsfw": False,
            "default_member_permissions": None,
            "contexts": None,
            "integration_types": [0],
            "dm_permission": True,
        }
        identity = {
            "id": old["id"] if old else str(self.world.new_id()),
            "application_id": str(self.world.application_id),
            "version": str(self.world.new_id()),
        }
        return base | body | identity | ({"guild_id": str(scope)} if scope else {})


def _error(code: str, message: str) -> Json:
    return {"_errors": [{"code": code, "message": message}]}


def _wrong(body: Json) -> Iterator[tuple[str, Json]]:
    """What is wrong with one command, by field."""
    for field, known in (("integration_types", {0, 1}), ("contexts", {0, 1, 2})):
        given = body.get(field)
        if given is not None and (not given or len(set(given)) < len(given) or set(given) - known):
            yield field, _error("BASE_TYPE_CHOICES", f"Value must be one of {known}, each once.")
    if body.get("type", CHAT) == CHAT:
        yield from _wrong_words(body)
        yield from _wrong_options(body.get("options") or [])
        if _size(body) > 8000:
            yield "size", _error("APPLICATION_COMMAND_TOO_LARGE", "Command exceeds maximum size (8000)")
    elif not 1 <= len(body.get("name", "")) <= 32 or body.get("description"):
        yield "name", _error("BASE_TYPE_BAD_LENGTH", "1 to 32 characters, and no description")


def _wrong_words(body: Json) -> Iterator[tuple[str, Json]]:
    names = {"": body.get("name", "")} | (body.get("name_localizations") or {})
    descriptions = {"": body.get("description", "")} | (body.get("description_localizations") or {})
    for locale in {*names, *descriptions} - {""} - LOCALES:
        yield "locale", _error("DICT_TYPE_CONVERT_KEY", f"{locale} is no locale")
    for locale, name in names.items():
        if not _good_name(name):
            yield f"name{locale}", _error("APPLICATION_COMMAND_INVALID_NAME", f"Command name is invalid: {name!r}")
    for locale, words in descriptions.items():
        if not 1 <= len(words) <= 100:
            yield f"description{locale}", _error("BASE_TYPE_BAD_LENGTH", "Must be between 1 and 100 in length.")


def _good_name(name: str) -> bool:
    return 1 <= len(name) <= 32 and name == name.lower() and all(map(_good_letter, name))


def _good_letter(letter: str) -> bool:
    if letter in "-_'" or unicodedata.category(letter)[0] in "LN":
        return True
    return unicodedata.name(letter, "").startswith(("DEVANAGARI", "THAI"))


def _wrong_options(options: list[Json]) -> Iterator[tuple[str, Json]]:
    if len(options) > 25:
        yield "options", _error("BASE_TYPE_MAX_LENGTH", "Must be 25 or fewer in length.")
    needed = [bool(one.get("required")) for one in options]
    if needed != sorted(needed, reverse=True):
        yield "options", _error("APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", "Required options come first")
    if len({one.get("name") for one in options}) < len(options):
        yield "options", _error("APPLICATION_COMMAND_OPTIONS_NAME_INVALID", "Option names must be unique")
    for at, one in enumerate(options):
        wrong = dict(_wrong_words(one)) | dict(_wrong_options(one.get("options") or []))
        if wrong:
            yield f"options{at}", wrong
        if (types := one.get("channel_types")) and (one["type"] != _CHANNEL or set(types) - _CHANNEL_TYPES):
            yield f"channel_types{at}", _error("BASE_TYPE_CHOICES", "Types of channels, for an option of type 7.")
        choices = one.get("choices") or []
        if len(choices) > 25 or (choices and one.get("autocomplete")):
            yield f"choices{at}", _error("BASE_TYPE_MAX_LENGTH", "25 or fewer, and none beside autocomplete")
        if any(not 1 <= len(choice["name"]) <= 100 for choice in choices):
            yield f"choices{at}", _error("BASE_TYPE_BAD_LENGTH", "Must be between 1 and 100 in length.")


def _size(body: Json) -> int:
    """Characters of names, descriptions and values, of which the longest localisation counts."""
    parts: Iterable[Any] = [*(body.get("options") or []), *(body.get("choices") or [])]
    value = body.get("value")
    own = len(value) if isinstance(value, str) else 0
    for key in ("name", "description"):
        own += max(len(one) for one in [body.get(key, ""), *(body.get(f"{key}_localizations") or {}).values()])
    return own + sum(_size(one) for one in parts)
