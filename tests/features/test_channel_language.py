"""A channel or topic that speaks a language of its own: over the wire on both platforms, and in the store."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.core.community import Community
from bot.core.greeting import greeting
from bot.core.join_window import JoinBatch
from bot.core.model import DISCORD, TELEGRAM, Place
from bot.core.sealed_catalog import SealedCatalog
from tests.builders import shipped
from tests.fakes.discord_rights import Right as Bit
from tests.faults.stage import Whole, served
from tests.house import GUILD, House, house
from tests.waiting import PATIENCE

GROUP = Place(TELEGRAM, "-100", "-100")
TOPIC = replace(GROUP, thread="42")
MANAGER = ("can_change_info", "can_pin_messages")


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[House]:
    async with house(tmp_path) as one:
        one.edition = SealedCatalog(shipped())
        yield one


@pytest.fixture
async def bot(tmp_path: Path) -> AsyncIterator[Whole]:
    async with served(tmp_path, languages=("en", "es", "ru")) as one, asyncio.timeout(PATIENCE):
        yield one


async def settings(bot: Whole, value: str) -> str:
    """What /settings says on Discord, in the bot's channel."""
    options = {"name": "language", "value": value}
    return (await bot.discord.slash(bot.channel, bot.boss, "settings", options).message()).content


async def asks(bot: Whole, channel: object, name: str) -> str:
    asked = bot.discord.slash(channel, bot.guild.member(name), "whatisksm")  # type: ignore[arg-type]  # the fake's own
    return (await asked.message()).content


async def test_a_channel_of_discord_speaks_the_language_it_was_given_and_the_others_do_not(bot: Whole) -> None:
    spanish = bot.guild.channel("espanol")
    said = await settings(bot, f"испанский <#{spanish.id}>")
    assert "Saved" in said
    assert f"language in <#{spanish.id}>: Español (es)" in said
    assert "¿Qué es KSM?" in await asks(bot, spanish, "ada")
    assert "What is KSM?" in await asks(bot, bot.channel, "bo")
    assert f"<#{spanish.id}>" not in await settings(bot, f"off <#{spanish.id}>")
    assert "What is KSM?" in await asks(bot, spanish, "cy")


@pytest.mark.parametrize("setting", ["language", "channels"])
async def test_a_channel_that_is_not_there_or_where_the_bot_may_not_write_is_refused_by_name(
    bot: Whole, setting: str
) -> None:
    async def says(value: str) -> str:
        options = {"name": setting, "value": f"spanish {value}" if setting == "language" else value}
        return (await bot.discord.slash(bot.channel, bot.boss, "settings", options).message()).content

    foreign = bot.discord.guild("Elsewhere").channel("theirs")
    for gone in (f"<#{10**17}>", f"<#{foreign.id}>"):
        said = await says(gone)
        assert "sees no such channel" in said
        assert gone in said
    closed = bot.guild.channel("random")
    closed.overwrite(bot.guild.everyone, deny=Bit.SEND_MESSAGES)
    closed.overwrite(bot.guild.me, deny=Bit.SEND_MESSAGES)
    said = await says(f"<#{closed.id}>")
    assert f"cannot write in <#{closed.id}>" in said
    assert "allow View Channel and Send Messages" in said
    thread = bot.guild.thread(bot.channel)
    assert "Saved" in await says(f"<#{thread.id}>")


async def test_a_topic_of_telegram_speaks_the_language_it_was_given_and_the_others_do_not(bot: Whole) -> None:
    telegram = bot.telegram
    chat, boss = telegram.chat(forum=True), telegram.member()
    chat.put(boss, "administrator", MANAGER)
    topic = 42
    chat.topics[topic] = "Español"
    asked = telegram.send(chat, boss, "/settings language spanish here", thread=topic, ephemeral=True)
    assert "language here: Español (es)" in await bot.answered(asked)
    member = telegram.member()
    assert "¿Qué es KSM?" in await bot.answered(telegram.send(chat, member, "/whatisksm", thread=topic))
    assert "What is KSM?" in await bot.answered(telegram.send(chat, telegram.member(), "/whatisksm"))


@pytest.mark.parametrize(
    ("typed", "locale"),
    [
        ("spanish", "es"),
        ("español", "es"),
        ("испанский", "es"),
        ("西班牙语", "es"),
        ("İspanyolca", "es"),
        ("tiếng Tây Ban Nha", "es"),
        ("ESPAGNOL", "es"),
        ("スペイン語", "es"),
        ("es-419", "es"),
        ("chinese", "zh"),
        ("中文", "zh"),
        ("繁體中文", "zh"),
        ("simplified chinese", "zh"),
        ("zh-Hant", "zh"),
        ("en-US", "en"),
        ("EN_gb", "en"),
        ("Türkçe (tr)", "tr"),
        ("вьетнамский", "vi"),
    ],
)
async def test_a_language_is_understood_by_its_name_in_any_language_and_by_its_tags(
    home: House, typed: str, locale: str
) -> None:
    await home.says("/settings language ru")
    await home.says(f"/settings language {typed}")
    assert (await home.communities.of(GUILD)).locale == locale


@pytest.mark.parametrize("typed", ["klingon", "german", "e", "-", "spanish english"])
async def test_what_is_no_language_of_ours_changes_nothing(home: House, typed: str) -> None:
    said = await home.says(f"/settings language {typed}")
    assert "does not speak that language" in said
    assert "Tiếng Việt (vi)" in said
    assert await home.store.communities.read(GUILD) is None


async def test_a_language_that_is_not_there_is_said_so_for_a_channel_too(home: House) -> None:
    said = await home.says("/settings language nonsense here")
    assert said.startswith("The bot does not speak that language.")
    assert "Type one of these" in said


@pytest.mark.parametrize("typed", ["language spanish #random", "language #random", "channels add #random"])
async def test_a_channel_by_its_name_alone_is_answered_with_how_to_choose_it(home: House, typed: str) -> None:
    assert (await home.says(f"/settings {typed}")).startswith("A channel’s name alone is not understood. Choose")
    assert await home.store.communities.read(GUILD) is None


@pytest.mark.parametrize("typed", ["here", "<#x>"])
async def test_a_channel_without_a_language_is_answered_with_how_to_name_both(home: House, typed: str) -> None:
    said = await home.says(f"/settings language {typed}")
    assert said.startswith("Type one of these")
    assert "put “here” or #channel after it" in said
    assert await home.store.communities.read(GUILD) is None


@pytest.mark.parametrize("word", ["off", "default", "reset"])
async def test_a_channel_goes_back_to_the_communitys_language(home: House, word: str) -> None:
    await home.says("/settings language tr")
    await home.says("/settings language es here")
    assert (await home.communities.of(GUILD)).language_of(GUILD) == "es"
    await home.says(f"/settings language {word} here")
    assert (await home.communities.of(GUILD)).language_of(GUILD) == "tr"


def test_a_thread_speaks_its_channels_language_and_a_topic_does_not_speak_the_first_ones() -> None:
    thread = replace(GUILD, thread="11")
    home = Community(DISCORD, "1", "en", languages={"10": "es", "12": "ru"})
    spoken = [home.language_of(one) for one in (GUILD, thread, replace(thread, thread="12"), None)]
    assert spoken == ["es", "es", "ru", "en"]
    group = Community(TELEGRAM, "-100", "en", languages={"-100": "es"})
    assert [group.language_of(one) for one in (GROUP, TOPIC)] == ["es", "en"]


def test_a_greeting_speaks_the_language_of_its_channel() -> None:
    content = SealedCatalog(shipped())
    home = Community(DISCORD, "1", "en", welcome=GUILD, languages={"10": "ru"})
    assert greeting(content, home, JoinBatch(1, (), datetime.now(UTC))).locale == "ru"


async def test_no_more_channels_have_a_language_than_one_message_shows(home: House) -> None:
    for number in range(25):
        assert "Saved" in await home.says(f"/settings language es <#{10**17 + number}>")
    assert "at most 25" in await home.says("/settings language es here")
    assert "Saved" in await home.says(f"/settings language off <#{10**17}>")
    assert "Saved" in await home.says("/settings language es here")
