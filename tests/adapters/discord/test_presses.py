"""Buttons under answers over the wire, with the real responder over the shipped content."""

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.core.community import Community
from bot.core.model import DEFAULT_LOCALE, Outcome, Place, Risk
from bot.core.sealed_catalog import SealedCatalog
from bot.features.answers import Responder
from tests.adapters.discord.conftest import Running
from tests.builders import shipped
from tests.fakes.discord_interaction import Interaction
from tests.fakes.discord_messages import Message
from tests.fakes.discord_objects import Channel, Member
from tests.fakes.discord_server import DiscordServer
from tests.house import House, house


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[House]:
    async with house(tmp_path) as one:
        one.edition = SealedCatalog(shipped())
        yield one


@pytest.fixture
def responder(home: House) -> Responder:
    return home.responder


async def settle(home: House, place: Place, **settings: object) -> None:
    """Give the community these settings."""

    def edit(community: Community) -> Community:
        return replace(community, **settings)  # type: ignore[arg-type]  # named as its fields are

    await home.communities.change(place, edit)


def labelled(message: Message, locale: str) -> str | None:
    """The id of the button that says “In my language” in that language."""
    label = shipped().languages[locale].in_my_language
    return next((id_ for words, id_ in message.buttons if words == label), None)


def here(channel: Channel) -> Place:
    assert channel.guild
    return Place("discord", str(channel.guild.id), str(channel.id))


async def test_in_my_language_shows_the_answer_to_who_pressed_alone_in_theirs(
    server: DiscordServer, running: Running, home: House
) -> None:
    guild = server.guild()
    channel, ada, bob = guild.channel(), guild.member("ada"), guild.member("bob")
    await settle(home, here(channel), locale="es")
    async with running():
        shown = await server.slash(channel, ada, "whatisksm").message()
        button = labelled(shown, "es")
        assert button
        pressed = server.press(shown, button, bob, locale="zh-CN")
        message = await pressed.message()
    chinese = shipped().languages["zh"]
    assert message.seen_by == bob.id
    assert message.content.startswith(f"**{chinese.entries['whatisksm'].title}**\n")
    assert chinese.warnings[Risk.HIGH].partition("/risk")[0] in message.content
    assert labelled(message, "zh") is None  # it is in the reader's language already
    assert shown.edits == 0


@pytest.mark.parametrize(
    ("locale", "old", "words"),
    [
        ("en-GB", False, "This answer is already in your language."),
        ("de", False, "The bot does not know your language, or has no answer in it."),
        ("en-GB", True, "**What is KSM?**"),  # a button from before it named the answer's language
    ],
)
async def test_in_my_language_says_when_there_is_no_other(
    server: DiscordServer, running: Running, home: House, locale: str, old: bool, words: str
) -> None:
    guild = server.guild()
    channel, ada, bob = guild.channel(), guild.member("ada"), guild.member("bob")
    async with running():
        shown = await server.slash(channel, ada, "whatisksm").message()
        button = labelled(shown, "en") or ""
        pressed = server.press(shown, "v1:*:whatisksm" if old else button, bob, locale=locale, forged=old)
        message = await pressed.message()
    assert message.seen_by == bob.id
    assert message.content.partition("\n")[0] == words


@pytest.mark.parametrize("outcome", [Outcome.ADVICE, Outcome.PRICE, Outcome.SCAM, Outcome.NONE, Outcome.SUGGEST])
async def test_a_policy_reply_has_it_too_and_keeps_its_choice_of_topics(
    server: DiscordServer, running: Running, home: House, outcome: Outcome
) -> None:
    guild = server.guild()
    channel, ada = guild.channel(), guild.member("ada")
    home.matcher.outcome, home.matcher.nearest = outcome, ("whatisksm", "staking")
    async with running():
        shown = await server.slash(channel, ada, "ask", {"question": "hm"}).message()
        button = labelled(shown, "en")
        assert button
        home.now += 60
        message = await server.press(shown, button, ada, locale="ru").message()
    russian = shipped().languages["ru"]
    titles = {page.title for page in russian.pages.values()}
    assert message.content.partition("\n")[0].strip("*") in titles
    topics = [id_.rpartition(":")[2] for _, id_ in shown.buttons[:-1]]
    assert [label for label, _ in message.buttons] == [russian.entries[one].title for one in topics]
    assert message.seen_by == ada.id


@pytest.mark.parametrize("page", ["risk", "topics", "about", "privacy", "help"])
async def test_a_page_has_it_too(server: DiscordServer, running: Running, home: House, page: str) -> None:
    guild = server.guild()
    channel, ada = guild.channel(), guild.member("ada")
    async with running():
        shown = await server.slash(channel, ada, page).message()
        home.now += 60
        message = await server.press(shown, labelled(shown, "en") or "", ada, locale="tr").message()
    assert message.content.startswith(f"**{shipped().languages['tr'].pages[page].title}**\n")


async def test_pins_have_it_and_what_one_person_reads_has_not(
    server: DiscordServer, running: Running, home: House
) -> None:
    guild, grace = server.guild(), server.user("grace")
    channel, ada = guild.channel(), guild.member("ada")
    reply = home.edition.explainer("whatisksm", shipped().default, Risk.GENERAL)
    assert reply
    async with running() as adapter:
        ref = await adapter.post(here(channel), reply)
        await adapter.edit(ref, reply)
        private = await server.slash(channel, ada, "whatisksm", {"private": True}).message()
        direct = await server.slash(server.direct(grace), grace, "whatisksm").message()
    assert labelled(channel.messages[int(ref.message)], "en")
    assert (labelled(private, "en"), labelled(direct, "en")) == (None, None)


async def test_with_a_single_language_there_is_no_such_button(
    server: DiscordServer, running: Running, home: House
) -> None:
    guild = server.guild()
    channel, ada = guild.channel(), guild.member("ada")
    home.edition = SealedCatalog(replace(shipped(), languages={DEFAULT_LOCALE: shipped().default}))
    async with running():
        assert labelled(await server.slash(channel, ada, "whatisksm").message(), "en") is None


async def test_a_topics_button_answers_in_the_readers_language_and_not_in_the_buttons(
    server: DiscordServer, running: Running, home: House
) -> None:
    guild = server.guild()
    channel, ada, bob = guild.channel(), guild.member("ada"), guild.member("bob")
    async with running():
        shown = await server.slash(channel, ada, "whatisksm").message()
        _, button = shown.buttons[0]
        message = await server.press(shown, button, bob, locale="vi").message()
    title = shipped().languages["vi"].entries[button.rpartition(":")[2]].title
    assert message.content.startswith(f"**{title}**\n")


async def told_alone(pressed: Interaction, who: Member) -> str:
    """The words that only `who` sees."""
    message = await pressed.message()
    assert pressed.ephemeral
    assert message.seen_by == who.id
    return message.shown


async def test_a_button_of_an_explainer_that_is_gone_says_so_to_who_pressed(
    server: DiscordServer, running: Running, home: House
) -> None:
    guild, grace = server.guild(), server.user("grace")
    channel, ada = guild.channel(), guild.member("ada")
    async with running():
        shown = await server.slash(channel, ada, "whatisksm").message()
        direct = await server.slash(server.direct(grace), grace, "whatisksm").message()
        topics = [button for _, button in shown.buttons if re.fullmatch("v1:en:[a-z-]+", button)]
        gone = {button.rpartition(":")[2] for button in topics}
        home.edition = without(home.edition, gone)
        home.now += 60
        assert len(gone) == 3
        for button in topics:
            words = await told_alone(server.press(shown, button, ada, locale="es-419"), ada)
            assert words.startswith("Este botón es demasiado antiguo.")
        message = await server.press(direct, direct.buttons[0][1], grace).message()
    assert message.shown.startswith("This button is too old.")


def without(edition: SealedCatalog, commands: set[str]) -> SealedCatalog:
    """The content without these explainers."""
    languages = {
        locale: replace(one, entries={name: entry for name, entry in one.entries.items() if name not in commands})
        for locale, one in edition.catalog.languages.items()
    }
    offered = tuple(info for info in edition.catalog.commands if info.name not in commands)
    return SealedCatalog(replace(edition.catalog, languages=languages, commands=offered))


async def test_each_press_during_a_pause_is_told_to_wait_and_nobody_else_reads_it(
    server: DiscordServer, running: Running, home: House
) -> None:
    guild = server.guild()
    channel, ada, bob = guild.channel(), guild.member("ada"), guild.member("bob")
    async with running():
        shown = await server.slash(channel, ada, "whatisksm").message()
        _, button = shown.buttons[0]
        for _ in range(2):
            assert "Try again in 3 s." in await told_alone(server.press(shown, button, ada), ada)
        await server.press(shown, button, bob).message()
        assert "через 3" in await told_alone(server.press(shown, button, bob, locale="ru"), bob)


async def test_asking_without_words_is_answered_with_discords_own_advice_to_the_asker_alone(
    server: DiscordServer, running: Running, home: House
) -> None:
    guild = server.guild()
    channel, ada, bob = guild.channel(), guild.member("ada"), guild.member("bob")
    async with running():
        words = await told_alone(server.slash(channel, ada, "ask", {"question": "  "}), ada)
        assert "choose Apps, “Explain this”" in words
        empty = server.message_menu(channel, bob, "Explain this", server.say(channel, ada, ""))
        assert await told_alone(empty, bob) == "That message has no text."


async def test_a_private_question_is_answered_to_the_asker_alone_in_their_language(
    server: DiscordServer, running: Running, home: House
) -> None:
    guild = server.guild()
    channel, ada = guild.channel(), guild.member("ada")
    async with running():
        asked = server.slash(channel, ada, "ask", {"question": "hm", "private": True}, locale="ru")
        words = await told_alone(asked, ada)
    assert words.startswith(f"**{shipped().languages['ru'].pages['no-answer'].title}**\n")
