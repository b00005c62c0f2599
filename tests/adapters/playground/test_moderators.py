"""What moderators set and read in the playground, over HTTP: a channel's language, the log of changes, statistics."""

import asyncio
from pathlib import Path
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.adapters.playground.adapter import PlaygroundAdapter
from bot.adapters.playground.preview import PREVIEWS
from bot.core.ports import Platform
from bot.core.sealed_catalog import SealedCatalog
from bot.features.change_log import ChangeLog
from tests.adapters.playground.stage import LiveContent
from tests.builders import fault_in_name, shipped
from tests.house import house
from tests.waiting import PATIENCE


async def test_a_moderator_sets_a_language_has_changes_told_and_reads_the_days(tmp_path: Path) -> None:
    async with house(tmp_path / "data") as home:
        home.edition = SealedCatalog(shipped())
        playground = PlaygroundAdapter(home.responder, PREVIEWS, LiveContent(home.edition))
        platforms: dict[str, Platform] = {"playground": playground}
        log = ChangeLog(lambda: home.edition, home.communities, platforms, fault_in_name)
        home.responder.learn("log", log.log)
        home.responder.learn("settings", log.telling(home.moderation.settings))
        app = web.Application()
        app.add_routes(playground.routes())

        async def ask(text: str, role: str = "moderator") -> Any:
            return await (await client.post("/api/ask", json={"text": text, "as": role, "locale": "en"})).json()

        async with TestClient(TestServer(app)) as client, asyncio.timeout(PATIENCE):
            assert "#general" in (await ask("/log on"))["body"]
            assert "language in #general: Español (es)" in (await ask("/settings language испанский here"))["body"]
            assert (await ask("/whatisksm", "member"))["locale"] == "es"
            (told,) = playground._channel.posts
            assert "Moderator" in PREVIEWS["discord"].render(told.reply)["text"]
            faces = (await ask("/stats"))["faces"]
            assert all("█" in face["text"] for face in faces.values())
            playground.close()
