"""What leaves for the platforms: nobody is mentioned but the one a reply is for, and nothing can be followed out."""

import asyncio
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.adapters.playground.preview import faces
from bot.core.model import Risk
from bot.core.sealed_catalog import SealedCatalog
from bot.runtime.content_setup import read_content
from tests.builders import RESPONSES, shipped
from tests.faults.stage import served
from tests.waiting import PATIENCE

RIGHTS = ("can_pin_messages", "can_delete_messages")

LINK = re.compile(r"https?:|www\.|t\.me/|discord\.gg|\]\(|@\w", re.IGNORECASE)


def bodies(calls: list[Any]) -> Iterator[dict[str, Any]]:
    """Every body on the wire that shows words."""
    for call in calls:
        body = call.body if isinstance(call.body, dict) else {}
        body = body.get("data") or body if "type" in body else body
        if "content" in body:
            yield body


def nobody(allowed: dict[str, Any]) -> bool:
    """Whether Discord may make no mention of it but of members who are named one by one."""
    return allowed.get("parse") == [] and not allowed.get("roles") and not allowed.get("replied_user")


def harmless(params: dict[str, Any]) -> bool:
    """Whether nothing in a message on Telegram mentions, links or shows another page."""
    kinds = {entity["type"] for entity in params.get("entities", [])}
    odd = kinds & {"mention", "text_mention", "text_link", "url", "email", "phone_number", "pre", "code"}
    return not odd and params["link_preview_options"] == {"is_disabled": True} and "parse_mode" not in params


async def test_mentions_are_off_on_every_send_and_edit_but_for_the_one_member_named(tmp_path: Path) -> None:
    async with served(tmp_path) as bot, asyncio.timeout(PATIENCE):
        discord, guild, telegram = bot.discord, bot.guild, bot.telegram
        ada, grace, owner = guild.member("ada"), guild.member("@everyone <@1>"), guild.members[guild.owner_id]
        await discord.slash(guild.channel(), ada, "whatisksm").message()
        await discord.slash(guild.channel(), grace, "whatisksm", {"for": ada}).message()
        await discord.slash(guild.channel(), ada, "ask", {"question": "@everyone <@&1> https://example.org"}).message()
        pinned = discord.slash(guild.channel(), owner, "pin", {"topic": "whatisksm"})
        await pinned.message()
        discord.say(guild.channel(), guild.member("joan"), f"<@{discord.world.bot.id}> @everyone @here")
        await discord.wait_for("POST", r"/messages$", 2)
        await discord.slash(bot.channel, owner, "settings", {"name": "risk", "value": "high"}).message()
        sent = [one for one in bodies(discord.calls) if "⚠️" in one["content"]]
        assert len(sent) >= 4
        named = [one["allowed_mentions"].get("users") or [] for one in sent]
        assert sorted(map(len, named)) == [0] * (len(sent) - 1) + [1]
        assert [str(ada.id)] in [list(map(str, one)) for one in named]
        assert all(nobody(one["allowed_mentions"]) for one in bodies(discord.calls))
        await bot.telegram_answers("/ask @everyone @durov https://example.org")
        await telegram.until(lambda: telegram.of("sendMessage") or None)
        assert all(harmless(call.params) for call in telegram.of("sendMessage"))


async def test_an_edit_mentions_nobody_either_and_can_be_followed_nowhere(tmp_path: Path) -> None:
    """An edit without allowed_mentions would let Discord parse all; one without the preview's switch would show it."""
    async with served(tmp_path) as bot, asyncio.timeout(PATIENCE):
        telegram, chat, admin = bot.telegram, bot.telegram.chat("supergroup", rights=RIGHTS), bot.telegram.member()
        chat.put(admin, "administrator", ["can_pin_messages", "can_change_info"])
        await bot.discord.slash(bot.channel, bot.boss, "pin", {"topic": "governance"}).message()
        await bot.answered(telegram.send(chat, admin, "/pin governance"))
        await bot.discord.slash(bot.channel, bot.boss, "settings", {"name": "risk", "value": "high"}).message()
        await bot.answered(telegram.send(chat, admin, "/settings risk high"))
        await bot.discord.wait_for("PATCH", r"/messages/\d+$")
        await telegram.until(lambda: telegram.of("editMessageText") or None)
        for edit in bot.discord.done("PATCH", r"/messages/"):
            assert nobody(edit.body["allowed_mentions"])
        for edit in bot.discord.done("PATCH", r"/messages/\d+$"):  # a late answer to the command is a PATCH too
            assert "⚠️" in edit.body["content"]
        for call in telegram.of("editMessageText"):
            assert "⚠️" in call.params["text"]
            assert harmless(call.params)


@pytest.mark.parametrize("locale", sorted(shipped().languages))
def test_no_explainer_and_no_page_holds_a_link_or_a_handle(locale: str) -> None:
    edition = SealedCatalog(read_content(RESPONSES), Risk.GENERAL, "en")
    language = edition.language(locale)
    replies = [edition.explainer(name, language, Risk.GENERAL) for name in edition.catalog.explainers]
    replies += [edition.page(name, language, Risk.GENERAL) for name in ("risk", "scam", "advice", "price", "no-answer")]
    for reply in replies:
        assert reply is not None
        for shown in faces(reply).values():
            assert not LINK.search(shown["text"]), shown["text"]
