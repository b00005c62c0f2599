"""Reads YAML into plain values with the line of each.

What a writer typed is never silently read as something else, so duplicate keys, aliases, tags, bare words that YAML
takes for true or false, text that YAML takes for a comment, and signs that look like others are problems.
"""

import re
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, final

import yaml

from bot.content.files import unreadable
from bot.content.lookalikes import cut_off, named, odd_signs, odd_yaml
from bot.core.errors import Problem

Where = tuple[str | int, ...]
_MOST_BYTES = 200_000
_MOST_DEPTH = 8
_LONGEST_WORD = 20  # characters: a longer bare scalar is no truth value, date or number that we take for one
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_BOOL = re.compile(r"(?i)^(yes|no|true|false|on|off)$")
_DATE = re.compile(r"^\d{4}-\d\d-\d\d$")
_INT = re.compile(r"^[-+]?\d[\d_]*$")
_NULL = re.compile(r"(?i)^(|~|null)$")
# What YAML 1.1 forbids, and what it takes for the end of a line though editors do not.
_NO_TEXT = re.compile("[^\t\n\r\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")


@final
@dataclass(frozen=True, slots=True)
class Document:
    """A file's values, and for each value the line where it starts (1 is the first) and whether it is a block text,
    whose own first line stands one line below. `problems` are those that did not keep it from being read.
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

    def text_line(self, path: Where, line: int) -> int:
        """The file's line for line `line` (from 1) of the text at `path`."""
        return self.line(path) + line - (0 if path in self.blocks else 1)

    def line_of(self, path: Where, words: str) -> int:
        """The first line from the value at `path` on that has these words, or the line of the value."""
        first = self.line(path)
        lines = range(first, len(self.source) + 1)
        return next((number for number in lines if words in self.source[number - 1]), first)

    def problem(self, path: Where, what: str, remedy: str, line: int = 0) -> Problem:
        """A problem with the value at `path`, or with line `line` of its text."""
        return Problem(self.file, self.text_line(path, line) if line else self.line(path), what, remedy)


class YamlProblem(ValueError):
    """The file is no usable YAML; `problems` says why."""

    def __init__(self, *problems: Problem) -> None:
        self.problems = problems
        super().__init__("\n".join(map(str, problems)))


def read(path: Path, name: str) -> Document:
    """Read one file; `name` is what problems call it.

    Raises:
        YamlProblem: unreadable, not UTF-8, over 200 kB, broken, or nested deeper than 8 levels.
    """
    raw = b""
    try:
        if path.exists() and not path.is_file() and not path.is_dir():
            raise YamlProblem(Problem(name, 0, "is no ordinary file", "Put a text file in its place."))
        with path.open("rb") as file:
            raw = file.read(_MOST_BYTES + 1)
        if len(raw) > _MOST_BYTES:
            raise YamlProblem(Problem(name, 0, "larger than 200 kB", "Split it, or take out what is not needed."))
        text = raw.decode("utf-8-sig")
    except OSError as error:
        raise YamlProblem(unreadable(name, error)) from error
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise YamlProblem(Problem(name, line, "not UTF-8 text", "Save the file as UTF-8.")) from error
    return _Reader(name).read(text)


@dataclass(slots=True)
class _Open:
    """A list or mapping that is being read; `key` is the mapping's key that waits for its value."""

    value: Any
    path: Where
    key: str | None = None


@dataclass(slots=True)
class _Reader:
    """Builds values from the parser's events, in a loop and not by recursion: deep nesting cannot exhaust it."""

    name: str
    root: Any = None
    lines: dict[Where, int] = field(default_factory=dict)
    blocks: set[Where] = field(default_factory=set)
    stack: list[_Open] = field(default_factory=list)
    source: tuple[str, ...] = ()
    problems: list[Problem] = field(default_factory=list)

    def read(self, text: str) -> Document:
        if found := _NO_TEXT.search(text):
            line = text.count("\n", 0, found.start()) + 1
            raise YamlProblem(Problem(self.name, line, _has_control(found), "Take it out; retyping the line does."))
        self.source = tuple(text.splitlines())
        self.problems = [Problem(self.name, *odd) for odd in odd_yaml(text)]
        try:
            parser = _LOADER(text)
            while not isinstance(event := parser.get_event(), yaml.StreamEndEvent):
                self._take(event)
        except yaml.MarkedYAMLError as error:
            if self.problems:
                raise YamlProblem(*self.problems) from error
            mark = error.problem_mark or error.context_mark
            line = mark.line + 1 if mark else 0
            what = f"not valid YAML ({error.problem or error.context})"
            remedy = "Mind the indentation, and put texts with a colon or a quote in quotes."
            raise YamlProblem(Problem(self.name, line, what, remedy)) from error
        if not isinstance(self.root, dict):
            self.problems.append(Problem(self.name, 1, "holds no keys", "Write lines of the form key: value."))
            raise YamlProblem(*self.problems)
        return Document(self.name, self.root, self.lines, frozenset(self.blocks), self.source, tuple(self.problems))

    def _take(self, event: yaml.Event) -> None:
        kind = type(event)
        if kind is yaml.AliasEvent or getattr(event, "anchor", None):
            raise self._problem(event, "uses & or * for a reference", "Write the text out, or put it in quotes.")
        if tag := getattr(event, "tag", None):
            raise self._problem(event, f"has the tag “{tag}”", "Put a text that begins with ! in quotes.")
        if isinstance(event, yaml.ScalarEvent):
            self._scalar(event)
        elif kind is yaml.MappingStartEvent or kind is yaml.SequenceStartEvent:
            self._open(event, {} if kind is yaml.MappingStartEvent else [])
        elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
            self.stack.pop()
        elif kind is yaml.DocumentStartEvent and self.root is not None:
            raise self._problem(event, "holds a second document (---)", "Keep one document in a file.")

    def _open(self, event: yaml.Event, value: Any) -> None:
        if len(self.stack) >= _MOST_DEPTH:
            raise self._problem(event, "is nested too deeply", "Compare the indentation with another file.")
        self.stack.append(_Open(value, self._place(event, value)))

    def _scalar(self, event: yaml.ScalarEvent) -> None:
        if event.style == '"' and (found := _NO_TEXT.search(event.value)):  # only these have escapes
            raise self._problem(event, _has_control(found), "Take out the backslash and what follows it.")
        self._look_at(event)
        if self.stack and isinstance(self.stack[-1].value, dict) and self.stack[-1].key is None:
            self._key(event)
            return
        path = self._place(event, _scalar(event))
        if event.style in ("|", ">"):
            self.blocks.add(path)

    def _look_at(self, event: yaml.ScalarEvent) -> None:
        """Note what a reader of the value would not see, and what YAML cut off as a comment."""
        first, told = _line(event) - (event.style not in ("|", ">")), {problem.line for problem in self.problems}
        shown = not self.stack or self.stack[-1].key != "pattern"  # a regular expression is read by nobody
        odd = [Problem(self.name, first + line, *rest) for line, *rest in (odd_signs(event.value) if shown else ())]
        self.problems += [problem for problem in odd if problem.line not in told]
        if event.style or not event.end_mark or event.end_mark.line >= len(self.source):
            return
        rest = self.source[event.end_mark.line][event.end_mark.column :]
        self.problems += [Problem(self.name, event.end_mark.line + 1, *cut) for cut in cut_off(event.value, rest)]

    def _key(self, event: yaml.ScalarEvent) -> None:
        top = self.stack[-1]
        if event.value in top.value:
            remedy = f"Keep one of them; the first is on line {self.lines[(*top.path, event.value)]}."
            raise self._problem(event, f"has the key “{event.value}” twice", remedy)
        top.key = event.value
        self.lines[(*top.path, event.value)] = _line(event)

    def _place(self, event: yaml.Event, value: Any) -> Where:
        """Put the value where it belongs; returns its path."""
        if not self.stack:
            self.root = value
            return ()
        top = self.stack[-1]
        if isinstance(top.value, list):
            path: Where = (*top.path, len(top.value))
            top.value.append(value)
            self.lines[path] = _line(event)
            return path
        if top.key is None:
            raise self._problem(event, "has a list or mapping as a key", "Put the key in quotes.")
        path = (*top.path, top.key)
        top.value[top.key] = value
        top.key = None
        return path

    def _problem(self, event: yaml.Event, what: str, remedy: str) -> YamlProblem:
        return YamlProblem(*self.problems, Problem(self.name, _line(event), what, remedy))


def _has_control(found: re.Match[str]) -> str:
    return f"has the control character {named(found[0])}"


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 0


def _scalar(event: yaml.ScalarEvent) -> Any:
    """A quoted or block scalar is text; a bare one may be a yes or no, a number, a date or nothing."""
    value: str = event.value
    if event.style:  # the C parser says "" for a bare scalar, the Python one None
        return value
    if len(value) > _LONGEST_WORD:
        return value
    if _NULL.match(value):
        return None
    if _BOOL.match(value):
        return value.lower() in ("yes", "true", "on")
    if _INT.match(value):
        return int(value.replace("_", "")) if len(value) < 19 else value
    if _DATE.match(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            return value
    return value
