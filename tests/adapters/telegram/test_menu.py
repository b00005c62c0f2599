"""The command menu that Telegram's apps show."""

import asyncio

import pytest

from bot.adapters.telegram.menu import menus
from bot.core.commands import Audience
from bot.core.errors import PlatformError
from tests.adapters.telegram.stage import KNOWN, Answering, Remembered, info, running
from tests.fakes.telegram import TelegramServer, status
from tests.waiting import PATIENCE


async def test_the_menu_is_set_once_by_scope_and_language() -> None:
    offers = Remembered()
    answers = Answering(KNOWN, (info("kusama-vs-polkadot", es="Sobre"), info("pin", Audience.PINNERS, es="Fijar")))
    async with TelegramServer() as server:
        async with running(server, answers, offers):
            await asyncio.wait_for(offers.saved.wait(), PATIENCE)
        calls = len(server.of("setMyCommands"))
        async with running(server, answers, offers):
            member = server.member()
            server.send(server.private(member), member, "/kusama-vs-polkadot")
            await server.wait_for("sendMessage")
        assert len(server.of("setMyCommands")) == calls == 8
        commands = server.world.commands
    assert commands['{"type": "default"}', ""] == [
        {"command": "kusama_vs_polkadot", "description": "About kusama-vs-polkadot"}
    ]
    assert [one["description"] for one in commands['{"type": "all_chat_administrators"}', "es"]] == ["Sobre", "Fijar"]


async def test_a_menu_that_was_refused_is_not_remembered_and_serving_goes_on() -> None:
    offers = Remembered()
    async with TelegramServer() as server:
        server.fail_next("setMyCommands", status(500, "Internal Server Error"), times=None)
        async with running(server, Answering(KNOWN), offers):
            member = server.member()
            server.send(server.private(member), member, "/whatisksm")
            await server.wait_for("sendMessage")
    assert offers.hashes == {}


def test_more_commands_than_telegram_takes_are_refused() -> None:
    assert len(menus([info(f"c{n}") for n in range(100)])) == 4
    with pytest.raises(PlatformError):
        menus([info(f"c{n}") for n in range(101)])
