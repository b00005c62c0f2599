"""The lines of a backup. Its law: the same for both databases, and a line is taken whole and checked, or refused."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

import orjson
from sqlalchemy import JSON, BigInteger, Boolean, Column, Date, Integer, Row, String, Table

from bot.core.errors import StoreError
from bot.store.backup_rules import RowRules
from bot.store.tables import Moment, communities, counts, offers, pins

FORMAT, VERSION = "kusama-community-bot", 1
TABLES: Mapping[str, Table] = {table.name: table for table in (communities, pins, counts, offers)}
_REMEDY = "Take the backup as it was written, or mend that line"
LONGEST = 1 << 16  # bytes of a line: the longest row that is written has less than a tenth


class Line(NamedTuple):
    """A row of a backup, and the line it stands in, counted from 1."""

    number: int
    table: str
    row: dict[str, Any]


def header() -> bytes:
    """The first line."""
    return orjson.dumps({"backup": FORMAT, "version": VERSION}, option=orjson.OPT_APPEND_NEWLINE)


def line(table: Table, row: Row[Any]) -> bytes:
    """A row as a line; times are written in ISO 8601, with their zone."""
    values = {str(column.name): row._mapping[column] for column in _columns(table)}  # orjson takes no child of str
    return orjson.dumps({str(table.name): values}, option=orjson.OPT_APPEND_NEWLINE)


def footer(rows: int) -> bytes:
    """The last line, which tells a whole backup from one that was cut off."""
    return orjson.dumps({"rows": rows}, option=orjson.OPT_APPEND_NEWLINE)


def parse(name: str, raw: Iterator[bytes], rules: RowRules) -> Iterator[Line]:
    """The rows of the file `name`, one after another; `raw` gives its lines, each at most `LONGEST` + 1 bytes of it.

    Raises:
        StoreError: at the first line that is not as `header`, `line` and `footer` write it, or breaks the rules.
    """
    rows: int | None = None
    number = 0
    for number, text in enumerate(raw, 1):
        found = _object(name, number, text)
        if number == 1:
            _check_header(name, found)
        elif rows is not None:
            raise refusal(name, number, "there is something after the end")
        elif found.keys() == {"rows"}:
            rows = found["rows"]
            if rows != number - 2:
                raise refusal(name, number, f"{rows} rows should stand above, and there are {number - 2}")
        else:
            yield _row(name, number, found, rules)
    if rows is None:
        raise refusal(name, number + 1, "the end is missing, the file was cut off")


def refusal(name: str, number: int, what: str) -> StoreError:
    """The error for a line that cannot be used."""
    return StoreError(f"{name}, line {number}: {what}", _REMEDY)


def _columns(table: Table) -> list[Column[Any]]:
    """What is backed up: the number of a pin is each database's own."""
    return [column for column in table.columns if column is not pins.c.number]


def _object(name: str, number: int, text: bytes) -> dict[str, Any]:
    if len(text) > LONGEST:
        raise refusal(name, number, f"this is longer than {LONGEST} bytes")
    try:
        found = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise refusal(name, number, "this is no JSON") from error
    if not isinstance(found, dict):
        raise refusal(name, number, "this is no JSON object")
    return found


def _check_header(name: str, found: dict[str, Any]) -> None:
    if found.get("backup") != FORMAT:
        raise StoreError(
            f"{name}, line 1: this is no backup of the bot", "Name a file that `python -m bot backup` wrote"
        )
    if found.get("version") != VERSION:
        remedy = "Restore it with the version of the bot that wrote it, or a newer one"
        raise StoreError(f"{name}, line 1: this format has the version {VERSION} here, and another there", remedy)


def _row(name: str, number: int, found: dict[str, Any], rules: RowRules) -> Line:
    kind = next(iter(found), "")
    table, values = TABLES.get(kind), found.get(kind)
    if table is None or len(found) != 1 or not isinstance(values, dict):
        raise refusal(name, number, f"a row of one of {', '.join(TABLES)} should stand here")
    columns = _columns(table)
    if different := values.keys() ^ {column.name for column in columns}:
        raise refusal(name, number, f"missing or unknown: {', '.join(sorted(different))}")
    try:
        row = {column.name: _value(column, values[column.name]) for column in columns}
    except ValueError as error:
        raise refusal(name, number, str(error)) from error
    if wrong := sorted(rules.faults(row)):
        raise refusal(name, number, "; ".join(wrong))
    return Line(number, kind, row)


def _value(column: Column[Any], value: object) -> object:
    """The value as the column takes it. Raises ValueError with a word on what is wrong."""
    if value is None and column.nullable:
        return None
    try:
        return _taken(column, value)
    except ValueError as error:
        words = _WANTED[type(column.type)]
        raise ValueError(f"{column.name} cannot have that value: it must be {words}") from error


_WANTED: Mapping[type, str] = {
    Moment: "a time with its zone, such as 2026-11-22T12:00:00+00:00",
    Date: "a day, such as 2026-11-22",
    Boolean: "true or false",
    Integer: "a whole number",
    BigInteger: "a whole number from 0 on",
    JSON: "a list of texts",
    String: "a text, and no longer than the column takes",
}


def _taken(column: Column[Any], value: object) -> object:
    match column.type, value:
        case Moment(), str():
            moment = datetime.fromisoformat(value)
            if moment.tzinfo is not None:
                return moment
        case Date(), str():
            return date.fromisoformat(value)
        case Boolean(), bool():
            return value
        case Integer(), int() if not isinstance(value, bool) and -(2**31) <= value < 2**31:
            return value
        case BigInteger(), int() if not isinstance(value, bool) and 0 <= value < 2**63:
            return value
        case JSON(), list() if all(isinstance(each, str) for each in value):
            return value
        case String(length=length), str() if len(value) <= (length or 0) and "\0" not in value:
            return value
    raise ValueError(column.name)
