"""Reads YAML into plain values, and remembers the line of each.

What a writer typed must not silently become something else: duplicate keys, aliases, tags, bare words that YAML takes
for true or false, text that YAML takes for a comment, and characters that look like others are problems.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, final

import yaml

from bot.content.files import unreadable
from bot.content.lookalikes import cut_off, named, odd_signs, odd_yaml
from bot.core.errors import Problem

Where = tuple[str | int, ...]
"""The path of a value in a file: keys of mappings and indexes of lists."""
_MOST_BYTES = 200_000
_MOST_DEPTH = 8
_LONGEST_WORD = 20  # characters: a longer bare scalar is no truth value, date or number that we take for one
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NULL, _BOOL = re.compile(r"(?i)(|~|null)"), re.compile(r"(?i)(yes|no|true|false|on|off)")
_DATE, _INT = re.compile(r"\d{4}-\d\d-\d\d"), re.compile(r"[-+]?\d[\d_]{0,17}")
# What YAML 1.1 forbids, and what it takes for the end of a line though editors do not.
_NO_TEXT = re.compile("[^\t\n\r\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")


@final
@dataclass(frozen=True, slots=True)
class Document:
    """A file's values with their lines, from 1. `blocks` has the paths of block texts, whose own first line is one
    below; `problems` are those that did not keep the file from being read.
    """

    file: str
    values: dict[str, Any]
    lines: dict[Where, int]
    blocks: frozenset[Where]
    source: tuple[str, ...]
    problems: tuple[Problem, ...] = ()

    def line(self, path: Where) -> int:
        """The line of the value at `path`, or of the nearest value around it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def line_of(self, path: Where, words: str) -> int:
        """The first line from the value at `path` on that has these words, or the line of the value."""
        first = self.line(path)
        lines = range(first, len(self.source) + 1)
        return next((number for number in lines if words in self.source[number - 1]), first)

    def problem(self, path: Where, what: str, remedy: str, line: int = 0) -> Problem:
        """A problem with the value at `path`, or with line `line` (from 1) of its text."""
        inside = line - (path not in self.blocks) if line else 0
        return Problem(self.file, self.line(path) + inside, what, remedy)


class YamlProblem(ValueError):
    """The file cannot be used; `problems` says why."""

    def __init__(self, *problems: Problem) -> None:
        self.problems = problems
        super().__init__("\n".join(map(str, problems)))


def read(path: Path, name: str) -> Document:
    """Read one file; `name` is its name in problems.

    Raises:
        YamlProblem: it is unreadable, not UTF-8, over 200 kB, not valid YAML, or nested deeper than 8 levels.
    """
    try:
        if path.exists() and not path.is_file() and not path.is_dir():
            raise YamlProblem(Problem(name, 0, "is no ordinary file", "Put a text file in its place."))
        with path.open("rb") as file:
            raw = file.read(_MOST_BYTES + 1)
    except OSError as error:
        raise YamlProblem(unreadable(name, error)) from error
    if len(raw) > _MOST_BYTES:
        raise YamlProblem(Problem(name, 0, "larger than 200 kB", "Split it, or take out what is not needed."))
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise YamlProblem(Problem(name, line, "not UTF-8 text", "Save the file as UTF-8.")) from error
    if found := _NO_TEXT.search(text):
        line = text.count("\n", 0, found.start()) + 1
        raise YamlProblem(Problem(name, line, _has_control(found), "Take it out; retyping the line does."))
    return _Reader(name, tuple(text.splitlines())).read(text)


@dataclass(slots=True)
class _Reader:
    """Builds the values from the parser's events; `shown` has every text with the line of its first line."""

    name: str
    source: tuple[str, ...]
    lines: dict[Where, int] = field(default_factory=dict)
    blocks: set[Where] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)
    shown: list[tuple[int, str]] = field(default_factory=list)

    def read(self, text: str) -> Document:
        self.problems += [Problem(self.name, *odd) for odd in odd_yaml(text)]
        events = self._events(_LOADER(text))
        try:
            start = next(events, None)
            values = self._value(start, events, ()) if start else None
            next(events, None)  # a second document is a problem
        except yaml.MarkedYAMLError as error:
            if self.problems:
                raise YamlProblem(*self.problems) from error
            mark = error.problem_mark or error.context_mark
            what = f"not valid YAML ({error.problem or error.context})"
            remedy = "Mind the indentation, and put texts with a colon or a quote in quotes."
            raise YamlProblem(Problem(self.name, mark.line + 1 if mark else 0, what, remedy)) from error
        self._odd_signs()
        if not isinstance(values, dict):
            problem = Problem(self.name, 1, "has no keys", "Write lines of the form key: value.")
            raise YamlProblem(*self.problems, problem)
        return Document(self.name, values, self.lines, frozenset(self.blocks), self.source, tuple(self.problems))

    def _events(self, parser: Any) -> Iterator[yaml.Event]:
        """The events that stand for values."""
        around, documents = (yaml.StreamStartEvent, yaml.DocumentStartEvent, yaml.DocumentEndEvent), 0
        while not isinstance(event := parser.get_event(), yaml.StreamEndEvent):
            if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
                raise self._problem(event, "uses & or * for a reference", "Write the text out, or put it in quotes.")
            if tag := getattr(event, "tag", None):
                raise self._problem(event, f"has the tag “{tag}”", "Put a text that begins with ! in quotes.")
            documents += isinstance(event, yaml.DocumentStartEvent)
            if documents > 1:
                raise self._problem(event, "has a second document (---)", "Keep one document in a file.")
            if not isinstance(event, around):
                yield event

    def _value(self, event: yaml.Event, events: Iterator[yaml.Event], path: Where) -> Any:
        if isinstance(event, yaml.ScalarEvent):
            if event.style in ("|", ">"):
                self.blocks.add(path)
            return self._scalar(event, shown=path[-1:] != ("pattern",))
        if len(path) >= _MOST_DEPTH:
            raise self._problem(event, "is nested too deeply", "Compare the indentation with another file.")
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(events, path)
        items = list[Any]()
        while not isinstance(item := next(events), yaml.SequenceEndEvent):
            place = (*path, len(items))
            self.lines[place] = _line(item)
            items.append(self._value(item, events, place))
        return items

    def _mapping(self, events: Iterator[yaml.Event], path: Where) -> dict[str, Any]:
        values = dict[str, Any]()
        while not isinstance(event := next(events), yaml.MappingEndEvent):
            if not isinstance(event, yaml.ScalarEvent):
                raise self._problem(event, "has a list or mapping as a key", "Put the key in quotes.")
            self._scalar(event)
            key, place = event.value, (*path, event.value)
            if key in values:
                remedy = f"Keep one of them; the first is on line {self.lines[place]}."
                raise self._problem(event, f"has the key “{key}” twice", remedy)
            self.lines[place] = _line(event)
            values[key] = self._value(next(events), events, place)
        return values

    def _scalar(self, event: yaml.ScalarEvent, *, shown: bool = True) -> Any:
        """The value; a quoted or block scalar is text, a bare one may be a yes or no, a number, a date or nothing."""
        text, style, end = event.value, event.style, event.end_mark
        if style == '"' and (found := _NO_TEXT.search(text)):  # only these have escapes
            raise self._problem(event, _has_control(found), "Take out the backslash and what follows it.")
        if shown:  # a pattern is a regular expression, which nobody is shown
            self.shown.append((_line(event) + (style in ("|", ">")), text))
        if style:  # the C parser says "" for a bare scalar, the Python one None
            return text
        if end and end.line < len(self.source) and "#" in (rest := self.source[end.line][end.column :]):
            self.problems += [Problem(self.name, end.line + 1, *cut) for cut in cut_off(text, rest)]
        return _typed(text) if len(text) <= _LONGEST_WORD else text

    def _odd_signs(self) -> None:
        """Note the characters that a reader does not see or takes for others."""
        if next(odd_signs("\n".join(text for _, text in self.shown)), None):
            known = {problem.line for problem in self.problems}
            for first, text in self.shown:
                for line, what, remedy in odd_signs(text):
                    if first + line - 1 not in known:
                        self.problems.append(Problem(self.name, first + line - 1, what, remedy))

    def _problem(self, event: yaml.Event, what: str, remedy: str) -> YamlProblem:
        return YamlProblem(*self.problems, Problem(self.name, _line(event), what, remedy))


def _has_control(found: re.Match[str]) -> str:
    return f"has the control character {named(found[0])}"


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 0


def _typed(text: str) -> Any:
    if _NULL.fullmatch(text):
        return None
    if _BOOL.fullmatch(text):
        return text.lower() in ("yes", "true", "on")
    if _INT.fullmatch(text):
        return int(text.replace("_", ""))
    try:
        return date.fromisoformat(text) if _DATE.fullmatch(text) else text
    except ValueError:
        return text
