"""responses/README.md, "Adding a language", walked step by step with the German texts in `de/`: nothing but files is
added, and both platforms speak the new language.
"""

import json
import re
import shutil
from pathlib import Path

from tests.builders import ROOT, Folder, shipped
from tests.command import called
from tests.fakes.telegram import TelegramServer
from tests.faults.stage import served

GERMAN = Path(__file__).parent / "de"
SECTION = (ROOT / "responses" / "README.md").read_text("utf-8").split("## Adding a language\n")[1].split("\n## ")[0]
STEPS = re.findall(r"(?m)^\d\. (?:Make|Write|Translate) .*?`([\w./]+)`", SECTION)
WARNING = "⚠️ Krypto ist hochriskant. KSM kann extrem schwanken und einen Teil seines Werts oder alles verlieren."


async def test_each_step_of_the_docs_leads_on_and_the_last_one_to_a_language_without_a_mistake(tmp_path: Path) -> None:
    content = Folder(tmp_path, "en").path
    assert STEPS[0] == "de"
    assert {step.removeprefix("de/") for step in STEPS[1:]} == {one.name for one in GERMAN.iterdir()}
    missing = {"de/duties.yaml", "de/policy.yaml", "de/interface.yaml"}  # what a language cannot do without
    (content / "de").mkdir()
    for step in STEPS[1:]:
        status, out, err = await called(tmp_path, "check")
        assert {line.split(":")[0] for line in err.splitlines() if "cannot be read" in line} == missing
        assert (status == 0) == (not missing)
        (shutil.copytree if (GERMAN / step.removeprefix("de/")).is_dir() else shutil.copyfile)(
            GERMAN / step.removeprefix("de/"), content / step
        )
        missing.discard(step)
    status, out, err = await called(tmp_path, "check")
    assert (status, "en (20), de (1)" in out) == (0, True), err
    assert re.search(r"^Warning: de/interface.yaml: \d+ texts are missing and shown in English: commands → ", err)
    for command in re.findall(r"`\.venv/bin/python -m bot ([^`]+)`", SECTION):
        status, out, err = await called(tmp_path, *command.split())
        assert (status, WARNING in out) == (0, True), err


def german_menu(telegram: TelegramServer) -> dict[str, str] | None:
    """What groups are offered in German, by command, as soon as it is."""
    for call in telegram.of("setMyCommands"):
        if call.params.get("language_code") == "de" and "all_group_chats" in str(call.params["scope"]):
            found = call.params["commands"]
            commands = json.loads(found) if isinstance(found, str) else found
            return {one["command"]: one["description"] for one in commands}
    return None


async def test_both_platforms_offer_the_new_language_and_answer_in_it(tmp_path: Path) -> None:
    shutil.copytree(GERMAN, tmp_path / "responses" / "de")
    async with served(tmp_path) as bot:
        telegram, discord, guild, channel = bot.telegram, bot.discord, bot.guild, bot.channel
        chat, mod = telegram.chat(rights=["can_delete_messages"]), telegram.member("Mod", language_code="de")
        owner, reader = bot.boss, guild.member("Ada")
        chat.put(mod, "administrator", ["can_change_info"])
        said: list[str] = []
        for words in ("/settings language Deutsch", "/settings", "/whatisksm", "/staking"):
            telegram.send(chat, mod if "settings" in words else telegram.member(), words)
            await telegram.wait_for("sendMessage", len(said) + 1)
            said.append(telegram.of("sendMessage")[-1].params["text"])
        offered = await telegram.until(lambda: german_menu(telegram))
        await discord.slash(channel, owner, "settings", {"name": "language", "value": "Deutsch"}).message()
        said.append((await discord.slash(channel, reader, "whatisksm").message()).shown)
        menu = {one["name"]: one for one in discord.commands.scopes[None]}
    assert "Gespeichert." in said[0]
    assert "Sprache: Deutsch" in said[1]
    assert "cooldown: " in said[1]  # not translated yet
    for answer in (said[2], said[4]):
        assert "Was ist KSM?" in answer
        assert WARNING in answer
        assert "Quelle: „What is KSM?“ · geprüft am 30. November 2026" in answer
    assert said[3].startswith("What is staking on Kusama?\n⚠️ Crypto is high-risk.")
    assert offered["topics"] == "Alles, was dieser Bot erklären kann"
    assert offered["whatisksm"] == "Was ist KSM?"
    assert menu["topics"]["description_localizations"]["de"] == offered["topics"]


def test_the_shipped_languages_leave_nothing_in_english() -> None:
    assert {one.locale: one.untranslated for one in shipped().languages.values() if one.untranslated} == {}


def test_no_list_in_the_code_or_the_tools_names_the_languages() -> None:
    """What Discord calls regional kinds of languages is Discord's list, and has others than ours."""
    listed = re.compile(r"""["'](?:es|ru|tr|vi|zh)["'](?:,|:).*["'](?:es|ru|tr|vi|zh)["']""")
    found = [
        f"{path.name}:{number}"
        for folder in ("bot", "tools")
        for path in sorted((ROOT / folder).rglob("*.py"))
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if listed.search(line)
    ]
    assert found == []
