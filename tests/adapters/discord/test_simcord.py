"""The real client under simcord: a second opinion, from a pretend Discord that others wrote.

Its known gaps: every reader has the locale en-US, and pinning asks for the wrong right.
"""

import simcord

from bot.adapters.discord.adapter import DiscordAdapter
from tests.adapters.discord.spoken import WARNING, Remembered, SpokenResponder


async def test_the_menu_a_command_a_completion_and_a_button_work() -> None:
    responder = SpokenResponder()
    adapter = DiscordAdapter("token", responder, Remembered())
    client = adapter.client()
    async with client, simcord.run(client) as env:
        await adapter.offer(responder.commands)
        guild = env.create_guild()
        channel = guild.create_text_channel("general")
        ada, bob = guild.add_member(env.create_user("ada")), guild.add_member(env.create_user("bob"))

        result = await ada.slash(channel, "whatisksm", **{"for": bob})
        assert result.response is not None
        assert result.response.content.startswith(f"<@{bob.id}>\n**What is KSM?**\n**{WARNING}**\n\n")
        assert not result.ephemeral

        typed = await ada.autocomplete(channel, "ask", "question", "wha")
        assert typed == [{"name": "wha in en-US", "value": "whatisksm"}]

        pressed = await bob.click(result.response.message, label="Risks")
        assert pressed.ephemeral
        assert responder.requests[-1].command == "kusama-risks"
        assert responder.requests[-1].member.name == "bob"

        said = await bob.send(channel, "what is it?")
        asked = await ada.context_menu(channel, "Explain this", said)
        assert asked.acknowledged
        assert responder.requests[-1].text == "what is it?"
