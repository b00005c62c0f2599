"""One update after another, answered over the real python-telegram-bot."""

import asyncio

from structlog.testing import capture_logs

from bot.core.buttons import Button, Rating
from bot.core.disclaimer import Reply
from bot.core.model import Notice, Request, Right
from tests.adapters.telegram.stage import KNOWN, Answering, Broken, draft, place, running, sealed
from tests.fakes.telegram import TelegramServer, status
from tests.waiting import until


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


async def test_a_rating_is_answered_in_the_pressers_bubble_alone() -> None:
    buttons = tuple(Button(one.value, "whatisksm", "en", one) for one in Rating)
    answers = Answering({"whatisksm": Notice("rated-wrong")})
    async with TelegramServer() as server, running(server, answers) as adapter:
        chat, member = server.chat(), server.member()
        ref = await adapter.post(place(chat), sealed(buttons=buttons))
        query = server.press(chat.messages[int(ref.message)], "v1:en:whatisksm:wrong", member)
        (call,) = await server.wait_for("answerCallbackQuery")
        assert (call.params["callback_query_id"], call.params["text"]) == (query, "Counted.")
        (request,) = answers.requests
        assert (request.command, request.locale, request.rating) == ("whatisksm", "en", Rating.WRONG)
        assert (request.member.id, request.private) == (str(member.id), True)
        assert len(await server.wait_for("sendMessage")) == 1


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


async def test_no_more_are_answered_at_once_than_allowed() -> None:
    gate = asyncio.Event()
    answers = Answering(KNOWN, gate=gate)
    async with TelegramServer() as server, running(server, answers, most=2):
        for member in (server.member(), server.member(), server.member()):
            server.send(server.private(member), member, "/whatisksm")
        await server.until(lambda: len(answers.requests) == 2 and server.updates.polled)
        assert len(answers.requests) == 2
        gate.set()
        assert len(await server.wait_for("sendMessage", 3)) == 3


async def test_what_waits_in_one_chat_leaves_room_for_every_other() -> None:
    gate = asyncio.Event()
    answers = Answering(KNOWN, gate=gate)
    async with TelegramServer() as server, running(server, answers, most=8):
        busy, calm = server.chat(), server.chat()
        for _ in range(20):
            server.send(busy, server.member(), "/whatisksm")
        server.send(calm, server.member(), "/whatisksm")
        await until(lambda: any(one.place.channel == str(calm.id) for one in answers.requests))
        assert len(answers.requests) == 4 + 1
        gate.set()
        assert len(await server.wait_for("sendMessage", 5)) == 5
        server.send(busy, server.member(), "/whatisksm")
        assert len(await server.wait_for("sendMessage", 6)) == 6


async def test_an_update_that_comes_again_is_answered_once() -> None:
    async with TelegramServer() as server, running(server, Answering(KNOWN)):
        member = server.member()
        server.send(server.private(member), member, "/whatisksm")
        update = server.updates.kept[-1]
        await server.wait_for("sendMessage")
        await server.until_polling()
        server.updates.repeat({**update, "update_id": update["update_id"]})
        server.send(server.private(member), member, "/kusama-vs-polkadot")
        _, second = await server.wait_for("sendMessage", 2)
        assert second.text.startswith("Kusama and Polkadot")


async def test_what_comes_at_once_is_not_begun_in_one_go() -> None:
    turns = 0

    async def turning() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    begun: list[int] = []

    class Noting(Answering):
        async def respond(self, request: Request) -> Reply | None:
            begun.append(turns)
            return await super().respond(request)

    async with TelegramServer() as server, running(server, Noting(KNOWN)):
        member = server.member()
        for _ in range(5):
            server.send(server.private(member), member, "/whatisksm")
        other = asyncio.create_task(turning())
        await server.wait_for("sendMessage", 5)
        other.cancel()
    assert len(set(begun)) == 5
