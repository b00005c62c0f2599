"""/settings as moderators use it: what it shows, what it takes, what it refuses and what that changes."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.core.model import DISCORD, TELEGRAM, Place, Right, Risk
from bot.features.settings_command import SettingsCommand
from tests.fakes.homes import Homes
from tests.house import GUILD, House, house, listed

GROUP = Place(TELEGRAM, "-100", "-100")
TOPIC = replace(GROUP, thread="42")
DIRECT = Place(DISCORD, None, "99")
MEMBER = Right.SEND | Right.HISTORY


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[House]:
    async with house(tmp_path) as one:
        yield one


@pytest.fixture
async def strict(tmp_path: Path) -> AsyncIterator[House]:
    """The operator asks for elevated warnings, and speaks Spanish."""
    async with house(tmp_path, Risk.ELEVATED, "es") as one:
        yield one


async def test_settings_alone_shows_all_of_them(home: House) -> None:
    assert listed(await home.says("/settings")) == [
        "Settings of this community:",
        "language: English (en)",
        "risk: general (each text keeps at least its own level)",
        "cooldown: 3 s between two commands of a member",
        "channels: everywhere",
        "welcome: off",
    ]


async def test_the_greetings_channel_is_shown_with_the_settings(home: House) -> None:
    await home.communities.change(GUILD, lambda one: replace(one, welcome=GUILD))
    assert "welcome: on, in #10" in await home.says("/settings")


@pytest.mark.parametrize(
    "words", ["/settings", "/settings risk high", "/settings nonsense", "/stats", "/privacy forget"]
)
async def test_nobody_without_the_right_gets_any_further(home: House, words: str) -> None:
    assert "the right to manage the community" in await home.says(words, GUILD, MEMBER)
    assert "the right to manage the community" in await home.says(words, GUILD, MEMBER | Right.PIN)
    assert await home.store.communities.read(GUILD) is None


@pytest.mark.parametrize("words", ["/settings", "/stats"])
async def test_a_direct_chat_has_no_settings(home: House, words: str) -> None:
    assert await home.says(words, DIRECT, ~Right.NONE) == "This works in a community only, not in a direct chat."


async def test_an_anonymous_admin_and_a_channel_are_told_why_they_may_not(home: House) -> None:
    assert "anonymous admin" in await home.says("/settings", GROUP, MEMBER, member="-100")
    assert "as yourself" in await home.says("/settings", GROUP, Right.NONE, member="-555")


@pytest.mark.parametrize("value", ["es", "ES", "Español", "español"])
async def test_a_language_is_chosen_by_its_tag_or_its_own_name(home: House, value: str) -> None:
    assert "language: Español (es)" in await home.says(f"/settings language {value}")
    reply = await home.reply("/whatisksm")
    assert reply is not None
    assert reply.locale == "es"


async def test_a_language_we_do_not_speak_is_answered_with_those_we_do(home: House) -> None:
    said = await home.says("/settings language tlh")
    assert listed(said)[2:] == ["English (en)", "Español (es)"]
    assert await home.store.communities.read(GUILD) is None


async def test_a_community_that_chose_no_language_follows_the_operators(strict: House) -> None:
    reply = await strict.reply("/whatiskusama")
    assert reply is not None
    assert reply.locale == "es"
    await strict.says("/settings language en")
    assert "Saved." in await strict.says("/settings language default")
    assert "Español" in await strict.says("/settings")


async def test_a_language_that_is_no_longer_there_falls_back(home: House) -> None:
    await home.communities.change(GUILD, lambda one: replace(one, locale="xx"))
    assert "language: English (en)" in await home.says("/settings")


async def test_a_raised_floor_changes_the_warning_and_can_be_set_back(home: House) -> None:
    before = await home.reply("/whatiskusama")
    assert "Saved." in await home.says("/settings risk high")
    raised = await home.reply("/whatiskusama")
    assert before is not None
    assert raised is not None
    assert raised.warning == home.edition.language("en").warnings[Risk.HIGH] != before.warning
    await home.says("/settings risk general")
    assert await home.reply("/whatiskusama") == before


async def test_no_floor_goes_below_the_operators(strict: House) -> None:
    assert "stronger" in await strict.says("/settings risk general")
    reply = await strict.reply("/whatiskusama")
    assert reply is not None
    assert reply.warning == strict.edition.language("es").warnings[Risk.ELEVATED]
    assert "risk: elevated" in await strict.says("/settings")


async def test_a_floor_that_the_operator_asks_for_anyway_follows_the_operator(strict: House) -> None:
    assert "already" in await strict.says("/settings risk elevated")
    await strict.says("/settings risk high")
    await strict.says("/settings risk default")
    strict.edition = type(strict.edition)(strict.catalog, Risk.GENERAL, "en")
    assert "risk: general" in await strict.says("/settings")


@pytest.mark.parametrize("value", ["0", "none", "off", "aus", "4", "silent"])
async def test_a_risk_that_is_none_is_answered_with_the_three(home: House, value: str) -> None:
    assert "Choose general, elevated or high." in await home.says(f"/settings risk {value}")


@pytest.mark.parametrize(("value", "shown"), [("10", "cooldown: 10 s"), ("10 s", "cooldown: 10 s"), ("off", ": off")])
async def test_the_cooldown_takes_seconds_or_off(home: House, value: str, shown: str) -> None:
    assert shown in await home.says(f"/settings cooldown {value}")
    assert shown in await home.says("/settings")


@pytest.mark.parametrize("value", ["3601", "-1", "ten", "1.5", "１０", "1e3", "99999999999999999999"])
async def test_a_cooldown_that_is_none_is_answered_with_its_bounds(home: House, value: str) -> None:
    assert "from 1 to 3600, or “off”" in await home.says(f"/settings cooldown {value}")


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        ("language", "Español (es)"),
        ("risk", "Choose general, elevated or high."),
        ("cooldown", "from 1 to 3600"),
        ("channels", "Type all, or here, or #channel,"),
        ("colour", "Type language, risk, cooldown, channels or forum"),
        ("colour red", "Type language, risk, cooldown, channels or forum"),
    ],
)
async def test_a_name_alone_says_what_to_type(home: House, words: str, hint: str) -> None:
    assert hint in await home.says(f"/settings {words}")


async def test_what_is_set_already_is_said_to_be_so(home: House) -> None:
    assert "Nothing changed: that was already the setting." in await home.says("/settings cooldown 3")


async def test_channels_on_discord_are_mentioned_added_and_removed(home: House) -> None:
    assert "channels: #10, #11" in await home.says("/settings channels here <#11>")
    assert "channels: #10, #11, #123456789012345678" in await home.says("/settings channels add 123456789012345678")
    assert "channels: #11, #123456789012345678" in await home.says("/settings channels remove here")
    assert "channels: everywhere" in await home.says("/settings channels all")


@pytest.mark.parametrize(
    "value",
    [
        "general",
        "<@1>",
        "<#x>",
        "add",
        "remove",
        "here there",
        "12",
        "<#007>",
        "<#0>",
        "001234567890123456",
    ],
)
async def test_a_channel_that_cannot_be_meant_is_answered_with_what_to_type(home: House, value: str) -> None:
    assert "Type all, or here, or #channel," in await home.says(f"/settings channels {value}")
    assert await home.store.communities.read(GUILD) is None


async def test_the_last_channel_cannot_be_removed_nor_one_be_added_to_all(home: House) -> None:
    assert "already answers everywhere" in await home.says("/settings channels add here")
    await home.says("/settings channels here")
    assert "would leave no channel" in await home.says("/settings channels remove here")
    assert "too many channels" in await home.says(f"/settings channels {' '.join(f'<#{n}>' for n in range(1, 27))}")
    assert "channels: #10" in await home.says("/settings")


async def test_elsewhere_discord_is_told_privately_and_telegram_hears_nothing(home: House) -> None:
    await home.says("/settings channels here")
    reply = await home.reply("/whatisksm", replace(GUILD, channel="11"))
    assert reply is not None
    assert reply.private
    assert reply.body == home.edition.language("en").notices["not-in-this-channel"]
    await home.says("/settings channels here", TOPIC)
    assert await home.reply("/whatisksm", GROUP) is None
    assert await home.reply("/whatisksm", replace(TOPIC, thread="43")) is None
    assert await home.reply("/whatisksm", TOPIC) is not None


async def test_a_channel_of_the_list_includes_its_threads(home: House) -> None:
    await home.says("/settings channels here")
    reply = await home.reply("/whatisksm", replace(GUILD, thread="77"))
    assert reply is not None
    assert reply.command == "whatisksm"


async def test_what_only_the_caller_sees_is_answered_everywhere(home: House) -> None:
    await home.says("/settings channels here")
    reply = await home.reply("/whatisksm", replace(GUILD, channel="11"), private=True)
    assert reply is not None
    assert reply.command == "whatisksm"


async def test_moderators_reach_the_settings_from_everywhere(home: House) -> None:
    await home.says("/settings channels here", TOPIC)
    assert "channels: everywhere" in await home.says("/settings channels all", GROUP)
    await home.says("/settings channels here", TOPIC)
    assert await home.reply("/settings", GROUP, MEMBER) is None


async def test_nothing_that_was_chosen_is_lost_by_choosing_something_else(home: House) -> None:
    for words in ("language es", "risk high", "cooldown 9", "channels here"):
        await home.says(f"/settings {words}")
    said = await home.says("/settings")
    for shown in ("Español", "risk: high", "9 s", "channels: #10"):
        assert shown in said


async def test_a_store_that_is_away_is_told_as_such(home: House) -> None:
    store = Homes()
    store.broken = True
    away = SettingsCommand(lambda: home.edition, store.known(), lambda: datetime.fromtimestamp(home.now, UTC))
    home.responder.learn("settings", away.settings)
    home.responder.learn("privacy", away.privacy)
    assert "cannot be read or saved right now" in await home.says("/settings risk high")
    assert "cannot be read or saved right now" in await home.forgets()
    assert [trouble.reason for trouble in home.troubles] == ["the disk is full"] * 2
