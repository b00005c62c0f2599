"""The Bot API fake refuses what Telegram refuses, seen through the real python-telegram-bot client."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.error import BadRequest, Conflict
from telegram.request import HTTPXRequest

from tests.fakes import contracts
from tests.fakes.telegram import TelegramServer

PIN = ("can_pin_messages",)


@asynccontextmanager
async def client(server: TelegramServer, token: str | None = None) -> AsyncIterator[Bot]:
    rest, polling = HTTPXRequest(read_timeout=2), HTTPXRequest(read_timeout=2)
    bot = Bot(token or server.token, base_url=server.base_url, request=rest, get_updates_request=polling)
    async with bot:
        yield bot


@asynccontextmanager
async def both(*, privacy: bool = True) -> AsyncIterator[tuple[TelegramServer, Bot]]:
    async with TelegramServer(privacy=privacy) as server, client(server) as bot:
        yield server, bot


def keyboard(data: str = "a", **more: str) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup([[InlineKeyboardButton("A", callback_data=data, **more)]])  # type: ignore[arg-type]  # words alone


async def updates(bot: Bot, **more: object) -> list[Update]:
    """Fetch what there is and acknowledge it."""
    got = list(await bot.get_updates(timeout=0, **more))  # type: ignore[arg-type]  # passed on as they are
    if got:
        await bot.get_updates(offset=got[-1].update_id + 1, timeout=0)
    return got


@pytest.mark.skipif(contracts.folder() is None, reason=contracts.ABSENT)
async def test_a_call_that_breaks_the_contract_fails_the_test_that_made_it() -> None:
    server = TelegramServer()
    with pytest.raises(AssertionError, match="unknown parameter nonsense"):
        async with server, client(server) as bot:
            await bot.get_me(api_kwargs={"nonsense": "1"})


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ("<x>y</x>", 'Unsupported start tag "x" at byte offset 0'),
        ("é</b>", "Unexpected end tag at byte offset 2"),
        ("<b>x</i>", "Unmatched end tag at byte offset 4"),
        ("1 < 2", "Unclosed start tag"),
        ("<span>x</span>", 'must have class "tg-spoiler"'),
    ],
)
async def test_html_that_cannot_be_parsed_is_refused(text: str, why: str) -> None:
    async with both() as (server, bot):
        chat = server.chat()
        with pytest.raises(BadRequest, match="Can't parse entities: ") as caught:
            await bot.send_message(chat.id, text, parse_mode="HTML")
    assert why.lower() in str(caught.value).lower()


async def test_an_edit_that_changes_nothing_is_refused_and_the_keyboard_counts() -> None:
    async with both() as (server, bot):
        chat = server.chat()
        sent = await bot.send_message(chat.id, "x", reply_markup=keyboard())
        with pytest.raises(BadRequest, match="Message is not modified"):
            await bot.edit_message_text("<i></i>x", chat.id, sent.id, parse_mode="HTML", reply_markup=keyboard())
        await bot.edit_message_text("x", chat.id, sent.id, reply_markup=keyboard("b"))
        assert chat.messages[sent.id].buttons[0][0]["callback_data"] == "b"
        await bot.edit_message_text("x", chat.id, sent.id)
        assert chat.messages[sent.id].buttons == []
        with pytest.raises(BadRequest, match="Message is not modified"):
            await bot.edit_message_reply_markup(chat.id, sent.id)


async def test_pinning_needs_the_right_keeps_order_and_leaves_a_service_message() -> None:
    async with both() as (server, bot):
        chat = server.chat(bot="administrator")
        first, second = [await bot.send_message(chat.id, word) for word in ("one", "two")]
        with pytest.raises(BadRequest, match="Not enough rights to manage pinned messages in the chat"):
            await bot.pin_chat_message(chat.id, first.id)
        server.change(chat, server.bot, "administrator", PIN)
        await bot.pin_chat_message(chat.id, first.id, disable_notification=True)
        await bot.pin_chat_message(chat.id, second.id, disable_notification=True)
        newest = (await bot.get_chat(chat.id)).pinned_message
        assert newest is not None
        assert (newest.message_id, chat.pins) == (second.id, [first.id, second.id])
        seen = [one.message.pinned_message for one in await updates(bot) if one.message]
        assert [one.message_id for one in seen if one] == [first.id, second.id]
        await bot.unpin_chat_message(chat.id, first.id)
        await bot.unpin_chat_message(chat.id)
    assert chat.pins == []


async def test_topics_take_their_own_id_and_general_takes_none() -> None:
    async with both() as (server, bot):
        forum, plain = server.chat(forum=True), server.chat()
        topic = forum.topic("Questions")
        for chat, thread in ((forum, 1), (forum, 777), (plain, topic)):
            with pytest.raises(BadRequest, match="Message thread not found"):
                await bot.send_message(chat.id, "x", message_thread_id=thread)
        sent = await bot.send_message(forum.id, "x", message_thread_id=topic)
        assert (sent.message_thread_id, sent.is_topic_message) == (topic, True)
        forum.closed_topics.add(topic)
        with pytest.raises(BadRequest, match="Topic_closed"):
            await bot.send_message(forum.id, "x", message_thread_id=topic)


async def test_updates_come_again_until_they_are_acknowledged() -> None:
    async with both() as (server, bot):
        member = server.member()
        for word in ("one", "two", "three"):
            server.send(server.private(member), member, word)
        first = await bot.get_updates(limit=2, timeout=0)
        assert [one.message.text for one in first if one.message] == ["one", "two"]
        again = await bot.get_updates(offset=first[-1].update_id, timeout=0)
        assert [one.message.text for one in again if one.message] == ["two", "three"]
        assert await updates(bot) != []
        assert await updates(bot) == []


async def test_a_second_poller_turns_the_first_away() -> None:
    async with both() as (server, bot):
        poll = asyncio.create_task(bot.get_updates(timeout=30))
        await server.until_polling()
        async with client(server) as other:
            await other.get_updates(timeout=0)
        with pytest.raises(Conflict, match="terminated by other getUpdates request"):
            await poll


async def test_member_updates_need_to_be_asked_for_and_the_asking_is_remembered() -> None:
    async with both() as (server, bot):
        chat = server.chat(rights=PIN)
        server.join(chat, server.member())
        assert [one.chat_member for one in await updates(bot)] == [None]  # the service message alone
        await updates(bot, allowed_updates=["chat_member"])
        server.join(chat, server.member())
        [told] = await updates(bot)
        assert told.chat_member is not None
        assert (told.chat_member.old_chat_member.status, told.chat_member.new_chat_member.status) == ("left", "member")
        server.change(chat, server.bot, "member")
        server.join(chat, server.member())
        assert await updates(bot) == []
        await updates(bot, allowed_updates=[])
        server.leave(chat, server.member())
        [left] = await updates(bot)
    assert left.message is not None
    assert left.message.left_chat_member is not None


async def test_privacy_mode_hides_what_is_not_meant_for_the_bot() -> None:
    async with both() as (server, bot):
        chat, member = server.chat(), server.member()
        said = await bot.send_message(chat.id, "x")
        heard = {
            text: server.send(chat, member, text).delivered
            for text in ("hello", "/risk", "/risk@kusama_test_bot", "/risk@other_bot", "@kusama_test_bot hi")
        }
        assert server.send(chat, member, "thanks", reply_to=chat.messages[said.id]).delivered
        server.change(chat, server.bot, "administrator", PIN)
        assert server.send(chat, member, "hello").delivered
    assert [text for text, was_heard in heard.items() if was_heard] == ["/risk", "/risk@kusama_test_bot"]
