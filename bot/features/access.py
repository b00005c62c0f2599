"""Decides whether a request is answered: where, how often, and with which rights.

Cheap checks come first. A caller who holds the right that a command needs is never refused because of the channel or a
cooldown, so moderators cannot lock themselves out.
"""

import math
from collections.abc import Callable, Hashable
from dataclasses import dataclass

from cachetools import LRUCache

from bot.core.community import Community, channel_id
from bot.core.errors import BadInput
from bot.core.model import DISCORD, PLAYGROUND, Notice, Place, Request, Right

_MOST_BUCKETS = 50_000
_DIRECT_BURST = 5  # commands at once in a direct chat, where they disturb nobody else
_CHANNEL_BURST, _CHANNEL_SHARE = 5, 3  # a channel gets three times as many commands as one member


@dataclass(frozen=True, slots=True)
class Limit:
    """One turn every `every` seconds for `key`, after a burst of up to `burst` turns at once."""

    key: Hashable
    every: float
    burst: int = 1


def member_limit(member: Hashable) -> Limit:
    """Return the limit for all requests of one member on a platform, to be checked before any lookup.

    It allows a burst of 40, because autocomplete sends many requests for one name, then four a second.
    """
    return Limit(member, 0.25, 40)


@dataclass(frozen=True, slots=True)
class Wait:
    """A refusal for `seconds`. `first` is True for the asker's first refusal of a pause; only that one is announced."""

    seconds: float
    first: bool


@dataclass(slots=True)
class _Bucket:
    full_at: float  # when all turns are available again
    notified_until: float = 0.0  # the asker was told to wait until then


class RateLimiter:
    """Token buckets, one per key. Holds at most `most` and drops the least recently used; its owner then starts with a
    full bucket.
    """

    def __init__(self, most: int = _MOST_BUCKETS) -> None:
        self._buckets: LRUCache[Hashable, _Bucket] = LRUCache(most)

    def __len__(self) -> int:
        return len(self._buckets)

    def ask(self, now: float, *limits: Limit) -> Wait | None:
        """Take one turn from every limit and return None; if any limit refuses, take none and return how long to wait.

        The first limit must be the asker's own. `now` is in monotonic seconds. Limits of 0 seconds are ignored.
        """
        limits = tuple(limit for limit in limits if limit.every > 0)
        longest = 0.0
        for limit in limits:
            if bucket := self._buckets.get(limit.key):
                # The limit may have become shorter.
                bucket.full_at = min(bucket.full_at, now + limit.every * limit.burst)
                longest = max(longest, bucket.full_at - now - limit.every * (limit.burst - 1))
        if longest > 0:
            asker = self._buckets.setdefault(limits[0].key, _Bucket(now))
            first = asker.notified_until <= now
            asker.notified_until = now + longest if first else asker.notified_until
            return Wait(longest, first)
        for limit in limits:
            bucket = self._buckets.get(limit.key)
            self._buckets[limit.key] = _Bucket(max(bucket.full_at if bucket else now, now) + limit.every)
        return None


@dataclass(frozen=True, slots=True)
class Refused:
    """A refused request. `notice` says why; where the platform allows, only the caller sees it (None: stay silent)."""

    notice: Notice | None


class Access:
    """Refuses requests in channels where the bot does not answer, and during cooldowns.

    On Discord, and for requests whose answer only the caller would see, every refusal is explained. On Telegram, where
    everybody would see the notice, the bot stays silent in channels where it does not answer and announces a cooldown
    once per member and pause. The playground has no cooldown. `clock` gives monotonic seconds.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._limiter = RateLimiter()

    def refusal(self, request: Request, community: Community, needed: Right) -> Refused | None:
        """Return why the request is refused, None if it is allowed. `needed` are the rights that its command needs."""
        if needed and needed in request.rights:
            return None
        only_caller_sees = request.private or has_private_notices(request.place)
        if not (request.private or answers_in(community, request.place)):
            return Refused(Notice("not-in-this-channel") if only_caller_sees else None)
        is_post = request.broadcast and request.member.id == request.place.community  # only administrators can post
        is_browsing = request.turns_page and (request.private or request.place.community is None)  # others see nothing
        if is_post or is_browsing or request.place.platform == PLAYGROUND:
            return None
        wait = self._limiter.ask(self._clock(), *_limits(request, community))
        if wait is None:
            return None
        seconds = math.ceil(wait.seconds)
        return Refused(Notice("slow-down", {"seconds": seconds}) if only_caller_sees or wait.first else None)


def has_private_notices(place: Place) -> bool:
    """Whether the platform can show a notice, such as a refusal, to the caller alone."""
    return place.platform in (DISCORD, PLAYGROUND)


def answers_in(community: Community, place: Place) -> bool:
    """Whether the bot answers in that place.

    An allowed channel includes its threads. A Telegram group, whose id is also its channel's, does not include its
    topics.
    """
    if place.community is None or not community.channels or channel_id(place) in community.channels:
        return True
    return place.channel != place.community and place.channel in community.channels


def _limits(request: Request, community: Community) -> tuple[Limit, ...]:
    place, every = request.place, float(community.cooldown)
    member = (place.platform, place.community, request.member.id)
    if place.community is None:
        return (Limit(member, every, _DIRECT_BURST),)
    if request.private:  # the channel does not see the answer
        return (Limit(member, every),)
    return (Limit(member, every), Limit(place, every / _CHANNEL_SHARE, _CHANNEL_BURST))


def require(request: Request, right: Right) -> None:
    """Check that the caller holds `right` in the community where they ask.

    On Telegram an anonymous administrator has the id of the group, and somebody who writes as a channel has a negative
    id; both get a notice of their own.

    Raises:
        BadInput: it is a direct chat or a place that the bot was not added to, or the right is missing.
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
    """Check that the bot itself holds all of `rights` in the place of the request.

    Raises:
        BadInput: a right is missing; the notice names the first one.
    """
    for right in rights:
        if right not in request.bot_rights:
            raise BadInput("bot-lacks-right", {"right": right})
