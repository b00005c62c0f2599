"""The bot as a process: who waits to be greeted is greeted when it is told to end."""

from pathlib import Path

from tests.fakes.telegram import TelegramServer
from tests.whole.process import running


async def test_a_process_that_is_told_to_end_greets_those_who_wait(tmp_path: Path) -> None:
    async with TelegramServer() as telegram:
        address = telegram.base_url.removesuffix("/bot")
        chat, mod = telegram.chat(rights=["can_delete_messages"]), telegram.member("Mod")
        chat.put(mod, "administrator", ["can_change_info"])
        async with running(tmp_path, TELEGRAM_TOKEN=telegram.token, TELEGRAM_API_URL=address) as bot:
            await telegram.until_polling()
            telegram.send(chat, mod, "/welcome on")
            await telegram.wait_for("sendMessage")
            # The pretend Telegram's day is a fixed one; whoever comes after the command must come after it there too.
            telegram.world.now = lambda: 4_000_000_000
            telegram.join(chat, telegram.member("Ada"), announce=False)
            await telegram.until_polling()
            telegram.send(chat, mod, "/about")
            await telegram.wait_for("sendMessage", 2)
            assert await bot.stop() == 0
            greeting = telegram.of("sendMessage")[-1].params["text"]
            assert "Ada has joined." in greeting
            assert greeting.split("\n")[1].startswith("⚠️")
