"""What an operator should know about the bot's account on Telegram. It only reads, and fetches no updates."""

from collections.abc import AsyncIterator, Sequence
from typing import Final
from urllib.parse import urlsplit

from telegram import WebhookInfo
from telegram.ext import ExtBot

from bot.adapters.telegram import menu, send
from bot.adapters.telegram.errors import logged, translated
from bot.adapters.telegram.transport import AiohttpRequest
from bot.core.commands import CommandInfo
from bot.core.errors import PlatformError, Unauthorised
from bot.core.faults import OFFERED, Finding, State
from bot.runtime.proxy import Proxy

_SHOWN_TO_ALL: Final = Finding(
    "telegram server",
    State.NOTE,
    "this Bot API server is older than 10.3: presses, /help and /topics in groups are answered for all to see, and"
    " /settings, /stats and /diagnose there with nothing",
    "update your Bot API server, or leave TELEGRAM_API_URL out to use Telegram's own",
)


async def examine(
    token: str, commands: Sequence[CommandInfo], *, base_url: str, webhook: str | None, proxy: Proxy | None = None
) -> AsyncIterator[Finding]:
    """Log in and look around: token, inline mode, how updates come, menu (if `commands` are known). `webhook` is the
    address that is set."""
    transport = AiohttpRequest(connections=2, proxy=proxy)
    bot: ExtBot[None] = ExtBot(token, base_url=base_url, request=transport, get_updates_request=transport)
    try:
        await translated(bot.initialize())
        yield Finding("telegram token", State.FINE, f"logged in as @{bot.username}")
        for finding in _account(bot):
            yield finding
        if not await send.knows_ephemeral(bot):
            yield _SHOWN_TO_ALL
        yield _updates(await translated(bot.get_webhook_info()), webhook)
        if commands:
            yield await _drift(bot, commands)
    except Unauthorised:
        fix = "ask @BotFather for the token (/token) and set TELEGRAM_TOKEN"
        yield Finding("telegram token", State.BROKEN, "Telegram does not know it", fix)
    except PlatformError as error:
        fix = f"let this machine reach {urlsplit(base_url).hostname}, and try again"
        yield Finding("telegram", State.BROKEN, error.reason, fix)
    finally:
        await bot.shutdown()
        await transport.shutdown()


def _account(bot: "ExtBot[None]") -> list[Finding]:
    link = f"https://t.me/{bot.username}?startgroup=true&admin=pin_messages+delete_messages"
    found = [Finding("telegram group invite", State.FINE, link)]
    if not bot.can_join_groups:
        found.append(
            Finding("telegram groups", State.NOTE, "nobody can add the bot to a group", "@BotFather: /setjoingroups")
        )
    if not bot.supports_inline_queries:
        what = "inline mode is off, so nobody can ask from another chat"
        found.append(Finding("telegram inline", State.NOTE, what, "@BotFather: /setinline"))
    return found


def _updates(info: WebhookInfo, wanted: str | None) -> Finding:
    """How updates come, and whether that works."""
    if wanted and info.url != wanted:
        what = "Telegram sends updates elsewhere" if info.url else "Telegram has no webhook of ours yet"
        return Finding("telegram updates", State.NOTE, what, "start the bot: it sets its webhook by itself")
    if wanted and info.last_error_message:
        what = f"Telegram could not deliver: {logged(info.last_error_message)}; {info.pending_update_count} wait"
        return Finding("telegram updates", State.BROKEN, what, "let Telegram reach WEBHOOK_URL over https")
    if info.url and not wanted:
        what = "a webhook is set, though the bot would poll"
        return Finding("telegram updates", State.NOTE, what, "start the bot: it takes the webhook off by itself")
    how = "by webhook" if wanted else "by polling"
    return Finding("telegram updates", State.FINE, f"{how}, {info.pending_update_count} waiting")


async def _drift(bot: "ExtBot[None]", commands: Sequence[CommandInfo]) -> Finding:
    """Whether the menus are those that the bot would offer."""
    wanted = menu.menus(commands)
    different = []
    for scope, code, shown in wanted:
        there = await translated(bot.get_my_commands(scope=scope, language_code=code))
        if tuple(there) != tuple(shown):
            different.append(menu.described(scope, code))
    if different:
        what = f"{len(different)} of {len(wanted)} menus are not as they would be offered now: {', '.join(different)}"
        return Finding("telegram commands", State.NOTE, what, OFFERED)
    return Finding("telegram commands", State.FINE, f"all {len(wanted)} menus are offered")
