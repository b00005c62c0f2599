"""The real python-telegram-bot against a Bot API server on loopback, from connecting to leaving."""

import asyncio
from typing import Any

import orjson
import pytest
from structlog.testing import capture_logs

from bot.adapters.telegram.adapter import State, TelegramAdapter
from bot.adapters.telegram.menu import menus
from bot.adapters.telegram.webhook import LARGEST, Webhook
from bot.core.errors import PlatformError
from bot.core.model import Audience, Member, Place, Right
from tests.adapters.telegram.stage import KNOWN, Answering, Broken, Remembered, draft, info, running, sealed
from tests.fakes.telegram import ADMIN_RIGHTS, Chat, TelegramServer, status

HOOK = Webhook("https://bot.example/telegram", "a-Secret_1")


def place(chat: Chat) -> Place:
    return Place("telegram", str(chat.id), str(chat.id))


async def test_a_hyphenated_command_is_answered_in_a_group() -> None:
    async with TelegramServer() as server, running(server, Answering(KNOWN)):
        chat = server.chat()
        asked = server.send(chat, server.member(), "/kusama-vs-polkadot")
        (call,) = await server.wait_for("sendMessage")
        assert call.ok
        assert call.text.startswith("Kusama and Polkadot\n⚠️ Crypto is high-risk.")
        assert call.params["reply_parameters"]["message_id"] == asked.id


async def test_a_command_as_a_reply_answers_the_replied_message() -> None:
    async with TelegramServer() as server, running(server, Answering(KNOWN)):
        chat, member = server.chat(), server.member()
        first = server.send(chat, member, "hello?")
        server.send(chat, member, "/whatisksm", reply_to=first)
        (call,) = await server.wait_for("sendMessage")
        assert call.params["reply_parameters"]["message_id"] == first.id


async def test_a_direct_chat_is_answered_without_a_reply() -> None:
    async with TelegramServer() as server, running(server, Answering({"ask": draft()})) as adapter:
        member = server.member(language_code="es")
        server.send(server.private(member), member, "what is ksm?")
        (call,) = await server.wait_for("sendMessage")
        assert "reply_parameters" not in call.params
        assert adapter.ready


async def test_a_topic_is_answered_in_the_topic() -> None:
    async with TelegramServer() as server, running(server, Answering(KNOWN)):
        chat = server.chat(forum=True)
        chat.topics[31] = "Newcomers"
        server.send(chat, server.member(), "/whatisksm", thread=31)
        (call,) = await server.wait_for("sendMessage")
        assert call.params["message_thread_id"] == 31


async def test_a_press_is_acknowledged_and_answered_as_a_reply() -> None:
    answers = Answering({**KNOWN, "kusamarisks": draft(title="Risks")})
    async with TelegramServer() as server, running(server, answers) as adapter:
        chat = server.chat()
        ref = await adapter.post(place(chat), sealed())
        query = server.press(chat.messages[int(ref.message)], "v1:en:kusama-risks", server.member())
        _, answer = await server.wait_for("sendMessage", 2)
        await server.wait_for("answerCallbackQuery")
        assert answer.text.startswith("Risks\n⚠️")
        assert answer.params["reply_parameters"]["message_id"] == int(ref.message)
        assert server.answer_to(query) is not None


async def test_a_forged_button_is_acknowledged_with_a_notice_and_answered_with_nothing() -> None:
    answers = Answering(KNOWN)
    async with TelegramServer() as server, running(server, answers) as adapter:
        chat = server.chat()
        ref = await adapter.post(place(chat), sealed())
        server.press(chat.messages[int(ref.message)], "v0:whatisksm", server.member(), forged=True)
        (call,) = await server.wait_for("answerCallbackQuery")
        assert call.params["text"] == "This button is too old."
        assert answers.requests == []


async def test_an_inline_query_finds_sealed_answers() -> None:
    async with TelegramServer() as server, running(server, Answering(found=(sealed(),))):
        member, chat = server.member(), server.chat()
        query = server.inline(member, "what is ksm")
        (call,) = await server.wait_for("answerInlineQuery")
        sent = server.choose(query, call.params["results"][0]["id"], chat, member)
        assert sent.text.startswith(f"{sealed().title}\n{sealed().warning}\n")


async def test_silence_is_kept() -> None:
    async with TelegramServer() as server, running(server, Answering(KNOWN)):
        member = server.member()
        server.send(server.chat(), member, "/unknown")
        server.send(server.private(member), member, "/whatisksm")
        (call,) = await server.wait_for("sendMessage")
        assert call.params["chat_id"] == member.id


async def test_a_mistake_is_told_to_the_asker_and_to_the_log_without_words() -> None:
    answers = Answering({**KNOWN, "ask": Broken("a member's words")})
    with capture_logs() as logs:
        async with TelegramServer() as server, running(server, answers):
            member = server.member("Ann")
            server.send(server.private(member), member, "secret question")
            (first,) = await server.wait_for("sendMessage")
            server.send(server.private(member), member, "/whatisksm")
            _, second = await server.wait_for("sendMessage", 2)
    assert first.text == "Something went wrong."
    assert second.text.startswith("What is KSM?")
    assert [entry["error"] for entry in logs if entry["event"] == "telegram.no_answer"] == ["Broken"]
    assert not any(word in str(logs) for word in ("secret", "member's", "Ann", server.token))


async def test_a_refused_answer_is_logged_and_the_next_update_answered() -> None:
    with capture_logs() as logs:
        async with TelegramServer() as server, running(server, Answering(KNOWN)):
            chat, member = server.chat(), server.member()
            server.fail_next("sendMessage", status(400, "Bad Request: CHAT_WRITE_FORBIDDEN"))
            server.send(chat, member, "/whatisksm")
            server.send(chat, member, "/whatisksm")
            await server.wait_for("sendMessage", 2)
    assert [entry["error"] for entry in logs if entry["event"] == "telegram.not_answered"] == ["Forbidden"]


async def test_rights_come_with_moderators_commands_alone() -> None:
    answers = Answering({**KNOWN, "pin": draft()})
    async with TelegramServer() as server, running(server, answers):
        chat = server.chat(rights={"can_pin_messages"})
        member = server.member()
        chat.put(member, "administrator", {"can_pin_messages", "can_change_info"})
        server.send(chat, member, "/whatisksm")
        await server.wait_for("sendMessage")
        assert server.of("getChatMember") == []
        server.send(chat, member, "/pin whatisksm")
        await server.wait_for("sendMessage", 2)
        asked = answers.requests[-1]
        assert Right.PIN | Right.MANAGE in asked.rights
        assert Right.PIN in asked.bot_rights
        assert Right.MANAGE not in asked.bot_rights


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


async def test_the_menu_is_set_once_by_scope_and_language() -> None:
    offers = Remembered()
    answers = Answering(KNOWN, (info("kusama-vs-polkadot", es="Sobre"), info("pin", Audience.PINNERS, es="Fijar")))
    async with TelegramServer() as server:
        async with running(server, answers, offers):
            await asyncio.wait_for(offers.saved.wait(), 5)
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
    assert adapter.state is State.STOPPED


async def test_a_token_that_is_revoked_while_serving_ends_the_run() -> None:
    async with TelegramServer() as server:
        adapter = TelegramAdapter(server.token, Answering(), Remembered(), base_url=server.base_url)
        task = asyncio.create_task(adapter.run())
        await server.until_polling()
        server.revoke()
        member = server.member()
        server.send(server.private(member), member, "/whatisksm")
        with pytest.raises(PlatformError) as caught:
            await asyncio.wait_for(task, 5)
        assert caught.value.permanent


async def test_an_unreachable_telegram_is_worth_another_try() -> None:
    async with TelegramServer() as server:
        server.fail_next("getMe", status(502, "Bad Gateway"))
        adapter = TelegramAdapter(server.token, Answering(), Remembered(), base_url=server.base_url)
        with pytest.raises(PlatformError) as caught:
            await adapter.run()
        assert not caught.value.permanent


async def test_another_poller_is_told_in_the_state_and_outlived() -> None:
    async with TelegramServer() as server:
        server.fail_next("getUpdates", status(409, "Conflict: terminated by other getUpdates request"))
        adapter = TelegramAdapter(server.token, Answering(KNOWN), Remembered(), base_url=server.base_url, drain=1.0)
        task = asyncio.create_task(adapter.run())
        await server.until(lambda: adapter.state is State.CONFLICT)
        assert not adapter.ready
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
            await server.until(lambda: [c for c in server.of("getUpdates") if c.params["timeout"] == 0])
            gate.set()

        async with running(server, answers):
            member = server.member()
            server.send(server.private(member), member, "/whatisksm")
            await server.until(lambda: answers.requests and server.updates.polled)
            opening = asyncio.create_task(open_when_no_more_is_taken_in())
        await opening
        assert server.of("sendMessage")[0].ok


async def test_leaving_does_not_wait_for_ever() -> None:
    answers = Answering(KNOWN, gate=asyncio.Event())
    with capture_logs() as logs:
        async with TelegramServer() as server:
            async with running(server, answers, drain=0.2):
                member = server.member()
                server.send(server.private(member), member, "/whatisksm")
                await server.until(lambda: answers.requests and server.updates.polled)
            assert server.of("sendMessage") == []
    assert [entry["unfinished"] for entry in logs if entry["event"] == "telegram.dropped"] == [1]


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
        expected = ["message", "callback_query", "inline_query", "my_chat_member", "chat_member"]
        assert first.params["allowed_updates"] == expected


def body(server: TelegramServer, number: int = 1) -> dict[str, Any]:
    member = server.member()
    chat = server.private(member)
    message = {"message_id": 1, "date": 1, "chat": chat.shown(), "from": member.shown(), "text": "/whatisksm"}
    return {"update_id": number, "message": message}


async def test_a_webhook_is_set_and_its_bodies_are_answered_once() -> None:
    async with TelegramServer() as server, running(server, Answering(KNOWN), webhook=HOOK) as adapter:
        told = server.of("setWebhook")[0].params
        assert (told["url"], told["secret_token"]) == (HOOK.url, HOOK.secret)
        assert "chat_member" in told["allowed_updates"]
        update = orjson.dumps(body(server))
        statuses = [await adapter.handle(update, HOOK.secret) for _ in range(2)]
        await server.wait_for("sendMessage")
        assert statuses == [200, 200]
    assert len(server.of("sendMessage")) == 1


@pytest.mark.parametrize(
    ("sent", "secret", "expected"),
    [
        (b"{}", None, 403),
        (b"{}", "a-Secret_2", 403),
        (b"{}", "ä", 403),
        (b"{", HOOK.secret, 400),
        (b"[]", HOOK.secret, 400),
        (b"{}", HOOK.secret, 400),
        (b'{"update_id": "1"}', HOOK.secret, 400),
        (b"\xff", HOOK.secret, 400),
        (b" " * (LARGEST + 1), HOOK.secret, 413),
        (b'{"update_id": 1, "message": {"message_id": {}}}', HOOK.secret, 200),
        (b'{"update_id": 2, "message": 5}', HOOK.secret, 200),
        (b'{"update_id": 3, "of_a_kind_to_come": {"a": 1}}', HOOK.secret, 200),
    ],
)
async def test_a_body_is_answered_with_a_status_whatever_it_is(sent: bytes, secret: str | None, expected: int) -> None:
    async with TelegramServer() as server, running(server, Answering(KNOWN), webhook=HOOK) as adapter:
        assert await adapter.handle(sent, secret) == expected


async def test_a_body_that_comes_while_not_connected_is_to_be_brought_again() -> None:
    adapter = TelegramAdapter("1:a", Answering(), Remembered(), webhook=HOOK)
    assert await adapter.handle(b"{}", HOOK.secret) == 503


def test_a_webhook_does_not_show_its_secret() -> None:
    assert HOOK.secret not in repr(HOOK)
