"""What moderators set and read in the playground, over HTTP: a channel's language, the log of changes, statistics."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.adapters.playground.preview import faces
from bot.core.ports import Platform
from bot.core.sealed_catalog import SealedCatalog
from bot.features.change_log import ChangeLog
from bot.features.settings_transfer import SettingsTransfer
from bot.features.welcomes.greeter import Greeter
from bot.features.welcomes.welcome_command import WelcomeCommand
from bot.runtime.content_setup import settings_document
from tests.adapters.playground.stage import LiveContent, playground_of
from tests.builders import shipped, urging, why_name_hidden
from tests.house import house
from tests.waiting import PATIENCE


async def test_a_moderator_sets_a_language_has_changes_told_and_reads_the_days(tmp_path: Path) -> None:
    async with house(tmp_path / "data") as home:
        home.edition = SealedCatalog(shipped())
        playground = playground_of(home.responder, LiveContent(home.edition))
        platforms: dict[str, Platform] = {"playground": playground}
        log = ChangeLog(lambda: home.edition, home.communities, platforms, why_name_hidden)
        home.responder.learn("log", log.log)
        home.responder.learn("settings", log.announcing(home.moderation.settings))
        app = web.Application()
        app.add_routes(playground.routes())

        async def ask(text: str, role: str = "moderator") -> Any:
            return await (await client.post("/api/ask", json={"text": text, "as": role, "locale": "en"})).json()

        async with TestClient(TestServer(app)) as client, asyncio.timeout(PATIENCE):
            assert "#general" in (await ask("/log on"))["body"]
            assert "language in #general: Español (es)" in (await ask("/settings language испанский here"))["body"]
            assert (await ask("/whatisksm", "member"))["locale"] == "es"
            (told,) = playground.posts
            assert "Moderator" in faces(told.reply)["discord"]["text"]
            stats = await ask("/stats")
            assert all("█" in face["text"] for face in stats["faces"].values())
            assert stats["faces"]["discord"]["picture"].endswith(f": {'0, ' * 29}1")
            assert (await client.get(f"/picture/{stats['digest']}.png")).status == 200
            playground.close()


async def test_a_moderator_exports_the_settings_and_imports_them_changed(tmp_path: Path) -> None:
    async with house(tmp_path / "data") as home:
        home.edition = SealedCatalog(shipped())
        playground = playground_of(home.responder, LiveContent(home.edition))
        platforms: dict[str, Platform] = {"playground": playground}

        def now() -> datetime:
            return datetime.fromtimestamp(home.now, UTC)

        greeter = Greeter(
            lambda: home.edition,
            home.communities,
            platforms,
            why_name_hidden,
            clock=lambda: home.now,
            sleep=asyncio.sleep,
            now=now,
        )
        welcome = WelcomeCommand(home.communities, greeter, now, urging)
        file = SettingsTransfer(home.communities, platforms, home.moderation, welcome, settings_document)
        home.responder.learn("settings", file.settings)
        app = web.Application(client_max_size=1 << 18)
        app.add_routes(playground.routes())

        async def ask(text: str, **more: object) -> Any:
            asked = {"text": text, "as": "moderator", "locale": "en"} | more
            return await (await client.post("/api/ask", json=asked)).json()

        async with TestClient(TestServer(app)) as client, asyncio.timeout(PATIENCE):
            shown = await ask("/settings export")
            assert shown["seen"] == {"discord": "alone", "telegram": "alone"}
            assert shown["file"]["name"] == "settings.yaml"
            changed = yaml.safe_load(shown["file"]["text"]) | {"risk": "high", "welcome": "general", "log": "123456789"}
            said = (await ask("/settings import", file=yaml.safe_dump(changed)))["body"]
            assert "in use now" in said
            assert "is not here, so it was left out" in said
            assert "welcome: on, in #general" in (await ask("/settings"))["body"]
            assert "attach the file" in (await ask("/settings import"))["body"]
            assert "at most 16 KB" in (await ask("/settings import", file="#" * 70_000))["body"]
            assert (await ask("/settings"))["file"] is None
            playground.close()
