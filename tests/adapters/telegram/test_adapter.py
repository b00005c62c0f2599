"""The real python-telegram-bot against a Bot API server on loopback, from connecting to leaving."""

import asyncio

import pytest

from bot.adapters.telegram.adapter import TelegramAdapter
from bot.core.errors import PlatformError, StoreError
from bot.core.faults import Fault
from bot.core.model import Member, Place, Right
from tests.adapters.telegram.stage import KNOWN, Answering, Remembered, place, running, sealed
from tests.fakes.telegram import ADMIN_RIGHTS, TelegramServer, status
from tests.waiting import PATIENCE, until


async def test_an_anonymous_administrator_has_the_rights_of_all_of_them_and_a_channel_none() -> None:
    async with TelegramServer() as server, running(server, Answering()) as adapter:
        chat = server.chat(rights={"can_pin_messages"})
        chat.put(server.member("A"), "administrator", ADMIN_RIGHTS, is_anonymous=True)
        chat.put(server.member("B"), "administrator", {"can_pin_messages"}, is_anonymous=True)
        held = await adapter.rights(place(chat), Member(str(chat.id)))
        assert Right.PIN in held
        assert Right.MANAGE not in held
        channel = server.chat("channel")
        assert await adapter.rights(place(chat), Member(str(channel.id))) == Right.NONE


async def test_a_wrong_token_is_a_permanent_error_that_does_not_tell_it() -> None:
    async with TelegramServer() as server:
        wrong = "7000000001:AAnot-the-token-of-this-server-at-all"
        adapter = TelegramAdapter(wrong, Answering(), Remembered(), base_url=server.base_url)
        with pytest.raises(PlatformError) as caught:
            await adapter.run()
    error: BaseException | None = caught.value
    assert caught.value.permanent
    while error is not None:
        assert wrong not in f"{error!r}"
        error = error.__context__
    assert adapter.trouble == (Fault.STARTING, "")


async def test_a_token_that_is_revoked_while_serving_ends_the_run() -> None:
    async with TelegramServer() as server:
        adapter = TelegramAdapter(server.token, Answering(), Remembered(), base_url=server.base_url)
        task = asyncio.create_task(adapter.run())
        await server.until_polling()
        server.revoke()
        member = server.member()
        server.send(server.private(member), member, "/whatisksm")
        with pytest.raises(PlatformError) as caught:
            await asyncio.wait_for(task, PATIENCE)
        assert caught.value.permanent


async def test_an_unreachable_telegram_is_worth_another_try() -> None:
    async with TelegramServer() as server:
        server.fail_next("getMe", status(502, "Bad Gateway"))
        adapter = TelegramAdapter(server.token, Answering(), Remembered(), base_url=server.base_url)
        with pytest.raises(PlatformError) as caught:
            await adapter.run()
        assert not caught.value.permanent


async def test_a_mistake_of_ours_in_the_menus_is_logged_and_keeps_no_answer_back(
    caplog: pytest.LogCaptureFixture,
) -> None:
    offers = Remembered(error=KeyError("a mistake of ours"))
    async with TelegramServer() as server, running(server, Answering(KNOWN), offers):
        member = server.member()
        server.send(server.private(member), member, "/whatisksm")
        await server.until(lambda: bool(server.of("sendMessage")))
        assert "TelegramAdapter._keep_offers" in caplog.text
        assert "ended with KeyError" in caplog.text


async def test_menus_that_cannot_be_remembered_are_reported_and_keep_no_answer_back() -> None:
    offers = Remembered(error=StoreError("the database is damaged", "restore a backup"))
    async with TelegramServer() as server, running(server, Answering(KNOWN), offers) as adapter:
        member = server.member()
        server.send(server.private(member), member, "/whatisksm")
        await server.until(lambda: bool(server.of("sendMessage")))
        await until(lambda: adapter.lacking)
        assert "the database is damaged" in adapter.lacking


async def test_another_poller_is_reported_and_outlived() -> None:
    async with TelegramServer() as server:
        server.fail_next("getUpdates", status(409, "Conflict: terminated by other getUpdates request"))
        passed = asyncio.Event()
        adapter = TelegramAdapter(
            server.token,
            Answering(KNOWN),
            Remembered(),
            base_url=server.base_url,
            drain=1.0,
            sleep=lambda _: passed.wait(),
        )
        task = asyncio.create_task(adapter.run())
        await until(lambda: adapter.trouble == (Fault.CONFLICT, ""))
        assert not adapter.ready
        passed.set()
        member = server.member()
        server.send(server.private(member), member, "/whatisksm")
        await server.wait_for("sendMessage")
        assert adapter.ready
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_answers_under_way_are_finished_before_leaving() -> None:
    gate = asyncio.Event()
    answers = Answering(KNOWN, gate=gate)
    async with TelegramServer() as server:

        async def open_when_no_more_is_taken_in() -> None:
            await server.until(lambda: adapter.trouble == (Fault.STARTING, "") or None)
            gate.set()

        async with running(server, answers) as adapter:
            member = server.member()
            server.send(server.private(member), member, "/whatisksm")
            await server.until(lambda: answers.requests and server.updates.polled)
            opening = asyncio.create_task(open_when_no_more_is_taken_in())
        await opening
        assert server.of("sendMessage")[0].ok


async def test_leaving_does_not_wait_for_ever(caplog: pytest.LogCaptureFixture) -> None:
    answers = Answering(KNOWN, gate=asyncio.Event())
    async with TelegramServer() as server:
        async with running(server, answers, drain=0.2):
            member = server.member()
            server.send(server.private(member), member, "/whatisksm")
            await server.until(lambda: answers.requests and server.updates.polled)
        assert server.of("sendMessage") == []
    assert "Telegram: 1 request(s) were not answered in time" in caplog.messages


async def test_the_same_adapter_serves_again_after_a_run() -> None:
    async with TelegramServer() as server:
        adapter = TelegramAdapter(server.token, Answering(KNOWN), Remembered(), base_url=server.base_url, drain=1.0)
        member = server.member()
        for count in (1, 2):
            task = asyncio.create_task(adapter.run())
            await server.until_polling()
            server.send(server.private(member), member, "/whatisksm")
            await server.wait_for("sendMessage", count)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        with pytest.raises(PlatformError):
            await adapter.post(Place("telegram", None, str(member.id)), sealed())


async def test_updates_are_asked_for_by_name() -> None:
    async with TelegramServer() as server, running(server, Answering(KNOWN)):
        (first,) = [call for call in server.calls if call.method == "getUpdates"]
        said = ["message", "channel_post", "guest_message"]
        expected = [*said, "callback_query", "inline_query", "my_chat_member", "chat_member"]
        assert first.params["allowed_updates"] == expected
