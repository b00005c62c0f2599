"""What an answer to a free question shows of the question, and what people may point at."""

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.adapters.discord.render import CONTENT
from bot.core.model import Outcome
from bot.core.sealed_catalog import SealedCatalog
from bot.features.answers import Responder
from tests.adapters.discord.conftest import Running
from tests.adapters.discord.reader import read
from tests.builders import shipped
from tests.fakes.discord_messages import Message
from tests.fakes.discord_objects import Json
from tests.fakes.discord_server import DiscordServer
from tests.house import House, house


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[House]:
    async with house(tmp_path) as one:
        one.edition = SealedCatalog(shipped())
        one.matcher.nearest = ("whatisksm",)
        yield one


@pytest.fixture
def responder(home: House) -> Responder:
    return home.responder


def parts(message: Message) -> tuple[str, str, str, str]:
    """Title, warning, quote and all that stands below."""
    head, quote, rest = message.content.split("\n\n", 2)
    title, warning = head.split("\n")
    return title, warning, quote, rest


@pytest.mark.parametrize("outcome", [Outcome.NONE, Outcome.ADVICE, Outcome.PRICE, Outcome.SUGGEST])
async def test_a_public_answer_quotes_the_question_below_its_warning(
    server: DiscordServer, running: Running, home: House, outcome: Outcome
) -> None:
    guild = server.guild()
    home.matcher.outcome = outcome
    async with running():
        asked = server.slash(guild.channel(), guild.member("ada"), "ask", {"question": " How fast\nis it? "})
        title, warning, quote, rest = parts(await asked.message())
    assert title.startswith("**")
    assert warning.startswith("**⚠️")
    assert quote == "> How fast is it?"
    assert rest


async def test_what_reads_like_a_scam_is_not_repeated(server: DiscordServer, running: Running, home: House) -> None:
    guild = server.guild()
    home.matcher.outcome = Outcome.SCAM
    async with running():
        asked = server.slash(guild.channel(), guild.member("ada"), "ask", {"question": "Send one, get two"})
        assert "Send one" not in (await asked.message()).content


async def test_an_explainer_that_was_found_quotes_the_question_too(
    server: DiscordServer, running: Running, home: House
) -> None:
    guild = server.guild()
    home.matcher.outcome, home.matcher.command = Outcome.EXPLAINER, "whatisksm"
    async with running():
        first = await server.slash(guild.channel(), guild.member("a"), "ask", {"question": "the token?"}).message()
        other = await server.slash(guild.channel(), guild.member("b"), "ask", {"question": "and KSM?"}).message()
        plain = await server.slash(guild.channel(), guild.member("c"), "whatisksm").message()
    assert (parts(first)[2], parts(other)[2]) == ("> the token?", "> and KSM?")
    assert plain.content == first.content.replace("> the token?\n\n", "")


@pytest.mark.parametrize(
    "words",
    [
        "@everyone <@1> <@&2> <#3> </risk:4> @here",
        "https://evil.example www.evil.example discord.gg/x [a](https://b.example) evil.example",
        "**bold** _it_ ~~no~~ `code` ||spoiler|| # head\n> quote\n- list\n1. one\n-# small",
        "- first\n- second",
        "1. first",
        "a\u202eb\u200bc\u2066d\ufeffe\x00f",
        "\\",
    ],
)
async def test_the_words_of_a_quoted_question_are_harmless(
    server: DiscordServer, running: Running, home: House, words: str
) -> None:
    guild = server.guild()
    ada = guild.member("ada")
    async with running():
        message = await server.slash(guild.channel(), ada, "ask", {"question": words}).message()
    _, _, quote, _ = parts(message)
    assert read(quote).marks == ["quote"]
    assert read(quote.removeprefix("> ")).marks == []
    assert not re.search("[\u200b\u202a-\u202e\u2066-\u2069\ufeff\x00]", quote)
    assert not message.pings


async def test_a_long_question_is_cut_and_no_question_makes_an_answer_too_long(
    server: DiscordServer, running: Running, home: House
) -> None:
    guild = server.guild()
    channel = guild.channel()
    home.matcher.outcome = Outcome.EXPLAINER
    async with running():
        long = await server.slash(channel, guild.member("a"), "ask", {"question": "x" * 400}).message()
        assert parts(long)[2] == f"> {'x' * 149}…"
        for command in home.edition.catalog.explainers:
            home.matcher.command = command
            home.now += 60
            worst = await server.slash(channel, guild.member(command), "ask", {"question": "@\u2e31😀" * 50}).message()
            assert len(worst.content.encode("utf-16-le")) // 2 <= CONTENT
            assert parts(worst)[2].startswith("> \\@")


async def test_what_one_person_reads_quotes_nothing_and_a_notice_never_does(
    server: DiscordServer, running: Running, home: House
) -> None:
    guild = server.guild()
    channel, ada = guild.channel(), guild.member("ada")
    async with running():
        private = await server.slash(channel, ada, "ask", {"question": "secret", "private": True}).message()
        refused = await server.slash(channel, ada, "ask", {"question": "secret"}).message()
    assert "secret" not in private.content
    assert "Try again in" in refused.content
    assert "secret" not in refused.content


async def test_a_mention_is_answered_with_a_reply_and_needs_no_quote(
    server: DiscordServer, running: Running, home: House
) -> None:
    guild = server.guild()
    channel, ada = guild.channel(), guild.member("ada")
    async with running():
        server.say(channel, ada, f"<@{server.world.bot.id}> how fast is it?")
        (call,) = await server.wait_for("POST", f"/channels/{channel.id}/messages")
    assert call.body["message_reference"]
    assert "how fast" not in call.body["content"]


async def test_explain_this_links_the_message_below_the_warning(
    server: DiscordServer, running: Running, home: House
) -> None:
    guild, grace, elsewhere = server.guild(), server.user("grace"), server.foreign_guild()
    thread, foreign = guild.thread(guild.channel()), elsewhere.channel()
    ada, eve = guild.member("ada"), elsewhere.member("eve")
    for who in (grace, eve):
        server.install(who)
    async with running():
        for channel, who, where in (
            (thread, ada, guild.id),
            (foreign, eve, elsewhere.id),
            (server.group(grace), grace, "@me"),
        ):
            said = server.say(channel, who, "what is ksm?")
            message = await server.message_menu(channel, who, "Explain this", said).message()
            assert parts(message)[2] == f"> https://discord.com/channels/{where}/{channel.id}/{said.id}"
            assert "what is ksm?" not in message.content


FORWARD: Json = {"message_snapshots": [{"message": {"content": "Forwarded words", "type": 0, "embeds": []}}]}
FORWARDED_EMBED: Json = {
    "message_snapshots": [{"message": {"content": "", "embeds": [{"type": "rich", "title": "T", "description": "D"}]}}]
}
EMBEDS: Json = {"embeds": [{"type": "rich", "title": "One", "description": "Two"}, {"title": None, "url": "x"}]}
POLL: Json = {"poll": {"question": {"text": "Which one?"}, "answers": [], "allow_multiselect": False}}


@pytest.mark.parametrize(
    ("content", "more", "words"),
    [
        ("", FORWARD, "Forwarded words"),
        ("", FORWARDED_EMBED, "T\nD"),
        ("", EMBEDS, "One\nTwo"),
        ("", POLL, "Which one?"),
        ("Look", EMBEDS, "Look\nOne\nTwo"),
    ],
)
async def test_a_forward_an_embed_and_a_poll_are_read(
    server: DiscordServer, running: Running, home: House, content: str, more: Json, words: str
) -> None:
    guild = server.guild()
    channel, ada = guild.channel(), guild.member("ada")
    said = server.say(channel, guild.member("bob"), content)
    said.more = more
    async with running():
        await server.message_menu(channel, ada, "Explain this", said).message()
    assert home.matcher.asked == [words]


async def test_the_bots_own_message_is_not_explained_but_a_question_is_asked_for(
    server: DiscordServer, running: Running, home: House
) -> None:
    guild = server.guild()
    channel, ada = guild.channel(), guild.member("ada")
    async with running():
        shown = await server.slash(channel, ada, "whatisksm").message()
        home.now += 60
        menu: Any = server.message_menu(channel, ada, "Explain this", shown)
        message = await menu.message()
    assert message.seen_by == ada.id
    assert message.shown.startswith("Type your question after /ask")
    assert home.matcher.asked == []
