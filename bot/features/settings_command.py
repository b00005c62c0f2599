"""The commands `/settings` and `/privacy forget`. An invalid value is answered with what to type instead."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType

from bot.core.command_text import spelling
from bot.core.community import LONGEST_PAUSE, MOST_LANGUAGES, Community, channel_id
from bot.core.errors import BadInput
from bot.core.model import Draft, Notice, Place, Request, Risk
from bot.core.notices import LanguageName
from bot.core.ports import Communities, Platform
from bot.core.sealed_catalog import SealedCatalog
from bot.core.spans import ChannelRef
from bot.features.change_log import log_rows
from bot.features.channels import (
    DEFAULT,
    HERE,
    OFF,
    channel_named,
    channel_rows,
    is_single_chat,
    notice_platform,
    read_channels,
    refuse_bare_names,
    require_writable,
)
from bot.features.confirmation import confirmation_question
from bot.features.forums import forum_rows, read_forum

_FORGET = "forget"
_GROUPS_ONLY = frozenset({"cooldown", "channels"})  # settings without effect in Telegram channels

Edit = Callable[[Community], Community]
"""A change of the settings: a pure function. May raise BadInput."""
_COOLDOWN_HINT = Notice("settings-cooldown-refused", {"least": 1, "most": LONGEST_PAUSE})


class SettingsCommand:
    """The handlers of `/settings` and `/privacy`.

    `content` returns the answers in use, `now` the date and time, `greeting_problem` why a community's last greeting
    could not be posted. `platforms` are asked about channels.
    """

    def __init__(
        self,
        content: Callable[[], SealedCatalog],
        communities: Communities,
        now: Callable[[], datetime],
        greeting_problem: Callable[[Place], tuple[Notice, ...]] = lambda _: (),
        platforms: Mapping[str, Platform] = MappingProxyType({}),
    ) -> None:
        self._content, self._communities, self._now, self._platforms = content, communities, now, platforms
        self._greeting_problem = greeting_problem

    async def settings(self, request: Request, community: Community) -> Draft:
        """Show all settings (no text), show one and its possible values (`<name>`), or change it (`<name> <value>`).

        Raises:
            BadInput: there is no such setting, or the value cannot be used.
            StoreError: nothing was saved.
        """
        name, _, value = request.text.strip().partition(" ")
        name, value = name.casefold(), " ".join(value.split()).casefold()
        if request.broadcast and name in _GROUPS_ONLY:
            raise BadInput("group-only")
        rows_of = self._rows(request, community)
        if not name:
            rows = tuple(row for rows in rows_of.values() for row in rows)
            if not request.broadcast:
                rows += _welcome_rows(community) + self._greeting_problem(request.place)
            return Notice("settings", {}, rows + log_rows(community))
        if name not in rows_of:
            raise BadInput("settings-unknown")
        if not value:
            return Notice("settings-now", {}, (*rows_of[name], self._hint(name, request)))
        edit = await self.edit(name, value, request)
        new = await self._communities.change(request.place, edit)
        key = "settings-unchanged" if new == community else "settings-saved"
        return Notice(key, {}, self._rows(request, new)[name])

    async def privacy(self, request: Request, _: Community) -> Draft:
        """Delete everything stored about the community (`forget`), once the caller has confirmed it with a button.

        Raises:
            BadInput: the text is not `forget`, or the confirmation is not valid.
            StoreError: the data could not be deleted.
        """
        if spelling(request.text) != _FORGET:
            raise BadInput("forget-hint")
        if question := confirmation_question(request, _FORGET, self._now(), "forget-sure", "forget-button"):
            return question
        await self._communities.forget(request.place)
        return Notice("forgotten")

    def _rows(self, request: Request, community: Community) -> dict[str, tuple[Notice, ...]]:
        """Return the rows of each setting, by its name."""
        content = self._content()
        floor = max(community.risk_floor, content.operator_floor)
        pause = community.cooldown
        cooldown = Notice("settings-cooldown", {"seconds": pause}) if pause else Notice("settings-cooldown-off")
        return {
            "language": self._language_rows(request, community),
            "risk": () if content.catalog.default.reason else (Notice(f"settings-risk-{floor.name.lower()}"),),
            "cooldown": () if request.broadcast else (cooldown,),
            "channels": () if request.broadcast else channel_rows(request, community),
            "forum": forum_rows(community),
        }

    def _hint(self, name: str, request: Request) -> Notice:
        """Return the notice that says what may be typed for that setting."""
        match name:
            case "language":
                return self._language_hint(request)
            case "cooldown":
                return _COOLDOWN_HINT
            case "risk" | "forum":
                return Notice(f"settings-{name}-refused")
            case _:
                return Notice(f"settings-channels-hint-{notice_platform(request.place)}")

    async def edit(self, name: str, value: str, request: Request) -> Edit:
        """Parse a value of the setting `name` into a change of the settings. Both must be in lower case.

        Raises:
            BadInput: the value cannot be used, or the bot cannot write in a channel that it names.
        """
        match name:
            case "risk":
                floor = self._read_risk(value)
                return lambda one: replace(one, risk_floor=floor)
            case "cooldown":
                pause = _read_cooldown(value)
                return lambda one: replace(one, cooldown=pause)
            case "forum":
                return await read_forum(value, request, self._platforms)
            case "language":
                edit = self._read_language(value, request)
            case _:
                edit = read_channels(value, request)
        await require_writable(value, request, self._platforms)
        return edit

    def _language(self, locale: str | None) -> LanguageName:
        return LanguageName(self._content().language(locale).locale)

    def _language_rows(self, request: Request, community: Community) -> tuple[Notice, ...]:
        """Return rows for the languages of the community and its channels.

        A single chat's topics have no names, so there it is this topic's language and the number of other topics with
        one.
        """
        rows = [Notice("settings-language", {"language": self._language(community.locale)})]
        others = dict(community.languages)
        if is_single_chat(request.place):
            if here := others.pop(channel_id(request.place) or "", None):
                rows.append(Notice("settings-language-here", {"language": self._language(here)}))
            if others:
                rows.append(Notice("settings-language-topics", {"count": len(others)}))
            return tuple(rows)
        for channel, locale in sorted(others.items()):
            named, spoken = ChannelRef(channel), self._language(locale)
            rows.append(Notice("settings-language-in", {"channel": named, "language": spoken}))
        return tuple(rows)

    def _language_hint(self, request: Request) -> Notice:
        rows = (Notice("settings-row", {"value": LanguageName(one)}) for one in self._content().catalog.languages)
        return Notice(f"settings-language-hint-{notice_platform(request.place)}", {}, tuple(rows))

    def locale(self, name: str) -> str | None:
        """Return the tag of the language with that name (in lower case); None for `default` and the like.

        Raises:
            LookupError: the bot does not speak that language.
        """
        if name in DEFAULT | OFF:
            return None
        if (language := self._content().language_called(name)) is None:
            raise LookupError(name)
        return language.locale

    def _read_language(self, value: str, request: Request) -> Edit:
        """Parse a language, for the community or for the one channel or topic that is named after it."""
        words = value.split()
        where = channel_named(words[-1], request) if len(words) > 1 else None
        try:
            locale = self.locale(" ".join(words[:-1] if where else words))
        except LookupError:
            refuse_bare_names(words, request)
            hint = self._language_hint(request)
            if where is None and words[-1].startswith((HERE, "<")):  # a channel alone, or an invalid one
                raise BadInput(hint.key, rows=hint.rows) from None
            raise BadInput("settings-language-refused", rows=(hint,)) from None
        if where is None:
            return lambda one: replace(one, locale=locale)

        def edit(one: Community) -> Community:
            languages = {channel: tag for channel, tag in one.languages.items() if channel != where}
            languages |= {where: locale} if locale else {}
            if len(languages) > MOST_LANGUAGES:
                raise BadInput("settings-language-many", {"limit": MOST_LANGUAGES})
            return replace(one, languages=languages)

        return edit

    def _read_risk(self, value: str) -> Risk:
        operator = self._content().operator_floor
        floor = operator if value in DEFAULT else Risk.__members__.get(value.upper())
        if floor is None:
            raise BadInput("settings-risk-refused")
        if floor < operator:
            raise BadInput("settings-risk-below-floor")
        return Risk.GENERAL if floor == operator else floor  # so that the operator can lower it later


def _read_cooldown(value: str) -> int:
    digits = value.removesuffix("s").strip()
    number = 0 if value in OFF else int(digits) if re.fullmatch("[0-9]{1,5}", digits) else -1
    if not 0 <= number <= LONGEST_PAUSE:
        raise BadInput(_COOLDOWN_HINT.key, _COOLDOWN_HINT.values)
    return number


def _welcome_rows(community: Community) -> tuple[Notice, ...]:
    place = community.welcome
    if place is None:
        return (Notice("settings-welcome-off"),)
    quiet = (Notice("welcome-quiet-on"),) if community.welcome_quiet else ()
    return (Notice("settings-welcome-on", {"channel": place}), *quiet)
