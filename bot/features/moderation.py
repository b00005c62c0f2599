"""/settings and /privacy forget. Its law: the right to manage is checked at every use, and words that cannot be used
are answered with what to type instead.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Protocol, final

from bot.core.community import LONGEST_PAUSE, MOST_CHANNELS, Community, spot
from bot.core.errors import BadInput
from bot.core.model import Draft, LanguageName, Notice, Place, Request, Right, Risk
from bot.core.permission import require
from bot.core.sealed_catalog import SealedCatalog
from bot.core.spans import ChannelRef

_CHANNEL = re.compile(r"<#([0-9]{1,20})>|([0-9]{15,20})")
_OFF = frozenset({"off", "none", "no"})
_DEFAULT = frozenset({"default", "reset"})


class Homes(Protocol):
    """What communities chose."""

    async def change(self, place: Place, edit: Callable[[Community], Community]) -> Community:
        """Change it by a pure `edit`; returns what now holds."""
        ...

    async def forget(self, place: Place) -> None:
        """Delete all that is stored of the community."""
        ...


@final
@dataclass(frozen=True, slots=True)
class _Setting:
    """How one setting is shown, and what a value makes of it. `read` raises BadInput for one it cannot use; `hint`
    says what may be typed."""

    shown: Callable[[Request, Community], tuple[Notice, ...]]
    read: Callable[[str, Request], Callable[[Community], Community]]
    hint: Callable[[], Notice]


@final
class Moderation:
    """The handlers. Whoever has to know of a change, such as the pins, hears of it from `homes`."""

    def __init__(self, edition: Callable[[], SealedCatalog], homes: Homes) -> None:
        self._edition, self._homes = edition, homes
        self._settings: Mapping[str, _Setting] = {
            "language": _Setting(self._language, self._read_language, self._languages),
            "risk": _Setting(self._risk, self._read_risk, lambda: Notice("settings-risk-refused")),
            "cooldown": _Setting(_cooldown, _read_cooldown, _cooldown_hint),
            "channels": _Setting(_channels, _read_channels, lambda: Notice("settings-channels-refused")),
        }

    async def settings(self, request: Request, community: Community) -> Draft:
        """Show the settings, what one may be, or change one: `<name> <value>`."""
        require(request, Right.MANAGE)
        name, _, value = request.text.strip().partition(" ")
        if not name:
            rows = [row for setting in self._settings.values() for row in setting.shown(request, community)]
            return Notice("settings", {}, (*rows, *_welcome(community)))
        setting = self._settings.get(name.casefold())
        if setting is None:
            raise BadInput("settings-unknown")
        if not value.strip():
            return Notice("settings-now", {}, (*setting.shown(request, community), setting.hint()))
        edit = setting.read(" ".join(value.split()).casefold(), request)
        new = await self._homes.change(request.place, edit)
        if new == community:
            return Notice("settings-unchanged", {}, setting.shown(request, new))
        return Notice("settings-saved", {}, setting.shown(request, new))

    async def privacy(self, request: Request, _: Community) -> Draft:
        """`forget`: wipe all that is stored of the community, now."""
        if request.text.strip().casefold() != "forget":
            raise BadInput("forget-hint")
        if request.place.community is None:
            raise BadInput("forget-needs-community")
        require(request, Right.MANAGE)
        await self._homes.forget(request.place)
        return Notice("forgotten")

    def _language(self, _: Request, community: Community) -> tuple[Notice, ...]:
        edition = self._edition()
        locale = edition.language(community.locale).locale
        return (Notice("settings-language", {"language": LanguageName(locale)}),)

    def _languages(self, key: str = "settings-language-choices") -> Notice:
        locales = self._edition().catalog.languages
        return Notice(key, {}, tuple(Notice("settings-row", {"value": LanguageName(one)}) for one in locales))

    def _read_language(self, value: str, _: Request) -> Callable[[Community], Community]:
        if value in _DEFAULT:
            return lambda one: replace(one, locale=None)
        languages = self._edition().catalog.languages
        for locale, language in languages.items():
            if value in (locale.casefold(), language.name.casefold()):
                return lambda one: replace(one, locale=locale)
        raise BadInput("settings-language-refused", rows=self._languages().rows)

    def _risk(self, _: Request, community: Community) -> tuple[Notice, ...]:
        floor = max(community.risk_floor, self._edition().operator_floor)
        return (Notice(f"settings-risk-{floor.name.lower()}"),)

    def _read_risk(self, value: str, _: Request) -> Callable[[Community], Community]:
        operator = self._edition().operator_floor
        floor = operator if value in _DEFAULT else Risk.__members__.get(value.upper())
        if floor is None:
            raise BadInput("settings-risk-refused")
        if floor < operator:
            raise BadInput("settings-risk-below-floor")
        kept = Risk.GENERAL if floor == operator else floor  # what the operator asks for anyway is not the community's
        return lambda one: replace(one, risk_floor=kept)


def _cooldown(_: Request, community: Community) -> tuple[Notice, ...]:
    if not community.cooldown:
        return (Notice("settings-cooldown-off"),)
    return (Notice("settings-cooldown", {"seconds": community.cooldown}),)


def _cooldown_hint() -> Notice:
    return Notice("settings-cooldown-refused", {"least": 1, "most": LONGEST_PAUSE})


def _read_cooldown(value: str, _: Request) -> Callable[[Community], Community]:
    digits = value.removesuffix("s").strip()
    number = 0 if value in _OFF else int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 6 else -1
    if not 0 <= number <= LONGEST_PAUSE:
        raise BadInput("settings-cooldown-refused", _cooldown_hint().values)
    return lambda one: replace(one, cooldown=number)


def _channels(request: Request, community: Community) -> tuple[Notice, ...]:
    """Channels are named where they have names; a group that is its own channel tells of this topic alone."""
    if not community.channels:
        return (Notice("settings-channels-all"),)
    here = spot(request.place) in community.channels
    key = "settings-channels-here" if here else "settings-channels-elsewhere"
    named = sorted(community.channels) if request.place.channel != request.place.community else []
    rows = tuple(Notice("settings-row", {"value": ChannelRef(one)}) for one in named)
    return (Notice(key, {"count": len(community.channels)}, rows),)


def _read_channels(value: str, request: Request) -> Callable[[Community], Community]:
    """`all`, or `here` and channels: those alone; `add` or `remove` before them changes what is there."""
    if value in {"all", "everywhere", *_DEFAULT}:
        return lambda one: replace(one, channels=frozenset())
    words = value.replace(",", " ").replace("><", "> <").split()
    verb = words.pop(0) if words and words[0] in ("add", "remove") else ""
    named = frozenset(_channel(word, request) for word in words)
    if not named:
        raise BadInput("settings-channels-refused")

    def edit(one: Community) -> Community:
        if verb and not one.channels:  # it answers everywhere: nothing to add to, and what stays would have to be named
            raise BadInput("settings-channels-refused" if verb == "remove" else "settings-channels-everywhere")
        channels = one.channels | named if verb == "add" else one.channels - named if verb else named
        if not channels:
            raise BadInput("settings-channels-last")
        if len(channels) > MOST_CHANNELS:
            raise BadInput("settings-channels-many", {"limit": MOST_CHANNELS})
        return replace(one, channels=channels)

    return edit


def _channel(word: str, request: Request) -> str:
    """The channel, thread or topic that a word means; where channels are not named, only the one it is typed in."""
    here = spot(request.place)
    if word == "here" and here is not None:
        return here
    found = _CHANNEL.fullmatch(word)
    if found is None or request.place.channel == request.place.community:
        raise BadInput("settings-channels-refused")
    return found[1] or found[2]


def _welcome(community: Community) -> tuple[Notice, ...]:
    place = community.welcome
    if place is None or (channel := place.thread or place.channel) is None:
        return (Notice("settings-welcome-off"),)
    return (Notice("settings-welcome-on", {"channel": ChannelRef(channel)}),)
