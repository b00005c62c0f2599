"""The command `/log on|off`: announces in a channel what moderators change, and who did it. Stores no entries."""

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
from bot.features.communities import retry_if_moved

_log = logging.getLogger(__name__)

_CHANGES: Final = """
    settings-saved settings-imported forgotten log-on log-off welcome-on welcome-off welcome-message-saved
    welcome-message-reset welcome-cleanup-on welcome-cleanup-off welcome-quiet-on welcome-quiet-off pinned
    pin-not-pinned pin-full unpinned unpin-by-hand posted posting-all unposted
"""  # the notices that a handler returns after a change
_NAMELESS: Final = "—"
# Communities whose last problem is kept. It is kept as a notice, because an error would keep its request in memory.
_MOST_PROBLEMS: Final = 20_000


class ChangeLog:
    """The handler of `/log`, and the wrapper that announces the changes made by other handlers.

    `platforms` is read at every use, so adapters may be added later. `why_name_hidden` returns why a member's name must
    not be shown, None if it may be.
    """

    def __init__(
        self,
        content: Callable[[], SealedCatalog],
        communities: Communities,
        platforms: Mapping[str, Platform],
        why_name_hidden: Callable[[str], Awaitable[str | None]],
    ) -> None:
        self._content, self._communities, self._platforms = content, communities, platforms
        self._why_name_hidden = why_name_hidden
        self._problems: LRUCache[Place, Notice] = LRUCache(_MOST_PROBLEMS)  # by community

    async def log(self, request: Request, community: Community) -> Draft:
        """Announce changes in this channel or topic (`on`), stop (`off`), or say where they are announced (no text)."""
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

    def announcing(self, handler: Handler) -> Handler:
        """Return a handler that also announces its changes, in the log channel that was set before the change."""

        async def handle_and_announce(request: Request, community: Community) -> Draft | Reply:
            draft = await handler(request, community)
            if community.log and isinstance(draft, Notice) and draft.key in _CHANGES.split():
                await self._announce(community.log, request, community, draft)
            return draft

        return handle_and_announce

    def problem(self, place: Place) -> tuple[Notice, ...]:
        """Return why the community's last change could not be announced; empty if it was."""
        problem = self._problems.get(place.home)
        return (problem,) if problem else ()

    async def _announce(self, place: Place, request: Request, community: Community, draft: Notice) -> None:
        """Post the moderator's name, the command and its answer in the log channel, silently and without a mention."""
        member = request.member
        if not plain(member.name).text.strip() or await self._why_name_hidden(member.name):
            member = Member(member.id, _NAMELESS)
        notice = Notice("log-changed", {"member": member, "command": CommandRef(request.command)}, (draft,))
        language = self._content().language(community.language_of(place))
        reply, home = seal(notice, language, Risk.GENERAL), request.place.home
        try:
            await retry_if_moved(self._communities, place, lambda at: self._platforms[at.platform].post(at, reply))
        except PlatformError as error:
            right = error.right if isinstance(error, Forbidden) else None
            self._problems[home] = Notice("log-failed-right", {"right": right}) if right else Notice("log-failed")
            _log.warning("%s: could not announce a change in the log channel: %s", place.platform, error.reason)
        else:
            self._problems.pop(home, None)


def log_rows(community: Community) -> tuple[Notice, ...]:
    """Return the row of `/settings` that names the log channel; empty if there is none."""
    return (Notice("settings-log-on", {"channel": community.log}),) if community.log else ()
