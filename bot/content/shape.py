"""Plain values held against a shape: a dataclass whose fields say what they take. Its law: every flaw is found at once,
and nothing is converted on the quiet.

pydantic could do this, but importing it takes longer than reading all the answers: `check` would miss its goal
(`start-check` in bench), and a bot at rest would hold the library in memory for what it does once per change.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass
from datetime import date
from difflib import get_close_matches
from functools import cache, partial
from types import NoneType, UnionType
from typing import Annotated, Any, Final, Literal, TypeVar, Union, final, get_args, get_origin

from bot.content.yaml_file import Where

Shape = TypeVar("Shape")


@final
@dataclass(frozen=True, slots=True)
class Takes:
    """What a text, or by its length a list, may be; written into `Annotated`. `about` is for editors."""

    least: int = 0
    most: int | None = None
    pattern: str | None = None
    strip: bool = False
    about: str = ""


@final
@dataclass(frozen=True, slots=True)
class Flaw:
    """What is wrong with the value at `where`, and what would be right."""

    where: Where
    what: str
    remedy: str


_WRONG: Final = object()  # stands for a value whose flaw was noted
_Reader = Callable[[Any, Where, list[Flaw]], Any]
_KINDS: Mapping[type, tuple[str, str]] = {
    str: ("text", "Write text; put yes, no, on, off, numbers and dates in quotes."),
    date: ("a date", "Write a date as 2026-01-31, without quotes."),
    tuple: ("a list", "Write a list: one `- item` a line."),
    dict: ("a mapping", "Write a mapping: one `key: value` a line."),
}


def shaped(kind: type[Shape], value: object) -> Shape | list[Flaw]:
    """The value in that shape, or all that is wrong with it."""
    flaws = list[Flaw]()
    made: Shape = _kept(kind)(value, (), flaws)
    return flaws or made


def _reader(kind: Any) -> _Reader:
    origin, parts = get_origin(kind), get_args(kind)
    if is_dataclass(kind):
        keys = {one.name: (_reader(one.type), required(one)) for one in fields(kind)}
        return partial(_record, kind, keys)
    if origin is Annotated:
        patterns = [limit.pattern and re.compile(limit.pattern) for limit in parts[1:]]
        return partial(_limited, _reader(parts[0]), tuple(zip(parts[1:], patterns, strict=True)))
    if origin is Literal:
        return partial(_one_of, parts)
    if origin is tuple:
        return partial(_list, _reader(parts[0]))
    if origin is dict:
        return partial(_mapping, _reader(parts[0]), _reader(parts[1]))
    if origin in (Union, UnionType):
        return _either(tuple(part for part in parts if part is not NoneType))
    return partial(_plain, kind)


_kept: Callable[[Any], _Reader] = cache(_reader)


def required(one: Any) -> bool:
    """Whether a dataclass's field has no default."""
    return one.default is MISSING and one.default_factory is MISSING


def _plain(kind: type, value: Any, where: Where, flaws: list[Flaw]) -> Any:
    if type(value) is kind:
        return value
    name, (wanted, remedy) = _name(where), _KINDS[kind]
    if kind is str and isinstance(value, bool):
        what = f"“{name}” is read by YAML as {'yes' if value else 'no'} (true or false), not as text"
        return _flaw(flaws, where, what, 'Put the word in quotes: "no".')
    return _flaw(flaws, where, f"“{name}”: should be {wanted}", remedy)


def _record(kind: Any, keys: Mapping[str, tuple[_Reader, bool]], value: Any, where: Where, flaws: list[Flaw]) -> Any:
    if _plain(dict, value, where, flaws) is _WRONG:
        return _WRONG
    before, made = len(flaws), dict[str, Any]()
    for key, (reader, needed) in keys.items():
        if key in value:
            made[key] = reader(value[key], (*where, key), flaws)
        elif needed:
            _flaw(flaws, (*where, key), f"the key “{_name((*where, key))}” is missing", "Add it.")
    for key in [key for key in value if key not in keys]:
        what = f"the key “{_name((*where, key))}” is not known here"
        near = get_close_matches(str(key), keys, n=1)
        remedy = f"Did you mean “{near[0]}”?" if near else "Take it out, or correct its spelling."
        _flaw(flaws, (*where, key), what, remedy)
    return kind(**made) if len(flaws) == before else _WRONG


_Limit = tuple[Takes, re.Pattern[str] | None]


def _limited(inner: _Reader, limits: tuple[_Limit, ...], value: Any, where: Where, flaws: list[Flaw]) -> Any:
    value = inner(value, where, flaws)
    for limit, pattern in limits:
        if value is _WRONG:
            return _WRONG
        if limit.strip:
            value = value.strip()
        if flaw := isinstance(value, str | tuple) and _beyond(limit, pattern, value):
            value = _flaw(flaws, where, f"“{_name(where)}”: {flaw[0]}", flaw[1])
    return value


def _beyond(limit: Takes, pattern: re.Pattern[str] | None, value: Any) -> tuple[str, str] | None:
    """What of a limit the value breaks, and what would be right."""
    things, few, many = ("entries", "Add some.", "Take some out.")
    if isinstance(value, str):
        things, few, many = ("characters", "Write some words.", "Shorten it.")
    if len(value) < limit.least:
        return f"should have at least {limit.least} {things}", few
    if limit.most is not None and len(value) > limit.most:
        return f"has {len(value)} {things}, at most {limit.most} are taken", many
    if pattern and not pattern.fullmatch(value):
        return f"should match the pattern {limit.pattern}", "Correct the value."
    return None


def _one_of(words: tuple[str, ...], value: Any, where: Where, flaws: list[Flaw]) -> Any:
    if isinstance(value, str) and value in words:
        return value
    return _flaw(flaws, where, f"“{_name(where)}”: should be {spoken(words)}", "Write one of the values named.")


def spoken(words: tuple[str, ...]) -> str:
    """The words as a choice: 'one', 'two' or 'three'."""
    quoted = [f"'{word}'" for word in words]
    return " or ".join(filter(None, (", ".join(quoted[:-1]), quoted[-1])))


def _list(inner: _Reader, value: Any, where: Where, flaws: list[Flaw]) -> Any:
    if type(value) is not list:
        return _plain(tuple, value, where, flaws)
    return tuple(inner(one, (*where, number), flaws) for number, one in enumerate(value))


def _mapping(key_of: _Reader, value_of: _Reader, value: Any, where: Where, flaws: list[Flaw]) -> Any:
    if _plain(dict, value, where, flaws) is _WRONG:
        return _WRONG
    return {key_of(key, (*where, key), flaws): value_of(one, (*where, key), flaws) for key, one in value.items()}


def _either(kinds: tuple[Any, ...]) -> _Reader:
    """Reads a value that may be left out, and that has, of several shapes, the one that its `kind` names."""
    if len(kinds) == 1:
        inner = _reader(kinds[0])
        return lambda value, where, flaws: None if value is None else inner(value, where, flaws)
    readers = {get_args(one.__dataclass_fields__["kind"].type)[0]: _reader(one) for one in kinds}

    def named(value: Any, where: Where, flaws: list[Flaw]) -> Any:
        if value is None or _plain(dict, value, where, flaws) is _WRONG:
            return value
        kind = value.get("kind")
        if isinstance(kind, str) and kind in readers:
            return readers[kind](value, where, flaws)
        what = f"“{_name((*where, 'kind'))}”: should be {spoken(tuple(readers))}, not “{kind}”"
        return _flaw(flaws, (*where, "kind"), what, "Write one of the values named.")

    return named


def _flaw(flaws: list[Flaw], where: Where, what: str, remedy: str) -> Any:
    flaws.append(Flaw(where, what, remedy))
    return _WRONG


def _name(where: Where) -> str:
    return " → ".join(map(str, where)) or "the file"
