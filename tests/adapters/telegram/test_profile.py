"""What Telegram shows of the bot in its profile: sent when it changed, in every language, with the risk warning."""

from bot.core.disclaimer import profile_of
from bot.core.model import Risk
from tests.adapters.telegram.stage import KNOWN, Answering, Remembered, running
from tests.builders import shipped
from tests.fakes.telegram import TelegramServer, flood
from tests.fakes.told import ToldClock
from tests.waiting import until

LANGUAGES = shipped().languages
PROFILES = {locale: profile_of(language) for locale, language in LANGUAGES.items()}
MENUS = 4  # of the commands in the stage, which have one language


async def test_both_descriptions_are_set_once_in_every_language_with_the_warning() -> None:
    offers, whole = Remembered(), MENUS + 2 * len(PROFILES)
    async with TelegramServer() as server:
        for _ in range(2):
            async with running(server, Answering(KNOWN), offers, profiles=lambda: PROFILES) as adapter:
                await until(lambda: len(offers.hashes) == whole)
                assert adapter.lacking == ""
        shown = server.methods.descriptions
        assert len(server.of("setMyDescription")) == len(server.of("setMyShortDescription")) == len(PROFILES)
    for locale, language in LANGUAGES.items():
        code = "" if locale == "en" else locale
        assert shown["description", code].endswith(language.warnings[Risk.GENERAL])
        assert shown["short_description", code].endswith(language.warning(Risk.GENERAL, "risk") or "-")


async def test_one_that_is_not_taken_keeps_no_other_back_and_is_sent_again() -> None:
    offers, clock, whole = Remembered(), ToldClock(), MENUS + 2 * len(PROFILES)
    async with TelegramServer() as server:
        server.fail_at("setMyDescription", 3, flood(900))
        server.fail_at("setMyShortDescription", 2, flood(5))
        stage = running(server, Answering(KNOWN), offers, profiles=lambda: PROFILES, sleep=clock.sleep)
        async with stage as adapter:
            for _ in range(20):
                await until(lambda: clock.sleepers or len(offers.hashes) == whole)
                clock.pass_(900)
            await until(lambda: len(offers.hashes) == whole and not adapter.lacking)
    assert len(server.of("setMyDescription")) == len(PROFILES) + 1
