"""The twins: bare bots on a stock discord.py, as its own documentation would have one write them. Their law: they do
what ours is measured at, and nothing besides.

`python -m tools.bench.discord.bare ANSWER` serves the one slash command of that name; with JOINS it gathers joins
without a member cache instead. ANSWER is a JSON file of {"name", "text", "buttons": [[{"label", "id"}…]…]}.
"""

import json
import os
import sys
from pathlib import Path
from typing import Any

import discord
from discord import app_commands


class Explain(discord.ui.View):
    """The buttons, made once and kept, the cheapest way there is."""

    def __init__(self, rows: list[list[dict[str, str]]]) -> None:
        super().__init__(timeout=None)
        for number, row in enumerate(rows):
            for button in row:
                self.add_item(discord.ui.Button(label=button["label"], custom_id=button["id"], row=number))


class Bare(discord.Client):
    """Answers one command."""

    def __init__(self, answer: dict[str, Any], **options: Any) -> None:
        super().__init__(allowed_mentions=discord.AllowedMentions.none(), **options)
        self.tree = app_commands.CommandTree(self)
        self.joins: list[discord.Member] = []
        self._answer = answer
        self._view = Explain(answer["buttons"])
        self.tree.add_command(app_commands.Command(name=answer["name"], description="…", callback=self._explain))

    async def _explain(self, interaction: discord.Interaction) -> None:
        if os.environ.get("JOINS"):
            await interaction.response.send_message(str(len(self.joins)))
        else:
            await interaction.response.send_message(self._answer["text"], view=self._view)

    async def on_member_join(self, member: discord.Member) -> None:
        """Gather who came."""
        self.joins.append(member)


def main(path: str) -> None:
    """Serve until interrupted."""
    intents, more = discord.Intents.default(), dict[str, Any]()
    if os.environ.get("JOINS"):
        intents.members = True
        more = {"member_cache_flags": discord.MemberCacheFlags.none(), "chunk_guilds_at_startup": False}
    answer = json.loads(Path(path).read_text("utf-8"))
    Bare(answer, intents=intents, **more).run("bench.discord.token", log_handler=None)


if __name__ == "__main__":
    main(sys.argv[1])
