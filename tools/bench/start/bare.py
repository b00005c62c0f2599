"""The twin: one program with both stock libraries, each answering one command with one text, as their own first
examples do. Its law: nothing is tuned.
"""

import asyncio
import os

import discord
import yaml  # noqa: F401 - a bot with content reads it, and so does the issue's figure
from aiohttp import web  # noqa: F401 - the same
from discord import app_commands
from telegram import Update
from telegram.ext import Application, CommandHandler, ContextTypes

TEXT = "**What is KSM?**\n⚠️ High risk.\n\nKSM is the native token of the Kusama network."


class Bare(discord.Client):
    """Answers one slash command."""

    def __init__(self) -> None:
        super().__init__(intents=discord.Intents.default())
        tree = app_commands.CommandTree(self)
        tree.add_command(app_commands.Command(name="whatisksm", description="…", callback=self._explain))

    async def _explain(self, interaction: discord.Interaction) -> None:
        await interaction.response.send_message(TEXT)


async def explain(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
    """Answer one command."""
    assert update.message
    await update.message.reply_text(TEXT)


async def main() -> None:
    """Serve both until killed."""
    url = f"{os.environ['TELEGRAM_API_URL']}/bot"
    application = Application.builder().token(os.environ["TELEGRAM_TOKEN"]).base_url(url).build()
    application.add_handler(CommandHandler("whatisksm", explain))
    async with application:
        await application.start()
        assert application.updater
        await application.updater.start_polling()
        await Bare().start(os.environ["DISCORD_TOKEN"])


if __name__ == "__main__":
    asyncio.run(main())
