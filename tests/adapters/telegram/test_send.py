"""What goes out, and what an error from Telegram means to whoever asked for it."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from telegram.error import BadRequest, RetryAfter, TelegramError, TimedOut
from telegram.ext import ExtBot

from bot.adapters.telegram import send
from bot.adapters.telegram.errors import problem
from bot.adapters.telegram.transport import AiohttpRequest
from bot.core.disclaimer import readdress
from bot.core.errors import Closed, Forbidden, MessageGone, Moved, PlatformError
from bot.core.markup import plain
from bot.core.model import MessageRef, Notice, Right
from tests.adapters.telegram.stage import paragraph, place, sealed
from tests.fakes.telegram import LOST_ANSWER, TelegramServer, status

PINNER = {"can_pin_messages"}


@pytest.fixture
async def server() -> AsyncIterator[TelegramServer]:
    async with TelegramServer() as server:
        yield server


@pytest.fixture
async def bot(server: TelegramServer) -> AsyncIterator["ExtBot[None]"]:
    request, polling = AiohttpRequest(), AiohttpRequest()
    async with ExtBot(server.token, server.base_url, request=request, get_updates_request=polling) as bot:
        yield bot


async def test_a_post_carries_the_words_as_entities_without_previews(
    server: TelegramServer, bot: "ExtBot[None]"
) -> None:
    chat = server.chat()
    ref = await send.post(bot, place(chat), sealed())
    (call,) = server.of("sendMessage")
    assert call.params["link_preview_options"] == {"is_disabled": True}
    assert "parse_mode" not in call.params
    assert "message_thread_id" not in call.params
    assert call.params["entities"][0] == {"type": "bold", "offset": 0, "length": 12}
    assert chat.messages[int(ref.message)].buttons == [[{"text": "Risks", "callback_data": "v1:en:kusama-risks"}]]


async def test_a_topic_is_named_and_general_is_not(server: TelegramServer, bot: "ExtBot[None]") -> None:
    chat = server.chat(forum=True)
    topic = 77
    chat.topics[topic] = "Newcomers"
    await send.post(bot, place(chat, topic), sealed())
    await send.post(bot, place(chat, 1), sealed())
    assert [call.params.get("message_thread_id") for call in server.of("sendMessage")] == [topic, None]


async def test_an_answer_to_a_message_that_is_gone_is_sent_all_the_same(
    server: TelegramServer, bot: "ExtBot[None]"
) -> None:
    chat = server.chat()
    to = MessageRef(place(chat), "999")
    await send.post(bot, place(chat), readdress(sealed(), to, False))
    assert server.of("sendMessage")[0].ok


async def test_an_edit_to_the_same_words_is_no_error(server: TelegramServer, bot: "ExtBot[None]") -> None:
    ref = await send.post(bot, place(server.chat()), sealed())
    await send.edit(bot, ref, sealed())
    assert "not modified" in server.of("editMessageText")[0].description


async def test_an_edit_changes_words_and_buttons(server: TelegramServer, bot: "ExtBot[None]") -> None:
    chat = server.chat()
    ref = await send.post(bot, place(chat), sealed())
    await send.edit(bot, ref, sealed(title="New words", buttons=()))
    message = chat.messages[int(ref.message)]
    assert message.text.startswith("New words\n⚠️")
    assert message.buttons == []


async def test_a_pin_is_silent_and_pinning_or_unpinning_twice_is_no_error(
    server: TelegramServer, bot: "ExtBot[None]"
) -> None:
    chat = server.chat(rights=PINNER)
    ref = await send.post(bot, place(chat), sealed())
    await send.pin(bot, ref)
    await send.pin(bot, ref)
    assert chat.pins == [int(ref.message)]
    assert server.of("pinChatMessage")[0].params["disable_notification"] is True
    await send.unpin(bot, ref)
    await send.unpin(bot, ref)
    assert chat.pins == []


async def test_a_missing_right_is_named(server: TelegramServer, bot: "ExtBot[None]") -> None:
    ref = await send.post(bot, place(server.chat()), sealed())
    with pytest.raises(Forbidden) as caught:
        await send.pin(bot, ref)
    assert caught.value.right is Right.PIN


async def test_a_message_that_was_deleted_is_gone(server: TelegramServer, bot: "ExtBot[None]") -> None:
    ref = await send.post(bot, place(server.chat(rights=PINNER)), sealed())
    await send.delete(bot, ref)
    for call in (send.edit(bot, ref, sealed()), send.delete(bot, ref), send.pin(bot, ref), send.unpin(bot, ref)):
        with pytest.raises(MessageGone):
            await call


async def test_a_topic_that_was_deleted_is_gone(server: TelegramServer, bot: "ExtBot[None]") -> None:
    with pytest.raises(MessageGone):
        await send.post(bot, place(server.chat(forum=True), 4711), sealed())


async def test_a_migrated_group_tells_its_new_id(server: TelegramServer, bot: "ExtBot[None]") -> None:
    old = server.chat("group")
    new = server.migrate(old)
    with pytest.raises(Moved) as caught:
        await send.post(bot, place(old), sealed())
    assert caught.value.new == str(new.id)


async def test_a_bot_that_was_removed_is_forbidden(server: TelegramServer, bot: "ExtBot[None]") -> None:
    chat = server.chat(bot="kicked")
    with pytest.raises(Forbidden):
        await send.post(bot, place(chat), sealed())


async def test_a_post_whose_answer_was_lost_is_not_sent_again(server: TelegramServer, bot: "ExtBot[None]") -> None:
    chat = server.chat()
    server.fail_next("sendMessage", LOST_ANSWER)
    with pytest.raises(PlatformError) as caught:
        await send.post(bot, place(chat), sealed())
    assert caught.value.permanent
    assert len(server.calls) - len(server.of("getMe")) == 1


async def test_a_late_acknowledgement_is_no_error_and_a_notice_stands_in_the_bubble(
    server: TelegramServer, bot: "ExtBot[None]"
) -> None:
    member, chat = server.member(), server.chat()
    ref = await send.post(bot, place(chat), sealed())
    query = server.press(chat.messages[int(ref.message)], "v1:en:kusama-risks", member)
    await send.acknowledge(bot, query, sealed(Notice("old-button", {})))
    assert (server.answer_to(query) or {})["text"] == "This button is too old."
    await send.acknowledge(bot, query)


async def test_an_inline_result_sends_and_shows_the_warning(server: TelegramServer, bot: "ExtBot[None]") -> None:
    member = server.member()
    query = server.inline(member, "what is ksm")
    reply = sealed()
    await send.results(bot, query, (reply, reply))
    answer = server.answer_to(query) or {}
    (result,) = answer["results"]
    assert result["description"] == reply.warning
    assert result["message"]["text"].startswith(f"{reply.title}\n{reply.warning}\n\n")
    assert "reply_markup" not in result
    assert answer["is_personal"] is True
    assert answer["cache_time"] <= 60
    await send.results(bot, query, (reply,))


async def test_words_from_outside_arrive_as_words(server: TelegramServer, bot: "ExtBot[None]") -> None:
    chat = server.chat()
    ref = await send.post(bot, place(chat), sealed(body=paragraph(plain("@all /pin t.me/x #ksm").text)))
    kinds = [one["type"] for one in chat.messages[int(ref.message)].entities]
    assert sorted(kinds) == ["bold", "bold", "bot_command", "italic"]  # the one command is the warning's own /risk


@pytest.mark.parametrize(
    ("error", "kind", "right"),
    [
        (BadRequest("Chat not found"), MessageGone, None),
        (BadRequest("TOPIC_CLOSED"), Closed, None),
        (BadRequest("Not enough rights to send text messages to the chat"), Forbidden, Right.SEND),
        (BadRequest("not enough rights to manage pinned messages in the chat"), Forbidden, Right.PIN),
        (BadRequest("CHAT_ADMIN_REQUIRED"), Forbidden, Right.PIN),
        (BadRequest("can't parse entities"), PlatformError, None),
    ],
)
def test_a_refusal_is_told_apart_by_its_words(
    error: TelegramError, kind: type[PlatformError], right: Right | None
) -> None:
    failure = problem(error, Right.PIN)
    assert type(failure) is kind
    assert failure.permanent
    assert getattr(failure, "right", None) == right


def test_a_closed_topic_is_given_up_but_not_gone() -> None:
    failure = problem(BadRequest("TOPIC_CLOSED"), Right.PIN)
    assert failure.permanent
    assert not isinstance(failure, MessageGone)


@pytest.mark.parametrize("asked", [7, timedelta(seconds=7)])
def test_a_flood_tells_how_long_to_wait(asked: int | timedelta) -> None:
    failure = problem(RetryAfter(asked))
    assert (failure.permanent, failure.retry_after) == (False, timedelta(seconds=7))


@pytest.mark.parametrize(
    ("words", "once", "permanent"),
    [("Timed out", True, True), ("no connection in time, nothing was sent", True, False), ("Timed out", False, False)],
)
def test_only_what_may_have_been_sent_is_given_up(words: str, once: bool, permanent: bool) -> None:
    assert problem(TimedOut(words), once=once).permanent is permanent


async def test_an_error_of_telegrams_own_is_worth_another_try(server: TelegramServer, bot: "ExtBot[None]") -> None:
    ref = await send.post(bot, place(server.chat()), sealed())
    server.fail_next("editMessageText", status(502, "Bad Gateway"))
    with pytest.raises(PlatformError) as caught:
        await send.edit(bot, ref, sealed(title="Other"))
    assert not caught.value.permanent
