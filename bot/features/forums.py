"""Forums: the setting that names them, and the answer to the title of a new post."""

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
from bot.features.access import Cooldown, Limit
from bot.features.channels import HERE, channel_named, refuse_bare_names, require_writable
from bot.features.question_queue import QuestionQueue

_EVERY: Final = 10.0  # seconds between two posts that are looked at, of a member and of a community
_OF_MEMBER: Final = 2  # posts at once
_OF_COMMUNITY: Final = 5
_SEEN: Final = 4096  # posts that are remembered
_SURE: Final = 0.9  # the least score; a title is shorter than a question, and nobody asked the bot
_DECLINED: Final = (Outcome.ADVICE, Outcome.PRICE)


class Forums:
    """Answers titles. `counted` is called for each answer: where, which command, and with which outcome. `clock` gives
    monotonic seconds.
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
        self._counted, self._clock, self._cooldown = counted, clock, Cooldown()
        self._seen: LRUCache[Place, bool] = LRUCache(_SEEN)

    async def on_post(self, post: Place, author: str, title: str) -> Reply | None:
        """The answer to a new post, once, if its forum is named in the settings and its title surely asks for one
        explainer, for advice or for a price; else None. While people ask questions, or many posts come, posts get none:
        nobody waits for them. Raises StoreError.
        """
        community = await self._communities.of(post)
        if post.channel not in community.forums or post in self._seen:
            return None
        self._seen[post] = True
        home = (post.platform, post.community)
        limits = Limit((*home, author), _EVERY, _OF_MEMBER), Limit(home, _EVERY, _OF_COMMUNITY)
        if self._cooldown.ask(self._clock(), *limits):
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
        if match.score < _SURE:
            return None
        content = self._content()
        language = content.language(community.language_of(post))
        if match.outcome in _DECLINED:
            return content.policy_reply(match.outcome, match.nearest, language, community.risk_floor)
        if match.outcome is not Outcome.EXPLAINER or match.command is None:
            return None
        return content.explainer(match.command, language, community.risk_floor, rated=True)


def shown_forums(community: Community) -> tuple[Notice, ...]:
    """A row for each forum where titles are answered."""
    return tuple(Notice("settings-forum", {"channel": ChannelRef(one)}) for one in sorted(community.forums))


async def read_forum(
    value: str, request: Request, platforms: Mapping[str, Platform]
) -> Callable[[Community], Community]:
    """`<forum> on` or `on <forum>`, and with `off`; `here` is the forum of the post it is typed in.

    Raises:
        BadInput: it is neither, or no forum that the bot can answer in.
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
    """Go on only if that channel of the community is a forum.

    Raises:
        BadInput: the channel is none, the platform does not answer, or has no forums with posts.
    """
    try:
        if await platform.is_forum(replace(place, channel=forum, thread=None)):
            return
    except PlatformError as error:
        raise BadInput("something-went-wrong") from error
    if place.platform == TELEGRAM:
        raise BadInput("settings-forum-elsewhere")
    raise BadInput("settings-forum-none", {"channel": ChannelRef(forum)})
