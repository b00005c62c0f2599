"""Decides whether a request is answered: where, how often, and with which rights.

The cheapest check comes first. A moderator who uses a moderators' command is never turned away by a channel or a
cooldown, so that nobody locks themselves out.
"""

import math
from collections.abc import Callable, Hashable
from dataclasses import dataclass

from cachetools import LRUCache

from bot.core.community import Community, channel_id
from bot.core.errors import BadInput
from bot.core.model import DISCORD, PLAYGROUND, Notice, Place, Request, Right

_MOST_BUCKETS = 50_000
_DIRECT_BURST = 5  # in a direct chat nobody else is disturbed, so a few commands may come at once
_CHANNEL_BURST, _CHANNEL_SHARE = 5, 3  # a channel takes three times as many commands as one of its members


@dataclass(frozen=True, slots=True)
class Limit:
    """At most one turn every `every` seconds for `key`, after a burst of `burst` turns at once."""

    key: Hashable
    every: float
    burst: int = 1


def budget(member: Hashable) -> Limit:
    """What one member may ask of a platform, of any kind, before anything is looked up for it: 40 requests at once (a
    name typed with completion, some presses), then four a second."""
    return Limit(member, 0.25, 40)


@dataclass(frozen=True, slots=True)
class Wait:
    """Refused for that many seconds; `first` is True once per pause and asker, for the one message about it."""

    seconds: float
    first: bool


@dataclass(slots=True)
class _Bucket:
    full_at: float  # when all its turns are there again
    told_until: float = 0.0  # until then its owner knows that they have to wait


class Cooldown:
    """Token buckets, one for each key. At most `most`: the least recently used is forgotten, which allows its owner one
    more request."""

    def __init__(self, most: int = _MOST_BUCKETS) -> None:
        self._buckets: LRUCache[Hashable, _Bucket] = LRUCache(most)

    def __len__(self) -> int:
        return len(self._buckets)

    def ask(self, now: float, *limits: Limit) -> Wait | None:
        """Take a turn of every limit, or of none and return how long to wait until all would give one. The first limit
        is the asker's own.

        `now` is in monotonic seconds; a limit of 0 seconds is ignored.
        """
        limits = tuple(limit for limit in limits if limit.every > 0)
        longest = 0.0
        for limit in limits:
            if bucket := self._buckets.get(limit.key):
                bucket.full_at = min(bucket.full_at, now + limit.every * limit.burst)  # the limit may be shorter now
                longest = max(longest, bucket.full_at - now - limit.every * (limit.burst - 1))
        if longest > 0:
            asker = self._buckets.setdefault(limits[0].key, _Bucket(now))
            first = asker.told_until <= now
            asker.told_until = now + longest if first else asker.told_until
            return Wait(longest, first)
        for limit in limits:
            bucket = self._buckets.get(limit.key)
            self._buckets[limit.key] = _Bucket(max(bucket.full_at if bucket else now, now) + limit.every)
        return None


@dataclass(frozen=True, slots=True)
class Refused:
    """Not answered. `notice` says why, only for the caller where the platform can do that (None: say nothing)."""

    notice: Notice | None


class Access:
    """Turns requests away. `clock` gives monotonic seconds.

    Each refusal on Discord, and of what only the caller would see, is explained. What everybody would see on Telegram
    is refused without a word where the bot does not answer, and a pause is announced to each member once. In the
    playground nobody waits.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._cooldown = Cooldown()

    def refusal(self, request: Request, community: Community, needed: Right) -> Refused | None:
        """Why the request is not answered, or None. `needed` are the rights that its command needs."""
        if needed and needed in request.rights:
            return None
        alone = request.private or speaks_aside(request.place)
        if not (request.private or answers_in(community, request.place)):
            return Refused(Notice("not-in-this-channel") if alone else None)
        is_post = request.broadcast and request.member.id == request.place.community  # only administrators post
        is_browsing = request.turns_page and (request.private or request.place.community is None)  # disturbs nobody
        if is_post or is_browsing or request.place.platform == PLAYGROUND:
            return None
        wait = self._cooldown.ask(self._clock(), *_limits(request, community))
        if wait is None:
            return None
        seconds = math.ceil(wait.seconds)
        return Refused(Notice("slow-down", {"seconds": seconds}) if alone or wait.first else None)


def speaks_aside(place: Place) -> bool:
    """Whether only the caller sees a notice to the caller there, such as a refusal."""
    return place.platform in (DISCORD, PLAYGROUND)


def answers_in(community: Community, place: Place) -> bool:
    """Whether the bot answers in that place. A channel includes its threads; a group that is a channel of its own
    (Telegram's) does not include its topics."""
    if place.community is None or not community.channels or channel_id(place) in community.channels:
        return True
    return place.channel != place.community and place.channel in community.channels


def _limits(request: Request, community: Community) -> tuple[Limit, ...]:
    place, every = request.place, float(community.cooldown)
    member = (place.platform, place.community, request.member.id)
    if place.community is None:
        return (Limit(member, every, _DIRECT_BURST),)
    if request.private:  # nobody else sees the answer
        return (Limit(member, every),)
    return (Limit(member, every), Limit(place, every / _CHANNEL_SHARE, _CHANNEL_BURST))


def require(request: Request, right: Right) -> None:
    """Let the caller pass if they hold `right` in the community where they ask.

    Somebody who speaks as the community itself (an anonymous administrator on Telegram) has the community's id; a
    channel that somebody speaks as has a negative one there.

    Raises:
        BadInput: a direct chat, a place that the bot was not added to, or the right is missing.
    """
    if request.guest:
        raise BadInput("not-added")
    if request.place.community is None:
        raise BadInput("forget-needs-community" if request.command == "privacy" else "community-only")
    if right in request.rights:
        return
    if request.member.id == request.place.community:
        raise BadInput("poster-not-allowed" if request.broadcast else "anonymous-not-allowed", {"right": right})
    if request.member.id.startswith("-"):
        raise BadInput("channel-not-allowed")
    raise BadInput("no-rights", {"right": right})


def require_own(request: Request, rights: Right) -> None:
    """Go on only if the bot itself holds all of `rights` there.

    Raises:
        BadInput: it names the first right that is missing.
    """
    for right in rights:
        if right not in request.bot_rights:
            raise BadInput("bot-lacks-right", {"right": right})
