"""The command `/log on|off`: tells in one channel who changed what, at once. Nothing but that channel is stored."""

import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Final

from cachetools import LRUCache

from bot.core.community import Community
from bot.core.disclaimer import Reply, seal
from bot.core.errors import BadInput, Forbidden, PlatformError
from bot.core.markup import plain
from bot.core.model import Draft, Member, Notice, Place, Request, Right, Risk
from bot.core.ports import Communities, Platform
from bot.core.sealed_catalog import SealedCatalog
from bot.core.spans import CommandRef
from bot.features.access import require_own
from bot.features.answers import Handler
from bot.features.communities import following

_log = logging.getLogger(__name__)

_CHANGES: Final = """
    settings-saved settings-imported forgotten log-on log-off welcome-on welcome-off welcome-message-saved
    welcome-message-reset welcome-cleanup-on welcome-cleanup-off welcome-quiet-on welcome-quiet-off pinned
    pin-not-pinned pin-full unpinned unpin-by-hand posted posting-all unposted
"""  # what a handler says when it has changed something
_NAMELESS: Final = "—"
_MOST: Final = 20_000  # communities of which it is remembered what failed last; not the error, which holds its request


class ChangeLog:
    """The handler of `/log`, and what makes other handlers tell of changes. `platforms` is read at every use;
    `fault_in_name` says why a name is not shown, or gives None."""

    def __init__(
        self,
        content: Callable[[], SealedCatalog],
        communities: Communities,
        platforms: Mapping[str, Platform],
        fault_in_name: Callable[[str], Awaitable[str | None]],
    ) -> None:
        self._content, self._communities, self._platforms = content, communities, platforms
        self._fault_in_name = fault_in_name
        self._problems: LRUCache[Place, Notice] = LRUCache(_MOST)  # of the last change to be told

    async def log(self, request: Request, community: Community) -> Draft:
        """Tell changes in this channel or topic from now on, or nowhere, or say where they are told."""
        action, log = request.text.strip().casefold(), community.log
        if not action:
            return Notice("log-is-on", {"channel": log}) if log else Notice("log-is-off")
        if action not in ("on", "off"):
            raise BadInput("log-hint")
        if place := request.place if action == "on" else None:
            require_own(request, Right.SEND)
        await self._communities.change(request.place, lambda one: replace(one, log=place))
        self._problems.pop(request.place.home, None)
        return Notice("log-on", {"channel": place}) if place else Notice("log-off")

    def telling(self, handler: Handler) -> Handler:
        """The same handler, whose changes are told where the community wanted it before the change."""

        async def told(request: Request, community: Community) -> Draft | Reply:
            draft = await handler(request, community)
            if community.log and isinstance(draft, Notice) and draft.key in _CHANGES.split():
                await self._tell(community.log, request, community, draft)
            return draft

        return told

    def problem(self, place: Place) -> tuple[Notice, ...]:
        """Why the last change in the community of that place could not be told; nothing if it was."""
        problem = self._problems.get(place.home)
        return (problem,) if problem else ()

    async def _tell(self, place: Place, request: Request, community: Community, draft: Notice) -> None:
        """Post what the moderator was told, and who that is, without a sound or a mention."""
        member = request.member
        if not plain(member.name).text.strip() or await self._fault_in_name(member.name):
            member = Member(member.id, _NAMELESS)
        said = Notice("log-changed", {"member": member, "command": CommandRef(request.command)}, (draft,))
        language = self._content().language(community.language_of(place))
        reply, platform, home = seal(said, language, Risk.GENERAL), self._platforms[place.platform], request.place.home
        try:
            await following(self._communities, place, lambda at: platform.post(at, reply))
        except PlatformError as error:
            right = error.right if isinstance(error, Forbidden) else None
            self._problems[home] = Notice("log-failed-right", {"right": right}) if right else Notice("log-failed")
            _log.warning("%s: a change could not be told: %s", place.platform, error.reason)
        else:
            self._problems.pop(home, None)


def shown_log(community: Community) -> tuple[Notice, ...]:
    """Where changes are told, for the list of settings; nothing if nowhere."""
    return (Notice("settings-log-on", {"channel": community.log}),) if community.log else ()
