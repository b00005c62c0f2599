"""The whole bot with a pack of 120 answers: all of them are reached, though neither platform takes as many commands."""

from pathlib import Path

import pytest

from tests.command import called
from tests.fakes.discord_messages import Message
from tests.faults.stage import served
from tests.many_answers import many


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pack, which nobody changes."""
    return many(tmp_path_factory.mktemp("many") / "pack")


def labelled(message: Message, label: str) -> str:
    """The id of the button with that label."""
    return next(id_ for shown, id_ in message.buttons if shown == label)


async def test_the_check_says_which_answers_no_menu_offers_and_how_they_are_reached(tmp_path: Path, pack: Path) -> None:
    status, out, err = await called(tmp_path, "check", RESPONSES_DIR=str(pack))
    assert status == 0, err
    assert "en (120)" in out
    note = next(line for line in err.splitlines() if line.startswith("Note:"))
    assert "take 100 commands" in note
    assert "the first 86 answers" in note
    assert "These 34 answers are not offered there. Members reach them by /topics" in note
    assert note.endswith("rye-soil, sage-soil.")
    assert "aloe-water" not in note


async def test_discord_offers_what_it_takes_and_the_menu_turns_its_pages_in_place(tmp_path: Path, pack: Path) -> None:
    async with served(tmp_path, responses_dir=pack) as bot:
        discord, guild = bot.discord, bot.guild
        channel, ada = guild.channel(), guild.member("ada")
        names = [one["name"] for one in (await discord.wait_for("PUT", r"/commands$"))[0].body]
        assert names[0] == "aloe-water"
        assert "sage-soil" not in names
        public = await discord.slash(channel, ada, "topics").message()
        assert [label for label, _ in public.buttons] == ["All about water", "All about light", "All about soil"]

        soil = await discord.press(public, labelled(public, "All about soil"), ada).message()
        assert (soil is public, soil.seen_by) == (False, ada.id)
        assert "All about soil · 1/2" in soil.shown
        assert [len(row["components"]) for row in soil.components] == [5, 5, 5, 5, 2]
        assert [label for label, _ in soil.buttons[20:]] == ["Next ▶", "All groups"]

        turned = await discord.press(soil, labelled(soil, "Next ▶"), ada).message()
        assert turned is soil
        assert "2/2" in soil.shown
        assert [label for label, _ in soil.buttons[-2:]] == ["◀ Previous", "All groups"]

        await discord.press(soil, labelled(soil, "All groups"), ada).message()
        assert [label for label, _ in soil.buttons] == [label for label, _ in public.buttons]
        bob = guild.member("bob")
        light = await discord.press(public, labelled(public, "All about light"), bob).message()
        await discord.press(light, labelled(light, "Next ▶"), bob).message()
        answer = await discord.press(light, labelled(light, "How much light does sage need?"), bob).message()
        assert "Two hours of light a day is enough for sage." in answer.shown
        assert (answer is light, light.seen_by) == (False, bob.id)

        direct = discord.direct(discord.user("bob"))
        menu = await discord.slash(direct, discord.user("bob"), "topics").message()
        assert await discord.press(menu, labelled(menu, "All about light"), discord.user("bob")).message() is menu


async def test_discord_finds_an_answer_without_a_command_by_its_name(tmp_path: Path, pack: Path) -> None:
    async with served(tmp_path, responses_dir=pack) as bot:
        discord, guild = bot.discord, bot.guild
        channel, ada, bob = guild.channel(), guild.member("ada"), guild.member("bob")
        people = [guild.member(f"reader{number}") for number in range(4)]
        await discord.wait_for("PUT", r"/commands$")
        choices = await discord.autocomplete(channel, ada, "topics", "topic", {"topic": "soil for sage"}).choices()
        assert choices[0] == ("How much soil does sage need?", "sage-soil")
        assert len(choices) <= 25
        for words, reader in zip(("sage-soil", "How much soil does sage need?"), people[:2], strict=True):
            shown = await discord.slash(channel, reader, "topics", {"topic": words, "for": bob}).message()
            assert "A hand of loose soil is enough for sage." in shown.shown
            assert shown.pings.users == {bob.id}
        near = await discord.slash(channel, people[2], "topics", {"topic": "what does sage want of soil"}).message()
        assert "How much soil does sage need?" in near.shown or "sage-soil" in str(near.buttons)
        group = await discord.slash(channel, people[3], "topics", {"topic": "all about light"}).message()
        assert "All about light · 1/2" in group.shown


async def test_telegram_offers_what_it_takes_and_answers_every_typed_name(tmp_path: Path, pack: Path) -> None:
    async with served(tmp_path, responses_dir=pack) as bot:
        telegram = bot.telegram
        ada = telegram.member("Ada")
        direct = telegram.private(ada)
        menus = [call.params["commands"] for call in await telegram.wait_for("setMyCommands", 4)]
        assert {len(menu) for menu in menus} == {91, 100}
        assert all(menu[0]["command"] == "aloe_water" for menu in menus)
        for number, words in enumerate(("/sage_soil", "/sage-soil", "/topics How much soil does sage need?"), 1):
            telegram.send(direct, ada, words)
            await telegram.wait_for("sendMessage", number)
            assert "A hand of loose soil is enough for sage." in telegram.of("sendMessage")[-1].params["text"]

        telegram.send(direct, ada, "/topics")
        await telegram.wait_for("sendMessage", 4)
        menu = max(direct.messages.values(), key=lambda message: message.id)
        telegram.press(menu, "v1:en:topics:soil.1", ada)
        await telegram.wait_for("editMessageText")
        telegram.press(menu, "v1:en:topics:soil.2", ada)
        await telegram.wait_for("editMessageText", 2)
        assert "2/2" in menu.content["text"]
        assert [button["text"] for button in menu.buttons[-1]] == ["◀ Previous", "All groups"]
        assert len(telegram.of("sendMessage")) == 4
