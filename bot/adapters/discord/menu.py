"""Our commands as the JSON that Discord's menu is made of. The law: a command or option goes by its own English key,
so that what comes back is read without knowing any language."""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from bot.core.model import Audience, CommandInfo, Param

Json = dict[str, Any]

PIN_MESSAGES, MANAGE_GUILD = 1 << 51, 1 << 5
_CHAT_INPUT, _MESSAGE = 1, 3
_GUILD, _BOT_DM = 0, 1
_GUILD_INSTALL = 0
_STRING, _BOOLEAN, _USER = 3, 5, 6
_NEEDED = {Audience.PINNERS: PIN_MESSAGES, Audience.MANAGERS: MANAGE_GUILD}
_TYPES = {"text": _STRING, "topic": _STRING, "choice": _STRING, "member": _USER, "flag": _BOOLEAN}
# Every English is named: somebody with en-US would otherwise be shown the words for en-GB.
_TAGS = {
    "en": ("en-US", "en-GB"),
    "es": ("es-ES", "es-419"),
    "pt": ("pt-BR",),
    "sv": ("sv-SE",),
    "zh": ("zh-CN", "zh-TW"),
}
_ALONE = re.compile("id|da|de|fr|hr|it|lt|hu|nl|no|pl|ro|fi|vi|tr|cs|el|bg|ru|uk|hi|th|ja|ko")


def menu(commands: Sequence[CommandInfo]) -> list[Json]:
    """The body of the request that replaces all global commands at once."""
    return [_command(info) for info in commands]


def fingerprint(commands: Sequence[CommandInfo]) -> str:
    """Differs when the menu does; the order of the commands, which Discord does not show, has no part in it."""
    shown = sorted(menu(commands), key=lambda command: (command["type"], command["name"]))
    return hashlib.sha256(json.dumps(shown, sort_keys=True).encode()).hexdigest()[:32]


def _command(info: CommandInfo) -> Json:
    everyone = info.audience is Audience.EVERYONE
    command: Json = {
        "type": _MESSAGE if info.kind == "message" else _CHAT_INPUT,
        "name": info.names["en"] if info.kind == "message" else info.name,
        "name_localizations": _localised(info.names),
        "integration_types": [_GUILD_INSTALL],
        "contexts": [_GUILD, _BOT_DM] if everyone else [_GUILD],
        "default_member_permissions": None if everyone else str(_NEEDED[info.audience]),
    }
    if info.kind == "slash":
        options = sorted(info.params, key=lambda param: not param.required)  # Discord wants the required ones first
        command |= {
            "description": info.descriptions["en"],
            "description_localizations": _localised(info.descriptions),
            "options": [_option(param, info.name) for param in options],
        }
    return command


def _option(param: Param, command: str) -> Json:
    option: Json = {
        "type": _TYPES[param.kind],
        "name": param.key,
        "name_localizations": _localised(param.names),
        "description": param.descriptions["en"],
        "description_localizations": _localised(param.descriptions),
        "required": param.required,
    }
    if param.kind == "choice":
        option["choices"] = [{"name": choice, "value": choice} for choice in param.choices]
    elif param.kind == "topic" or (param.kind == "text" and command == "ask"):
        option["autocomplete"] = True
    return option


def _localised(words: Mapping[str, str]) -> dict[str, str]:
    """The words under Discord's own language tags; a language that Discord does not have is left out."""
    tags = {locale: _TAGS.get(locale, (locale,) if _ALONE.fullmatch(locale) else ()) for locale in words}
    return {tag: words[locale] for locale in words for tag in tags[locale]}
