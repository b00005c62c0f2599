"""A pack made by `bot new` in a first language other than English, served on both platforms: one that the project comes
with (Spanish) and one that it does not (German).
"""

import re
from pathlib import Path

import pytest
import yaml

from bot.__main__ import main
from tests.command import called
from tests.faults.stage import served

GERMAN = {
    "title": "Was ist Kompost?",
    "summary": "Kompost ist Erde, die aus Abfällen der Küche entsteht.",
    "body": "Ein Haufen aus Abfällen wird von selbst zu Erde. Das dauert einige Monate, und man muss nichts kaufen."
    " Eine Ecke im Garten ist genug.\n\nWenn der Haufen riecht, ist er zu nass, und trockenes Laub hilft ihm.",
    "questions": {"de": ["was ist Kompost", "wie wird aus Abfall Erde", "was macht ein Komposthaufen"]},
}


def made(folder: Path, language: str) -> Path:
    """A new pack about compost, as the command leaves it."""
    settings = ["--title", "Kompost", "--names", "", "--purpose", "none", "--reason", "x", "--language", language]
    assert main(["new", str(folder), *settings]) == 0
    return folder


@pytest.mark.parametrize("purpose", ["crypto", "money", "health", "none"])
@pytest.mark.parametrize("language", ["es", "ru", "tr", "vi", "zh", "de", "pl", "ja", "pt-BR"])
def test_a_new_pack_in_any_language_is_right_and_says_what_is_still_english(
    tmp_path: Path, language: str, purpose: str, capsys: pytest.CaptureFixture[str]
) -> None:
    reason = ["--reason", "Nobody is hurt by compost."] if purpose == "none" else []
    pack, settings = tmp_path / "pack", ["--title", "compost", "--names", "", "--purpose", purpose]
    assert main(["new", str(pack), *settings, *reason, "--language", language]) == 0
    complete = purpose == "none" and language in ("es", "ru", "tr", "vi", "zh")
    assert (pack / "TRANSLATE.md").exists() != complete
    assert ("still in English" in capsys.readouterr().out) != complete
    assert sorted(one.name for one in pack.iterdir() if one.is_dir()) == [language]


def test_what_is_no_language_is_not_begun(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settings = ["--title", "tea", "--names", "", "--purpose", "money", "--language", "german"]
    assert main(["new", str(tmp_path / "pack"), *settings]) == 1
    assert "“german” is not a language tag" in capsys.readouterr().err
    assert not (tmp_path / "pack").exists()


async def test_german_texts_take_the_place_of_the_english_ones_file_by_file(tmp_path: Path) -> None:
    pack = made(tmp_path / "pack", "de")
    answer = pack / "de" / "answers" / "what-is-kompost.yaml"
    answer.write_text(yaml.safe_dump(yaml.safe_load(answer.read_text("utf-8")) | GERMAN), "utf-8")
    duties = pack / "de" / "duties.yaml"
    common = "common: der die das ein eine einige ist und wenn man von zu aus für nicht auch"
    duties.write_text(re.sub(r"(?m)^common: .*$", common, duties.read_text("utf-8")), "utf-8")
    status, out, err = await called(tmp_path, "check", RESPONSES_DIR=str(pack))
    assert (status, err) == (0, "")
    assert "de (2)" in out
    status, out, _ = await called(tmp_path, "ask", "wie wird aus Abfall denn Erde?", RESPONSES_DIR=str(pack))
    assert status == 0
    assert "Kompost ist Erde" in out


@pytest.mark.parametrize(
    ("language", "about", "topics"),
    [
        ("es", "Sobre este bot", "Todo lo que este bot puede explicar"),
        ("de", "About this bot", "Alles, was er erklärt"),
    ],
)
async def test_the_bot_speaks_its_packs_first_language_where_nobody_chose_another(
    tmp_path: Path, language: str, about: str, topics: str
) -> None:
    pack = made(tmp_path / "pack", language)
    if language == "de":
        for name, old, new in (
            ("interface.yaml", "Everything this bot can explain", topics),
            ("duties.yaml", "notices: ", "notices: alles was er erklärt "),
        ):
            text = (pack / "de" / name).read_text("utf-8")
            assert old in text
            (pack / "de" / name).write_text(text.replace(old, new, 1), "utf-8")
    async with served(tmp_path, responses_dir=pack) as bot:
        telegram, discord = bot.telegram, bot.discord
        (put,) = await discord.wait_for("PUT", r"/commands$")
        assert put.body is not None
        offered = {one["name"]: one.get("description") for one in put.body}
        assert offered["topics"] == topics
        menus = await telegram.wait_for("setMyCommands", 4)
        assert {call.params.get("language_code") for call in menus} == {None}
        assert topics in str(menus[0].params["commands"])
        (described,) = await discord.wait_for("PATCH", r"/applications/@me$")
        there, *_ = await telegram.wait_for("setMyDescription")
        assert described.body == {"description": there.params["description"]}
        ada = telegram.member("Ada")
        telegram.send(telegram.private(ada), ada, "/about")
        await telegram.wait_for("sendMessage")
        assert telegram.of("sendMessage")[0].params["text"].startswith(about)
        shown = await discord.slash(bot.channel, bot.guild.member("bob"), "about", locale="en-US").message()
        assert shown.shown.startswith(f"**{about}**")
        assert discord.problems == []
