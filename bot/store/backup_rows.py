"""The rows of a backup as pydantic models: as strict as the commands and platforms that write such rows.

Validation needs the context `{"languages": …}`, the languages that the content has.
"""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Annotated, Final, Literal, TypeVar

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, ValidationInfo, model_validator
from sqlalchemy import Table

from bot.core.community import LONGEST_PAUSE, MOST_CHANNELS, PinState
from bot.core.model import DISCORD, PLAYGROUND, TELEGRAM, Outcome, Right
from bot.core.rating import Rating
from bot.store import tables
from bot.store.counts import MOST_TIMES

_Ids = TypeVar("_Ids", str, list[str])
_NUMBER: Final = re.compile(r"[1-9][0-9]{0,19}")
_IDS: Final[Mapping[str, re.Pattern[str]]] = {
    DISCORD: _NUMBER,
    TELEGRAM: re.compile(r"-[1-9][0-9]{0,19}"),
    PLAYGROUND: re.compile(r"[a-z0-9-]{1,32}"),
}


def _checked_language(value: str, info: ValidationInfo) -> str:
    if value not in (info.context or {})["languages"]:
        raise ValueError("it must be a language that the content has")
    return value


def _checked_ids(value: _Ids, info: ValidationInfo) -> _Ids:
    """An id, or a list of ids, that can stand in that column on the platform of the row."""
    ids = value if isinstance(value, list) else [value]
    platform, home = info.data.get("platform"), info.data.get("id", info.data.get("community"))
    if platform and not all(_is_id(one, info.field_name or "", platform, home) for one in ids):
        raise ValueError(f"it must be an id of {platform}" + (", of this chat" if platform == TELEGRAM else ""))
    if len(ids) != len(set(ids)):
        raise ValueError("an id stands there twice")
    return value


def _is_id(value: str, column: str, platform: str, home: str | None) -> bool:
    """Whether the value can stand in that column of the community `home`. A chat of Telegram has one channel, itself;
    its topics and messages have positive numbers. Outside of threads a pin has the thread "".
    """
    if value == "" and column == "thread":
        return True
    if platform != TELEGRAM or column in ("id", "community"):
        return _IDS[platform].fullmatch(value) is not None
    is_home = value == home
    if column.endswith("channel"):
        return is_home
    return _NUMBER.fullmatch(value) is not None or (is_home and column in ("channels", "channel_id"))


_EARLIEST, _LATEST = datetime(2015, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)  # older than platforms' bots
_Day = Annotated[date, Field(ge=_EARLIEST.date(), lt=_LATEST.date())]
_Command = Annotated[str, Field(pattern=r"^[a-z0-9_-]{0,64}$")]
_Hash = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
_Language = Annotated[str, AfterValidator(_checked_language)]
_Id = Annotated[str, AfterValidator(_checked_ids)]
_Channels = Annotated[list[str], Field(max_length=MOST_CHANNELS), AfterValidator(_checked_ids)]


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, use_enum_values=True)
    platform: Literal["discord", "telegram", "playground"]


class CommunityRow(_Row):
    """A row of `communities`."""

    id: _Id
    locale: _Language | None
    risk_floor: Annotated[int, Field(ge=1, le=3)]
    cooldown: Annotated[int, Field(ge=0, le=LONGEST_PAUSE)]
    channels: _Channels
    forums: _Channels = []  # not in a backup of an older version
    welcome_channel: _Id | None
    welcome_thread: _Id | None
    welcome_line: Annotated[str, Field(max_length=1000)] | None
    welcome_quiet: bool = False  # not in a backup of an older version
    remove_greetings: bool
    greeting_channel: _Id | None
    greeting_thread: _Id | None
    greeting_message: _Id | None
    greeting_media: bool
    greeted_until: Annotated[AwareDatetime, Field(ge=_EARLIEST, lt=_LATEST)] | None
    log_channel: _Id | None = None  # a backup of an older version has no such column
    log_thread: _Id | None = None
    left_on: _Day | None

    @model_validator(mode="after")
    def _check_channels(self) -> "CommunityRow":
        for part, whole in _PARTS.items():
            if getattr(self, part) is not None and getattr(self, whole) is None:
                raise ValueError(f"{part} needs a {whole}")
        return self


_PARTS: Final = {"greeting_message": "greeting_channel"} | {
    f"{kind}_thread": f"{kind}_channel" for kind in ("welcome", "greeting", "log")
}


class ChannelRow(_Row):
    """A row of `channel_settings`."""

    community: _Id
    channel_id: _Id
    locale: _Language


class PinRow(_Row):
    """A row of `pins` without its number, which is each database's own."""

    community: _Id
    channel: _Id
    thread: _Id
    message: _Id
    media: bool
    command: Annotated[str, Field(pattern=r"^(_contents[1-9][0-9]?|[a-z0-9-]{1,64})$")]
    locale: _Language | None
    digest: _Hash
    state: PinState
    missing: Annotated[int, Field(ge=0, le=(~Right.NONE).value)]
    pinned: bool = True  # a backup of an older version has no such column


class CountRow(_Row):
    """A row of `counts`."""

    community: _Id
    day: _Day
    command: _Command
    outcome: Outcome
    times: Annotated[int, Field(gt=0, le=MOST_TIMES)]


class RatingRow(_Row):
    """A row of `ratings`."""

    community: _Id
    day: _Day
    command: _Command
    locale: Annotated[str, Field(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})?$")]
    rating: Rating
    times: Annotated[int, Field(gt=0, le=MOST_TIMES)]


class OfferRow(_Row):
    """A row of `offers`."""

    scope: _Hash
    hash: _Hash


class Line(BaseModel):
    """One line of a backup: a row, or the header, or the footer with the number of rows."""

    model_config = ConfigDict(extra="forbid", strict=True)
    communities: CommunityRow | None = None
    channel_settings: ChannelRow | None = None
    pins: PinRow | None = None
    counts: CountRow | None = None
    ratings: RatingRow | None = None
    offers: OfferRow | None = None
    rows: int | None = None


TABLES: Final[Mapping[str, tuple[Table, type[BaseModel]]]] = {
    "communities": (tables.communities, CommunityRow),
    "channel_settings": (tables.channel_settings, ChannelRow),
    "pins": (tables.pins, PinRow),
    "counts": (tables.counts, CountRow),
    "ratings": (tables.ratings, RatingRow),
    "offers": (tables.offers, OfferRow),
}
