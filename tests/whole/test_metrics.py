"""Each fault moves its metric, of the bot whole; and no label says what is not in a closed set."""

import asyncio
from contextlib import closing
from pathlib import Path

from bot.core.community import PinState
from bot.core.faults import Fault
from bot.core.model import Outcome
from bot.runtime.telemetry import GREETINGS, PARTS, PINS, READINGS, RESULTS
from tests.fakes.telegram import CLOSE, flood, status
from tests.faults.stage import Whole, served
from tests.locked import hold
from tests.waiting import PATIENCE

WHATISKSM = "en/answers/whatisksm.yaml"


def value(bot: Whole, name: str, **labels: str) -> float:
    """A sample of ours, 0 where it was never counted."""
    return bot.service.metrics.registry.get_sample_value(f"kusamabot_{name}", labels) or 0.0


async def calls_at_telegram_that_fail(bot: Whole) -> None:
    telegram = bot.telegram
    for fault in (
        flood(1),
        status(403, "Forbidden: bot was kicked"),
        status(400, "Bad Request: x"),
        status(500, "x"),
        CLOSE,
    ):
        chat = telegram.chat("supergroup")
        telegram.fail_next("sendMessage", fault, chat=chat)
        telegram.send(chat, telegram.member(), "/whatisksm")
        await telegram.until(
            lambda chat=chat: [one for one in telegram.of("sendMessage") if one.params["chat_id"] == chat.id] or None,  # type: ignore[misc]  # mypy cannot tell the default's type
            seconds=PATIENCE,
        )
    await bot.both_answer()
    for result in ("limited", "forbidden", "refused", "failed", "lost", "ok"):
        assert value(bot, "platform_calls_total", platform="telegram", result=result) >= 1, result
    assert value(bot, "rate_limit_seconds_total", platform="telegram") == 1


async def calls_at_discord_that_fail(bot: Whole) -> None:
    channel = bot.guild.channel("slow")
    limit = bot.discord.fail_next(
        "POST", rf"/channels/{channel.id}/messages", status=429, retry_after=0.2, scope="shared"
    )
    bot.discord.say(channel, bot.guild.member("ada"), f"<@{bot.discord.world.bot.id}> /whatisksm")
    fail = bot.discord.fail_next("POST", r"/callback$", status=404, code=10062)
    bot.called()
    async with asyncio.timeout(PATIENCE):
        await limit.hit.wait()
        await fail.hit.wait()
    await bot.both_answer()
    for result in ("limited", "gone", "ok"):
        assert value(bot, "platform_calls_total", platform="discord", result=result) >= 1, result
    assert 0 < value(bot, "rate_limit_seconds_total", platform="discord") < 2


async def lines_that_break(bot: Whole) -> None:
    with bot.discord.gateway.away():
        bot.discord.gateway.drop()
        await bot.down("discord")
    await bot.ready()
    bot.telegram.fail_next("getUpdates", status(409, "Conflict: terminated by other getUpdates request"))
    bot.telegram.send(bot.telegram.chat("supergroup"), bot.telegram.member(), "/whatisksm")
    await bot.tells(lambda told: [one["fault"] for one in told["faults"]] == ["conflict"])
    await bot.ready()
    for platform in ("discord", "telegram"):
        assert value(bot, "platform_interruptions_total", platform=platform) >= 1
    assert value(bot, "platform_calls_total", platform="telegram", result="conflict") == 1
    assert value(bot, "fault", part="telegram", fault="conflict") == 0


async def a_database_that_is_held(bot: Whole) -> None:
    with closing(await hold(bot.data / "bot.sqlite3")):
        await bot.tells(lambda told: not told["store"]["ready"])
        assert value(bot, "fault", part="store", fault="locked") == 1
        assert value(bot, "store_errors_total", fault="locked") >= 1
    await bot.ready()


async def content_with_a_mistake(bot: Whole) -> None:
    good = bot.content.text(WHATISKSM)
    bot.content.write(WHATISKSM, b"title: [")
    await bot.tells(lambda told: bool(told["content"]["problems"]))
    assert value(bot, "fault", part="content", fault="stale") == 1
    assert value(bot, "content_problems") >= 1
    bot.content.write(WHATISKSM, good)
    await bot.tells(lambda told: not told["content"]["problems"])
    for result in READINGS:
        assert value(bot, "content_readings_total", result=result) >= 1


async def a_token_that_is_revoked(bot: Whole) -> None:
    bot.telegram.revoke()
    bot.telegram.send(bot.telegram.chat("supergroup"), bot.telegram.member(), "/risk")
    await bot.tells(lambda told: told["platforms"]["telegram"]["state"] == "disabled")
    assert value(bot, "fault", part="telegram", fault="disabled") == 1
    assert value(bot, "platform_up", platform="telegram") == 0
    assert value(bot, "platform_up", platform="discord") == 1


def closed(bot: Whole) -> None:
    """Every label of ours says what may be said, and nothing else."""
    commands = {info.name for info in bot.service.content.edition.catalog.commands} | {
        *bot.service.content.edition.catalog.default.pages
    }
    known: dict[str, set[str]] = {
        "platform": {"discord", "telegram", "playground"},
        "part": set(PARTS),
        "fault": set(Fault),
        "outcome": set(Outcome),
        "duty": {"discord", "telegram"},
        "result": {*RESULTS, *READINGS, *GREETINGS, *PINS},
        "command": commands,
    }
    seen = set()
    for family in bot.service.metrics.registry.collect():
        for sample in family.samples:
            for label, said in sample.labels.items():
                if family.name.startswith("kusamabot_") and label != "le":
                    assert said in known[label], (family.name, label, said)
                    seen.add(label)
    assert seen >= {"platform", "part", "fault", "outcome", "duty", "result", "command"}


async def test_each_fault_moves_its_metric_and_no_label_is_a_strangers_word(tmp_path: Path) -> None:
    async with served(tmp_path) as bot:
        bot.service.supervisor.sleep = asyncio.sleep
        assert value(bot, "ready") == value(bot, "leases_reachable") == 1
        assert value(bot, "leases_held", duty="discord") == value(bot, "leases_held", duty="telegram") == 1
        await calls_at_telegram_that_fail(bot)
        await calls_at_discord_that_fail(bot)
        await lines_that_break(bot)
        await a_database_that_is_held(bot)
        await content_with_a_mistake(bot)
        await bot.telegram_answers("/ask wibble_wobble_of_a_stranger")
        await a_token_that_is_revoked(bot)
        assert value(bot, "event_loop_lag_seconds_count") > 0
        closed(bot)


def test_the_states_of_a_pin_that_is_lost_are_results() -> None:
    assert {one.value for one in PinState} >= set(PINS) - {"updated", "waits"}
