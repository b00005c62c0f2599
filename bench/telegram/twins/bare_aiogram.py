"""A bare bot on aiogram as its documentation writes one: one command, one text. It answers all that comes at once."""

import argparse
import asyncio
from pathlib import Path

from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.filters import Command
from aiogram.types import Message
from aiogram.webhook.aiohttp_server import SimpleRequestHandler
from aiohttp import web

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
    dispatcher = Dispatcher()

    async def answer(message: Message) -> None:
        await message.answer(text)

    dispatcher.message.register(answer, Command("whatisksm"))
    bot = Bot(options.token, session=AiohttpSession(api=TelegramAPIServer.from_base(options.api)))
    if not options.port:
        await dispatcher.start_polling(bot, polling_timeout=30)
        return
    application = web.Application()
    SimpleRequestHandler(dispatcher, bot, secret_token=options.secret).register(application, options.path)
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", options.port).start()
    await bot.set_webhook(f"https://bot.example{options.path}", secret_token=options.secret)
    await asyncio.Event().wait()


asyncio.run(main())
