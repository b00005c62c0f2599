"""The whole bot with a pack about something else, made with `bot new` from a text of our own: nothing of the shipped
pack shows.
"""

import json
import re
from pathlib import Path

import aiohttp
import pytest
import yaml

from bot.__main__ import main
from tests.builders import ROOT
from tests.command import called
from tests.faults.stage import served
from tests.whole.process import running

SHIPPED = re.compile(r"kusama|\bksm\b|polkadot|crypto", re.IGNORECASE)
FACTS = {
    "heap": "A compost heap turns kitchen scraps into soil within some months.",
    "green-and-brown": "Green scraps bring nitrogen, and brown leaves bring carbon.",
    "smell": "A heap that smells is too wet and needs dry leaves.",
}
ANSWERS = {
    "what-is-compost": ("What is compost?", "Compost is soil made of kitchen scraps.", "heap"),
    "green-and-brown": (
        "What are green and brown scraps?",
        "Green ones bring nitrogen, brown ones carbon.",
        "green-and-brown",
    ),
    "why-it-smells": ("Why does my heap smell?", "It is too wet, and dry leaves help.", "smell"),
}
QUESTIONS = {
    "what-is-compost": ["what is compost", "what does a compost heap do", "how do kitchen scraps become soil"],
    "green-and-brown": ["which scraps are green", "what is brown material", "why do I need nitrogen and carbon"],
    "why-it-smells": ["why does my heap stink", "the compost smells bad", "it smells awful, what can I do"],
}
BODY = (
    "{summary} This is told in a few plain sentences for somebody who is new to it, and nothing in it goes beyond what "
    "the source says about it.\n\nWho wants to know more can ask in other words, or look at the other topics."
)


def compost(folder: Path, purpose: str = "none") -> Path:
    """A pack of three answers in one language, filled in as a writer would."""
    reason = ["--reason", "Nobody is hurt by compost."] if purpose == "none" else []
    assert main(["new", str(folder), "--title", "compost", "--names", "", "--purpose", purpose, *reason]) == 0
    source = yaml.safe_load((folder / "source.yaml").read_text("utf-8"))
    source["menu"] = list(ANSWERS)
    source["sections"][0]["facts"] = [{"id": key, "claim": claim} for key, claim in FACTS.items()]
    (folder / "source.yaml").write_text(yaml.safe_dump(source), "utf-8")
    answers = sorted((folder / "en" / "answers").iterdir())
    model = yaml.safe_load(answers[0].read_text("utf-8"))
    for file in answers:
        file.unlink()
    for command, (title, summary, fact) in ANSWERS.items():
        kept = {**model, "title": title, "summary": summary, "body": BODY.format(summary=summary), "facts": [fact]}
        kept["questions"] = {"en": QUESTIONS[command]}
        (folder / "en" / "answers" / f"{command}.yaml").write_text(yaml.safe_dump(kept), "utf-8")
    policy = folder / "en" / "policy.yaml"
    policy.write_text(policy.read_text("utf-8").replace("about-the-answers", "why-it-smells"), "utf-8")
    return folder


@pytest.mark.parametrize("purpose", ["none", "health", "money", "crypto"])
async def test_a_new_pack_of_each_purpose_is_right(tmp_path: Path, purpose: str) -> None:
    status, out, err = await called(tmp_path, "check", RESPONSES_DIR=str(compost(tmp_path / "pack", purpose)))
    assert (status, err) == (0, "")
    assert "en (3)" in out


async def test_the_whole_bot_speaks_of_its_pack_alone_on_both_platforms(tmp_path: Path) -> None:
    pack = compost(tmp_path / "pack")
    async with served(tmp_path, responses_dir=pack) as bot:
        telegram, discord, guild, channel = bot.telegram, bot.discord, bot.guild, bot.channel
        chat, mod = telegram.chat(rights=["can_delete_messages", "can_pin_messages"]), telegram.member("Mod")
        chat.put(mod, "administrator", ["can_change_info", "can_pin_messages"])
        shown = []
        asked = ("/what_is_compost", "/ask it smells awful", "/ask who made you", "/about")
        for number, words in enumerate(asked, 1):
            telegram.send(chat, telegram.member(), words)
            await telegram.wait_for("sendMessage", number)
            shown.append(telegram.of("sendMessage")[-1].params["text"])
        assert "soil made of kitchen scraps" in shown[0]
        assert "too wet" in shown[1]
        assert "Nobody is hurt by compost." in shown[2]
        telegram.send(chat, mod, "/pin what-is-compost")
        await telegram.wait_for("pinChatMessage")
        await telegram.wait_for("sendMessage", 6)
        telegram.send(chat, mod, "/welcome on")
        await telegram.wait_for("sendMessage", 7)
        telegram.world.now = lambda: 4_000_000_000
        telegram.join(chat, telegram.member("Grace"), announce=False)
        await telegram.until_polling()
        telegram.send(chat, telegram.member(), "/about")
        await telegram.wait_for("sendMessage", 8)
        telegram.send(chat, mod, "/settings")
        await telegram.wait_for("sendMessage", 9)
        assert "cooldown" in telegram.of("sendMessage")[-1].params["text"]
        assert "risk" not in telegram.of("sendMessage")[-1].params["text"]
        for command in ANSWERS:
            shown.append((await discord.slash(channel, guild.member(command), command).message()).shown)
        shown.append(
            (
                await discord.slash(
                    channel, guild.member("ada"), "ask", {"question": "which scraps are brown"}
                ).message()
            ).shown
        )
        assert "nitrogen" in shown[-1]
        await bot.stop()
        shown += [call.params["text"] for call in telegram.of("sendMessage")[-3:]]
        assert [text for text in shown if "Grace has joined." in text]
        assert [text for text in shown if SHIPPED.search(text) or "⚠️" in text] == []
        offered = [str(call.params) for call in telegram.of("setMyCommands")]
        assert offered
        assert [text for text in offered if SHIPPED.search(text) or '"risk"' in text] == []


async def test_the_page_speaks_of_its_pack_alone(tmp_path: Path) -> None:
    async with running(tmp_path, RESPONSES_DIR=str(compost(tmp_path / "pack"))) as bot:
        async with aiohttp.ClientSession() as session, session.get(f"http://127.0.0.1:{bot.port}/events") as stream:
            told = await anext(line async for line in stream.content if b"examples" in line)
        content = json.loads(told.removeprefix(b"data: "))
    assert content["words"]["name"] == "Compost bot"
    assert content["words"]["intro-title"] == "A bot about compost on Discord and Telegram"
    assert "warning" not in content["words"]["intro-text"]
    assert [words for words, _ in content["examples"]] == ["/what-is-compost", "Why does my heap smell?"]


def test_nothing_of_the_shipped_pack_stands_in_the_code() -> None:
    """The project's own name may: in the command, in the names of metrics, and in what the database is told."""
    own = re.compile(r"kusamabot_|kusama-bot|kusama-community-bot")
    found = [
        f"{path.name}:{number}: {line}"
        for path in sorted([*(ROOT / "bot").rglob("*.py"), *(ROOT / "bot/adapters/playground/page").iterdir()])
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if re.search(r"kusama|ksm|polkadot|parachain", own.sub("", line), re.IGNORECASE)
    ]
    assert found == []
