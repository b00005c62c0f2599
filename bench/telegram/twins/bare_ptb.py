"""A bare bot on python-telegram-bot as its documentation writes one: one command, one text, the library's own HTTP."""

import argparse
from pathlib import Path

from telegram import Update
from telegram.ext import Application, CommandHandler, ContextTypes

_OPTIONS = argparse.ArgumentParser()
_OPTIONS.add_argument("--api", required=True)
_OPTIONS.add_argument("--token", required=True)
_OPTIONS.add_argument("--text", type=Path, required=True)
_OPTIONS.add_argument("--at-once", type=int, default=1)
_OPTIONS.add_argument("--port", type=int)
_OPTIONS.add_argument("--path")
_OPTIONS.add_argument("--secret")


def main() -> None:
    """Serve until killed."""
    options = _OPTIONS.parse_args()
    text = options.text.read_text("utf-8")

    async def answer(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        assert update.message
        await update.message.reply_text(text)

    builder = Application.builder().token(options.token).base_url(f"{options.api}/bot")
    if options.at_once > 1:  # else the library answers one after another
        builder = builder.concurrent_updates(options.at_once)
    application = builder.build()
    application.add_handler(CommandHandler("whatisksm", answer))
    if options.port:
        url = f"https://bot.example{options.path}"
        application.run_webhook(
            "127.0.0.1", options.port, options.path, webhook_url=url, secret_token=options.secret, max_connections=40
        )
    else:
        application.run_polling(timeout=30)


main()
