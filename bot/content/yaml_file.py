"""Reads YAML into plain values and records the line of each.

What a writer typed must not silently become something else. So duplicate keys, aliases, tags, text that YAML reads as a
comment, and characters that look like others are problems.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from stat import S_ISDIR, S_ISREG
from typing import Any, final

import yaml

from bot.content.files import unreadable
from bot.content.lookalikes import cut_off, named, odd_signs, odd_yaml
from bot.core.errors import Problem

Where = tuple[str | int, ...]
"""The path of a value in a file: keys of mappings and indexes of lists."""
MOST_BYTES = 200_000
_MOST_DEPTH = 8
_LONGEST_WORD = 20  # characters; a longer unquoted scalar is always text
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_BARE = re.compile(
    r"(?i)(?P<nothing>~|null|)|(?P<truth>yes|no|true|false|on|off)|(?P<number>[-+]?\d[\d_]{0,17})|\d{4}-\d\d-\d\d"
)
# Characters that YAML 1.1 forbids, and those that end a line in YAML but not in editors.
_NO_TEXT = re.compile("[^\t\n\r\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")


@final
@dataclass(frozen=True, slots=True)
class Document:
    """A file's values with their lines, from 1.

    `blocks` has the paths of block texts, whose first line is the one after `lines`. `source` has the lines of the
    file. `problems` did not prevent reading it. `lent` has values that the file lacks and others supply.
    """

    file: str
    values: dict[str, Any]
    lines: dict[Where, int]
    blocks: frozenset[Where]
    source: tuple[str, ...]
    problems: tuple[Problem, ...] = ()
    lent: Mapping[str, Any] = field(default_factory=dict)

    def line(self, path: Where) -> int:
        """Return the line of the value at `path`, or of the nearest value that contains it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def line_of(self, path: Where, words: str) -> int:
        """Return the first line with these words, from the value at `path` on, or the line of the value."""
        first = self.line(path)
        lines = range(first, len(self.source) + 1)
        return next((number for number in lines if words in self.source[number - 1]), first)

    def problem(self, path: Where, what: str, remedy: str, line: int = 0) -> Problem:
        """Return a problem with the value at `path`, or with line `line` (from 1) of its text."""
        inside = line - (path not in self.blocks) if line else 0
        return Problem(self.file, self.line(path) + inside, what, remedy)


class YamlProblem(ValueError):
    """A file cannot be used; `problems` says why."""

    def __init__(self, *problems: Problem) -> None:
        self.problems = problems
        super().__init__("\n".join(map(str, problems)))


def read(path: Path, name: str) -> Document:
    """Read one file. `name` is its name in problems.

    Raises:
        YamlProblem: it is unreadable, not UTF-8, over 200 kB, not valid YAML, or nested deeper than 8 levels.
    """
    try:
        mode = path.stat().st_mode
        if not (S_ISREG(mode) or S_ISDIR(mode)):
            raise YamlProblem(Problem(name, 0, "is not a regular file", "Put a text file in its place."))
        with path.open("rb") as file:
            raw = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise YamlProblem(unreadable(name, error)) from error
    return parse(raw, name)


def parse(raw: bytes, name: str, *, signs: bool = True) -> Document:
    """Parse a file's bytes, with the name and the errors of `read`. With `signs`, look for odd characters in texts."""
    if len(raw) > MOST_BYTES:
        raise YamlProblem(Problem(name, 0, "larger than 200 kB", "Split it, or remove what is not needed."))
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise YamlProblem(Problem(name, line, "not UTF-8 text", "Save the file as UTF-8.")) from error
    if found := _NO_TEXT.search(text):
        line = text.count("\n", 0, found.start()) + 1
        raise YamlProblem(Problem(name, line, _has_control(found), "Retype the line without it."))
    return _Reader(name, text).read(signs=signs)


class _Reader:
    """Builds the values from the parser's events. `texts` has every text with the number of its first line."""

    def __init__(self, name: str, text: str) -> None:
        self.name, self.source = name, tuple(text.splitlines())
        self.parser = _LOADER(text)
        self.lines = dict[Where, int]()
        self.blocks = set[Where]()
        self.problems = [Problem(name, *odd) for odd in odd_yaml(text)]
        self.texts: list[tuple[int, str]] = []

    def read(self, *, signs: bool) -> Document:
        try:
            values = self._document()
        except yaml.MarkedYAMLError as error:
            if self.problems:
                raise YamlProblem(*self.problems) from error
            mark = error.problem_mark or error.context_mark
            what = f"not valid YAML ({error.problem or error.context})"
            remedy = "Check the indentation, and put texts with a colon or a quote in quotes."
            raise YamlProblem(Problem(self.name, mark.line + 1 if mark else 0, what, remedy)) from error
        if signs:
            self._check_signs()
        if not isinstance(values, dict):
            problem = Problem(self.name, 1, "has no keys", "Write lines of the form key: value.")
            raise YamlProblem(*self.problems, problem)
        return Document(self.name, values, self.lines, frozenset(self.blocks), self.source, tuple(self.problems))

    def _document(self) -> Any:
        self._next()  # the stream's start
        if isinstance(self._next(), yaml.StreamEndEvent):
            return None
        values = self._value(self._next(), ())
        self._next()  # the document's end
        if not isinstance(event := self._next(), yaml.StreamEndEvent):
            raise self._problem(event, "has a second document (---)", "Keep one document in a file.")
        return values

    def _next(self) -> Any:
        event = self.parser.get_event()
        if isinstance(event, yaml.NodeEvent):
            if event.anchor:
                raise self._problem(event, "uses & or * for a reference", "Write the text out, or put it in quotes.")
            if tag := getattr(event, "tag", None):
                raise self._problem(event, f"has the tag “{tag}”", "Put a text that begins with ! in quotes.")
        return event

    def _value(self, event: Any, path: Where) -> Any:
        if isinstance(event, yaml.ScalarEvent):
            self._check_scalar(event, shown=path[-1:] != ("pattern",))  # members never see regular expressions
            if event.style in ("|", ">"):
                self.blocks.add(path)
            # The style of an unquoted scalar is "" in the C parser and None in the Python one.
            return event.value if event.style or len(event.value) > _LONGEST_WORD else _typed(event.value)
        if len(path) >= _MOST_DEPTH:
            raise self._problem(event, "is nested too deeply", "Compare the indentation with another file.")
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(path)
        items = list[Any]()
        while not isinstance(item := self._next(), yaml.SequenceEndEvent):
            place = (*path, len(items))
            self.lines[place] = _line(item)
            items.append(self._value(item, place))
        return items

    def _mapping(self, path: Where) -> dict[str, Any]:
        values = dict[str, Any]()
        while not isinstance(event := self._next(), yaml.MappingEndEvent):
            if not isinstance(event, yaml.ScalarEvent):
                raise self._problem(event, "has a list or mapping as a key", "Put the key in quotes.")
            self._check_scalar(event)
            key, place = event.value, (*path, event.value)
            if key in values:
                remedy = f"Keep one of them; the first is on line {self.lines[place]}."
                raise self._problem(event, f"has the key “{key}” twice", remedy)
            self.lines[place] = _line(event)
            values[key] = self._value(self._next(), place)
        return values

    def _check_scalar(self, event: Any, *, shown: bool = True) -> None:
        """Refuse escaped control characters, record words that YAML cut off as a comment, and collect `shown` texts."""
        if event.style == '"' and (found := _NO_TEXT.search(event.value)):  # only double quotes have escapes
            raise self._problem(event, _has_control(found), "Remove the backslash and the characters after it.")
        if shown:
            self.texts.append((_line(event) + (event.style in ("|", ">")), event.value))
        if not event.style and event.end_mark.line < len(self.source):
            rest = self.source[event.end_mark.line][event.end_mark.column :]
            for cut in cut_off(event.value, rest) if "#" in rest else ():
                self.problems.append(Problem(self.name, event.end_mark.line + 1, *cut))

    def _check_signs(self) -> None:
        """Record the characters that are invisible or look like others."""
        if next(odd_signs("\n".join(text for _, text in self.texts)), None):
            known = {problem.line for problem in self.problems}
            for first, text in self.texts:
                for line, what, remedy in odd_signs(text):
                    if first + line - 1 not in known:
                        self.problems.append(Problem(self.name, first + line - 1, what, remedy))

    def _problem(self, event: Any, what: str, remedy: str) -> YamlProblem:
        return YamlProblem(*self.problems, Problem(self.name, _line(event), what, remedy))


def _has_control(found: re.Match[str]) -> str:
    return f"has the control character {named(found[0])}"


def _line(event: Any) -> int:
    return int(event.start_mark.line) + 1


def _typed(text: str) -> Any:
    """Return the value of an unquoted scalar: None, a bool, an int, a date or text."""
    found = _BARE.fullmatch(text)
    if not found or found["nothing"] is not None:
        return text if not found else None
    if found["truth"]:
        return text.lower() in ("yes", "true", "on")
    if found["number"]:
        return int(text.replace("_", ""))
    try:
        return date.fromisoformat(text)
    except ValueError:
        return text
