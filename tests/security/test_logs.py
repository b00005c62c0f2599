"""What the log of a whole run gives away: nothing of a secret, and nothing of what members wrote or are called."""

import asyncio
from pathlib import Path

from tests.fakes.discord_server import DiscordServer
from tests.fakes.telegram import CLOSE, TelegramServer, status
from tests.waiting import PATIENCE
from tests.whole.process import running

NAME, WORDS, SECRET = "Quillfeather", "xylophonic marmalade", "a-webhook-secret-9Zq"


async def test_a_run_at_debug_logs_no_token_no_name_and_no_words_of_a_member(tmp_path: Path) -> None:
    async with TelegramServer(privacy=False) as telegram, DiscordServer(point=False) as discord:
        settings = {
            "TELEGRAM_TOKEN": telegram.token,
            "TELEGRAM_API_URL": telegram.base_url.removesuffix("/bot"),
            "DISCORD_TOKEN": discord.token,
            "WEBHOOK_SECRET": SECRET,
            "LOG_LEVEL": "debug",
            "PLAYGROUND": "true",
            **discord.environment,
        }
        guild = discord.guild()
        ada, eve = guild.member(NAME), telegram.member(NAME, NAME.lower())
        async with running(tmp_path, module=("tests.fakes.discord_point", "bot"), **settings) as bot:
            async with asyncio.timeout(PATIENCE):
                await discord.gateway.connected(1)
                await discord.wait_for("PUT", r"/commands$")
                await telegram.until_polling()
                answered = discord.slash(guild.channel(), ada, "ask", {"question": WORDS})
                await answered.message()
                discord.fail_next("POST", "/callback$", status=500)
                discord.slash(guild.channel(), ada, "ask", {"question": WORDS})
                chat = telegram.private(eve)
                telegram.send(chat, eve, f"/ask {WORDS}")
                await telegram.wait_for("sendMessage")
                for fault in (CLOSE, status(500, "Internal Server Error"), status(403, "Forbidden: bot was kicked")):
                    telegram.fail_next("sendMessage", fault)
                    telegram.send(chat, eve, f"{WORDS} {NAME}")
                await telegram.wait_for("sendMessage", 4)
                telegram.inline(eve, WORDS)
                await telegram.wait_for("answerInlineQuery")
                await bot.post("/api/ask", {"text": WORDS, "for": NAME})
                discord.gateway.garble(f'{{"op": 0, "t": "{WORDS}')
                telegram.updates.tell("message", {"message_id": 1, "text": WORDS, "from": {"first_name": NAME}})
                await telegram.until_polling()
            assert await bot.stop() == 0
        log = "\n".join(bot.log)
        assert "listening" in log
        for secret in (telegram.token, discord.token, SECRET, NAME, NAME.lower(), *WORDS.split()):
            assert secret not in log, secret
