"""The Bot API fake refuses what Telegram refuses, seen through the real python-telegram-bot client."""

import asyncio
import html
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import hypothesis.strategies as st
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from hypothesis import given
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeAllGroupChats,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InputTextMessageContent,
    MessageEntity,
    ReplyParameters,
    Update,
)
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)
from telegram.request import HTTPXRequest

from tests.fakes import contracts
from tests.fakes.telegram import (
    ADMIN_RIGHTS,
    BROKEN_JSON,
    CLOSE,
    HANG,
    LOST_ANSWER,
    TelegramServer,
    flood,
    hold,
    status,
)
from tests.fakes.telegram_links import found, units
from tests.fakes.telegram_text import Refused, accepted

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


async def test_getme_tells_privacy_and_inline_mode() -> None:
    async with both(privacy=False) as (_, bot):
        me = await bot.get_me()
    assert (me.can_read_all_group_messages, me.supports_inline_queries) == (True, True)


@pytest.mark.parametrize("token", ["7000000001:AAanother-token-that-has-the-right-form", "no-token"])
async def test_a_wrong_token_is_refused(token: str) -> None:
    async with TelegramServer() as server:
        with pytest.raises(InvalidToken):
            async with client(server, token):
                pass


async def test_a_revoked_token_is_refused_in_the_middle_of_a_run() -> None:
    async with both() as (server, bot):
        server.revoke()
        with pytest.raises(InvalidToken, match="Unauthorized"):
            await bot.get_me()


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


async def test_html_is_stored_as_text_and_entities_counted_in_utf16() -> None:
    async with both() as (server, bot):
        chat = server.chat()
        text = '⚠️😀 <b>a&lt;b <i>c</i></b> <a href="https://x.org/?a>b">d</a>'
        sent = await bot.send_message(chat.id, text, parse_mode="HTML")
    assert sent.text == "⚠️😀 a<b c d"
    assert [(e.type, sent.parse_entity(e)) for e in sent.entities] == [
        ("bold", "a<b c"),
        ("italic", "c"),
        ("text_link", "d"),
    ]


@pytest.mark.parametrize(
    ("offset", "length", "why"),
    [
        (0, 9, "ends after the end of the text"),
        (9, 1, "begins after the end"),
        (1, 1, "in a middle"),
        (-1, 2, "offset"),
    ],
)
async def test_an_entity_outside_the_text_or_within_a_symbol_is_refused(offset: int, length: int, why: str) -> None:
    async with both() as (server, bot):
        chat = server.chat()
        with pytest.raises(BadRequest, match=why):
            await bot.send_message(chat.id, "😀 x", entities=[MessageEntity("bold", offset, length)])


@pytest.mark.parametrize(("text", "why"), [("", "Message text is empty"), (" \n", "must be non-empty")])
async def test_an_empty_text_is_refused(text: str, why: str) -> None:
    async with TelegramServer() as server, client(server) as bot:
        chat = server.chat()
        with pytest.raises(BadRequest, match=why):
            await bot.send_message(chat.id, text)
        server.problems.clear()  # the contract objects as well


async def test_length_counts_in_utf16_after_parsing() -> None:
    async with both() as (server, bot):
        chat = server.chat()
        await bot.send_message(chat.id, "<b>" + "x" * 4094 + "</b>😀", parse_mode="HTML")
        with pytest.raises(BadRequest, match="Message is too long"):
            await bot.send_message(chat.id, "x" * 4095 + "😀")
        with pytest.raises(BadRequest, match="caption is too long"):
            await bot.send_photo(chat.id, b"png", caption="x" * 1025)


async def test_what_the_server_links_by_itself_is_recorded_save_inside_code() -> None:
    async with both() as (server, bot):
        chat = server.chat()
        sent = await bot.send_message(chat.id, "<b>t.me/x</b> <code>@names</code> /risk", parse_mode="HTML")
    assert [(e.type, sent.parse_entity(e)) for e in sent.entities] == [
        ("bold", "t.me/x"),
        ("url", "t.me/x"),
        ("code", "@names"),
        ("bot_command", "/risk"),
    ]


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("/kusama-vs-polkadot", [("bot_command", 0, 7)]),
        ("/kusama_vs_polkadot@kusama_test_bot hi", [("bot_command", 0, 35)]),
        ("/risk@a and/or 1/2 </b> //x", []),
        ("😀 @some_name", [("mention", 3, 10)]),
        ("me@mail.org", [("email_address", 0, 11)]),
        ("a@b @ab x@name", []),
        ("#tag #1 $KSM $ksm #a#b", [("hashtag", 0, 4), ("cashtag", 8, 4)]),
        ("(https://x.org/a_(b)). t.me", [("url", 1, 19), ("url", 23, 4)]),
        ("xn--e1afmkfd.xn--p1ai пример.рф", [("url", 0, 21), ("url", 22, 9)]),
        ("1.25 v1.2 e.g. end.Next 2026.11.22 300.1.1.1", []),
        ("and/or.example.com/x b_.a_c.com call +1 212-555-0123", [("phone_number", 37, 15)]),
        ("8.8.8.8 tg://resolve?domain=x", [("url", 0, 7), ("url", 8, 21)]),
    ],
)
def test_links_are_found_as_telegram_finds_them(text: str, kinds: list[tuple[str, int, int]]) -> None:
    assert [(one["type"], one["offset"], one["length"]) for one in found(text)] == kinds


async def test_callback_data_over_64_bytes_is_refused() -> None:
    async with both() as (server, bot):
        chat = server.chat()
        await bot.send_message(chat.id, "x", reply_markup=keyboard("é" * 32))
        with pytest.raises(BadRequest, match="Button_data_invalid"):
            await bot.send_message(chat.id, "x", reply_markup=keyboard("é" * 32 + "x"))
        server.problems.clear()  # the contract objects as well


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


async def test_what_is_gone_cannot_be_edited_deleted_pinned_or_answered() -> None:
    async with both() as (server, bot):
        chat = server.chat(rights=PIN)
        for call, why in (
            (bot.edit_message_text("x", chat.id, 99), "Message to edit not found"),
            (bot.delete_message(chat.id, 99), "Message to delete not found"),
            (bot.pin_chat_message(chat.id, 99), "Message to pin not found"),
            (bot.unpin_chat_message(chat.id), "Message to unpin not found"),
            (bot.send_message(chat.id, "x", reply_parameters=ReplyParameters(99)), "Message to be replied not found"),
        ):
            with pytest.raises(BadRequest, match=why):
                await call
        free = ReplyParameters(99, allow_sending_without_reply=True)
        assert (await bot.send_message(chat.id, "x", reply_parameters=free)).reply_to_message is None


async def test_only_the_bot_s_own_messages_can_be_edited_and_others_deleted_with_the_right_alone() -> None:
    async with both() as (server, bot):
        chat, member = server.chat(), server.member()
        theirs = server.send(chat, member, "hello")
        with pytest.raises(BadRequest, match="can't be edited"):
            await bot.edit_message_text("x", chat.id, theirs.id)
        with pytest.raises(BadRequest, match="can't be deleted"):
            await bot.delete_message(chat.id, theirs.id)
        server.change(chat, server.bot, "administrator", ["can_delete_messages"])
        assert await bot.delete_message(chat.id, theirs.id)
    assert theirs.id not in chat.messages


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


async def test_a_chain_of_replies_has_a_thread_id_that_is_no_topic() -> None:
    async with both(privacy=False) as (server, bot):
        chat, member = server.chat(), server.member()
        first = server.send(chat, member, "one")
        server.send(chat, member, "three", reply_to=server.send(chat, member, "two", reply_to=first))
        message = (await updates(bot))[-1].message
    assert message is not None
    assert (message.message_thread_id, message.is_topic_message) == (first.id, None)


async def test_chats_without_a_way_in_are_refused_each_in_its_way() -> None:
    async with both() as (server, bot):
        group, kicked, gone = server.chat("group"), server.chat(bot="kicked"), server.chat(bot="left")
        blocker, stranger = server.member(), server.member(started=False)
        server.block(blocker)
        server.private(stranger)
        new = server.migrate(group)
        for chat_id, kind, why in (
            (-100999, BadRequest, "Chat not found"),
            (kicked.id, Forbidden, "Forbidden: bot was kicked from the supergroup chat"),
            (gone.id, Forbidden, "Forbidden: bot is not a member of the supergroup chat"),
            (blocker.id, Forbidden, "Forbidden: bot was blocked by the user"),
            (stranger.id, Forbidden, "Forbidden: bot can't initiate conversation with a user"),
            (group.id, ChatMigrated, str(new.id)),
        ):
            with pytest.raises(kind, match=why):
                await bot.send_message(chat_id, "x")
        assert (await bot.send_message(new.id, "x")).chat.id == new.id


async def test_faults_strike_the_chat_they_are_meant_for_and_then_end() -> None:
    async with both() as (server, bot):
        flooded, other = server.chat(), server.chat()
        server.fail_next("sendMessage", flood(7), chat=flooded)
        assert (await bot.send_message(other.id, "x")).text == "x"
        with pytest.raises(RetryAfter) as caught:
            await bot.send_message(flooded.id, "x")
        assert caught.value.retry_after == 7
        assert (await bot.send_message(flooded.id, "x")).text == "x"
        server.fail_next("*", status(500, "Internal Server Error"), times=None)
        for _ in range(3):
            with pytest.raises(NetworkError, match="Internal Server Error"):
                await bot.get_me()
        server.heal()
        await bot.get_me()
    assert [call.status for call in server.of("sendMessage")] == [200, 429, 200]


async def test_broken_answers_and_closed_or_silent_connections_reach_the_client_as_such() -> None:
    async with both() as (server, bot):
        chat = server.chat()
        for fault, kind in ((BROKEN_JSON, TelegramError), (CLOSE, NetworkError), (HANG, TimedOut)):
            server.fail_next("sendMessage", fault)
            with pytest.raises(kind):
                await bot.send_message(chat.id, "x", read_timeout=0.05)
        assert chat.said(server.bot) == []
        server.fail_next("sendMessage", LOST_ANSWER)
        with pytest.raises(NetworkError):
            await bot.send_message(chat.id, "sent all the same")
    assert [one.text for one in chat.said(server.bot)] == ["sent all the same"]


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


async def test_a_long_poll_wakes_when_something_happens() -> None:
    async with both() as (server, bot):
        member = server.member()
        poll = asyncio.create_task(bot.get_updates(timeout=30))
        await server.until_polling()
        server.send(server.private(member), member, "hello")
        got = await poll
    assert [one.message.text for one in got if one.message] == ["hello"]


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


async def test_a_webhook_gets_updates_with_its_secret_and_stops_polling() -> None:
    seen: list[tuple[str | None, str]] = []
    answers = [503, 200, 200]

    async def receive(request: web.Request) -> web.Response:
        update = await request.json()
        seen.append((request.headers.get("X-Telegram-Bot-Api-Secret-Token"), update["message"]["text"]))
        return web.Response(status=answers.pop(0))

    app = web.Application()
    app.router.add_post("/hook", receive)
    async with both() as (server, bot), TestServer(app) as receiver:
        await bot.set_webhook(str(receiver.make_url("/hook")), secret_token="s3cret")
        with pytest.raises(Conflict, match="webhook is active"):
            await bot.get_updates(timeout=0)
        member = server.member()
        server.send(server.private(member), member, "one")
        await server.updates.delivered()
        assert (await bot.get_webhook_info()).pending_update_count == 1
        server.send(server.private(member), member, "two")
        await server.updates.delivered()
        await bot.delete_webhook()
        assert await updates(bot) == []
    assert seen == [("s3cret", "one"), ("s3cret", "one"), ("s3cret", "two")]


async def test_a_button_is_answered_once_and_in_time() -> None:
    async with both() as (server, bot):
        chat, member = server.chat(), server.member()
        sent = await bot.send_message(chat.id, "x", reply_markup=keyboard("open:risk"))
        with pytest.raises(LookupError):
            server.press(chat.messages[sent.id], "no such button", member)
        query = server.press(chat.messages[sent.id], "open:risk", member)
        [told] = await updates(bot)
        assert told.callback_query is not None
        assert told.callback_query.data == "open:risk"
        await told.callback_query.answer("Here.")
        late = server.press(chat.messages[sent.id], "open:risk", member)
        server.expire(late)
        with pytest.raises(BadRequest, match="Query is too old"):
            await bot.answer_callback_query(late)
        answer = server.answer_to(query)
    assert answer is not None
    assert answer["text"] == "Here."


async def test_an_inline_answer_is_parsed_like_a_message() -> None:
    def article(text: str, name: str = "1") -> InlineQueryResultArticle:
        return InlineQueryResultArticle(name, "KSM", InputTextMessageContent(text, parse_mode="HTML"))

    async with both() as (server, bot):
        chat, member = server.chat(), server.member()
        query = server.inline(member, "what is ksm")
        [told] = await updates(bot)
        assert told.inline_query is not None
        for results, why in (
            ([article("<b>x")], "Can't parse entities"),
            ([article("x"), article("y")], "Result_id_duplicate"),
        ):
            with pytest.raises(BadRequest, match=why):
                await bot.answer_inline_query(query, results)
        await told.inline_query.answer([article("<b>KSM</b>")])
        chosen = server.choose(query, "1", chat, member)
    assert (chosen.text, chosen.entities) == ("KSM", [{"type": "bold", "offset": 0, "length": 3}])


async def test_rights_are_shown_as_they_were_given_and_anonymous_admins_as_group() -> None:
    async with both() as (server, bot):
        chat, boss, member = server.chat(rights=ADMIN_RIGHTS), server.member(), server.member()
        chat.put(boss, "administrator", PIN, is_anonymous=True)
        told = await bot.get_chat_member(chat.id, boss.id)
        assert (told.can_pin_messages, told.can_delete_messages, told.is_anonymous) == (True, False, True)  # type: ignore[attr-defined]  # an administrator's
        assert (await bot.get_chat_member(chat.id, member.id)).status == "left"
        assert {one.user.id for one in await bot.get_chat_administrators(chat.id)} == {server.bot.id, boss.id}
        server.send(chat, boss, "/pin risk", sender_chat=chat)
        message = (await updates(bot))[-1].message
    assert message is not None
    assert message.from_user is not None
    assert message.sender_chat is not None
    assert (message.from_user.id, message.sender_chat.id) == (1087968824, chat.id)


async def test_the_command_menu_is_kept_by_scope_and_language() -> None:
    async with both() as (_, bot):
        scope = BotCommandScopeAllGroupChats()
        await bot.set_my_commands([BotCommand("risk", "Risks")], scope=scope, language_code="es")
        assert [one.command for one in await bot.get_my_commands(scope, "es")] == ["risk"]
        assert await bot.get_my_commands() == ()
        with pytest.raises(BadRequest, match="Bot_command_invalid"):
            await bot.set_my_commands([BotCommand("kusama-risks", "Risks")])
        await bot.delete_my_commands(scope, "es")
        assert await bot.get_my_commands(scope, "es") == ()


async def test_an_edited_message_and_a_topic_s_message_are_told_as_such() -> None:
    async with both(privacy=False) as (server, bot):
        forum, member = server.chat(forum=True), server.member()
        asked = server.send(forum, member, "/risk", thread=forum.topic("Questions"))
        server.send(forum, member, "/about", edited=asked)
        first, second = await updates(bot)
    assert first.message is not None
    assert second.message is None
    assert second.edited_message is not None
    assert (first.message.is_topic_message, second.edited_message.text) == (True, "/about")


async def test_waiting_for_calls_ends_when_they_were_made() -> None:
    async with both() as (server, bot):
        chat = server.chat()
        waiting = asyncio.create_task(server.wait_for("sendMessage", 2))
        await bot.send_message(chat.id, "one", reply_markup=keyboard())
        await bot.send_message(chat.id, "two")
        calls = await waiting
        with pytest.raises(TimeoutError):
            await server.wait_for("leaveChat", seconds=0.01)
    assert [call.text for call in calls] == ["one", "two"]
    assert calls[0].params["reply_markup"] == {"inline_keyboard": [[{"callback_data": "a", "text": "A"}]]}


@given(st.text(max_size=60))
def test_escaped_words_are_stored_as_the_same_words_with_nothing_formatted(words: str) -> None:
    """Only what the server links by itself is left, each within the text."""
    try:
        plain, links = accepted(words, None, None, 4096, "message text is empty")
    except Refused:
        return
    assert accepted(html.escape(words, quote=False), "HTML", None, 4096, "") == (plain, links)
    assert all(0 <= one["offset"] < one["offset"] + one["length"] <= units(plain) for one in links)


@given(st.text(alphabet="<>/ab=\"'&; pre", max_size=40))
def test_html_is_parsed_or_refused_and_never_anything_else(source: str) -> None:
    try:
        text, entities = accepted(source, "HTML", None, 4096, "message text is empty")
    except Refused:
        return
    assert text
    assert all(one["offset"] + one["length"] <= units(text) for one in entities)


async def test_a_call_on_hold_is_answered_when_the_test_lets_it() -> None:
    async with both() as (server, bot):
        chat, slow = server.chat(), hold()
        server.fail_next("sendMessage", slow)
        sending = asyncio.create_task(bot.send_message(chat.id, "slow"))
        await server.wait_for_start("sendMessage")
        await bot.send_message(chat.id, "quick")
        slow.gate.set()
        await sending
    assert [one.text for one in chat.said(server.bot)] == ["quick", "slow"]


async def test_an_update_can_come_twice_even_after_it_was_acknowledged() -> None:
    async with both() as (server, bot):
        member = server.member()
        server.send(server.private(member), member, "once")
        update = server.updates.kept[0]
        [first] = await updates(bot)
        server.updates.repeat(update)
        [second] = await bot.get_updates(offset=first.update_id + 1, timeout=30)
    assert first.update_id == second.update_id


async def test_a_message_older_than_two_days_is_deleted_with_the_right_alone() -> None:
    clock = [1_795_000_000]
    async with TelegramServer(now=lambda: clock[0]) as server, client(server) as bot:
        chat = server.chat()
        sent = await bot.send_message(chat.id, "x")
        clock[0] += 48 * 3600 + 1
        with pytest.raises(BadRequest, match="can't be deleted for everyone"):
            await bot.delete_message(chat.id, sent.id)
        await bot.edit_message_text("y", chat.id, sent.id)
        server.change(chat, server.bot, "administrator", ["can_delete_messages"])
        assert await bot.delete_message(chat.id, sent.id)
