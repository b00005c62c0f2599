"""The commands `/settings` and `/privacy forget`. A value that cannot be used is answered with what to type instead."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from bot.core.buttons import Button, Confirmation
from bot.core.community import LONGEST_PAUSE, MOST_CHANNELS, Community, channel_id
from bot.core.errors import BadInput
from bot.core.model import Draft, Notice, Place, Request, Risk
from bot.core.notices import LanguageName
from bot.core.ports import Communities
from bot.core.sealed_catalog import SealedCatalog
from bot.core.spans import ChannelRef
from bot.core.typed import spelling

_CHANNEL = re.compile(r"<#([1-9][0-9]{0,19})>|([1-9][0-9]{14,19})")
_OFF = frozenset({"off", "none", "no"})
_FORGET = "forget"
_TO_CONFIRM = 60  # seconds
_DEFAULT = frozenset({"default", "reset"})

_Edit = Callable[[Community], Community]
_COOLDOWN_HINT = Notice("settings-cooldown-refused", {"least": 1, "most": LONGEST_PAUSE})


class Moderation:
    """The handlers of `/settings` and `/privacy`. `content` gives the answers in use, `now` the date and time,
    `greeting_problem` why a community's last greeting could not be posted."""

    def __init__(
        self,
        content: Callable[[], SealedCatalog],
        communities: Communities,
        now: Callable[[], datetime],
        greeting_problem: Callable[[Place], tuple[Notice, ...]] = lambda _: (),
    ) -> None:
        self._content, self._communities, self._now = content, communities, now
        self._greeting_problem = greeting_problem

    async def settings(self, request: Request, community: Community) -> Draft:
        """Show all settings, or the one that is named and what it may be, or change it: `<name> <value>`."""
        name, _, value = request.text.strip().partition(" ")
        name, value = name.casefold(), " ".join(value.split()).casefold()
        if request.broadcast and name == "channels":
            raise BadInput("group-only")
        shown = self._shown(request, community)
        if not name:
            rows = tuple(row for rows in shown.values() for row in rows)
            if not request.broadcast:
                rows += _welcome(community) + self._greeting_problem(request.place)
            return Notice("settings", {}, rows)
        if name not in shown:
            raise BadInput("settings-unknown")
        if not value:
            return Notice("settings-now", {}, (*shown[name], self._hint(name)))
        new = await self._communities.change(request.place, self._edit(name, value, request))
        key = "settings-unchanged" if new == community else "settings-saved"
        return Notice(key, {}, self._shown(request, new)[name])

    async def privacy(self, request: Request, _: Community) -> Draft:
        """`forget`: delete all that is stored of the community, once the asker has pressed a button to confirm it.

        Nothing is kept between the two: the button says who may press it, and until when. The press needs the right to
        manage as well, so a forged button does nothing that its presser may not do. In a channel, whose posts do not
        say who wrote them, each presser with that right may confirm.
        """
        if spelling(request.text) != _FORGET:
            raise BadInput("forget-hint")
        now, given = int(self._now().timestamp()), request.confirms
        if given is None:
            if (
                request.member.id == request.place.community and not request.broadcast
            ):  # a press does not say who is anonymous
                raise BadInput("forget-as-yourself")
            confirmation = Confirmation(_FORGET, request.member.id, now + _TO_CONFIRM)
            return Notice("forget-sure", button=Button("forget-button", request.command, "", confirms=confirmation))
        if given.asker not in (request.member.id, request.broadcast and request.place.community):
            raise BadInput("forget-not-yours")
        if not 0 <= given.until - now <= _TO_CONFIRM:
            raise BadInput("forget-too-late")
        await self._communities.forget(request.place)
        return Notice("forgotten")

    def _shown(self, request: Request, community: Community) -> dict[str, tuple[Notice, ...]]:
        """How each setting stands."""
        content = self._content()
        language = LanguageName(content.language(community.locale).locale)
        floor = max(community.risk_floor, content.operator_floor)
        pause = community.cooldown
        cooldown = Notice("settings-cooldown", {"seconds": pause}) if pause else Notice("settings-cooldown-off")
        return {
            "language": (Notice("settings-language", {"language": language}),),
            "risk": (Notice(f"settings-risk-{floor.name.lower()}"),),
            "cooldown": (cooldown,),
            "channels": () if request.broadcast else _channels(request, community),
        }

    def _hint(self, name: str) -> Notice:
        """What may be typed for that setting."""
        match name:
            case "language":
                return Notice("settings-language-choices", {}, self._languages())
            case "cooldown":
                return _COOLDOWN_HINT
            case _:
                return Notice(f"settings-{name}-refused")

    def _edit(self, name: str, value: str, request: Request) -> _Edit:
        """The change that the value asks for.

        Raises:
            BadInput: the value cannot be used.
        """
        match name:
            case "language":
                locale = self._read_language(value)
                return lambda one: replace(one, locale=locale)
            case "risk":
                floor = self._read_risk(value)
                return lambda one: replace(one, risk_floor=floor)
            case "cooldown":
                pause = _read_cooldown(value)
                return lambda one: replace(one, cooldown=pause)
            case _:
                return _read_channels(value, request)

    def _languages(self) -> tuple[Notice, ...]:
        locales = self._content().catalog.languages
        return tuple(Notice("settings-row", {"value": LanguageName(one)}) for one in locales)

    def _read_language(self, value: str) -> str | None:
        if value in _DEFAULT:
            return None
        for locale, language in self._content().catalog.languages.items():
            if value in (locale.casefold(), language.name.casefold()):
                return locale
        raise BadInput("settings-language-refused", rows=self._languages())

    def _read_risk(self, value: str) -> Risk:
        operator = self._content().operator_floor
        floor = operator if value in _DEFAULT else Risk.__members__.get(value.upper())
        if floor is None:
            raise BadInput("settings-risk-refused")
        if floor < operator:
            raise BadInput("settings-risk-below-floor")
        return Risk.GENERAL if floor == operator else floor  # so that a lower floor of the operator counts here too


def _read_cooldown(value: str) -> int:
    digits = value.removesuffix("s").strip()
    number = 0 if value in _OFF else int(digits) if re.fullmatch("[0-9]{1,5}", digits) else -1
    if not 0 <= number <= LONGEST_PAUSE:
        raise BadInput(_COOLDOWN_HINT.key, _COOLDOWN_HINT.values)
    return number


def _channels(request: Request, community: Community) -> tuple[Notice, ...]:
    """The channels by name; in a group that is a channel of its own, whether this topic is one of them."""
    if not community.channels:
        return (Notice("settings-channels-all"),)
    here = channel_id(request.place) in community.channels
    key = "settings-channels-here" if here else "settings-channels-elsewhere"
    named = sorted(community.channels) if request.place.channel != request.place.community else []
    rows = tuple(Notice("settings-row", {"value": ChannelRef(one)}) for one in named)
    return (Notice(key, {"count": len(community.channels)}, rows),)


def _read_channels(value: str, request: Request) -> _Edit:
    """`all`, or `here` and channels: only those; with `add` or `remove` before them, the present ones are changed."""
    if value in {"all", "everywhere", *_DEFAULT}:
        return lambda one: replace(one, channels=frozenset())
    words = value.replace(",", " ").replace("><", "> <").split()
    verb = words.pop(0) if words and words[0] in ("add", "remove") else ""
    named = frozenset(_channel(word, request) for word in words)
    if not named:
        raise BadInput("settings-channels-refused")

    def edit(one: Community) -> Community:
        if verb and not one.channels:  # the bot answers everywhere: nothing to add to or remove from
            raise BadInput("settings-channels-refused" if verb == "remove" else "settings-channels-everywhere")
        channels = one.channels | named if verb == "add" else one.channels - named if verb else named
        if not channels:
            raise BadInput("settings-channels-last")
        if len(channels) > MOST_CHANNELS:
            raise BadInput("settings-channels-many", {"limit": MOST_CHANNELS})
        return replace(one, channels=channels)

    return edit


def _channel(word: str, request: Request) -> str:
    """The channel, thread or topic that a word means; where channels have no names, only the one it is typed in."""
    here = channel_id(request.place)
    if word == "here" and here is not None:
        return here
    found = _CHANNEL.fullmatch(word)
    if found is None or request.place.channel == request.place.community:
        raise BadInput("settings-channels-refused")
    return found[1] or found[2]


def _welcome(community: Community) -> tuple[Notice, ...]:
    channel = channel_id(community.welcome) if community.welcome else None
    if channel is None:
        return (Notice("settings-welcome-off"),)
    return (Notice("settings-welcome-on", {"channel": ChannelRef(channel)}),)
