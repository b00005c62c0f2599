"""Command menus, and the bot's texts in Telegram's apps: the description (before a chat begins) and the short
description (in the profile).
"""

import json
from collections.abc import Mapping, Sequence
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
from bot.core.commands import CommandInfo, Shown, first
from bot.core.disclaimer import Profile
from bot.features.offering import Offer

_PRIVATE: Final = BotCommandScopeAllPrivateChats()
_EVERYWHERE: Final = (BotCommandScopeDefault(), _PRIVATE, BotCommandScopeAllGroupChats())
_MODERATORS: Final = BotCommandScopeAllChatAdministrators()
_WHERE: Final = {
    "default": "everywhere",
    "all_private_chats": "in direct chats",
    "all_group_chats": "in groups",
    "all_chat_administrators": "for moderators",
}

Menu = tuple[BotCommandScope, str | None, tuple[BotCommand, ...]]


def menus(commands: Sequence[CommandInfo]) -> tuple[Menu, ...]:
    """Return each scope's menu in each language. The language None is for all languages without a menu of their own.

    A scope only hides commands; the caller's rights are checked at each use. In groups, the commands whose answer is
    for the caller alone are marked as ephemeral: apps that support this (Bot API 10.2) hide the command itself from
    others.
    """
    slash = [info for info in commands if info.kind == "slash"]
    everyone = [info for info in slash if not info.right]
    default, *others = dict.fromkeys(locale for info in slash for locale in info.descriptions) or ("",)
    languages = [(None, default), *((locale.split("-")[0], locale) for locale in sorted(others))]
    audiences = [*((scope, everyone) for scope in _EVERYWHERE), (_MODERATORS, slash)]
    return tuple(
        (scope, code, tuple(_bot_command(info, locale, in_groups=scope is not _PRIVATE) for info in offered))
        for (scope, offered), (code, locale) in product(audiences, languages)
    )


def offers(bot: Bot, commands: Sequence[CommandInfo], profiles: Mapping[str, Profile]) -> list[Offer]:
    """Return each menu and text as an offer of its own, because Telegram may refuse one language or ask to wait. The
    texts of the first language are also for languages without any.
    """
    result = [_menu(bot, *menu) for menu in menus(commands)]
    for number, (locale, profile) in enumerate(profiles.items()):
        result += _texts(bot, locale.split("-")[0] if number else "", profile)
    return result


def described(scope: BotCommandScope, code: str | None) -> str:
    """Return a menu's name for operators."""
    return f"the menu {_WHERE[scope.type]} in {code or 'other languages'}"


def _menu(bot: Bot, scope: BotCommandScope, code: str | None, shown: tuple[BotCommand, ...]) -> Offer:
    text = json.dumps([command.to_dict() for command in shown])
    return Offer(
        f"{bot.id}:{scope.type}:{code or ''}",
        described(scope, code),
        text,
        lambda: translated(bot.set_my_commands(shown, scope=scope, language_code=code)),
    )


def _texts(bot: Bot, code: str, profile: Profile) -> tuple[Offer, Offer]:
    where, description, short = code or "other languages", profile.description, profile.short
    return Offer(
        f"{bot.id}:description:{code}",
        f"the description in {where}",
        description,
        lambda: translated(bot.set_my_description(description, language_code=code)),
    ), Offer(
        f"{bot.id}:short description:{code}",
        f"the short description in {where}",
        short,
        lambda: translated(bot.set_my_short_description(short, language_code=code)),
    )


def _bot_command(info: CommandInfo, locale: str, *, in_groups: bool) -> BotCommand:
    words = info.descriptions.get(locale) or first(info.descriptions) or info.name
    alone = in_groups and info.shown is not Shown.ALL
    return BotCommand(command_name(info.name), words, api_kwargs={"is_ephemeral": True} if alone else None)
