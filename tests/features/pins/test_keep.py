"""The refresh in the background: when it looks, what it survives, and whose content wins."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace

from bot.core.community import UNKNOWN, Community, Pin, PinKind, PinState
from bot.core.errors import Forbidden, PlatformError, StoreError
from bot.core.model import MessageRef, Place, Risk
from bot.core.sealed_catalog import SealedCatalog
from bot.features.pins import ChannelLocks, EditIntervals, PinRefresh
from bot.features.pins.state import fingerprint, reply_for
from tests.builders import shipped
from tests.fakes.homes import Homes
from tests.features.pins.stage import Told
from tests.waiting import PATIENCE

PLACE = Place("telegram", "-1", "-1")
COMMUNITY = Community("telegram", "-1")
EDITION = SealedCatalog(shipped())
OLD = Pin(MessageRef(PLACE, "7"), "whatisksm", None, "old")


class Platform:
    """Notes what it is asked to show; each call may be made to fail or to wait."""

    name = "telegram"

    def __init__(self) -> None:
        self.ready = True
        self.shown: list[tuple[str, str]] = []
        self.errors: list[Exception] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self.third = asyncio.Event()

    async def edit(self, ref: MessageRef, reply: object) -> bool | None:
        self.shown.append((ref.message, getattr(reply, "digest", "")))
        if len(self.shown) == 3:
            self.third.set()
        await self.gate.wait()
        if self.errors:
            raise self.errors.pop(0)
        return None


@dataclass
class Records:
    """Pins in memory; `broken` refuses to be read."""

    pins: list[Pin]
    looks: int = 0
    broken: bool = False
    looked: asyncio.Event = field(default_factory=asyncio.Event)

    async def kinds(self, platform: str) -> Sequence[PinKind]:
        self.looks += 1
        self.looked.set()
        if self.broken:
            raise StoreError("locked", "wait")
        kinds = (PinKind(platform, pin.command, None, Risk.GENERAL, pin.digest, pin.state) for pin in self.pins)
        return list(dict.fromkeys(kinds))

    async def alike(self, kind: PinKind):  # type: ignore[no-untyped-def]  # an async generator
        for pin in list(self.pins):
            if (pin.command, pin.digest, pin.state) == (kind.command, kind.digest, kind.state):
                yield pin

    async def update(self, pin: Pin) -> bool:
        where = [index for index, one in enumerate(self.pins) if one.ref.message == pin.ref.message]
        for index in where:
            self.pins[index] = pin
        return bool(where)


async def newest(_: SealedCatalog) -> bool:
    return True


class Bench:
    def __init__(
        self,
        *pins: Pin,
        leads: Callable[[SealedCatalog], Awaitable[bool]] = newest,
        told: Told | None = None,
        chat: float = 0.0,
    ):
        self.platform, self.records, self.told = Platform(), Records(list(pins)), told or Told(0.0)
        self.edition = EDITION
        self.refresh = PinRefresh(
            content=lambda: self.edition,
            records=self.records,  # type: ignore[arg-type]  # the methods that a refresh asks for
            communities=Homes().known(),
            platforms={"telegram": self.platform},  # type: ignore[dict-item]  # as above
            locks=ChannelLocks(),
            newest=leads,
            clock=self.told.clock,
            sleep=self.told.sleep,
            paces={"telegram": EditIntervals(chat, 0.0)},
        )


def pins(count: int) -> list[Pin]:
    places = (Place("telegram", f"-{number}", f"-{number}") for number in range(1, count + 1))
    return [replace(OLD, ref=MessageRef(place, str(number))) for number, place in enumerate(places, 1)]


async def test_one_digest_settles_all_that_are_alike() -> None:
    reply = reply_for(EDITION, "whatisksm", None, Risk.GENERAL)
    assert reply
    bench = Bench(*(replace(pin, digest=reply.digest) for pin in pins(100)))
    await bench.refresh.round("telegram")
    assert bench.platform.shown == []


async def test_an_older_version_of_the_content_edits_nothing_while_a_newer_is_in_use() -> None:
    async def outrun(_: SealedCatalog) -> bool:
        return False

    bench = Bench(OLD, leads=outrun)
    assert await bench.refresh.round("telegram") == 60
    assert (bench.platform.shown, bench.records.pins) == ([], [OLD])


def test_two_editions_are_told_apart_by_words_and_by_the_operators_floor() -> None:
    catalog = shipped()
    entry = replace(catalog.default.entries["whatisksm"], title="Another")
    other = replace(catalog.default, entries={**catalog.default.entries, "whatisksm": entry})
    names = {
        fingerprint(SealedCatalog(catalog)),
        fingerprint(SealedCatalog(catalog, Risk.HIGH)),
        fingerprint(SealedCatalog(replace(catalog, languages={"en": other}))),
    }
    assert len(names) == 3
    assert fingerprint(SealedCatalog(catalog)) in names


async def test_a_platform_that_fails_again_and_again_is_left_alone_until_the_next_round() -> None:
    bench = Bench(*pins(200))
    bench.platform.errors = [PlatformError("down", permanent=False) for _ in range(200)]
    await bench.refresh.round("telegram")
    assert len(bench.platform.shown) == 10
    assert [pin.digest for pin in bench.records.pins] == [UNKNOWN] * 10 + ["old"] * 190


async def test_a_pin_that_cannot_even_be_asked_for_keeps_no_other_from_its_turn() -> None:
    bench = Bench(*pins(3))
    bench.platform.errors = [ValueError("a fault")]
    await bench.refresh.round("telegram")
    assert [pin.digest == UNKNOWN for pin in bench.records.pins] == [True, False, False]


async def test_one_that_is_refused_for_good_is_noted_and_not_asked_again() -> None:
    bench = Bench(OLD)
    bench.platform.errors = [PlatformError("can't be edited", permanent=True)]
    for _ in range(3):
        await bench.refresh.round("telegram")
    assert (len(bench.platform.shown), bench.records.pins[0].state) == (1, PinState.REFUSED)


async def test_a_forbidden_pin_is_not_asked_again() -> None:
    bench = Bench(OLD)
    bench.platform.errors = [Forbidden("kicked")]
    for _ in range(3):
        await bench.refresh.round("telegram")
    assert (len(bench.platform.shown), bench.records.pins[0].state) == (1, PinState.FORBIDDEN)


async def test_rights_lost_everywhere_cost_a_hundred_refusals_a_round() -> None:
    bench = Bench(*pins(1_000))
    bench.platform.errors = [Forbidden("missing rights") for _ in range(1_000)]
    for number in (1, 2, 3):
        assert await bench.refresh.round("telegram") == 60.0
        assert len(bench.platform.shown) <= 200 * number, "a hundred, and what was under way"
    assert len({message for message, _ in bench.platform.shown}) == len(bench.platform.shown)


class Waiting(Told):
    """A clock that stands still: whoever sleeps waits for the test."""

    def __init__(self) -> None:
        super().__init__(0.0)
        self.asleep = asyncio.Event()

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.asleep.set()
        await asyncio.Event().wait()


async def kept(bench: Bench, during: Callable[[], Awaitable[None]]) -> None:
    task = asyncio.create_task(bench.refresh.keep("telegram"))
    try:
        await asyncio.wait_for(during(), PATIENCE)
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def test_it_looks_at_the_start_after_a_change_and_not_in_between() -> None:
    told = Waiting()
    bench = Bench(OLD, told=told)

    async def during() -> None:
        await told.asleep.wait()
        assert (bench.records.looks, len(bench.platform.shown), told.slept) == (1, 1, [60])
        told.asleep.clear()
        bench.refresh.community_changed(COMMUNITY, replace(COMMUNITY, risk_floor=Risk.HIGH))
        await told.asleep.wait()
        assert (bench.records.looks, len(bench.platform.shown)) == (2, 1)

    await kept(bench, during)


async def test_a_greeting_and_another_platforms_settings_wake_nobody() -> None:
    told = Waiting()
    bench = Bench(OLD, told=told)

    async def during() -> None:
        await told.asleep.wait()
        bench.refresh.community_changed(COMMUNITY, replace(COMMUNITY, last_greeting=OLD.ref, cooldown=9))
        bench.refresh.community_changed(Community("discord", "1"), Community("discord", "1", risk_floor=Risk.HIGH))
        for _ in range(10):
            await asyncio.sleep(0)
        assert bench.records.looks == 1

    await kept(bench, during)


async def test_it_waits_for_a_platform_that_is_not_connected() -> None:
    told = Waiting()
    bench = Bench(OLD, told=told)
    bench.platform.ready = False

    async def during() -> None:
        await told.asleep.wait()
        assert (bench.records.looks, told.slept) == (0, [2])

    await kept(bench, during)


async def test_a_store_in_trouble_ends_nothing() -> None:
    told = Waiting()
    bench = Bench(OLD, told=told)
    bench.records.broken = True

    async def during() -> None:
        await told.asleep.wait()
        bench.records.broken = False
        told.asleep.clear()
        bench.refresh.community_changed(COMMUNITY, replace(COMMUNITY, risk_floor=Risk.HIGH))
        await told.asleep.wait()
        assert len(bench.platform.shown) == 1

    await kept(bench, during)


async def test_new_words_do_not_wait_for_what_was_to_show_the_old_ones() -> None:
    bench = Bench(*pins(3))
    bench.platform.gate.clear()
    running = asyncio.create_task(bench.refresh.round("telegram"))
    await asyncio.wait_for(bench.platform.third.wait(), PATIENCE)
    catalog = shipped()
    entry = replace(catalog.default.entries["whatisksm"], title="Another")
    english = replace(catalog.default, entries={**catalog.default.entries, "whatisksm": entry})
    bench.edition = SealedCatalog(replace(catalog, languages={"en": english}))
    await bench.refresh.content_changed(bench.edition)
    bench.platform.gate.set()
    assert await running == 0, "it looks again at once"
    await bench.refresh.round("telegram")
    wished = reply_for(bench.edition, "whatisksm", None, Risk.GENERAL)
    assert wished
    assert {pin.digest for pin in bench.records.pins} == {wished.digest}


async def test_what_still_waits_its_turn_is_dropped_when_new_words_come() -> None:
    told = Waiting()
    bench = Bench(*[replace(pin, ref=MessageRef(PLACE, pin.ref.message)) for pin in pins(700)], told=told, chat=3.0)
    running = asyncio.create_task(bench.refresh.round("telegram"))
    await told.asleep.wait()
    bench.edition = SealedCatalog(shipped(), Risk.HIGH)
    await bench.refresh.content_changed(bench.edition)
    assert await asyncio.wait_for(running, PATIENCE) == 0
    assert len(bench.platform.shown) == 1


async def test_a_chat_with_hundreds_of_pins_keeps_nobody_from_the_next_round() -> None:
    other = replace(OLD, ref=MessageRef(Place("telegram", "-2", "-2"), "other"))
    crowd = [replace(pin, ref=MessageRef(PLACE, pin.ref.message)) for pin in pins(700)]
    bench = Bench(*crowd, other, chat=3.0)
    assert await bench.refresh.round("telegram") == 0, "it looks again at once"
    shown = [message for message, _ in bench.platform.shown]
    assert "other" in shown
    assert len(shown) == 21 + 1, "what a minute has turns for"
    await bench.refresh.round("telegram")
    assert len(bench.platform.shown) > 22
