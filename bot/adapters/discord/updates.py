"""Fields of what Discord sends, by the type that they must have. The law: what has another type is not there; nothing
here raises.
"""

from collections.abc import Mapping
from typing import Any

Json = Mapping[str, Any]

_LONGEST_NUMBER = 20  # digits of 64 bits


def inside(holder: Json, key: str | None) -> Json:
    """The object under that key, or an empty one."""
    value = holder.get(key) if key else None
    return value if isinstance(value, dict) else {}


def is_number(value: object) -> bool:
    """Whether it is how Discord writes a number of 64 bits, which its ids are: as digits in a string."""
    return isinstance(value, str) and 0 < len(value) <= _LONGEST_NUMBER and value.isascii() and value.isdecimal()


def id_(holder: Json, key: str) -> str | None:
    """The id under that key, or None."""
    value = holder.get(key)
    return value if is_number(value) else None


def has_odd(holder: Json, *keys: str) -> bool:
    """Whether something stands under one of these keys that is no id."""
    return any(holder.get(key) is not None and not is_number(holder[key]) for key in keys)


def bits(holder: Json, key: str) -> int:
    """The permission bits under that key, or none."""
    return int(id_(holder, key) or 0)


def name(member: Json, user: Json) -> str:
    """The name that the guild sees, or an empty one."""
    names: tuple[object, ...] = (member.get("nick"), user.get("global_name"), user.get("username"))
    return next((one for one in names if isinstance(one, str) and one), "")


def options(data: Json) -> list[Json] | None:
    """All options of a command, those of a subcommand included; None if they are not as Discord sends them."""
    found, left = list[Json](), [data.get("options")]
    while left:
        level = left.pop()
        if level is None:
            continue
        if not isinstance(level, list):
            return None
        for option in level:
            if not isinstance(option, dict) or not isinstance(option.get("name"), str):
                return None
            found.append(option)
            left.append(option.get("options"))
    return found
