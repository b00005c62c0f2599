"""Answers the titles of new posts in forums, and reads the setting that names these forums."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from cachetools import LRUCache

from bot.core.community import MOST_CHANNELS, Community
from bot.core.disclaimer import Reply
from bot.core.errors import BadInput, Busy, PlatformError
from bot.core.model import TELEGRAM, Match, Notice, Outcome, Place, Request
from bot.core.ports import Communities, Platform
from bot.core.sealed_catalog import SealedCatalog
from bot.core.spans import ChannelRef
from bot.features.access import Limit, RateLimiter
from bot.features.channels import HERE, channel_named, refuse_bare_names, require_writable
from bot.features.question_queue import QuestionQueue

_PER_POST: Final = 10.0  # seconds per post after the burst, for a member and for a community
_MEMBER_BURST: Final = 2  # posts at once
_COMMUNITY_BURST: Final = 5
_MOST_SEEN: Final = 4096  # posts remembered, so that none is answered twice
_LEAST_SCORE: Final = 0.9  # lowest score for an answer; high because a title is short and nobody asked the bot
_DECLINED: Final = (Outcome.ADVICE, Outcome.PRICE)


class Forums:
    """Answers the titles of new posts.

    `counted` is called for each answer with its place, command and outcome. `clock` gives monotonic seconds.
    """

    def __init__(
        self,
        content: Callable[[], SealedCatalog],
        communities: Communities,
        questions: QuestionQueue,
        counted: Callable[[Place, str, Outcome], None],
        clock: Callable[[], float],
    ) -> None:
        self._content, self._communities, self._questions = content, communities, questions
        self._counted, self._clock, self._limiter = counted, clock, RateLimiter()
        self._seen: LRUCache[Place, bool] = LRUCache(_MOST_SEEN)

    async def on_post(self, post: Place, author: str, title: str) -> Reply | None:
        """Return the answer to a new post, or None for no answer.

        A post is answered once, if its forum is in the settings and its title clearly asks for one explainer, for
        advice or for a price. It is not answered while members' questions are waiting or if too many posts arrive.
        Raises StoreError.
        """
        community = await self._communities.of(post)
        if post.channel not in community.forums or post in self._seen:
            return None
        self._seen[post] = True
        home = (post.platform, post.community)
        limits = Limit((*home, author), _PER_POST, _MEMBER_BURST), Limit(home, _PER_POST, _COMMUNITY_BURST)
        if self._limiter.ask(self._clock(), *limits):
            return None
        try:
            match = await self._questions.look_up(title)
        except Busy:
            return None
        reply = self._reply(match, community, post)
        if reply is not None:
            self._counted(post, reply.command, reply.outcome)
        return reply

    def _reply(self, match: Match, community: Community, post: Place) -> Reply | None:
        if match.score < _LEAST_SCORE:
            return None
        content = self._content()
        language = content.language(community.language_of(post))
        if match.outcome in _DECLINED:
            return content.policy_reply(match.outcome, match.nearest, language, community.risk_floor)
        if match.outcome is not Outcome.EXPLAINER or match.command is None:
            return None
        return content.explainer(match.command, language, community.risk_floor, rated=True)


def forum_rows(community: Community) -> tuple[Notice, ...]:
    """Return a row of `/settings` for each forum where titles are answered."""
    return tuple(Notice("settings-forum", {"channel": ChannelRef(one)}) for one in sorted(community.forums))


async def read_forum(
    value: str, request: Request, platforms: Mapping[str, Platform]
) -> Callable[[Community], Community]:
    """Parse the value of the setting `forum` into a change of the settings.

    The value is `<forum> on`, `on <forum>`, or the same with `off`; `here` names the forum of the post it is typed in.

    Raises:
        BadInput: the value has another form, it names no forum that the bot can answer in, or the platform is Telegram,
            which has no forums. The change raises it if there are already MOST_CHANNELS forums.
    """
    if request.place.platform == TELEGRAM:
        raise BadInput("settings-forum-elsewhere")
    first, _, last = value.partition(" ")
    word, choice = (last, first) if first in ("on", "off") else (first, last)
    forum = request.place.channel if word == HERE else channel_named(word, request)
    if forum is None or choice not in ("on", "off"):
        refuse_bare_names(value.split(), request)
        raise BadInput("settings-forum-refused")
    await require_writable(value, request, platforms)
    if choice == "on" and (platform := platforms.get(request.place.platform)):
        await require_forum(forum, request.place, platform)

    def edit(one: Community) -> Community:
        forums = one.forums | {forum} if choice == "on" else one.forums - {forum}
        if len(forums) > MOST_CHANNELS:
            raise BadInput("settings-forum-many", {"limit": MOST_CHANNELS})
        return replace(one, forums=forums)

    return edit


async def require_forum(forum: str, place: Place, platform: Platform) -> None:
    """Check that the channel `forum` of the community is a forum.

    Raises:
        BadInput: it is not, the platform does not answer, or the platform is Telegram, which has no forums.
    """
    try:
        if await platform.is_forum(replace(place, channel=forum, thread=None)):
            return
    except PlatformError as error:
        raise BadInput("something-went-wrong") from error
    if place.platform == TELEGRAM:
        raise BadInput("settings-forum-elsewhere")
    raise BadInput("settings-forum-none", {"channel": ChannelRef(forum)})
