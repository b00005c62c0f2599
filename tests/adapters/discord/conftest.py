"""A pretend Discord, and the adapter connected to it over real sockets."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import pytest

from bot.adapters.discord.adapter import DiscordAdapter
from tests.adapters.discord.spoken import Remembered, SpokenResponder
from tests.fakes.discord_server import DiscordServer

Running = Callable[..., AbstractAsyncContextManager[DiscordAdapter]]


@pytest.fixture
async def server() -> AsyncIterator[DiscordServer]:
    async with DiscordServer() as one:
        yield one


@pytest.fixture
def responder() -> SpokenResponder:
    return SpokenResponder()


@pytest.fixture
def offers() -> Remembered:
    return Remembered()


@pytest.fixture
def running(server: DiscordServer, responder: SpokenResponder, offers: Remembered) -> Running:
    """Makes an adapter that serves until it is left; `more` are the adapter's own arguments."""

    @asynccontextmanager
    async def run(**more: Any) -> AsyncIterator[DiscordAdapter]:
        adapter = DiscordAdapter(server.token, responder, offers, **more)
        task = asyncio.create_task(adapter.run())
        ready = asyncio.create_task(server.gateway.connected())
        await asyncio.wait({task, ready}, return_when=asyncio.FIRST_COMPLETED)
        try:
            if task.done():
                await task
            yield adapter
        finally:
            task.cancel()
            ready.cancel()
            await asyncio.gather(task, ready, return_exceptions=True)

    return run
