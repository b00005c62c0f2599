"""What a service says when it begins to serve."""

import asyncio
import logging
from pathlib import Path

import pytest

from bot.config import settings_from
from bot.runtime.service import Service
from tests.builders import Folder
from tests.waiting import until


@pytest.mark.parametrize(
    ("host", "public_url", "page", "warned"),
    [
        ("127.0.0.1", "", "http://127.0.0.1:{port}/", False),
        ("0.0.0.0", "", "http://127.0.0.1:{port}/", True),
        ("0.0.0.0", "http://127.0.0.1:9000/", "http://127.0.0.1:9000/", False),
        ("127.0.0.1", "https://bot.example.org/", "https://bot.example.org/", True),
    ],
)
async def test_the_start_names_the_address_that_opens_the_page_and_who_else_can_reach_it(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, host: str, public_url: str, page: str, warned: bool
) -> None:
    caplog.set_level(logging.INFO)
    folders = {"responses_dir": str(Folder(tmp_path, "en").path), "data_dir": str(tmp_path / "data")}
    service = Service(settings_from(folders, {"port": "0", "host": host, "public_url": public_url}))
    running = asyncio.create_task(service.run())
    await until(lambda: running.done() or "no token is set" in caplog.text)  # the last line of the start
    service.stop()
    await running
    assert f"the playground is at {page.format(port=service.port)}" in caplog.messages
    assert any("over the network" in line for line in caplog.messages) is warned
    assert not any("open to the network" in line for line in caplog.messages)
