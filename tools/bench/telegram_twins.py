"""Minimal Telegram bots, written as in their libraries' documentation: one command, one text with its buttons.

`python -m tools.bench.telegram_twins LIBRARY` uses the bot's environment variables, and the answer in `answer.json`.
`ptb` is python-telegram-bot with its defaults, which answers one update after another. `ptb-tuned` runs it on uvloop
and answers up to 16 updates at the same time.
"""

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import Any

from aiohttp import web

from tools.bench.stage import COMMAND
from tools.bench.telegram_api import PATH, SECRET

_TOKEN, _URL = os.environ.get("TELEGRAM_TOKEN", ""), os.environ.get("TELEGRAM_API_URL", "")
_HOOK, _PORT = os.environ.get("WEBHOOK_URL"), int(os.environ.get("PORT", "0"))


def ptb(answer: dict[str, Any], *, tuned: bool) -> None:
    """Run python-telegram-bot, which starts its own event loop."""
    from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
    from telegram.ext import Application, CommandHandler, ContextTypes

    rows = [[InlineKeyboardButton(one["label"], callback_data=one["id"]) for one in row] for row in answer["buttons"]]

    async def explain(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        assert update.message
        await update.message.reply_text(answer["text"], reply_markup=InlineKeyboardMarkup(rows))

    builder = Application.builder().token(_TOKEN).base_url(f"{_URL}/bot")
    if tuned:
        import uvloop

        asyncio.set_event_loop(uvloop.new_event_loop())
        builder = builder.concurrent_updates(16)
    application = builder.build()
    application.add_handler(CommandHandler(COMMAND, explain))
    if _HOOK:
        application.run_webhook("127.0.0.1", _PORT, PATH, webhook_url=_HOOK, secret_token=SECRET, max_connections=40)
    else:
        application.run_polling(timeout=30)


async def aiogram(answer: dict[str, Any]) -> None:
    """Run aiogram, which answers all updates at the same time."""
    from aiogram import Bot, Dispatcher
    from aiogram.client.session.aiohttp import AiohttpSession
    from aiogram.client.telegram import TelegramAPIServer
    from aiogram.filters import Command
    from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup, Message
    from aiogram.webhook.aiohttp_server import SimpleRequestHandler

    rows = [
        [InlineKeyboardButton(text=one["label"], callback_data=one["id"]) for one in row] for row in answer["buttons"]
    ]

    async def explain(message: Message) -> None:
        await message.answer(answer["text"], reply_markup=InlineKeyboardMarkup(inline_keyboard=rows))

    dispatcher = Dispatcher()
    dispatcher.message.register(explain, Command(COMMAND))
    bot = Bot(_TOKEN, session=AiohttpSession(api=TelegramAPIServer.from_base(_URL)))
    if not _HOOK:
        await dispatcher.start_polling(bot, polling_timeout=30)
        return
    application = web.Application()
    SimpleRequestHandler(dispatcher, bot, secret_token=SECRET).register(application, PATH)
    await _serve(application, bot)


async def telebot(answer: dict[str, Any]) -> None:
    """Run pyTelegramBotAPI's asynchronous bot."""
    from telebot import asyncio_helper
    from telebot.async_telebot import AsyncTeleBot
    from telebot.types import InlineKeyboardButton, InlineKeyboardMarkup, Message, Update

    rows = [[InlineKeyboardButton(one["label"], callback_data=one["id"]) for one in row] for row in answer["buttons"]]
    asyncio_helper.API_URL = f"{_URL}/bot{{0}}/{{1}}"
    bot = AsyncTeleBot(_TOKEN)

    async def explain(message: Message) -> None:
        await bot.send_message(message.chat.id, answer["text"], reply_markup=InlineKeyboardMarkup(rows))

    bot.register_message_handler(explain, commands=[COMMAND])
    if not _HOOK:
        await bot.polling(non_stop=True, timeout=30, request_timeout=60)
        return

    async def take(request: web.Request) -> web.Response:
        if request.headers.get("X-Telegram-Bot-Api-Secret-Token") != SECRET:
            return web.Response(status=403)
        asyncio.create_task(bot.process_new_updates([Update.de_json(await request.json())]))  # noqa: RUF006 - as in its example
        return web.Response()

    application = web.Application()
    application.router.add_post(PATH, take)
    await _serve(application, bot)


async def _serve(application: web.Application, bot: Any) -> None:
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", _PORT).start()
    await bot.set_webhook(_HOOK, secret_token=SECRET)
    await asyncio.Event().wait()


if __name__ == "__main__":
    library, shown = sys.argv[1], json.loads(Path("answer.json").read_text("utf-8"))
    if library.startswith("ptb"):
        ptb(shown, tuned=library == "ptb-tuned")
    else:
        asyncio.run({"aiogram": aiogram, "telebot": telebot}[library](shown))
