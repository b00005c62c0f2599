"""A bare bot on aiogram as its documentation writes one: one command, one text. It answers all that comes at once."""

import asyncio

from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.filters import Command
from aiogram.types import Message
from aiogram.webhook.aiohttp_server import SimpleRequestHandler
from aiohttp import web

from tools.bench.telegram.twins.options import options


async def main() -> None:
    """Serve until killed."""
    asked = options()
    text = asked.text.read_text("utf-8")
    dispatcher = Dispatcher()

    async def answer(message: Message) -> None:
        await message.answer(text)

    dispatcher.message.register(answer, Command("whatisksm"))
    bot = Bot(asked.token, session=AiohttpSession(api=TelegramAPIServer.from_base(asked.api)))
    if not asked.port:
        await dispatcher.start_polling(bot, polling_timeout=30)
        return
    application = web.Application()
    SimpleRequestHandler(dispatcher, bot, secret_token=asked.secret).register(application, asked.path)
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", asked.port).start()
    await bot.set_webhook(f"https://bot.example{asked.path}", secret_token=asked.secret)
    await asyncio.Event().wait()


asyncio.run(main())
