"""/settings export and import: a community's settings travel as a file, over the wire on both platforms."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import fields, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.core.community import Community
from bot.core.model import DISCORD, MessageRef, Place, Risk
from bot.core.settings_export import LARGEST, to_yaml
from tests.builders import ROOT
from tests.fakes.discord_files import File
from tests.fakes.discord_messages import Message as DiscordMessage
from tests.fakes.telegram import Chat, Member, Message, TelegramServer
from tests.fakes.telegram_ephemeral import Ephemeral
from tests.faults.stage import Whole, served
from tests.waiting import PATIENCE

RIGHTS = ("can_change_info", "can_pin_messages")
STATE = {"platform", "last_greeting", "greeted_until"}  # what nobody sets
HEAD = "format: 1\n"


@pytest.fixture
async def bot(tmp_path: Path) -> AsyncIterator[Whole]:
    async with served(tmp_path, languages=("en", "es")) as one, asyncio.timeout(PATIENCE):
        yield one


async def says(bot: Whole, command: str, **options: Any) -> DiscordMessage:
    """What the moderator of the guild is answered."""
    return await bot.discord.slash(bot.channel, bot.boss, command, options).message()


async def imports(bot: Whole, text: str | bytes, said: int | None = None) -> str:
    """The answer to a file that the moderator of the guild imports."""
    data = text if isinstance(text, bytes) else text.encode()
    return (await says(bot, "settings", name="import", file=File("settings.yaml", data, said))).content


async def exports(bot: Whole) -> str:
    """The file that the moderator of the guild gets."""
    message = await says(bot, "settings", name="export")
    return bot.discord.world.files.content(message.attachments[0]).decode()


async def settings(bot: Whole) -> dict[str, Any]:
    """The guild's settings, as its export tells them."""
    read: dict[str, Any] = yaml.safe_load(await exports(bot))
    return read


async def set_much(bot: Whole) -> None:
    """Change each of the settings on Discord."""
    other = bot.guild.channel("help")
    await says(bot, "settings", name="language", value="español")
    await says(bot, "settings", name="language", value=f"en <#{other.id}>")
    await says(bot, "settings", name="risk", value="high")
    await says(bot, "settings", name="cooldown", value="9")
    await says(bot, "settings", name="channels", value=f"here <#{other.id}>")
    forum = bot.guild.forum("questions")
    await says(bot, "settings", name="forum", value=f"<#{forum.id}> on")
    await says(bot, "welcome", action="on")
    await says(bot, "welcome", action="message", text="It's {names}: welcome #everyone, see /risk")
    await says(bot, "welcome", action="cleanup", text="off")
    await says(bot, "log", action="on")


def test_whatever_a_community_sets_stands_in_the_file() -> None:
    place = Place(DISCORD, "1", "2", "3")
    default = Community(DISCORD, "1")
    other = Community(
        *(DISCORD, "4", "es", Risk.HIGH, 9, frozenset({"5"}), place, "Hi", False),
        *(MessageRef(place, "6"), datetime.now(UTC), {"7": "es"}, place, frozenset({"8"}), True),
    )
    for one in fields(Community):
        assert getattr(other, one.name) != getattr(default, one.name) or one.name == "platform"
        changed = replace(default, **{one.name: getattr(other, one.name)})
        assert (to_yaml(changed) == to_yaml(default)) == (one.name in STATE), one.name


async def test_the_export_is_a_readable_file_for_the_asker_alone_that_names_no_member(bot: Whole) -> None:
    await set_much(bot)
    message = await says(bot, "settings", name="export")
    assert message.seen_by == bot.boss.id
    assert "bring it back with: </settings:" in message.content
    (attachment,) = message.attachments
    assert attachment["filename"] == "settings.yaml"
    text = bot.discord.world.files.content(attachment).decode()
    assert str(bot.boss.id) not in text
    assert bot.boss.user.name not in text
    here = str(bot.channel.id)
    read = yaml.safe_load(text)
    (other,) = read.pop("languages")
    (forum,) = (str(one.id) for one in bot.guild.channels.values() if one.name == "questions")
    assert read == {
        "format": 1,
        "community": str(bot.guild.id),
        "language": "es",
        "risk": "high",
        "cooldown": 9,
        "channels": sorted([here, other]),
        "forums": [forum],
        "welcome": here,
        "welcome-message": "It's {names}: welcome #everyone, see /risk",
        "welcome-quiet": False,
        "welcome-cleanup": False,
        "log": here,
    }


async def test_an_export_brings_all_settings_back_and_the_log_tells_of_it(bot: Whole) -> None:
    await set_much(bot)
    text = await exports(bot)
    empty = await imports(bot, f"{HEAD}channels: all\nforums: []\nlanguages: {{}}\nwelcome: off\nwelcome-message: ''\n")
    assert empty == "The settings of the file are in use now."
    changed = await settings(bot)
    assert (changed["channels"], changed["forums"], changed["languages"]) == ("all", [], {})
    assert (changed["welcome"], changed["welcome-message"]) == (False, "")
    assert changed["risk"] == "high", "what a file does not name stays as it is"
    before = len(bot.channel.messages)
    await imports(bot, text)
    told = [one.content for one in bot.channel.messages.values()][before:]
    assert len(told) == 1
    assert bot.boss.user.name in told[0]
    assert "archivo" in told[0], "it is told in the language of the channel"
    assert await exports(bot) == text


MISTAKES = (
    ("risk: loud", "Line 2:\n\n- Choose general, elevated or high."),
    ("cooldown: 99999", "Line 2:\n\n- Type a number of seconds from 1 to 3600"),
    ("cooldown: [5]", "Line 2:\n\n- Write one value here"),
    ("language: klingon", "Line 2:\n\n- The bot does not speak that language."),
    ("languages: es", "Line 2:\n\n- Write the id of a channel or topic, a colon"),
    ("languages:\n  '1234567890123456': xx", "Line 3:\n\n- The bot does not speak that language."),
    ("channels: general", "Line 2:\n\n- Write a list of ids"),
    ("channels:\n- '#general'", "Line 3:\n\n- Write the id of a channel"),
    ("welcome: everywhere", "Line 2:\n\n- Write the id of a channel"),
    ("welcome-quiet: on", "Line 2:\n\n- Only Telegram can show a greeting"),
    ("welcome-quiet: maybe", "Line 2:\n\n- Type on or off after"),
    ("welcome-cleanup: maybe", "Line 2:\n\n- Type on or off"),
    ("welcome-message: 'Buy KSM now, it will moon!'", "Line 2:\n\n- That line reads like advice"),
    ("welcome-message: 'See https://example.org'", "Line 2:\n\n- That line has a link"),
    ("welcome-message: [a]", "Line 2:\n\n- Write one value here"),
    ("buy-ksm: 'now'", "Line 2:\n\n- There is no such setting. There are: language"),
    ("risk: high\nrisk: general", "Line 3:\n\n- This cannot be read."),
    ("risk: !!python/object:os.system high", "Line 2:\n\n- This cannot be read."),
    ("welcome-message: Hello #all", "Line 2:\n\n- This cannot be read."),
    ("risk: &a high\nlanguage: *a", "Line 2:\n\n- This cannot be read."),
    ("risk: [[[[[[[[[[[[[[high]]]]]]]]]]]]]]", "Line 2:\n\n- This cannot be read."),
    ("risk: {a: high", "- This cannot be read."),
)
NO_FILES = (b"", b"\xff\xfe", b"- 1\n", b"word", b"a: b\x00", b"---\na: b\n---\nc: d\n", b"[" * 9999)


async def test_a_file_with_a_mistake_changes_nothing_and_its_line_says_what_is_right(bot: Whole) -> None:
    before = await exports(bot)
    for lines, answer in MISTAKES:
        said = await imports(bot, f"{HEAD}{lines}\nlog: '{bot.channel.id}'\n")
        assert said.startswith("Nothing was changed."), lines
        assert answer in said
        assert "buy" not in said.casefold(), "a notice never repeats what somebody wrote"
    for data in NO_FILES:
        assert (await imports(bot, data)).startswith("Nothing was changed."), data
    assert await exports(bot) == before


async def test_all_mistakes_are_named_at_once_as_far_as_a_message_has_room(bot: Whole) -> None:
    said = await imports(bot, HEAD + "".join(f"wrong{number}: 1\n" for number in range(500)))
    assert said.count("Line ") == 6
    assert "and 494 more" in said
    said = await imports(bot, "risk: loud\ncooldown: -1\n")
    assert said.count("Line ") == 3
    assert "The first line must be “format: 1”" in said


async def test_a_file_that_is_too_large_is_not_even_fetched(bot: Whole) -> None:
    assert "at most 16 KB" in await imports(bot, b"#" * (LARGEST + 1))
    assert bot.discord.world.files.fetched == []
    assert "at most 16 KB" in await imports(bot, b"#" * (LARGEST + 1), said=9)
    assert "attach the file" in (await says(bot, "settings", name="import")).content


async def test_a_file_that_discord_does_not_give_is_asked_for_again(bot: Whole) -> None:
    file = File("settings.yaml", HEAD.encode())
    bot.discord.world.files._kept = _Lost()
    said = await bot.discord.slash(bot.channel, bot.boss, "settings", {"name": "import", "file": file}).message()
    assert "could not be fetched" in said.content


class _Lost(dict[str, bytes]):
    """A store that forgets at once."""

    def __setitem__(self, key: str, value: bytes) -> None: ...


async def test_only_who_may_change_settings_exports_or_imports_them(bot: Whole) -> None:
    for name, options in (
        ("ada", {"name": "export"}),
        ("bo", {"name": "import", "file": File("settings.yaml", HEAD.encode())}),
    ):
        asked = bot.discord.slash(bot.channel, bot.guild.member(name), "settings", options, forged=True)
        message = await asked.message()
        assert "You need the right" in message.content
        assert message.attachments == []
    assert bot.discord.world.files.fetched == []


async def test_a_forum_in_the_file_that_is_none_is_refused(bot: Whole) -> None:
    said = await imports(bot, f"{HEAD}forums: ['{bot.channel.id}']\n")
    assert said.startswith("Nothing was changed.")
    assert f"<#{bot.channel.id}> is no forum." in said
    assert (await settings(bot))["forums"] == []


async def test_of_another_guilds_file_the_channels_are_left_out_and_nothing_there_is_touched(bot: Whole) -> None:
    theirs = bot.discord.guild("Other")
    place, thread, forum = theirs.channel("secret"), theirs.channel("more"), bot.guild.forum("questions")
    text = (
        f"{HEAD}community: '{theirs.id}'\nrisk: high\nlanguages:\n  '{place.id}': es\nchannels: ['{place.id}']\n"
        f"welcome: '{bot.channel.id}/{thread.id}'\nlog: '{place.id}'\nforums: ['{place.id}', '{forum.id}']\n"
    )
    said = await imports(bot, text)
    assert said.startswith("The settings of the file are in use now.")
    assert said.count("is not here, so it was left out") == 5
    for line in (5, 6, 7, 8, 9):
        assert f"Line {line}:" in said
    changed = await settings(bot)
    assert changed["risk"] == "high"
    assert [changed[one] for one in ("languages", "channels", "welcome", "log")] == [{}, "all", False, False]
    assert changed["forums"] == [str(forum.id)]
    assert not place.messages
    assert not thread.messages


async def test_a_channel_where_the_bot_may_not_write_is_named_and_left_out(bot: Whole) -> None:
    locked = bot.guild.channel("locked")
    locked.overwrite(bot.guild.me, deny=1 << 11)
    said = await imports(bot, f"{HEAD}log: '{locked.id}'\n")
    assert f"The bot cannot write in <#{locked.id}>" in said
    assert (await settings(bot))["log"] is False


async def test_while_discord_does_not_answer_nothing_is_imported(bot: Whole) -> None:
    other = bot.guild.channel("other")
    bot.discord.fail_next("GET", rf"/channels/{other.id}$", status=503, times=99)
    said = await imports(bot, f"{HEAD}risk: high\nlog: '{other.id}'\n")
    assert said.startswith("Nothing was changed.")
    assert (await settings(bot))["risk"] == "default"


def group(telegram: TelegramServer, *, forum: bool = False, rights: tuple[str, ...] = RIGHTS) -> tuple[Chat, Member]:
    """A group and its owner."""
    chat, owner = telegram.chat("supergroup", forum=forum, rights=rights), telegram.member("Olga")
    chat.put(owner, "creator")
    return chat, owner


async def alone(bot: Whole, chat: Chat, count: int = 1) -> Ephemeral:
    """The newest of so many messages that only one member sees."""

    def shown() -> Ephemeral | None:
        mine = [one for one in chat.ephemeral.values() if one.sender is bot.telegram.bot]
        return mine[-1] if len(mine) >= count else None  # type: ignore[return-value]

    return await bot.telegram.until(shown)


async def telegram_exports(bot: Whole, chat: Chat, owner: Member, count: int) -> str:
    """The file that the group's owner gets, in the so-manieth message to them alone."""
    bot.telegram.send(chat, owner, "/settings export")
    return bot.telegram.world.files.content((await alone(bot, chat, count)).content["document"])


async def test_on_telegram_the_export_is_a_document_that_its_asker_alone_sees(bot: Whole) -> None:
    chat, owner = group(bot.telegram)
    bot.telegram.send(chat, owner, "/settings export")
    message = await alone(bot, chat)
    assert message.receiver is owner
    assert "/settings import" in message.text
    text = bot.telegram.world.files.content(message.content["document"])
    assert message.content["document"]["file_name"] == "settings.yaml"
    assert yaml.safe_load(text)["community"] == str(chat.id)
    assert str(owner.id) not in text
    assert "Olga" not in text
    assert not [one for one in chat.messages.values() if one.sender is bot.telegram.bot]


async def test_where_telegram_cannot_show_a_document_to_one_member_nobody_gets_it(bot: Whole) -> None:
    chat, owner = group(bot.telegram, rights=())
    bot.telegram.send(chat, owner, "/settings export")
    assert "⚠️" in await bot.telegram_answers(chat=chat)
    assert bot.telegram.of("sendDocument") == []


@pytest.mark.parametrize("way", ["caption", "reply"])
async def test_on_telegram_a_file_is_imported_by_its_caption_or_by_a_reply(bot: Whole, way: str) -> None:
    chat, owner = group(bot.telegram)
    more = bot.telegram.document("settings.yaml", f"{HEAD}risk: high\nwelcome: '{chat.id}'\n".encode())
    if way == "caption":
        bot.telegram.send(chat, owner, "/settings import", more=more)
    else:
        file = bot.telegram.send(chat, owner, "", more=more)
        bot.telegram.send(chat, owner, "/settings import", reply_to=file)
    assert "in use now" in (await alone(bot, chat)).text
    changed = yaml.safe_load(await telegram_exports(bot, chat, owner, 2))
    assert (changed["risk"], changed["welcome"]) == ("high", str(chat.id))


async def test_on_telegram_a_large_file_a_members_file_and_no_file_are_refused(bot: Whole) -> None:
    chat, owner = group(bot.telegram)
    bot.telegram.send(chat, owner, "/settings import")
    assert "as its caption" in (await alone(bot, chat)).text
    bot.telegram.send(chat, owner, "/settings import", more=bot.telegram.document("a.yaml", b"#" * 70_000))
    assert "at most 16 KB" in (await alone(bot, chat, 2)).text
    bot.telegram.send(chat, owner, "/settings import", more=bot.telegram.document("a.yaml", b"#" * 70_000, 9))
    assert "at most 16 KB" in (await alone(bot, chat, 3)).text
    member = bot.telegram.member()
    bot.telegram.send(chat, member, "/settings import", more=bot.telegram.document("a.yaml", HEAD.encode()))
    assert "You need the right" in (await alone(bot, chat, 4)).text
    assert len(bot.telegram.of("getFile")) == 1


async def test_a_file_that_telegram_does_not_give_is_asked_for_again(bot: Whole) -> None:
    chat, owner = group(bot.telegram)
    document = {"file_id": "gone", "file_unique_id": "g", "file_size": 9}
    bot.telegram.send(chat, owner, "/settings import", more={"document": document})
    assert "could not be fetched" in (await alone(bot, chat)).text


async def test_topics_of_another_group_are_left_out_and_the_group_itself_becomes_this_one(bot: Whole) -> None:
    chat, owner = group(bot.telegram, forum=True)
    chat.topics[5] = "five"
    theirs = "-1001999999999"
    text = (
        f"{HEAD}community: '{theirs}'\nchannels: ['{theirs}', '5']\nlanguages:\n  '5': es\nwelcome: '{theirs}/5'\n"
        f"log: '{theirs}'\nforums: ['1234567890123456789']\n"
    )
    bot.telegram.send(chat, owner, "/settings import", more=bot.telegram.document("settings.yaml", text.encode()))
    said = (await alone(bot, chat)).text
    assert said.count("is not here, so it was left out") == 4
    changed = yaml.safe_load(await telegram_exports(bot, chat, owner, 2))
    assert [changed[one] for one in ("channels", "log")] == [[str(chat.id)], str(chat.id)]
    assert [changed[one] for one in ("languages", "welcome", "forums")] == [{}, False, []]


async def test_a_groups_own_file_brings_its_topics_back(bot: Whole) -> None:
    chat, owner = group(bot.telegram, forum=True)
    chat.topics[5] = "five"
    for text in ("/settings channels here", "/settings language español here", "/welcome on", "/log on"):
        asked = bot.telegram.send(chat, owner, text, thread=5)
        await (alone(bot, chat, len(chat.ephemeral) + 1) if "settings" in text else bot.answered(asked))
    text = await telegram_exports(bot, chat, owner, 3)
    assert f"welcome: '{chat.id}/5'" in text
    empty = f"{HEAD}channels: all\nlanguages: {{}}\nwelcome: off\nlog: off\n"
    for number, file in enumerate((empty, text)):
        bot.telegram.send(chat, owner, "/settings import", more=bot.telegram.document("settings.yaml", file.encode()))
        assert "in use now" in (await alone(bot, chat, 4 + number)).text
    assert await telegram_exports(bot, chat, owner, 6) == text


@pytest.mark.parametrize("topic", ["007", "0", "-7", "{home}"])
async def test_no_id_is_imported_that_telegram_would_not_write(bot: Whole, topic: str) -> None:
    """A backup with it would be refused, with what all other communities have in it."""
    chat, owner = group(bot.telegram, forum=True)
    topic = topic.format(home=chat.id)
    text = f"{HEAD}community: '{chat.id}'\nwelcome: '{chat.id}/{topic}'\nlog: '{chat.id}/{topic}'\n"
    if topic != str(chat.id):
        text += f"channels: ['{topic}']\nlanguages:\n  '{topic}': es\n"
    bot.telegram.send(chat, owner, "/settings import", more=bot.telegram.document("settings.yaml", text.encode()))
    assert f"Line {text.count(chr(10))}:" in (await alone(bot, chat)).text
    changed = yaml.safe_load(await telegram_exports(bot, chat, owner, 2))
    assert (changed["welcome"], changed["log"], changed["channels"]) == (False, False, "all")
    assert changed["languages"] == {}


async def test_no_id_is_imported_that_discord_would_not_write(bot: Whole) -> None:
    said = await imports(bot, f"{HEAD}channels: ['0{bot.guild.channel('other').id}']\n")
    assert said.startswith("Nothing was changed.")
    assert "Write the id of a channel" in said


async def test_in_a_channel_where_all_would_see_them_settings_do_not_travel(bot: Whole) -> None:
    admin = bot.telegram.member()
    channel = bot.telegram.chat("channel", rights=("can_post_messages", "can_edit_messages", "can_change_info"))
    channel.put(admin, "creator")
    post: Message = bot.telegram.post(channel, admin, "/settings export")
    assert "works in a group only" in await bot.answered(post)
    assert bot.telegram.of("sendDocument") == []


def test_the_answer_that_lists_the_settings_lists_them_all() -> None:
    keys = set(yaml.safe_load(to_yaml(Community(DISCORD, "1")))) - {"format", "community"}
    for path in ROOT.glob("responses/*/interface.yaml"):
        words = yaml.safe_load(path.read_text(encoding="utf-8"))["notices"]["settings-import-unknown"]
        assert {one.strip("、,.。 ") for one in words.replace("、", " ").replace("：", " ").split()} >= keys, path
