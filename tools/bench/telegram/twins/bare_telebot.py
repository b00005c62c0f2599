"""A bare bot on pyTelegramBotAPI's asyncio half as its documentation writes one: one command, one text."""

import asyncio

from aiohttp import web
from telebot import asyncio_helper
from telebot.async_telebot import AsyncTeleBot
from telebot.types import Message, Update

from tools.bench.telegram.twins.options import options


async def main() -> None:
    """Serve until killed."""
    asked = options()
    text = asked.text.read_text("utf-8")
    asyncio_helper.API_URL = f"{asked.api}/bot{{0}}/{{1}}"
    bot = AsyncTeleBot(asked.token)

    async def answer(message: Message) -> None:
        await bot.send_message(message.chat.id, text)

    bot.register_message_handler(answer, commands=["whatisksm"])
    if not asked.port:
        await bot.polling(non_stop=True, timeout=30, request_timeout=60)
        return

    async def take(request: web.Request) -> web.Response:
        if request.headers.get("X-Telegram-Bot-Api-Secret-Token") != asked.secret:
            return web.Response(status=403)
        update = Update.de_json(await request.json())
        asyncio.create_task(bot.process_new_updates([update]))  # noqa: RUF006 - as its example does
        return web.Response()

    application = web.Application()
    application.router.add_post(asked.path, take)
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", asked.port).start()
    await bot.set_webhook(f"https://bot.example{asked.path}", secret_token=asked.secret)
    await asyncio.Event().wait()


asyncio.run(main())
