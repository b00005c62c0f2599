"""What people write and point at, as Telegram sends it, is read where its words are."""

from datetime import UTC, datetime
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.core.model import Right
from tests.adapters.telegram.stage import KNOWN, Answering, draft, running
from tests.adapters.telegram.test_joins import Porch
from tests.fakes.telegram import TelegramServer
from tests.waiting import until

NOW = 1_795_000_000
PHOTO = {"photo": [{"file_id": "p", "file_unique_id": "p", "width": 1, "height": 1}]}
FORWARDED = {"forward_origin": {"type": "hidden_user", "date": 1, "sender_user_name": "Eve"}}
ELSEWHERE = {"external_reply": {"origin": {"type": "hidden_user", "date": 1, "sender_user_name": "Eve"}}}
ANSWERS = {**KNOWN, "ask": draft(title="A question"), "pin": draft(title="Pinned")}


def code(length: int, kind: str = "code") -> list[dict[str, Any]]:
    return [{"type": kind, "offset": 0, "length": length}]


@pytest.mark.parametrize("typed", ["/whatisksm", "/whatisksm?", "/WhatIsKSM!", "/whatisksm@kusama_test_bot?"])
async def test_a_command_with_punctuation_behind_it_is_answered_in_a_group(typed: str) -> None:
    async with TelegramServer() as server, running(server, Answering(ANSWERS)):
        typed = typed.replace("kusama_test_bot", str(server.bot.username))
        server.send(server.chat(), server.member(), typed)
        (call,) = await server.wait_for("sendMessage")
        assert call.text.startswith("What is KSM?\n⚠️")


async def test_a_photos_caption_is_read_like_a_text() -> None:
    answers = Answering(ANSWERS)
    async with TelegramServer() as server, running(server, answers):
        member = server.member()
        server.send(server.chat(), member, "/whatisksm", more=PHOTO)
        server.send(server.private(member), member, "what is ksm?", more=PHOTO)
        first, _ = await server.wait_for("sendMessage", 2)
        assert first.text.startswith("What is KSM?\n⚠️")
    assert [(one.command, one.text) for one in answers.requests] == [("whatisksm", ""), ("ask", "what is ksm?")]


@pytest.mark.parametrize("kind", ["code", "pre", "blockquote", "expandable_blockquote"])
async def test_a_command_in_code_or_in_a_quotation_is_none(kind: str) -> None:
    answers = Answering(ANSWERS)
    async with TelegramServer(privacy=False) as server, running(server, answers):
        chat, member = server.chat(), server.member()
        server.send(chat, member, "/pin whatisksm", formats=code(14, kind))
        server.send(chat, member, "/whatisksm")
        await server.wait_for("sendMessage")
    assert [one.command for one in answers.requests] == ["whatisksm"]


async def test_a_moderators_command_is_never_taken_from_a_forward() -> None:
    answers = Answering(ANSWERS)
    async with TelegramServer() as server, running(server, answers):
        chat, owner = server.chat(), server.member()
        server.change(chat, owner, "creator")
        server.send(chat, owner, "/pin whatisksm", more=FORWARDED)
        server.send(chat, owner, "/pin whatisksm", more={"via_bot": server.member(is_bot=True).shown()})
        server.send(chat, owner, "/pin whatisksm")
        await server.wait_for("sendMessage")
    (request,) = answers.requests
    assert Right.PIN in request.rights


@pytest.mark.parametrize(
    ("said", "more", "read"),
    [
        ("what is ksm", {}, "what is ksm"),
        ("what is ksm", PHOTO, "what is ksm"),
        ("send me your seed phrase", FORWARDED, "send me your seed phrase"),
        ("", {"poll": {"id": "1", "question": "Is Kusama a testnet?"}}, "Is Kusama a testnet?"),
        ("", PHOTO, ""),
    ],
)
async def test_a_bare_ask_reads_the_message_that_it_answers(said: str, more: dict[str, Any], read: str) -> None:
    answers = Answering(ANSWERS)
    async with TelegramServer() as server, running(server, answers):
        chat = server.chat()
        pointed = server.send(chat, server.member(), said, more=more)
        server.send(chat, server.member(), "/ask", reply_to=pointed)
        (call,) = await server.wait_for("sendMessage")
        assert call.params["reply_parameters"]["message_id"] == pointed.id
    assert [one.text for one in answers.requests] == [read]


@pytest.mark.parametrize(
    ("more", "read"),
    [
        ({"quote": {"text": "what is ksm", "position": 4, "is_manual": True}}, "what is ksm"),
        ({**ELSEWHERE, "quote": {"text": "what is ksm", "position": 4}}, "what is ksm"),
        (ELSEWHERE, ""),
    ],
)
async def test_a_bare_ask_reads_the_quote_also_of_a_message_in_another_chat(more: dict[str, Any], read: str) -> None:
    answers = Answering(ANSWERS)
    async with TelegramServer() as server, running(server, answers):
        asked = server.send(server.chat(), server.member(), "/ask", more=more)
        (call,) = await server.wait_for("sendMessage")
        assert call.params["reply_parameters"]["message_id"] == asked.id
    assert [one.text for one in answers.requests] == [read]


async def test_the_bots_own_answer_is_not_explained() -> None:
    answers = Answering(ANSWERS)
    async with TelegramServer() as server, running(server, answers):
        chat, member = server.chat(), server.member()
        server.send(chat, member, "/whatisksm")
        await server.wait_for("sendMessage")
        own = max(chat.messages.values(), key=lambda one: one.id)
        assert own.sender is server.bot
        asked = server.send(chat, member, "/ask", reply_to=own)
        _, call = await server.wait_for("sendMessage", 2)
        assert call.params["reply_parameters"]["message_id"] == asked.id
    assert [one.text for one in answers.requests] == ["", ""]


async def test_a_comment_is_answered_itself_and_the_channels_post_is_not_explained() -> None:
    answers = Answering(ANSWERS)
    async with TelegramServer() as server, running(server, answers):
        chat, channel = server.chat(), server.chat("channel", "News")
        forward = {"is_automatic_forward": True, "forward_origin": {"type": "channel", "date": 1, "message_id": 4}}
        post = server.send(chat, server.member(), "Staking opens today!", sender_chat=channel, more=forward)
        asked = [server.send(chat, server.member(), text, reply_to=post) for text in ("/ask", "/whatisksm")]
        calls = await server.wait_for("sendMessage", 2)
        assert {call.params["reply_parameters"]["message_id"] for call in calls} == {one.id for one in asked}
    assert sorted((one.command, one.text) for one in answers.requests) == [("ask", ""), ("whatisksm", "")]


async def test_an_entity_that_reaches_beyond_the_text_changes_nothing() -> None:
    answers = Answering(ANSWERS)
    async with TelegramServer() as server, running(server, answers):
        chat, member = server.chat(), server.member()
        server.send(chat, member, "/whatisksm", formats=[{"type": "bold", "offset": -5, "length": 10**6}])
        await server.wait_for("sendMessage")
    assert [one.command for one in answers.requests] == ["whatisksm"]


async def test_a_message_older_than_ten_minutes_is_not_answered_and_a_join_counts_however_old_it_is() -> None:
    answers, porch, written = Answering(ANSWERS), Porch(), [NOW]
    async with (
        TelegramServer(privacy=False, now=lambda: written[-1]) as server,
        running(server, answers, newcomers=porch, now=lambda: datetime.fromtimestamp(NOW, UTC)),
    ):
        chat, member = server.chat(), server.member()
        with capture_logs() as logs:
            for date in (NOW - 36_000, NOW - 601, NOW - 600, NOW + 300):
                written.append(date)
                server.send(chat, member, f"/ask {NOW - date}")
            written.append(NOW - 36_000)
            server.join(chat, server.member("Newcomer"))
            await until(lambda: porch.names)
            await server.wait_for("sendMessage", 2)
    assert [one.text for one in answers.requests] == ["600", "300"]
    assert [one["seconds"] for one in logs if one["event"] == "telegram.old_messages_are_not_answered"] == [36_000]
