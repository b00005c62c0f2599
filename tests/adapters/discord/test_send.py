"""What Discord refuses, as our errors; and what leaves for it."""

import asyncio

import aiohttp
import pytest
from discord.http import Route

from bot.core.buttons import Button
from bot.core.errors import Closed, Forbidden, Full, MessageGone, PlatformError
from bot.core.model import MessageRef, Place, Right
from bot.runtime.telemetry import Metrics
from tests.adapters.discord.conftest import Running
from tests.adapters.discord.spoken import BUTTONS, WARNING, answer
from tests.fakes.discord_server import DiscordServer
from tests.waiting import until

MESSAGE = r"/channels/\d+/messages/\d+$"


async def test_a_post_is_made_once_for_its_nonce(server: DiscordServer, running: Running) -> None:
    guild = server.guild()
    channel = guild.channel()
    async with running() as adapter:
        place = Place("discord", str(guild.id), str(channel.id))
        first = await adapter.post(place, answer(buttons=BUTTONS), once="pin:1")
        again = await adapter.post(place, answer(buttons=BUTTONS), once="pin:1")
    assert first == again == MessageRef(place, str(next(iter(channel.messages))))
    assert len(channel.messages) == 1
    assert server.done("POST", "/messages$")[0].body["enforce_nonce"] is True


async def test_a_post_goes_to_the_thread_of_its_place(server: DiscordServer, running: Running) -> None:
    guild = server.guild()
    channel = guild.channel()
    thread = guild.thread(channel)
    async with running() as adapter:
        await adapter.post(Place("discord", str(guild.id), str(channel.id), str(thread.id)), answer())
    assert (len(thread.messages), len(channel.messages)) == (1, 0)


async def test_an_edit_replaces_words_and_buttons_and_pings_nobody(server: DiscordServer, running: Running) -> None:
    guild = server.guild()
    channel = guild.channel()
    async with running() as adapter:
        place = Place("discord", str(guild.id), str(channel.id))
        ref = await adapter.post(place, answer(buttons=BUTTONS))
        await adapter.edit(ref, answer("now other words", buttons=(Button("New", "help", "en"),)))
        message = channel.messages[int(ref.message)]
        assert "now other words" in message.content
        assert WARNING in message.content
        assert message.buttons == [("New", "v1:en:help")]
        await adapter.edit(ref, answer("and none"))
        assert message.buttons == []
    for call in server.done("PATCH", MESSAGE):
        assert call.body["allowed_mentions"] == {"parse": []}
        assert {"content", "components"} <= call.body.keys()


async def test_a_message_is_pinned_unpinned_and_deleted(server: DiscordServer, running: Running) -> None:
    guild = server.guild()
    channel = guild.channel()
    async with running() as adapter:
        place = Place("discord", str(guild.id), str(channel.id))
        ref = await adapter.post(place, answer())
        await adapter.pin(ref)
        assert channel.messages[int(ref.message)].pinned
        await adapter.unpin(ref)
        assert not channel.messages[int(ref.message)].pinned
        await adapter.delete(ref)
        assert int(ref.message) not in channel.messages
        with pytest.raises(MessageGone):
            await adapter.edit(ref, answer())


@pytest.mark.parametrize(
    ("status", "code", "kind", "permanent"),
    [
        (404, 10003, MessageGone, True),
        (404, 10008, MessageGone, True),
        (403, 50001, Forbidden, True),
        (403, 50013, Forbidden, True),
        (400, 30003, Full, True),
        (400, 50083, Closed, True),
        (400, 50035, PlatformError, True),
        (503, 0, PlatformError, False),
    ],
)
async def test_a_refusal_says_whether_trying_again_helps(
    server: DiscordServer, running: Running, status: int, code: int, kind: type[PlatformError], permanent: bool
) -> None:
    guild = server.guild()
    channel = guild.channel()
    async with running() as adapter:
        ref = await adapter.post(Place("discord", str(guild.id), str(channel.id)), answer())
        server.fail_next("PUT", "/messages/pins/", status=status, code=code)
        with pytest.raises(kind) as refused:
            await adapter.pin(ref)
    assert refused.value.permanent is permanent


async def test_a_missing_right_is_named(server: DiscordServer, running: Running) -> None:
    guild = server.guild()
    channel = guild.channel()
    async with running() as adapter:
        ref = await adapter.post(Place("discord", str(guild.id), str(channel.id)), answer())
        server.fail_next("PUT", "/messages/pins/", status=403, code=50013)
        with pytest.raises(Forbidden) as refused:
            await adapter.pin(ref)
    assert refused.value.right is Right.PIN


async def test_a_long_wait_is_told_and_not_slept_through(server: DiscordServer, running: Running) -> None:
    guild = server.guild()
    channel = guild.channel()
    async with running() as adapter:
        ref = await adapter.post(Place("discord", str(guild.id), str(channel.id)), answer())
        server.fail_next("PATCH", MESSAGE, status=429, code=30046, retry_after=120)
        with pytest.raises(PlatformError) as refused:
            await adapter.edit(ref, answer("new"))
    assert refused.value.retry_after is not None
    assert refused.value.retry_after.total_seconds() == 120
    assert not refused.value.permanent


@pytest.mark.parametrize("message", ["", "abc", "1.5", "-1", "²"])
async def test_an_id_that_discord_never_gave_is_a_message_that_is_gone(
    server: DiscordServer, running: Running, message: str
) -> None:
    async with running() as adapter:
        with pytest.raises(MessageGone):
            await adapter.delete(MessageRef(Place("discord", "1", "2"), message))
        with pytest.raises(MessageGone):
            await adapter.delete(MessageRef(Place("discord", "1", message), "3"))


async def test_without_a_connection_an_answer_is_worth_another_try(server: DiscordServer, running: Running) -> None:
    async with running() as adapter:
        pass
    with pytest.raises(PlatformError) as refused:
        await adapter.post(Place("discord", "1", "2"), answer())
    assert not refused.value.permanent


async def test_an_answer_that_a_proxy_refuses_is_lost_and_not_forbidden_by_discord(
    server: DiscordServer, running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 403 -\r\nContent-Length: 0\r\n\r\n")
        writer.close()

    metrics, guild = Metrics(), server.guild()
    channel, ada = guild.channel(), guild.member("ada")
    proxy = await asyncio.start_server(refuse, "127.0.0.1", 0)
    port = proxy.sockets[0].getsockname()[1]

    def counted(result: str) -> float | None:
        labels = {"platform": "discord", "result": result}
        return metrics.registry.get_sample_value("kusamabot_platform_calls_total", labels)

    async with proxy, running(wire=metrics.wire("discord")) as adapter:
        assert adapter.connected.session
        await adapter.connected.session.close()
        adapter.connected.session = aiohttp.ClientSession(proxy=f"http://127.0.0.1:{port}")
        monkeypatch.setattr(Route, "BASE", "https://discord.example/api/v10")
        server.slash(channel, ada, "whatisksm")
        await until(lambda: counted("lost") or counted("forbidden"))
    assert (counted("lost"), counted("forbidden")) == (1, 0)
