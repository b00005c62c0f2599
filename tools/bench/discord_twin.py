"""A minimal bot on discord.py, written as in its documentation: `python -m tools.bench.discord_twin MODE`.

Its only slash command answers with the text and the buttons of `answer.json` (MODE `answer`), or with the number of
joins, which it collects without a member cache (`joins`). `both` also serves Telegram with python-telegram-bot.
"""

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import Any

import discord
import uvloop
from discord import app_commands

from tools.bench.stage import COMMAND


class Twin(discord.Client):
    """A client that answers one command."""

    def __init__(self, answer: dict[str, Any], *, joins: bool) -> None:
        intents, options = discord.Intents.default(), dict[str, Any]()
        if joins:
            intents.members = True
            options = {"member_cache_flags": discord.MemberCacheFlags.none(), "chunk_guilds_at_startup": False}
        super().__init__(intents=intents, allowed_mentions=discord.AllowedMentions.none(), **options)
        self._text, self._joins = answer["text"], list[discord.Member]() if joins else None
        self._view = discord.ui.View(timeout=None)
        for number, row in enumerate(answer["buttons"]):
            for one in row:
                self._view.add_item(discord.ui.Button(label=one["label"], custom_id=one["id"], row=number))
        tree = app_commands.CommandTree(self)
        tree.add_command(app_commands.Command(name=COMMAND, description="…", callback=self._explain))

    async def _explain(self, interaction: discord.Interaction) -> None:
        text = self._text if self._joins is None else str(len(self._joins))
        await interaction.response.send_message(text, view=self._view)

    async def on_member_join(self, member: discord.Member) -> None:
        """Collect the member."""
        if self._joins is not None:
            self._joins.append(member)


async def both(client: Twin, text: str) -> None:
    """Serve Discord and Telegram in one process."""
    import aiohttp.web  # noqa: F401 - a comparable bot needs it for a web page
    import yaml  # noqa: F401 - and this for its content
    from telegram import Update
    from telegram.ext import Application, CommandHandler, ContextTypes

    async def explain(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        assert update.message
        await update.message.reply_text(text)

    builder = Application.builder().token(os.environ["TELEGRAM_TOKEN"])
    application = builder.base_url(f"{os.environ['TELEGRAM_API_URL']}/bot").build()
    application.add_handler(CommandHandler(COMMAND, explain))
    async with application:
        await application.start()
        assert application.updater
        await application.updater.start_polling()
        await client.start(os.environ["DISCORD_TOKEN"])


def main(mode: str) -> None:
    """Serve until the process is stopped."""
    answer = json.loads(Path("answer.json").read_text("utf-8"))
    client = Twin(answer, joins=mode == "joins")
    if mode == "both":
        asyncio.run(both(client, answer["text"]))
    else:
        uvloop.run(client.start(os.environ["DISCORD_TOKEN"]))


if __name__ == "__main__":
    main(sys.argv[1])
