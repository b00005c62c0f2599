"""The commands `/settings export` and `/settings import`. An import with mistakes changes nothing."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import reduce

from bot.core.command_text import spelling
from bot.core.community import Community
from bot.core.errors import BadInput, PlatformError
from bot.core.model import Draft, Notice, Request, Right
from bot.core.ports import Communities, Platform
from bot.core.settings_export import LARGEST, Document
from bot.features.access import require_own
from bot.features.channels import notice_platform
from bot.features.settings_command import SettingsCommand
from bot.features.settings_import import SettingsImport, import_refused, limit_rows
from bot.features.welcomes.welcome_command import WelcomeCommand


class SettingsTransfer:
    """The handler of `/settings`. Exports and imports files, and passes everything else to `moderation`.

    `platforms` download the file that was sent. `document` parses it as YAML or raises BadInput.
    """

    def __init__(
        self,
        communities: Communities,
        platforms: Mapping[str, Platform],
        moderation: SettingsCommand,
        welcome: WelcomeCommand,
        document: Callable[[bytes], Document],
    ) -> None:
        self._communities, self._platforms, self._document = communities, platforms, document
        self._moderation, self._welcome = moderation, welcome

    async def settings(self, request: Request, community: Community) -> Draft:
        """Send the settings as a file (`export`), import such a file (`import`), or call `SettingsCommand.settings`.

        Raises:
            BadInput: the file cannot be used, or the place is a Telegram channel, where everybody would see it.
            StoreError: nothing was saved.
        """
        action = spelling(request.text)
        if action not in ("export", "import"):
            return await self._moderation.settings(request, community)
        if request.broadcast:
            raise BadInput("group-only")
        if action == "export":
            require_own(request, Right.ATTACH)
            return Notice("settings-exported", exports=True)
        platform = self._platforms[request.place.platform]
        document = self._document(await _downloaded(request, platform))
        settings = SettingsImport(request, document, platform, self._moderation, self._welcome)
        await settings.read()
        if settings.problems:
            raise import_refused(sorted(settings.problems, key=lambda one: one[0]))
        new = await self._communities.change(
            request.place, lambda one: reduce(lambda changed, edit: edit(changed), settings.edits, one)
        )
        self._welcome.retry(request.place)
        same = replace(new, greeted_until=community.greeted_until) == community
        return Notice("settings-unchanged" if same else "settings-imported", {}, limit_rows(settings.left_out))


async def _downloaded(request: Request, platform: Platform) -> bytes:
    if request.file is None:
        raise BadInput(f"settings-import-file-{notice_platform(request.place)}")
    too_large = BadInput("settings-import-large", {"limit": LARGEST >> 10})
    if request.file.size > LARGEST:
        raise too_large
    try:
        raw = await platform.read(request.file)
    except PlatformError as error:
        raise BadInput("settings-import-unread") from error
    if len(raw) > LARGEST:
        raise too_large
    return raw
