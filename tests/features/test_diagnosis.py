"""/diagnose: what is missing in this very channel, with the step that mends it."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.adapters.discord import render as discord
from bot.adapters.telegram import render as telegram
from bot.core.community import Pin, PinState
from bot.core.faults import Finding, State
from bot.core.model import TELEGRAM, MessageRef, Place, Right
from bot.core.spans import flatten
from tests.house import GUILD, MODERATOR, House, house, listed

GROUP = Place(TELEGRAM, "-100", "-100")
ALL = ~Right.NONE
NOTHING = Right.NONE


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[House]:
    async with house(tmp_path) as one:
        yield one


async def found(home: House, place: Place, bot_rights: Right) -> list[str]:
    """The rows of the diagnosis."""
    reply = await home.reply("/diagnose", place, MODERATOR, bot_rights=bot_rights)
    assert reply is not None
    return listed(flatten(reply.body))


async def test_with_every_right_all_is_well(home: House) -> None:
    for place in (GUILD, GROUP):
        said = await found(home, place, ALL)
        assert said[0] == "No problems found here."
        assert said[1].startswith("The bot may: send messages, pin messages, read message history")


@pytest.mark.parametrize(
    ("place", "right", "fix"),
    [
        (GUILD, Right.SEND, "allow View Channel, Send Messages and Send Messages in Threads"),
        (GUILD, Right.PIN, "allow Pin Messages"),
        (GUILD, Right.HISTORY, "allow Read Message History"),
        (GROUP, Right.SEND, "allow members to send messages"),
        (GROUP, Right.PIN, "switch on Pin Messages"),
    ],
)
async def test_a_missing_right_is_told_with_the_step_that_gives_it(
    home: House, place: Place, right: Right, fix: str
) -> None:
    said = await found(home, place, ALL & ~right)
    assert said[0] == "1 problem found, with its fix:"
    assert fix in said[1]


async def test_a_right_that_is_only_nice_to_have_is_no_fault(home: House) -> None:
    for place, step in ((GUILD, "Manage Messages"), (GROUP, "switch on Delete Messages")):
        said = await found(home, place, ALL & ~Right.DELETE)
        assert said[0].startswith("No problems found")
        assert step in said[2]


async def test_new_members_only_matter_where_somebody_is_to_greet_them(home: House) -> None:
    assert (await found(home, GUILD, ALL & ~Right.JOINS))[0].startswith("No problems found")
    await home.communities.change(GUILD, lambda one: replace(one, welcome=GUILD))
    said = await found(home, GUILD, ALL & ~Right.JOINS)
    assert "Server Members Intent" in said[1]
    assert said[4] == "Greetings go to #10."


async def test_a_channel_where_the_bot_does_not_answer_is_told(home: House) -> None:
    await home.says("/settings channels <#11>")
    assert "/settings channels add here" in (await found(home, GUILD, ALL))[1]
    await home.says("/settings channels add here")
    assert (await found(home, GUILD, ALL))[0].startswith("No problems found")


@pytest.mark.parametrize(("state", "trouble"), [(PinState.GONE, True), (PinState.FULL, True), (PinState.STALE, False)])
async def test_pins_that_need_a_moderator_are_counted(home: House, state: PinState, trouble: bool) -> None:
    await home.store.pins.record(Pin(MessageRef(GUILD, "5"), "whatisksm", None, "digest", state))
    assert ("1 pinned or posted message has a problem. See /pins." in await found(home, GUILD, ALL)) is trouble


async def test_broken_content_is_told(home: House) -> None:
    home.stale = True
    assert any("the last good version is shown" in row for row in await found(home, GUILD, ALL))


async def test_a_member_is_told_nothing(home: House) -> None:
    assert "You need the right" in await home.says("/diagnose", GUILD, Right.SEND | Right.PIN)


async def test_the_longest_diagnosis_fits_both_platforms(home: House) -> None:
    for place in (GUILD, GROUP):
        await home.communities.change(place, lambda one, place=place: replace(one, welcome=place))  # type: ignore[misc]  # bound
        await home.says("/settings channels here", replace(place, thread="1"))
        await home.store.pins.record(Pin(MessageRef(place, "5"), "whatisksm", None, "digest", PinState.GONE))
        home.stale = True
        reply = await home.reply("/diagnose", place, bot_rights=NOTHING)
        assert reply is not None
        assert len(listed(flatten(reply.body))) >= 9
        assert discord.overflow(reply) is None
        assert telegram.overflow(reply) is None


def test_a_finding_is_one_line_with_its_fix() -> None:
    assert str(Finding("port", State.BROKEN, "8080 is taken", "set PORT")) == "broken port: 8080 is taken → set PORT"
    assert str(Finding("content", State.FINE, "20 explainers")) == "ok     content: 20 explainers"
