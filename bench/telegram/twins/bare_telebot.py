"""A bare bot on pyTelegramBotAPI's asyncio half as its documentation writes one: one command, one text."""

import argparse
import asyncio
from pathlib import Path

from aiohttp import web
from telebot import asyncio_helper
from telebot.async_telebot import AsyncTeleBot
from telebot.types import Message, Update

_OPTIONS = argparse.ArgumentParser()
_OPTIONS.add_argument("--api", required=True)
_OPTIONS.add_argument("--token", required=True)
_OPTIONS.add_argument("--text", type=Path, required=True)
_OPTIONS.add_argument("--at-once", type=int, default=1)
_OPTIONS.add_argument("--port", type=int)
_OPTIONS.add_argument("--path")
_OPTIONS.add_argument("--secret")


async def main() -> None:
    """Serve until killed."""
    options = _OPTIONS.parse_args()
    text = options.text.read_text("utf-8")
    asyncio_helper.API_URL = f"{options.api}/bot{{0}}/{{1}}"
    bot = AsyncTeleBot(options.token)

    async def answer(message: Message) -> None:
        await bot.send_message(message.chat.id, text)

    bot.register_message_handler(answer, commands=["whatisksm"])
    if not options.port:
        await bot.polling(non_stop=True, timeout=30, request_timeout=60)
        return

    async def take(request: web.Request) -> web.Response:
        if request.headers.get("X-Telegram-Bot-Api-Secret-Token") != options.secret:
            return web.Response(status=403)
        update = Update.de_json(await request.json())
        asyncio.create_task(bot.process_new_updates([update]))  # noqa: RUF006 - as its example does
        return web.Response()

    application = web.Application()
    application.router.add_post(options.path, take)
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", options.port).start()
    await bot.set_webhook(f"https://bot.example{options.path}", secret_token=options.secret)
    await asyncio.Event().wait()


asyncio.run(main())
