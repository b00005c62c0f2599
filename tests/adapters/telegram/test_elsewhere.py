"""Channels, where only administrators write, and chats where the bot is a guest, over the real library."""

import pytest

from bot.core.model import Notice, Place, Right
from tests.adapters.telegram.stage import KNOWN, Answering, draft, info, place, running, sealed
from tests.fakes.telegram import TelegramServer
from tests.waiting import until

POSTS = ("can_post_messages", "can_edit_messages")
COMMANDS = (info("whatisksm"), info("pin", Right.PIN), info("settings", Right.MANAGE))
DRAFTS = {**KNOWN, "pin": draft(title="Pinned"), "settings": draft(title="Settings"), "ask": draft(title="Asked")}


@pytest.mark.parametrize("command", ["/whatisksm", "/pin whatisksm", "/settings"])
async def test_a_command_in_a_channel_is_answered_under_it(command: str) -> None:
    answers = Answering(DRAFTS, COMMANDS)
    async with TelegramServer() as server, running(server, answers):
        channel, admin = server.chat("channel", rights=POSTS), server.member()
        channel.put(admin, "administrator", (*POSTS, "can_change_info"))
        asked = server.post(channel, admin, command, {"author_signature": "Ann"})
        (answer,) = await server.wait_for("sendMessage")
        assert answer.ok
        assert answer.params["reply_parameters"]["message_id"] == asked.id
        (request,) = answers.requests
        assert request.place == place(channel)
        assert request.member.id == str(channel.id)
        if command != "/whatisksm":
            assert Right.PIN | Right.MANAGE in request.rights
            assert Right.PIN in request.bot_rights


async def test_a_right_in_a_channel_is_one_that_all_have_who_may_post_there() -> None:
    answers = Answering(DRAFTS, COMMANDS)
    async with TelegramServer() as server, running(server, answers):
        channel, owner, writer, editor = server.chat("channel", rights=POSTS), *(server.member() for _ in range(3))
        channel.put(owner, "creator")
        channel.put(editor, "administrator", ("can_edit_messages",))
        server.post(channel, owner, "/pin whatisksm")
        await server.wait_for("sendMessage")
        channel.put(writer, "administrator", ("can_post_messages",))
        server.post(channel, owner, "/pin whatisksm")
        await server.wait_for("sendMessage", 2)
        first, second = answers.requests
        assert Right.PIN in first.rights
        assert Right.PIN not in second.rights


async def test_a_moderators_command_that_was_forwarded_to_a_channel_is_nobodys() -> None:
    answers = Answering(DRAFTS, COMMANDS)
    async with TelegramServer() as server, running(server, answers):
        channel, admin = server.chat("channel", rights=POSTS), server.member()
        channel.put(admin, "creator")
        origin = {"type": "hidden_user", "date": 1, "sender_user_name": "Ann"}
        server.post(channel, admin, "/pin whatisksm", {"forward_origin": origin})
        server.post(channel, admin, "What a day.")
        server.post(channel, admin, "/whatisksm")
        await server.wait_for("sendMessage")
        assert [request.command for request in answers.requests] == ["whatisksm"]


async def test_a_press_in_a_channel_opens_the_direct_chat_and_posts_nothing() -> None:
    answers = Answering(DRAFTS, COMMANDS)
    async with TelegramServer() as server, running(server, answers) as adapter:
        channel = server.chat("channel", rights=POSTS)
        ref = await adapter.post(place(channel), sealed())
        query = server.press(channel.messages[int(ref.message)], "v1:en:kusama-risks", server.member())
        await server.wait_for("answerCallbackQuery")
        told = server.answer_to(query)
        assert told is not None
        assert told["url"] == "https://t.me/kusama_test_bot?start=kusama-risks"
        assert len(server.of("sendMessage")) == 1
        assert answers.requests == []


async def test_that_somebody_has_to_wait_is_said_in_no_channel() -> None:
    answers = Answering({**DRAFTS, "whatisksm": Notice("one-moment")}, COMMANDS)
    async with TelegramServer() as server, running(server, answers) as adapter:
        channel, admin = server.chat("channel", rights=POSTS), server.member()
        channel.put(admin, "creator")
        answers.private = True
        server.post(channel, admin, "/whatisksm")
        await until(lambda: answers.requests and not adapter.waiting)
        assert server.of("sendMessage") == []


@pytest.mark.parametrize(
    ("text", "replied", "command", "words"),
    [
        ("@kusama_test_bot what is ksm?", None, "ask", "what is ksm?"),
        ("what is ksm, @kusama_test_bot", None, "ask", "what is ksm,"),
        ("@kusama_test_bot", "what is ksm?", "ask", "what is ksm?"),
        ("/whatisksm@kusama_test_bot", None, "whatisksm", ""),
        ("@kusama_test_bot /whatisksm", None, "whatisksm", ""),
    ],
)
async def test_a_guest_answers_the_query_and_knows_nothing_of_the_chat(
    text: str, replied: str | None, command: str, words: str
) -> None:
    answers = Answering(DRAFTS, COMMANDS)
    async with TelegramServer() as server, running(server, answers):
        query = server.call_guest(server.member(), text, reply_to=replied)
        (call,) = await server.wait_for("answerGuestQuery")
        assert call.ok
        told = server.answer_to(query)
        assert told is not None
        assert "⚠️ Crypto is high-risk." in told["result"]["message"]["text"]
        assert "reply_markup" not in told["result"]
        (request,) = answers.requests
        assert (request.command, request.text.strip(), request.guest) == (command, words, True)
        assert (request.place, request.about) == (Place("telegram"), None)
        assert server.of("sendMessage") == []


async def test_a_guest_query_that_is_too_old_is_no_error() -> None:
    async with TelegramServer() as server, running(server, Answering(DRAFTS, COMMANDS)):
        query = server.call_guest(server.member(), "@kusama_test_bot what is ksm?")
        server.expire(query)
        await server.wait_for("answerGuestQuery")
        server.call_guest(server.member(), "@kusama_test_bot what is ksm?")
        _, second = await server.wait_for("answerGuestQuery", 2)
        assert second.ok
