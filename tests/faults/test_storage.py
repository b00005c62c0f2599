"""What goes wrong with what is stored and with the content. Both platforms go on answering through all of it."""

import asyncio
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.faults.stage import Whole, served
from tests.locked import hold
from tests.waiting import PATIENCE

pytestmark = pytest.mark.asyncio(loop_scope="module")
WHATISKSM = "en/answers/whatisksm.yaml"


async def set_pause(bot: Whole, value: str) -> str:
    """The guild's owner sets the pause between answers; returns what they are told."""
    owner = bot.guild.members[bot.guild.owner_id]
    asked = bot.discord.slash(bot.channel, owner, "settings", {"name": "cooldown", "value": value})
    async with asyncio.timeout(PATIENCE):
        return (await asked.message()).content


async def test_a_locked_database_refuses_a_change_with_a_word_and_takes_it_when_it_is_free(bot: Whole) -> None:
    with closing(await hold(bot.data / "bot.sqlite3")):
        assert "7" not in await set_pause(bot, "7")
        await bot.both_answer()
    assert "7" in await set_pause(bot, "7")


async def test_a_deleted_database_stops_no_answer_refuses_changes_and_is_made_anew_at_the_next_start(
    tmp_path: Path,
) -> None:
    async with served(tmp_path) as bot:
        for file in bot.data.glob("bot.sqlite3*"):
            file.unlink()
        assert "9 s" not in await set_pause(bot, "9")
        await bot.both_answer()
    async with served(tmp_path) as bot:
        assert "9 s" in await set_pause(bot, "9")


async def test_a_database_that_is_put_back_or_exchanged_for_a_backup_is_taken_up_by_itself(
    bot: Whole, tmp_path: Path
) -> None:
    file = bot.data / "bot.sqlite3"
    assert "8 s" in await set_pause(bot, "8")
    with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(tmp_path / "backup")) as target:
        source.backup(target)
    moved = [one.rename(tmp_path / one.name) for one in bot.data.glob("bot.sqlite3*")]
    assert "9 s" not in await set_pause(bot, "9")
    for one in moved:
        one.rename(bot.data / one.name)
    assert "9 s" in await set_pause(bot, "9")
    for one in bot.data.glob("bot.sqlite3*"):
        one.unlink()
    assert "10 s" not in await set_pause(bot, "10")
    shutil.copyfile(tmp_path / "backup", file)
    assert "10 s" in await set_pause(bot, "10")
    with closing(sqlite3.connect(file)) as stored:
        assert stored.execute("SELECT cooldown FROM communities WHERE platform = 'discord'").fetchall() == [(10,)]


async def broken(bot: Whole) -> None:
    """Return once /readyz names the content's problems; what was served is served still."""
    state = await bot.tells(lambda told: bool(told["content"]["problems"]))
    assert state["content"]["last_good_version"]
    await bot.both_answer()


async def mended(bot: Whole) -> None:
    """Return once /readyz says that the content is right again."""
    await bot.tells(lambda told: not told["content"]["problems"])


@pytest.mark.parametrize(
    "words", [b"", b"title: [", b"title: What is K", b"\xff\xfe\x00", b"a: &a [*a]\n" * 50, b"- " * 20_000]
)
async def test_a_file_that_is_half_written_changes_nothing_until_it_is_whole(bot: Whole, words: bytes) -> None:
    good = bot.content.text(WHATISKSM)
    bot.content.write(WHATISKSM, words)
    await broken(bot)
    bot.content.write(WHATISKSM, good)
    await mended(bot)


async def test_an_emptied_folder_leaves_the_last_good_version_in_use(bot: Whole, tmp_path: Path) -> None:
    shutil.copytree(bot.content.path, tmp_path / "kept")
    for file in bot.content.path.rglob("*.yaml"):
        file.unlink()
    await broken(bot)
    shutil.copytree(tmp_path / "kept", bot.content.path, dirs_exist_ok=True)
    await mended(bot)


async def test_a_folder_that_is_replaced_whole_is_read_anew(bot: Whole, tmp_path: Path) -> None:
    shutil.copytree(bot.content.path, tmp_path / "new")
    file = tmp_path / "new" / WHATISKSM
    file.write_text(file.read_text("utf-8").replace("What is KSM?", "What is the KSM token?", 1), "utf-8")
    shutil.move(bot.content.path, tmp_path / "old")
    await broken(bot)
    shutil.move(tmp_path / "new", bot.content.path)
    await mended(bot)
    assert "What is the KSM token?" in await bot.telegram_answers()


async def test_a_file_that_cannot_be_read_changes_nothing(bot: Whole) -> None:
    file = bot.content.path / WHATISKSM
    good = bot.content.text(WHATISKSM)
    file.unlink()
    file.mkdir()  # not even the superuser reads words from it
    await broken(bot)
    file.rmdir()
    bot.content.write(WHATISKSM, good)
    await mended(bot)
