"""Pydantic models for the rows of a backup, built from the tables. They accept only rows that the bot could have
written. Validation needs the context `{"languages": …}`, the languages of the content.
"""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Annotated, Any, Final, Literal, TypeVar

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    ValidationInfo,
    create_model,
    model_validator,
)
from sqlalchemy import Boolean, Table

from bot.core.buttons import Rating
from bot.core.community import LONGEST_PAUSE, MOST_CHANNELS, PinState
from bot.core.model import DISCORD, PLAYGROUND, TELEGRAM, Outcome, Right
from bot.store.counts import MOST_TIMES
from bot.store.tables import editions, metadata

_Ids = TypeVar("_Ids", str, list[str])
_NUMBER: Final = re.compile(r"[1-9][0-9]{0,19}")
_IDS: Final[Mapping[str, re.Pattern[str]]] = {
    DISCORD: _NUMBER,
    TELEGRAM: re.compile(r"-[1-9][0-9]{0,19}"),
    PLAYGROUND: re.compile(r"[a-z0-9-]{1,32}"),
}


def _checked_language(value: str, info: ValidationInfo) -> str:
    if value not in (info.context or {})["languages"]:
        raise ValueError("it must be a language of the content")
    return value


def _checked_ids(value: _Ids, info: ValidationInfo) -> _Ids:
    """Check an id or a list of ids: valid in that column on the row's platform, and without duplicates."""
    ids = value if isinstance(value, list) else [value]
    platform, home = info.data.get("platform"), info.data.get("id", info.data.get("community"))
    if platform and not all(_is_id(one, info.field_name or "", platform, home) for one in ids):
        raise ValueError(f"it must be an id of {platform}" + (", of this chat" if platform == TELEGRAM else ""))
    if len(ids) != len(set(ids)):
        raise ValueError("it has an id twice")
    return value


def _is_id(value: str, column: str, platform: str, home: str | None) -> bool:
    """Whether the value is valid in that column of the community `home`. A Telegram chat has one channel, itself; its
    topics and messages have positive numbers. A pin outside of threads has the thread "".
    """
    if value == "" and column == "thread":
        return True
    if platform != TELEGRAM or column in ("id", "community"):
        return _IDS[platform].fullmatch(value) is not None
    is_home = value == home
    if column.endswith("channel"):
        return is_home
    return _NUMBER.fullmatch(value) is not None or (is_home and column in ("channels", "channel_id"))


_EARLIEST, _LATEST = datetime(2015, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)  # no bot existed before 2015
_Day = Annotated[date, Field(ge=_EARLIEST.date(), lt=_LATEST.date())]
_Hash = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
_Id = Annotated[str, AfterValidator(_checked_ids)]
_Channels = Annotated[list[str], Field(max_length=MOST_CHANNELS), AfterValidator(_checked_ids)]
_PLACES: Final = ("welcome", "greeting", "log")

_RULES: Final[Mapping[str, Any]] = {
    "platform": Literal["discord", "telegram", "playground"],
    **dict.fromkeys(("id", "community", "channel", "channel_id", "thread", "message", "greeting_message"), _Id),
    **{f"{place}_{part}": _Id for place in _PLACES for part in ("channel", "thread")},
    **dict.fromkeys(("channels", "forums"), _Channels),
    "locale": Annotated[str, AfterValidator(_checked_language)],
    "ratings.locale": Annotated[str, Field(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})?$")],  # the language may be gone
    "risk_floor": Annotated[int, Field(ge=1, le=3)],
    "cooldown": Annotated[int, Field(ge=0, le=LONGEST_PAUSE)],
    "welcome_line": Annotated[str, Field(max_length=1000)],
    "greeted_until": Annotated[AwareDatetime, Field(ge=_EARLIEST, lt=_LATEST)],
    "left_on": _Day,
    "day": _Day,
    "command": Annotated[str, Field(pattern=r"^[a-z0-9_-]{0,64}$")],
    "pins.command": Annotated[str, Field(pattern=r"^(_contents[1-9][0-9]?|[a-z0-9-]{1,64})$")],
    "digest": _Hash,
    "state": PinState,
    "missing": Annotated[int, Field(ge=0, le=(~Right.NONE).value)],
    "outcome": Outcome,
    "rating": Rating,
    "times": Annotated[int, Field(gt=0, le=MOST_TIMES)],
    "scope": _Hash,
    "hash": _Hash,
}
"""The type of a value by its column, or by its table and column. Boolean columns need no entry."""

_LATER: Final[Mapping[str, Any]] = {
    "forums": [],
    "welcome_quiet": False,
    "log_channel": None,
    "log_thread": None,
    "pinned": True,
}
"""Defaults of the columns that backups by older versions lack."""


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, use_enum_values=True)

    @model_validator(mode="after")
    def _check_channels(self) -> "_Row":
        needs = [("greeting_message", "greeting_channel"), *((f"{one}_thread", f"{one}_channel") for one in _PLACES)]
        for column, channel in needs:
            if getattr(self, column, None) is not None and getattr(self, channel) is None:
                raise ValueError(f"{column} needs a {channel}")
        return self


def _model(table: Table) -> type[_Row]:
    """The model for a table's rows. It has no `number`, which each database assigns itself."""
    fields = dict[str, Any]()
    for column in table.columns:
        name = str(column.name)
        if name != "number":
            rule = bool if isinstance(column.type, Boolean) else _RULES.get(f"{table.name}.{name}") or _RULES[name]
            fields[name] = (rule | None if column.nullable else rule, _LATER.get(name, ...))
    return create_model(table.name, __base__=_Row, **fields)


TABLES: Final = {str(name): (one, _model(one)) for name, one in metadata.tables.items() if one is not editions}
"""The tables in a backup, with the models of their rows. Content versions in use are not backed up."""

_KINDS: Final[dict[str, Any]] = {name: (model | None, None) for name, (_, model) in TABLES.items()}
Line: Final = create_model("Line", __config__=_Row.model_config, rows=(int | None, None), **_KINDS)
"""One line of a backup: a row of one of the tables, or, in the last line, the number of rows."""
