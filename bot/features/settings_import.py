"""Reads a settings file. Checks each value as its command does, and leaves out channels of other communities."""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any, Final, final

from bot.core.community import MOST_CHANNELS, MOST_LANGUAGES
from bot.core.errors import BadInput, PlatformError
from bot.core.model import Notice, Request, Right
from bot.core.ports import Platform
from bot.core.settings_export import FORMAT, Document
from bot.core.spans import ChannelRef
from bot.features.channels import is_single_chat
from bot.features.forums import require_forum
from bot.features.settings_command import Edit, SettingsCommand
from bot.features.welcomes.welcome_command import WelcomeCommand

_MOST_ROWS: Final = 6  # of an answer, so that it fits in one message
_TOO_MANY: Final = {"channels": "settings-channels-many", "forums": "settings-forum-many"}
_ID: Final = re.compile(r"-?[1-9][0-9]{0,19}")  # other spellings of an id would make a backup useless


def import_refused(problems: Iterable[tuple[int, BadInput]]) -> BadInput:
    """Return the error for a file with these problems, by line: a row for each, with what to write instead."""
    rows = [Notice("settings-import-line", {"line": line}, (Notice(bad.key, bad.values),)) for line, bad in problems]
    return BadInput("settings-import-refused", rows=limit_rows(rows))


@final
@dataclass(slots=True)
class SettingsImport:
    """The import of one file. `read` turns its values into `edits`.

    `problems` lists the lines that cannot be used, and `left_out` has a notice for each channel that does not exist
    here or where the bot cannot write.
    """

    request: Request
    document: Document
    platform: Platform
    moderation: SettingsCommand
    welcome: WelcomeCommand
    edits: list[Edit] = field(default_factory=list)
    problems: list[tuple[int, BadInput]] = field(default_factory=list)
    left_out: list[Notice] = field(default_factory=list)

    async def read(self) -> None:
        """Read all values. Settings that are not in the file stay as they are."""
        with self._collect_problems("format"):
            if _text(self.document.values.get("format")) != FORMAT:
                raise BadInput("settings-import-format", {"number": int(FORMAT)})
        for key, value in self.document.values.items():
            with self._collect_problems(key):
                await self._setting(key, value)

    @contextmanager
    def _collect_problems(self, *path: str | int) -> Iterator[None]:
        try:
            yield
        except BadInput as bad:
            self.problems.append((self.document.line(path), bad))

    async def _setting(self, key: str, value: Any) -> None:
        match key:
            case "format" | "community":
                _text(value)
            case "language":
                locale = self._locale(value)
                self.edits.append(lambda one: replace(one, locale=locale))
            case "risk" | "cooldown":
                self.edits.append(await self.moderation.edit(key, _text(value).casefold(), self.request))
            case "languages":
                await self._languages(value)
            case "channels" | "forums":
                await self._places(key, [] if value == "all" else value)
            case "welcome" | "log":
                await self._place_of(key, _text(value))
            case "welcome-message":
                self.edits.append(await self.welcome.message(_text(value)))
            case "welcome-quiet":
                self.edits.append(await self.welcome.quiet(_text(value), self.request))
            case "welcome-cleanup":
                self.edits.append(self.welcome.cleanup(_text(value)))
            case _:
                raise BadInput("settings-import-unknown")

    def _locale(self, value: Any) -> str | None:
        try:
            return self.moderation.locale(_text(value).casefold())
        except LookupError:
            raise BadInput("settings-import-language") from None

    async def _languages(self, value: Any) -> None:
        if not isinstance(value, dict):
            raise BadInput("settings-import-languages")
        if len(value) > MOST_LANGUAGES:
            raise BadInput("settings-language-many", {"limit": MOST_LANGUAGES})
        languages = dict[str, str]()
        for words, name in value.items():
            with self._collect_problems("languages", words):
                locale, ids = self._locale(name), await self._ids(words, "languages", words)
                languages |= {ids[-1]: locale} if ids and locale else {}
        if languages or not value:
            self.edits.append(lambda one: replace(one, languages=languages))

    async def _places(self, key: str, value: Any) -> None:
        if not isinstance(value, list):
            raise BadInput("settings-import-list")
        if len(value) > MOST_CHANNELS:
            raise BadInput(_TOO_MANY[key], {"limit": MOST_CHANNELS})
        places = set[str]()
        for number, words in enumerate(value):
            with self._collect_problems(key, number):
                ids = await self._ids(_text(words), key, number)
                if ids and key == "forums":
                    await require_forum(ids[-1], self.request.place, self.platform)
                places.update(ids[-1:])
        if places or not value:
            chosen = frozenset(places)
            is_forums = key == "forums"
            self.edits.append(lambda one: replace(one, forums=chosen) if is_forums else replace(one, channels=chosen))

    async def _place_of(self, key: str, words: str) -> None:
        here, ids = self.request.place, list[str]()
        if words != "off":
            ids = await self._ids(words, key)
            if not ids:
                return
            if is_single_chat(here) and (ids[0] != here.community or ids[0] in ids[1:]):
                raise BadInput("settings-import-place")
        place = replace(here, channel=ids[0], thread=ids[1] if ids[1:] else None) if ids else None
        self.edits.append(self.welcome.greet_in(place) if key == "welcome" else lambda one: replace(one, log=place))

    async def _ids(self, words: str, *path: str | int) -> list[str]:
        """Return the ids of a channel and its thread or topic.

        Returns an empty list if they do not exist here or the bot cannot write there; `left_out` then says so. In a
        Telegram group, the id of the group that the file comes from stands for this group.
        """
        own_id, file_id = self.request.place.community or "", _text(self.document.values.get("community", ""))
        named = [own_id if one == file_id and is_single_chat(self.request.place) else one for one in words.split("/")]
        for one in named[:2]:
            if why := await self._problem_with(one, is_own=own_id == file_id):
                self.left_out.append(Notice("settings-import-line", {"line": self.document.line(path)}, (why,)))
                return []
        if named[2:]:
            raise BadInput("settings-import-place")
        return named

    async def _problem_with(self, channel: str, *, is_own: bool) -> Notice | None:
        """Return why that channel, thread or topic cannot be used, None if it can.

        Telegram does not tell bots which topics exist, so topics in the group's own file are accepted unchecked.
        """
        place, rights, elsewhere = self.request.place, self.request.bot_rights, Notice("settings-import-elsewhere")
        if channel not in (place.channel, place.thread):
            if not _ID.fullmatch(channel):
                raise BadInput("settings-import-place")
            if is_single_chat(place) and (not is_own or channel.startswith("-")):
                return elsewhere
            try:
                if not is_single_chat(place):
                    rights = await self.platform.rights(replace(place, channel=channel, thread=None), None)
            except PlatformError as error:
                if error.permanent:
                    return elsewhere
                raise BadInput("something-went-wrong") from error
        return None if Right.SEND in rights else Notice("channel-unwritable", {"channel": ChannelRef(channel)})


def _text(value: Any) -> str:
    """Return a value as it would be typed after a command. YAML reads the bare words on and off as true and false."""
    if isinstance(value, dict | list):
        raise BadInput("settings-import-text")
    if isinstance(value, bool):
        return "on" if value else "off"
    return "" if value is None else str(value)


def limit_rows(rows: list[Notice]) -> tuple[Notice, ...]:
    """Return as many rows as fit in a message, with a last row for how many more there are."""
    more = len(rows) - _MOST_ROWS
    return (*rows[:_MOST_ROWS], Notice("settings-import-more", {"count": more})) if more > 0 else tuple(rows)
