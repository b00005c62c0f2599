"""What Telegram's apps show of the bot: the command menu, and the profile with the risk warning."""

import asyncio

from bot.core.disclaimer import profile_of
from bot.core.model import Right, Risk
from tests.adapters.telegram.stage import KNOWN, Answering, Remembered, info, running
from tests.builders import shipped
from tests.fakes.telegram import TelegramServer, flood, status
from tests.fakes.told import ToldClock
from tests.waiting import until


async def test_the_menu_is_set_once_by_scope_and_language() -> None:
    offers = Remembered()
    answers = Answering(KNOWN, (info("kusama-vs-polkadot", es="Sobre"), info("pin", Right.PIN, es="Fijar")))
    async with TelegramServer() as server:
        async with running(server, answers, offers):
            await until(lambda: len(offers.hashes) == 8)
        calls = len(server.of("setMyCommands"))
        async with running(server, answers, offers):
            member = server.member()
            server.send(server.private(member), member, "/kusama-vs-polkadot")
            await server.wait_for("sendMessage")
        assert len(server.of("setMyCommands")) == calls == 8
        commands = server.world.commands
    assert commands['{"type": "default"}', ""] == [
        {"command": "kusama_vs_polkadot", "description": "About kusama-vs-polkadot"}
    ]
    assert [one["description"] for one in commands['{"type": "all_chat_administrators"}', "es"]] == ["Sobre", "Fijar"]


async def test_a_menu_that_was_refused_is_not_remembered_and_serving_goes_on() -> None:
    offers = Remembered()
    async with TelegramServer() as server:
        server.fail_next("setMyCommands", status(500, "Internal Server Error"), times=None)
        async with running(server, Answering(KNOWN), offers):
            member = server.member()
            server.send(server.private(member), member, "/whatisksm")
            await server.wait_for("sendMessage")
    assert offers.hashes == {}


LANGUAGES = info("whatisksm", es="Sobre", ru="О", tr="Hakkında", vi="Về", zh="关于")


async def test_after_a_429_in_the_middle_the_rest_of_the_menus_is_set_and_then_the_one_that_had_to_wait() -> None:
    offers, clock = Remembered(), ToldClock()
    async with TelegramServer() as server:
        server.fail_at("setMyCommands", 11, flood(7))
        async with running(server, Answering(KNOWN, (LANGUAGES,)), offers, sleep=clock.sleep) as adapter:
            await until(lambda: clock.sleepers)
            assert len(server.of("setMyCommands")) == 11, "nothing more is asked for while Telegram wants a rest"
            clock.pass_(7)
            await until(lambda: len(offers.hashes) == 23)
            await until(lambda: clock.sleepers)
            assert adapter.lacking == "the menu in direct chats in vi (flood control)"
            clock.pass_(60)
            await until(lambda: not adapter.lacking)
        assert len(server.world.commands) == 24
        assert len(server.of("setMyCommands")) == 25


async def test_a_language_that_telegram_refuses_keeps_no_other_back_and_is_tried_again_ever_later() -> None:
    offers, clock = Remembered(), ToldClock()
    async with TelegramServer() as server:
        server.methods.languages.remove("tr")
        async with running(server, Answering(KNOWN, (LANGUAGES,)), offers, sleep=clock.sleep) as adapter:
            await until(lambda: clock.sleepers)
            assert len(server.world.commands) == 20
            assert adapter.lacking.startswith("the menu everywhere in tr (")
            assert adapter.lacking.endswith("; and 1 more")
            for _ in range(24):
                clock.pass_(3600)
                await until(lambda: clock.sleepers)
            assert len(server.of("setMyCommands")) <= 24 + 4 * 24
            server.methods.languages.add("tr")
            clock.pass_(3600)
            await until(lambda: not adapter.lacking)
        assert len(server.world.commands) == 24


async def test_a_long_wait_that_telegram_asks_for_is_kept_before_anything_else_is_asked() -> None:
    offers, clock = Remembered(), ToldClock()
    async with TelegramServer() as server:
        server.fail_at("setMyCommands", 1, flood(900))
        async with running(server, Answering(KNOWN, (LANGUAGES,)), offers, sleep=clock.sleep) as adapter:
            await until(lambda: clock.sleepers)
            clock.pass_(899)
            await asyncio.sleep(0)
            assert len(server.of("setMyCommands")) == 1
            clock.pass_(1)
            await until(lambda: len(offers.hashes) == 24 and not adapter.lacking)


SHIPPED = shipped().languages
PROFILES = {locale: profile_of(language) for locale, language in SHIPPED.items()}
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
    for locale, language in SHIPPED.items():
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
