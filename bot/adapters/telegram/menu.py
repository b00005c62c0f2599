"""The command menus that Telegram's apps show; they are sent only when they changed."""

import hashlib
import json
from collections.abc import Sequence
from itertools import product
from typing import Final

from telegram import (
    Bot,
    BotCommand,
    BotCommandScope,
    BotCommandScopeAllChatAdministrators,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeDefault,
)

from bot.adapters.telegram.errors import translated
from bot.adapters.telegram.render import command_name
from bot.core.commands import Audience, CommandInfo
from bot.core.errors import PlatformError
from bot.core.model import DEFAULT_LOCALE, TELEGRAM
from bot.core.ports import Offers

MOST: Final = 100  # commands a scope and language takes

_EVERYWHERE: Final = (BotCommandScopeDefault(), BotCommandScopeAllPrivateChats(), BotCommandScopeAllGroupChats())
_MODERATORS: Final = BotCommandScopeAllChatAdministrators()

Menu = tuple[BotCommandScope, str | None, tuple[BotCommand, ...]]


def menus(commands: Sequence[CommandInfo]) -> tuple[Menu, ...]:
    """Each scope's menu in each language; None is for languages without a menu of their own.

    Scopes only hide: what a caller may do is checked when they do it.
    """
    slash = [info for info in commands if info.kind == "slash"]
    everyone = [info for info in slash if info.audience is Audience.EVERYONE]
    if len(slash) > MOST:
        raise PlatformError(f"Telegram's menu takes {MOST} commands, not {len(slash)}", permanent=True)
    locales = sorted({locale for info in slash for locale in info.descriptions} - {DEFAULT_LOCALE})
    languages = [(None, DEFAULT_LOCALE), *((locale.split("-")[0], locale) for locale in locales)]
    audiences = [*((scope, everyone) for scope in _EVERYWHERE), (_MODERATORS, slash)]
    return tuple(
        (scope, code, tuple(_shown(info, locale) for info in offered))
        for (scope, offered), (code, locale) in product(audiences, languages)
    )


async def offer(bot: Bot, commands: Sequence[CommandInfo], offers: Offers) -> None:
    """Show these menus, unless they are shown already. `offers` remembers them once Telegram took them all.

    Raises PlatformError.
    """
    wanted = menus(commands)
    sent = [[scope.to_dict(), code, [command.to_dict() for command in shown]] for scope, code, shown in wanted]
    digest = hashlib.sha256(json.dumps(sent).encode()).hexdigest()[:32]
    scope_of_bot = str(bot.id)
    if await offers.offered(TELEGRAM, scope_of_bot) == digest:
        return
    for scope, code, shown in wanted:
        await translated(bot.set_my_commands(shown, scope=scope, language_code=code))
    await offers.offer(TELEGRAM, scope_of_bot, digest)


def _shown(info: CommandInfo, locale: str) -> BotCommand:
    words = info.descriptions.get(locale) or info.descriptions.get(DEFAULT_LOCALE) or info.name
    return BotCommand(command_name(info.name), words)
