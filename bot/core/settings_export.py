"""Writes a community's settings as a small YAML file, for moderators to keep, edit and import. It names no member."""

from collections.abc import Mapping
from typing import Any, Final, Protocol

from bot.core.community import Community
from bot.core.model import Place, Risk

NAME: Final = "settings.yaml"
FORMAT: Final = "1"
LARGEST: Final = 1 << 14  # the largest file that can be imported, in bytes; the longest exported one has 4,000
DEFAULT: Final = "default"

Where = tuple[str | int, ...]
"""The path of a value in a file."""


class Document(Protocol):
    """A parsed YAML file: its values, and the line of each, counted from 1."""

    @property
    def values(self) -> Mapping[str, Any]: ...

    def line(self, path: Where) -> int: ...


def to_yaml(community: Community) -> str:
    """Return the settings as YAML.

    Channels, threads and topics are written as their ids; those of `welcome` and `log` as channel/thread.
    """
    values: Mapping[str, str | list[str]] = {
        "format": FORMAT,
        "community": _quoted(community.id or ""),
        "language": community.locale or DEFAULT,
        "languages": [f"{_quoted(one)}: {tag}" for one, tag in sorted(community.languages.items())] or "{}",
        "risk": DEFAULT if community.risk_floor is Risk.GENERAL else community.risk_floor.name.lower(),
        "cooldown": str(community.cooldown),
        "channels": [f"- {_quoted(one)}" for one in sorted(community.channels)] or "all",
        "forums": [f"- {_quoted(one)}" for one in sorted(community.forums)] or "[]",
        "welcome": _place(community.welcome),
        "welcome-message": _quoted(community.welcome_line or ""),
        "welcome-quiet": "on" if community.welcome_quiet else "off",
        "welcome-cleanup": "on" if community.remove_greetings else "off",
        "log": _place(community.log),
    }
    return "".join(f"{key}:{_yaml_value(value)}\n" for key, value in values.items())


def _yaml_value(value: str | list[str]) -> str:
    return f" {value}" if isinstance(value, str) else "".join(f"\n  {one}" for one in value)


def _place(place: Place | None) -> str:
    return _quoted("/".join(filter(None, (place.channel, place.thread)))) if place else "off"


def _quoted(words: str) -> str:
    doubled = words.replace("'", "''")
    return f"'{doubled}'"
