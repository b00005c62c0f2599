"""What Telegram shows of the bot before a chat begins (description) and in its profile (short description)."""

from collections.abc import Awaitable, Callable, Mapping

from telegram import Bot

from bot.adapters.telegram.errors import translated
from bot.core.disclaimer import Profile
from bot.features.offering import Offer


def offers(bot: Bot, profiles: Mapping[str, Profile]) -> list[Offer]:
    """Both texts in each language; those of the first language are for all others too."""
    found = []
    for number, (locale, profile) in enumerate(profiles.items()):
        code = locale.split("-")[0] if number else ""
        found += [_description(bot, code, profile.description), _short(bot, code, profile.short)]
    return found


def _description(bot: Bot, code: str, text: str) -> Offer:
    async def send() -> None:
        await translated(bot.set_my_description(text, language_code=code))

    return _offer(bot, "description", code, text, send)


def _short(bot: Bot, code: str, text: str) -> Offer:
    async def send() -> None:
        await translated(bot.set_my_short_description(text, language_code=code))

    return _offer(bot, "short description", code, text, send)


def _offer(bot: Bot, what: str, code: str, text: str, send: Callable[[], Awaitable[None]]) -> Offer:
    return Offer(f"{bot.id}:{what}:{code}", f"the {what} in {code or 'other languages'}", text, send)
