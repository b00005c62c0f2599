"""Checks the bot's account on Telegram for the operator. It only reads, and fetches no updates."""

from collections.abc import AsyncIterator, Sequence
from typing import Final
from urllib.parse import urlsplit

from telegram import WebhookInfo

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

# Fields of getMe (https://core.telegram.org/bots/api#user): each with the value that this bot wants, its subject, the
# text for that value, the text for any other, and the command of @BotFather that changes it.
_SWITCHES: Final = (
    (
        "can_join_groups",
        True,
        "groups",
        "allowed: the bot can be added to groups",
        "not allowed: nobody can add the bot to a group",
        "/setjoingroups, Enable",
    ),
    (
        "can_read_all_group_messages",
        False,
        "group privacy",
        "on: in groups the bot is sent what is meant for it; where it is an administrator, everything",
        "off: the bot is sent every message of its groups, which it does not need",
        "/setprivacy, Enable; then remove the bot from its groups and add it again",
    ),
    (
        "supports_inline_queries",
        True,
        "inline mode",
        "on: people can ask from any chat",
        "off: nobody can ask from another chat",
        "/setinline",
    ),
    (
        "supports_guest_queries",
        True,
        "guest mode",
        "on: people can mention the bot where it was not added",
        "off: nobody can mention the bot where it was not added",
        "/mybots, the bot, Bot Settings, Guest Mode",
    ),
)


async def examine(
    token: str, commands: Sequence[CommandInfo], *, base_url: str, webhook: str | None, proxy: Proxy | None = None
) -> AsyncIterator[Finding]:
    """Log in and yield findings about the token, the account's switches, how updates arrive, and the menus (if
    `commands` are known). `webhook` is the configured URL, None for polling.
    """
    transport = AiohttpRequest(proxy=proxy)
    bot = send.Bot(token, base_url=base_url, request=transport, get_updates_request=transport)
    try:
        await translated(bot.initialize())
        yield Finding("telegram token", State.FINE, f"logged in as @{bot.username}")
        for finding in _account(bot):
            yield finding
        if not await send.knows_ephemeral(bot):
            yield _SHOWN_TO_ALL
        yield _updates(await translated(bot.get_webhook_info()), webhook)
        if commands:
            yield await _menus(bot, commands)
    except Unauthorised:
        fix = "ask @BotFather for the token (/token) and set TELEGRAM_TOKEN"
        yield Finding("telegram token", State.BROKEN, "Telegram does not know it", fix)
    except PlatformError as error:
        fix = f"let this machine reach {urlsplit(base_url).hostname}, and try again"
        yield Finding("telegram", State.BROKEN, error.reason, fix)
    finally:
        await bot.shutdown()
        await transport.shutdown()


def _account(bot: send.Bot) -> list[Finding]:
    """The invite link, and the switches at @BotFather. A switch that the server does not know counts as off."""
    link = f"https://t.me/{bot.username}?startgroup=true&admin=pin_messages+delete_messages"
    findings = [Finding("telegram group invite", State.FINE, link)]
    account = bot.bot.to_dict()
    for field, wanted, subject, as_wanted, otherwise, fix in _SWITCHES:
        fine = account.get(field, False) is wanted
        state, what = (State.FINE, as_wanted) if fine else (State.NOTE, otherwise)
        findings.append(Finding(f"telegram {subject}", state, what, "" if fine else f"@BotFather: {fix}"))
    return findings


def _updates(info: WebhookInfo, wanted: str | None) -> Finding:
    """How updates arrive, and whether that works."""
    if wanted and info.url != wanted:
        what = "Telegram sends updates elsewhere" if info.url else "Telegram has no webhook of ours yet"
        return Finding("telegram updates", State.NOTE, what, "start the bot: it sets its webhook by itself")
    if wanted and info.last_error_message:
        what = f"Telegram could not deliver: {logged(info.last_error_message)}; {info.pending_update_count} wait"
        return Finding("telegram updates", State.BROKEN, what, "let Telegram reach WEBHOOK_URL over https")
    if info.url and not wanted:
        what = "a webhook is set, though the bot would poll"
        return Finding("telegram updates", State.NOTE, what, "start the bot: it removes the webhook by itself")
    how = "by webhook" if wanted else "by polling"
    return Finding("telegram updates", State.FINE, f"{how}, {info.pending_update_count} waiting")


async def _menus(bot: send.Bot, commands: Sequence[CommandInfo]) -> Finding:
    """Whether Telegram has the menus that the bot would set now."""
    wanted = menu.menus(commands)
    different = []
    for scope, code, shown in wanted:
        current = await translated(bot.get_my_commands(scope=scope, language_code=code))
        if tuple(current) != tuple(shown):
            different.append(menu.described(scope, code))
    if different:
        what = f"{len(different)} of {len(wanted)} menus are not as they would be offered now: {', '.join(different)}"
        return Finding("telegram commands", State.NOTE, what, OFFERED)
    return Finding("telegram commands", State.FINE, f"all {len(wanted)} menus are offered")
