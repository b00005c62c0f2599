"""The join simulator with the bot's own greetings behind it, on the clock that the page makes faster."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient

from bot.core.errors import StoreError
from bot.features.communities import KnownCommunities
from bot.features.welcomes.greeter import Greeter
from bot.features.welcomes.welcome_command import WelcomeCommand
from bot.store.store import open_store
from bot.store.url import address
from tests.adapters.playground.stage import Stage, stage
from tests.builders import no_fault, why_name_hidden
from tests.waiting import PATIENCE

Client = TestClient[web.Request, web.Application]


def _unexpected(error: StoreError) -> None:
    raise AssertionError(str(error))


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[Stage]:
    """A playground whose community is remembered, with greetings as the service builds them."""
    async with open_store(address(None, tmp_path)) as store:
        known = KnownCommunities(store.communities, lambda: 0.0, lambda: date.min, _unexpected, lambda: 60.0)
        built = stage(known)
        playground = built.playground

        def edition() -> Any:
            return built.shelf.edition

        clock = playground.clock
        platforms = {playground.name: playground}

        def now() -> datetime:
            return datetime.now(UTC)

        welcomes = Greeter(edition, known, platforms, why_name_hidden, clock=clock.now, sleep=clock.sleep, now=now)
        built.responder.learn("welcome", WelcomeCommand(known, welcomes, now, no_fault).welcome)
        playground.greet(welcomes.joined)
        yield built
        await welcomes.close()


async def _post(client: Client, path: str, **told: Any) -> Any:
    response = await client.post(path, json=told)
    assert response.status == 200, await response.text()
    return await response.json()


async def _greeting(stream: aiohttp.ClientResponse) -> Any:
    async with asyncio.timeout(PATIENCE):
        while True:
            if await stream.content.readline() == b"event: post\n":
                return json.loads((await stream.content.readline()).removeprefix(b"data: "))


async def test_a_raid_is_greeted_once_without_a_name_and_one_who_comes_by_name(here: Stage) -> None:
    async with here.client() as client, client.get("/events") as stream:
        on = await _post(client, "/api/ask", text="/welcome on", **{"as": "moderator"})
        assert on["outcome"] == "notice"
        await _post(client, "/api/clock", speed=60)
        await _post(client, "/api/join", count=500, hostile=True)
        raid = await _greeting(stream)
        assert "500" in raid["body"]
        await _post(client, "/api/join", count=1)
        single = await _greeting(stream)
        assert "newcomer 1" in single["body"]
    for greeting in (raid, single):
        text = greeting["faces"]["telegram"]["text"]
        assert greeting["warning"] in text
        assert not any(word in text for word in ("airdrop", "@everyone", "<img"))
    assert raid["message"] != single["message"]


async def test_nobody_is_greeted_before_a_moderator_wants_it(here: Stage) -> None:
    async with here.client() as client:
        refused = await _post(client, "/api/ask", text="/welcome on", **{"as": "member"})
        assert "right" in refused["body"]
        await _post(client, "/api/clock", speed=60)
        await _post(client, "/api/join", count=3)
        await _post(client, "/api/ask", text="/welcome on", **{"as": "moderator"})
        await _post(client, "/api/join", count=1)
        async with client.get("/events") as stream:
            greeting = await _greeting(stream)
    assert "newcomer 4" in greeting["body"]  # the three before came to a community that greets nobody
    assert "newcomer 1" not in greeting["body"]
