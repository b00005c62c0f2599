"""Who came to a group: the real client on the fake Telegram."""

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest

from bot.adapters.telegram.adapter import TelegramAdapter
from bot.core.errors import StoreError
from bot.core.join_window import Join
from bot.core.model import TELEGRAM, Place
from tests.adapters.telegram.stage import KNOWN, Answering, running
from tests.fakes.telegram import TelegramServer

ADMIN = ("can_delete_messages",)


@dataclass
class Porch:
    """Stands for the welcomes: keeps who came; `open` tells whether the group greets."""

    open: bool = True
    came: list[tuple[Place, Join]] = field(default_factory=list)
    error: Exception | None = None

    async def greets(self, place: Place) -> bool:
        return self.open

    async def joined(self, place: Place, joins: Sequence[Join]) -> None:
        if self.error:
            raise self.error
        self.came += [(place, join) for join in joins]

    async def left(self, place: Place, member: str) -> None: ...

    @property
    def names(self) -> list[str]:
        return [join.name for _, join in self.came]


def serving(server: TelegramServer, porch: Porch) -> AbstractAsyncContextManager[TelegramAdapter]:
    return running(server, Answering(KNOWN), newcomers=porch)


async def taken(server: TelegramServer) -> None:
    """All updates are fetched, and worked off: a command that comes behind them is answered."""
    await server.until_polling()
    somebody = server.member("Last")
    count = len(server.of("sendMessage"))
    server.send(server.private(somebody), somebody, "/whatisksm")
    await server.wait_for("sendMessage", count + 1)


@pytest.fixture
def porch() -> Porch:
    return Porch()


async def test_where_the_bot_is_an_administrator_each_join_is_told_of_once(porch: Porch) -> None:
    async with TelegramServer() as server:
        chat = server.chat(rights=ADMIN)
        now = server.world.now()
        server.world.now = lambda: now
        async with serving(server, porch):
            server.join(chat, server.member("Ada"), server.member("Bo"))
            await taken(server)
    assert sorted(porch.names) == ["Ada", "Bo"]
    place, join = porch.came[0]
    assert place == Place(TELEGRAM, str(chat.id), str(chat.id))
    assert join.at == datetime.fromtimestamp(now, UTC)


async def test_where_the_bot_is_none_the_service_message_tells(porch: Porch) -> None:
    async with TelegramServer() as server:
        chat = server.chat()
        async with serving(server, porch):
            server.join(chat, server.member("Ada"), server.member("Bo"))
            server.join(chat, server.member("Cy"))
            await taken(server)
        assert sorted(porch.names) == ["Ada", "Bo", "Cy"]
        assert len(server.of("getChatMember")) <= 2


async def test_a_large_group_without_service_messages_is_heard_by_an_administrator(porch: Porch) -> None:
    async with TelegramServer() as server:
        chat = server.chat(rights=ADMIN)
        async with serving(server, porch):
            server.join(chat, server.member("Ada"), announce=False)
            await taken(server)
    assert porch.names == ["Ada"]


async def test_when_the_bot_becomes_an_administrator_or_no_longer_is_one_nobody_is_told_of_twice(porch: Porch) -> None:
    async with TelegramServer() as server:
        chat = server.chat()
        async with serving(server, porch):
            server.join(chat, server.member("Ada"))
            await taken(server)
            server.change(chat, server.bot, "administrator", ADMIN)
            server.join(chat, server.member("Bo"))
            await taken(server)
            server.change(chat, server.bot, "member")
            server.join(chat, server.member("Cy"))
            await taken(server)
    assert porch.names == ["Ada", "Bo", "Cy"]


async def test_bots_and_the_bot_itself_are_not_told_of(porch: Porch) -> None:
    async with TelegramServer() as server:
        chat, other = server.chat(), server.chat(rights=ADMIN)
        async with serving(server, porch):
            server.join(chat, server.member("Robot", is_bot=True), server.member("Ada"))
            server.join(other, server.member("Robot", is_bot=True))
            server.change(chat, server.bot, "member")
            await taken(server)
    assert porch.names == ["Ada"]


async def test_other_changes_of_standing_are_no_joins(porch: Porch) -> None:
    async with TelegramServer() as server:
        chat = server.chat(rights=ADMIN)
        ada = server.member("Ada")
        chat.put(ada)
        async with serving(server, porch):
            server.change(chat, ada, "administrator", ADMIN)
            server.change(chat, ada, "member")
            server.change(chat, ada, "restricted", is_member=True)
            server.change(chat, ada, "restricted", is_member=False)
            await taken(server)
            assert porch.names == []
            server.change(chat, ada, "restricted", is_member=True)
            server.change(chat, ada, "kicked")
            server.change(chat, ada, "left")
            server.change(chat, ada, "member")
            await taken(server)
    assert porch.names == ["Ada", "Ada"]


async def test_a_channel_s_readers_are_not_told_of(porch: Porch) -> None:
    async with TelegramServer() as server:
        channel = server.chat("channel", rights=ADMIN)
        async with serving(server, porch):
            server.change(channel, server.member("Ada"), "member")
            await taken(server)
    assert porch.names == []


async def test_where_nobody_is_greeted_telegram_is_not_asked(porch: Porch) -> None:
    porch.open = False
    async with TelegramServer() as server:
        chat = server.chat()
        async with serving(server, porch):
            server.join(chat, server.member("Ada"))
            await taken(server)
        assert server.of("getChatMember") == []
    assert porch.names == []


async def test_an_update_that_comes_again_is_told_of_once(porch: Porch) -> None:
    async with TelegramServer() as server:
        chat = server.chat(rights=ADMIN)
        async with serving(server, porch):
            server.join(chat, server.member("Ada"), announce=False)
            joined = dict(server.updates.kept[-1])
            await taken(server)
            server.updates.repeat(joined)
            await taken(server)
    assert porch.names == ["Ada"]


async def test_a_store_in_trouble_stops_no_other_update(porch: Porch) -> None:
    porch.error = StoreError("the disk is full", "Make room.")
    async with TelegramServer() as server:
        chat = server.chat(rights=ADMIN)
        async with serving(server, porch):
            server.join(chat, server.member("Ada"))
            await taken(server)
    assert porch.names == []
