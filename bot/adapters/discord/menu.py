"""The bot's commands in the form in which Discord registers them. Each is named by its English key, which interactions
contain in every language.
"""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from bot.adapters.discord.requests import BITS
from bot.adapters.discord.updates import FORUM
from bot.core.commands import CommandInfo, Param, first

Json = dict[str, Any]

_CHAT_INPUT, _MESSAGE = 1, 3
_GUILD, _BOT_DM, _PRIVATE_CHANNEL = 0, 1, 2  # a private channel is a chat of the caller with other users
_GUILD_INSTALL, _USER_INSTALL = 0, 1
_STRING, _BOOLEAN, _USER, _CHANNEL, _ATTACHMENT = 3, 5, 6, 7, 11
_TYPES = dict.fromkeys(("text", "topic", "choice"), _STRING) | dict.fromkeys(("channel", "area"), _CHANNEL)
_TYPES |= {"member": _USER, "flag": _BOOLEAN, "file": _ATTACHMENT}
_CHANNELS = (0, 2, 5, 10, 11, 12)  # those with messages: text, voice, announcements and the three kinds of threads
# Every English is named, because Discord would show a reader with en-US the texts for en-GB otherwise.
_TAGS = {
    "en": ("en-US", "en-GB"),
    "es": ("es-ES", "es-419"),
    "pt": ("pt-BR",),
    "sv": ("sv-SE",),
    "zh": ("zh-CN", "zh-TW"),
}
_NAME = re.compile(r"[\w-]{1,32}")
_FIELD = re.compile(r"^In (\d+)\.(\S+): (.*)$", re.MULTILINE)
_FIELDS = (
    *("type", "name", "name_localizations", "description", "description_localizations", "options"),
    *("integration_types", "contexts", "default_member_permissions"),
)
_ALONE = re.compile("id|da|de|fr|hr|it|lt|hu|nl|no|pl|ro|fi|vi|tr|cs|el|bg|ru|uk|hi|th|ja|ko")


def menu(commands: Sequence[CommandInfo]) -> list[Json]:
    """Return the body of the request that replaces all global commands at once."""
    return [_command(info) for info in commands]


def as_text(commands: Sequence[CommandInfo]) -> str:
    """Return the menu as text to compare. The order of the commands does not matter, as Discord does not show it."""
    shown = sorted(menu(commands), key=lambda command: (command["type"], command["name"]))
    return json.dumps(shown, sort_keys=True)


def refused(commands: Sequence[Json], text: str) -> dict[int, str]:
    """Return the commands that Discord refused: their index in the request, and a line with the fields and reasons.
    `text` is that of the SDK's exception, which has a line for each field.
    """
    problems: dict[int, list[str]] = {}
    for index, field, words in _FIELD.findall(text):
        if int(index) < len(commands):
            problems.setdefault(int(index), []).append(f"{field}: {words}")
    return {index: f"/{commands[index]['name']}: {', '.join(lines)}" for index, lines in problems.items()}


def instead(commands: Sequence[Json], wrong: Iterable[int], registered: Iterable[Mapping[str, Any]]) -> list[Json]:
    """Return the commands, with those at the indexes `wrong` replaced by the version that Discord has registered. Those
    that it does not have are left out.
    """
    old = {(one["type"], one["name"]): {key: one[key] for key in _FIELDS if key in one} for one in registered}
    bad = set(wrong)
    shown = (old.get((one["type"], one["name"])) if at in bad else one for at, one in enumerate(commands))
    return [one for one in shown if one]


def ids(registered: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Return the ids of the registered slash commands by name."""
    return {one["name"]: str(one["id"]) for one in registered if one["type"] == _CHAT_INPUT}


def overflow(commands: Sequence[CommandInfo]) -> tuple[str, ...]:
    """Return what Discord would refuse in these commands, one line each. It accepts either all commands or none."""
    problems = [problem for info in commands for problem in _refused(info)]
    for kind in ("slash", "message"):
        infos = [info for info in commands if info.kind == kind]
        for locale in {locale for info in infos for locale in info.names}:
            names = Counter(info.names.get(locale, info.name) for info in infos)
            problems += [f"two commands are called “{name}” in {locale}" for name, count in names.items() if count > 1]
    return tuple(problems)


def _refused(info: CommandInfo) -> Iterator[str]:
    names = [info.name, *info.names.values()] if info.kind == "slash" else []
    names += [name for param in info.params for name in (param.key, *param.names.values())]
    for name in names:
        if not _NAME.fullmatch(name) or name != name.lower():
            yield f"/{info.name}: “{name}” is no valid name on Discord: use 1 to 32 lowercase letters, digits, - or _"
    described = [info.descriptions, *(param.descriptions for param in info.params)]
    for text in (text for texts in described for text in texts.values()):
        if not 1 <= len(text) <= 100:
            yield f"/{info.name}: a description has {len(text)} characters, Discord takes 1 to 100"
    if len(info.params) > 25 or any(len(param.choices) > 25 for param in info.params):
        yield f"/{info.name}: Discord takes at most 25 options, and 25 choices for each"


def _command(info: CommandInfo) -> Json:
    everyone = not info.right
    command: Json = {
        "type": _MESSAGE if info.kind == "message" else _CHAT_INPUT,
        "name": first(info.names) if info.kind == "message" else info.name,
        "name_localizations": _localised(info.names),
        "integration_types": [_GUILD_INSTALL, _USER_INSTALL] if everyone else [_GUILD_INSTALL],
        "contexts": [_GUILD, _BOT_DM, _PRIVATE_CHANNEL] if everyone else [_GUILD],
        "default_member_permissions": None if everyone else str(BITS[info.right]),
    }
    if info.kind == "slash":
        options = sorted(info.params, key=lambda param: not param.required)  # Discord requires this order
        command |= {
            "description": first(info.descriptions),
            "description_localizations": _localised(info.descriptions),
            "options": [_option(param, info.name) for param in options],
        }
    return command


def _option(param: Param, command: str) -> Json:
    option: Json = {
        "type": _TYPES[param.kind],
        "name": param.key,
        "name_localizations": _localised(param.names),
        "description": first(param.descriptions),
        "description_localizations": _localised(param.descriptions),
        "required": param.required,
    }
    if param.kind == "choice":
        option["choices"] = [{"name": choice, "value": choice} for choice in param.choices]
    elif param.kind in ("channel", "area"):
        option["channel_types"] = [*_CHANNELS, *((FORUM,) if param.kind == "area" else ())]
    elif param.kind == "topic" or (param.kind == "text" and command == "ask"):
        option["autocomplete"] = True
    return option


def _localised(words: Mapping[str, str]) -> dict[str, str]:
    """The texts by Discord's language tags, without the languages that Discord does not have."""
    tags = {locale: _TAGS.get(locale, (locale,) if _ALONE.fullmatch(locale) else ()) for locale in words}
    return {tag: words[locale] for locale in words for tag in tags[locale]}
