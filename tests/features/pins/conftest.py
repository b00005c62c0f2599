"""A community with a moderator and the bot, once on each platform."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.features.pins.stage import OnDiscord, OnTelegram, Side, on


@pytest.fixture(params=["telegram", "discord"])
async def side(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Side]:
    """On both."""
    async with on(request.param, tmp_path) as one:
        yield one


@pytest.fixture
async def group(tmp_path: Path) -> AsyncIterator[OnTelegram]:
    """On Telegram alone."""
    async with on("telegram", tmp_path) as one:
        assert isinstance(one, OnTelegram)
        yield one


@pytest.fixture
async def guild(tmp_path: Path) -> AsyncIterator[OnDiscord]:
    """On Discord only."""
    async with on("discord", tmp_path) as one:
        assert isinstance(one, OnDiscord)
        yield one
