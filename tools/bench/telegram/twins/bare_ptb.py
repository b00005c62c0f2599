"""A bare bot on python-telegram-bot as its documentation writes one: one command, one text, the library's own HTTP."""

from telegram import Update
from telegram.ext import Application, CommandHandler, ContextTypes

from tools.bench.telegram.twins.options import options


def main() -> None:
    """Serve until killed."""
    asked = options()
    text = asked.text.read_text("utf-8")

    async def answer(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        assert update.message
        await update.message.reply_text(text)

    builder = Application.builder().token(asked.token).base_url(f"{asked.api}/bot")
    if asked.at_once > 1:  # else the library answers one after another
        builder = builder.concurrent_updates(asked.at_once)
    application = builder.build()
    application.add_handler(CommandHandler("whatisksm", answer))
    if asked.port:
        url = f"https://bot.example{asked.path}"
        application.run_webhook(
            "127.0.0.1", asked.port, asked.path, webhook_url=url, secret_token=asked.secret, max_connections=40
        )
    else:
        application.run_polling(timeout=30)


main()
