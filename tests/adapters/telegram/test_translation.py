"""“In my language” under public answers, over the wire, with the real responder over the shipped content."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.core.model import Outcome, Place, Risk
from bot.core.sealed_catalog import SealedCatalog
from tests.adapters.telegram.stage import place, running
from tests.builders import shipped
from tests.fakes.telegram import Chat, Member, Message, TelegramServer, status
from tests.house import House, house

LANGUAGES = shipped().languages
LINK = "https://t.me/kusama_test_bot?start=whatisksm"


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[House]:
    async with house(tmp_path) as one:
        one.edition = SealedCatalog(shipped())
        yield one


def button(message: Message, locale: str = "en") -> str | None:
    """What a press of “In my language” sends, as it is labelled in that language."""
    label = LANGUAGES[locale].in_my_language
    return next((one["callback_data"] for row in message.buttons for one in row if one["text"] == label), None)


async def answered(server: TelegramServer, chat: Chat, text: str = "/whatisksm") -> Message:
    """The public answer to a command."""
    before = len(chat.said(server.bot))
    server.send(chat, server.member(), text)
    await server.until(lambda: len(chat.said(server.bot)) > before or None)
    return chat.said(server.bot)[-1]


async def pressed(server: TelegramServer, message: Message, member: Member, locale: str = "en") -> str:
    """What the bubble over the button says, once it was pressed; "" for nothing."""
    data = button(message, locale)
    assert data
    query = server.press(message, data, member)
    told = await server.until(lambda: server.answer_to(query))
    return str(told.get("text") or "")


async def test_whoever_presses_alone_sees_the_answer_in_their_language_with_its_warning(home: House) -> None:
    async with TelegramServer() as server, running(server, home.responder):
        chat, reader = server.chat(), server.member(language_code="ru")
        await home.communities.change(place(chat), lambda one: replace(one, locale="es"))
        message = await answered(server, chat)
        assert await pressed(server, message, reader, "es") == ""
        (shown,) = chat.ephemeral.values()
        russian = LANGUAGES["ru"]
        assert shown.shown()["receiver_user"]["id"] == reader.id
        assert shown.text.startswith(f"{russian.entries['whatisksm'].title}\n{russian.warnings[Risk.HIGH]}\n")
        assert button(shown, "ru") is None
        assert len(chat.said(server.bot)) == 1


@pytest.mark.parametrize("why", ["older server", "refused", "shown to all"])
async def test_where_it_cannot_be_shown_alone_the_bubble_names_the_link_and_nothing_is_posted(
    home: House, why: str
) -> None:
    async with TelegramServer(older=why == "older server") as server, running(server, home.responder):
        chat, reader = server.chat(rights=("can_delete_messages",)), server.member(language_code="tr")
        message = await answered(server, chat)
        if why == "refused":
            server.fail_next("sendMessage", status(400, "Bad Request: MESSAGE_NOT_COMMAND"))
        if why == "shown to all":  # a server of Bot API 10.2, which ignores the parameters of 10.3
            server.world.ephemeral.known = False
            server.fail_next("deleteEphemeralMessage", status(400, "Bad Request: chat not found"))
        words = await pressed(server, message, reader)
        assert words.startswith("Bu, burada yalnızca size gösterilemez.")
        assert words.endswith(f"\n{LINK}")
        assert [one.id for one in chat.said(server.bot)] == [message.id]
        assert not chat.ephemeral


async def test_the_link_of_the_bubble_answers_in_the_readers_language(home: House) -> None:
    async with TelegramServer() as server, running(server, home.responder):
        reader = server.member(language_code="tr")
        server.send(server.private(reader), reader, f"/start {LINK.partition('start=')[2]}")
        (answer,) = await server.wait_for("sendMessage")
        assert answer.text.startswith(LANGUAGES["tr"].entries["whatisksm"].title)
        assert button(server.private(reader).said(server.bot)[-1], "tr") is None


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("en", "This answer is already in your language."),
        ("en-GB", "This answer is already in your language."),
        ("de", "The bot does not know your language, or has no answer in it."),
        (None, "The bot does not know your language, or has no answer in it."),
    ],
)
async def test_who_reads_its_language_or_none_that_the_bot_knows_is_told_so_in_the_bubble(
    home: House, code: str | None, words: str
) -> None:
    async with TelegramServer() as server, running(server, home.responder):
        chat = server.chat()
        message = await answered(server, chat)
        assert await pressed(server, message, server.member(language_code=code)) == words
        assert len(server.of("sendMessage")) == 1


async def test_a_press_shows_its_topic_and_a_button_of_old_its_word_in_the_language_of_who_pressed(home: House) -> None:
    async with TelegramServer() as server, running(server, home.responder):
        chat = server.chat()
        message = await answered(server, chat)
        server.press(message, "v1:en:ksm-uses", server.member(language_code="ru"))
        await server.until(lambda: list(chat.ephemeral.values()))
        (shown,) = chat.ephemeral.values()
        assert shown.text.startswith(LANGUAGES["ru"].entries["ksm-uses"].title)
        query = server.press(message, "v1:en:withdrawn", server.member(language_code="vi"), forged=True)
        told = await server.until(lambda: server.answer_to(query))
        assert told["text"].startswith("Nút này cũ quá rồi.")


async def test_after_the_community_changed_its_language_an_older_answer_is_translated_back(home: House) -> None:
    async with TelegramServer() as server, running(server, home.responder):
        chat = server.chat()
        message = await answered(server, chat)
        await home.communities.change(place(chat), lambda one: replace(one, locale="ru"))
        assert await pressed(server, message, server.member(language_code="ru")) == ""
        (shown,) = chat.ephemeral.values()
        assert shown.text.startswith(LANGUAGES["ru"].entries["whatisksm"].title)


@pytest.mark.parametrize("outcome", [Outcome.ADVICE, Outcome.SCAM, Outcome.NONE, Outcome.SUGGEST])
async def test_a_policy_reply_and_a_page_have_it_too(home: House, outcome: Outcome) -> None:
    home.matcher.outcome, home.matcher.nearest = outcome, ("whatisksm", "staking")
    async with TelegramServer() as server, running(server, home.responder):
        chat, reader = server.chat(), server.member(language_code="zh-hans")
        for text in ("/ask hm", "/risk"):
            message = await answered(server, chat, text)
            home.now += 60
            assert await pressed(server, message, reader) == ""
        titles = {page.title for page in LANGUAGES["zh"].pages.values()}
        assert {one.text.partition("\n")[0] for one in chat.ephemeral.values()} <= titles
        assert len(chat.ephemeral) == 2


async def test_in_a_channel_it_opens_the_direct_chat_and_in_a_direct_chat_it_is_not_offered(home: House) -> None:
    async with TelegramServer() as server, running(server, home.responder) as adapter:
        channel, reader = server.chat("channel", rights=("can_post_messages",)), server.member(language_code="vi")
        english = home.edition.explainer("whatisksm", LANGUAGES["en"], Risk.GENERAL)
        assert english
        ref = await adapter.post(place(channel), english)
        query = server.press(
            channel.messages[int(ref.message)], button(channel.messages[int(ref.message)]) or "", reader
        )
        assert (await server.until(lambda: server.answer_to(query)))["url"] == LINK
        ref = await adapter.post(Place("telegram", None, str(server.private(reader).id)), english)
        assert button(server.private(reader).messages[int(ref.message)]) is None
