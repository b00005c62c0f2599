"""What the store promises, on both databases."""

import asyncio
import gc
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any
from unittest.mock import AsyncMock, create_autospec

import pytest
from sqlalchemy import URL, text

from bot.core.buttons import Rating
from bot.core.community import Community, Count, Pin, PinKind, PinState, RatingCount
from bot.core.errors import StoreError
from bot.core.model import DISCORD, TELEGRAM, MessageRef, Outcome, Place, Right, Risk
from bot.core.ports import CommunityRecords, Counts, Offers, PinRecords
from bot.store.counts import MOST_WAITING, CountRows
from bot.store.database import Database
from bot.store.store import Store, open_store

GUILD = Place(DISCORD, "1098765432109876543", "1100000000000000001")
GROUP = Place(TELEGRAM, "-4001", "-4001")
SUPERGROUP = Place(TELEGRAM, "-1004001", "-1004001")
DIRECT = Place(TELEGRAM, None, "771234567")
DAY = date(2026, 11, 22)

CHOSEN = Community(
    DISCORD,
    GUILD.community,
    locale="es",
    risk_floor=Risk.HIGH,
    cooldown=30,
    channels=frozenset({"1100000000000000001", "1100000000000000002"}),
    welcome=replace(GUILD, thread="1100000000000000009"),
    welcome_line="¡Hola {names}! 👋",
    remove_greetings=False,
    welcome_quiet=True,
    last_greeting=MessageRef(GUILD, "1200000000000000000", media=True),
    greeted_until=datetime(2026, 11, 22, 12, 30, 15, 250_001, tzinfo=timezone(timedelta(hours=2))),
    languages={"1100000000000000001": "zh", "1100000000000000009": "es"},
    log=replace(GUILD, thread="1100000000000000009"),
)


def a_pin(place: Place = GUILD, command: str = "whatisksm", message: str = "77", digest: str = "old") -> Pin:
    return Pin(MessageRef(place, message), command, None, digest)


async def kinds_of(store: Store, platform: str = DISCORD) -> list[PinKind]:
    return list(await store.pins.kinds(platform))


async def all_alike(store: Store, kind: PinKind) -> list[Pin]:
    return [pin async for pin in store.pins.alike(kind)]


async def furnish(store: Store, place: Place, message: str) -> None:
    await store.pins.record(a_pin(place, message=message))
    store.counts.count(place, "staking", Outcome.EXPLAINER, DAY)
    store.counts.rate(place, "staking", "en", Rating.HELPFUL, DAY)
    await store.offers.offer(TELEGRAM, place.community or "", f"of {message}")


async def nothing_is_left_of(store: Store, place: Place) -> None:
    assert await store.communities.read(place) is None
    assert await store.pins.of(place) == ()
    assert await store.counts.statistics(place, date.min) == ()
    assert await store.counts.ratings(place, date.min) == ()
    assert await store.offers.offered(place.platform, place.community or "") is None


def parts_as_ports(store: Store) -> tuple[CommunityRecords, PinRecords, Counts, Offers]:
    """No test but mypy's: every part fits the port it is handed out as."""
    return store.communities, store.pins, store.counts, store.offers


class TestSettings:
    async def test_nothing_is_known_of_a_community_that_chose_nothing(self, store: Store) -> None:
        assert await store.communities.read(GUILD) is None

    async def test_every_setting_is_read_as_it_was_chosen(self, store: Store) -> None:
        await store.communities.change(GUILD, lambda _: CHOSEN)
        assert await store.communities.read(GUILD) == CHOSEN

    async def test_a_setting_can_be_set_back(self, store: Store) -> None:
        await store.communities.change(GUILD, lambda _: CHOSEN)
        await store.communities.change(GUILD, lambda _: Community(DISCORD, GUILD.community))
        assert await store.communities.read(GUILD) == Community(DISCORD, GUILD.community)

    async def test_a_change_that_changes_nothing_stores_nothing(self, store: Store) -> None:
        default = Community(DISCORD, GUILD.community)
        assert await store.communities.change(GUILD, lambda one: one) == (default, default)
        assert await store.communities.read(GUILD) is None

    async def test_changes_at_the_same_time_are_all_kept(self, store: Store) -> None:
        def longer(one: Community) -> Community:
            return replace(one, cooldown=one.cooldown + 1)

        await asyncio.gather(*(store.communities.change(GUILD, longer) for _ in range(8)))
        stored = await store.communities.read(GUILD)
        assert stored is not None
        assert stored.cooldown == Community(DISCORD, None).cooldown + 8

    async def test_two_processes_do_not_lose_each_others_changes(self, store: Store, url: URL) -> None:
        async with open_store(url) as other:
            await asyncio.gather(
                store.communities.change(GUILD, lambda one: replace(one, locale="tr")),
                other.communities.change(GUILD, lambda one: replace(one, cooldown=9)),
            )
        stored = await store.communities.read(GUILD)
        assert stored == Community(DISCORD, GUILD.community, locale="tr", cooldown=9)

    async def test_a_file_is_changed_elsewhere_when_another_process_writes_to_it(self, store: Store, url: URL) -> None:
        assert not await store.communities.changed_elsewhere()
        await store.communities.change(GUILD, lambda one: replace(one, cooldown=9))
        assert not await store.communities.changed_elsewhere()
        async with open_store(url) as other:
            await other.communities.change(GUILD, lambda one: replace(one, cooldown=10))
        assert await store.communities.changed_elsewhere() is not store.shared
        assert not await store.communities.changed_elsewhere()

    async def test_a_failed_edit_leaves_all_as_it_was(self, store: Store) -> None:
        with pytest.raises(ValueError, match="must not change the community"):
            await store.communities.change(GUILD, lambda one: replace(one, id="another"))
        assert await store.communities.read(GUILD) is None

    async def test_a_direct_chat_is_refused(self, store: Store) -> None:
        with pytest.raises(ValueError, match="direct chat"):
            await store.communities.change(DIRECT, lambda one: replace(one, locale="es"))

    async def test_changes_of_several_channels_languages_at_once_are_all_kept(self, store: Store) -> None:
        async def speak(channel: str) -> None:
            await store.communities.change(GUILD, lambda one: replace(one, languages={**one.languages, channel: "es"}))

        await asyncio.gather(*map(speak, map(str, range(8))))
        stored = await store.communities.read(GUILD)
        assert stored is not None
        assert len(stored.languages) == 8
        await store.communities.wipe(GUILD)
        assert await store.communities.read(GUILD) is None

    async def test_the_languages_of_topics_move_with_their_group(self, store: Store) -> None:
        topic, spoken = replace(GROUP, thread="42"), {"-4001": "es", "42": "ru"}
        await store.communities.change(GROUP, lambda one: replace(one, languages=spoken, log=topic))
        await store.communities.moved(GROUP, "-200")
        moved = await store.communities.read(Place(TELEGRAM, "-200"))
        assert moved is not None
        assert moved.languages == {"-200": "es", "42": "ru"}
        assert moved.log == Place(TELEGRAM, "-200", "-200", "42")


class TestPins:
    async def test_a_pin_is_read_as_it_was_recorded(self, store: Store) -> None:
        topic = replace(GUILD, thread="5")
        pin = Pin(MessageRef(topic, "7", media=True), "staking", "vi", "d", PinState.FORBIDDEN, Right.PIN | Right.SEND)
        await store.pins.record(pin)
        assert await store.pins.of(topic) == (pin,)

    async def test_pinning_again_replaces(self, store: Store) -> None:
        await store.pins.record(a_pin(message="77"))
        await store.pins.record(a_pin(message="78"))
        assert await store.pins.of(GUILD) == (a_pin(message="78"),)

    async def test_a_topic_and_its_channel_each_have_their_own(self, store: Store) -> None:
        topic = replace(GUILD, thread="5")
        await store.pins.record(a_pin(GUILD))
        await store.pins.record(a_pin(topic))
        assert await store.pins.of(GUILD) == (a_pin(GUILD), a_pin(topic))

    async def test_an_update_of_a_replaced_message_is_refused(self, store: Store) -> None:
        await store.pins.record(a_pin(message="78"))
        assert not await store.pins.update(a_pin(message="77", digest="new"))
        assert await store.pins.of(GUILD) == (a_pin(message="78"),)

    async def test_an_update_notes_digest_state_and_missing_right(self, store: Store) -> None:
        await store.pins.record(a_pin())
        changed = replace(a_pin(digest="new"), state=PinState.FORBIDDEN, missing=Right.PIN)
        assert await store.pins.update(changed)
        assert await store.pins.of(GUILD) == (changed,)

    async def test_a_forgotten_pin_is_returned_once(self, store: Store) -> None:
        await store.pins.record(a_pin())
        assert await store.pins.forget(GUILD, "whatisksm") == a_pin()
        assert await store.pins.forget(GUILD, "whatisksm") is None
        assert not await store.pins.update(a_pin())

    async def test_a_direct_chat_has_no_pins(self, store: Store) -> None:
        with pytest.raises(ValueError, match="direct chat"):
            await store.pins.record(a_pin(DIRECT))

    async def test_a_kind_follows_the_communitys_language_and_floor(self, store: Store) -> None:
        await store.communities.change(GUILD, lambda one: replace(one, locale="ru", risk_floor=Risk.ELEVATED))
        await store.pins.record(a_pin(command="staking"))
        await store.pins.record(replace(a_pin(), locale="en"))
        assert await kinds_of(store) == [
            PinKind(DISCORD, "staking", "ru", Risk.ELEVATED, "old", PinState.CURRENT),
            PinKind(DISCORD, "whatisksm", "en", Risk.ELEVATED, "old", PinState.CURRENT),
        ]

    async def test_pins_that_are_alike_are_one_kind_and_found_together(self, store: Store) -> None:
        pins = [a_pin(Place(DISCORD, str(number), str(number))) for number in range(3)]
        for pin in [*pins, a_pin(GROUP)]:
            await store.pins.record(pin)
        (kind,) = await kinds_of(store)
        assert await all_alike(store, kind) == pins

    async def test_pages_miss_nothing_while_pins_are_updated(self, store: Store) -> None:
        places = [Place(DISCORD, GUILD.community, str(number)) for number in range(401)]
        await asyncio.gather(*(store.pins.record(a_pin(place)) for place in places))
        (kind,) = await kinds_of(store)
        seen = set()
        async for pin in store.pins.alike(kind):
            seen.add(pin.ref.place)
            if len(seen) % 10 == 0:
                await store.pins.update(replace(pin, digest="new"))
        assert seen == set(places)

    async def test_pins_of_a_community_that_was_left_are_not_refreshed(self, store: Store) -> None:
        await store.pins.record(a_pin())
        (kind,) = await kinds_of(store)
        await store.communities.left(GUILD, DAY)
        assert await kinds_of(store) == []
        assert await all_alike(store, kind) == []
        await store.communities.returned(GUILD)
        assert await kinds_of(store) == [kind]


class TestCounts:
    async def test_counts_add_up_over_days_and_processes(self, store: Store, url: URL) -> None:
        async with open_store(url) as other:
            for day in (DAY, DAY, DAY - timedelta(days=29)):
                store.counts.count(GUILD, "staking", Outcome.EXPLAINER, day)
            other.counts.count(GUILD, "staking", Outcome.EXPLAINER, DAY)
            other.counts.count(GUILD, "ask", Outcome.NONE, DAY)
            await asyncio.gather(store.counts.flush(), other.counts.flush())
        store.counts.count(GUILD, "ask", Outcome.NONE, DAY)
        assert await store.counts.statistics(GUILD, DAY - timedelta(days=29)) == (
            Count(DAY, "staking", Outcome.EXPLAINER, 3),
            Count(DAY, "ask", Outcome.NONE, 2),
            Count(DAY - timedelta(days=29), "staking", Outcome.EXPLAINER, 1),
        )
        assert await store.counts.statistics(GUILD, DAY) == (
            Count(DAY, "staking", Outcome.EXPLAINER, 3),
            Count(DAY, "ask", Outcome.NONE, 2),
        )
        assert await store.counts.statistics(GROUP, DAY) == ()

    async def test_ratings_add_up_by_language_in_one_community_and_in_all(self, store: Store) -> None:
        for locale, place in (("en", GUILD), ("en", GUILD), ("es", GUILD), ("en", GROUP), ("en", DIRECT)):
            store.counts.rate(place, "staking", locale, Rating.WRONG, DAY)
            await store.counts.flush()
        store.counts.rate(GUILD, "staking", "es", Rating.HELPFUL, DAY - timedelta(days=1))
        wrong = RatingCount("staking", "en", Rating.WRONG, 2), RatingCount("staking", "es", Rating.WRONG, 1)
        assert await store.counts.ratings(GUILD, DAY) == wrong
        assert await store.counts.ratings(None, DAY) == (RatingCount("staking", "en", Rating.WRONG, 3), wrong[1])
        helpful = RatingCount("staking", "es", Rating.HELPFUL, 1)
        assert helpful in await store.counts.ratings(None, DAY - timedelta(days=1))
        await store.counts.flush()
        await store.counts.drop(DAY)
        assert await store.counts.ratings(GUILD, date.min) == wrong
        assert await store.counts.statistics(GUILD, date.min) == ()

    async def test_ratings_move_with_a_group_and_add_up(self, store: Store) -> None:
        for place in (GROUP, SUPERGROUP):
            store.counts.rate(place, "staking", "en", Rating.WRONG, DAY)
        await store.counts.flush()
        await store.communities.moved(GROUP, SUPERGROUP.community or "")
        assert await store.counts.ratings(SUPERGROUP, DAY) == (RatingCount("staking", "en", Rating.WRONG, 2),)
        assert await store.counts.ratings(GROUP, DAY) == ()

    async def test_while_nothing_can_be_written_memory_is_bounded_and_what_is_kept_goes_on_counting(
        self, url: URL, caplog: pytest.LogCaptureFixture
    ) -> None:
        async with open_store(url) as store:
            refusal = StoreError("The disk is full", "Free some space")
            with pytest.MonkeyPatch.context() as full:
                full.setattr(store.database, "write", AsyncMock(side_effect=refusal))
                for number in range(MOST_WAITING + 10):
                    store.counts.count(Place(DISCORD, str(number)), "staking", Outcome.EXPLAINER, DAY)
                for _ in range(2):
                    with pytest.raises(StoreError):
                        await store.counts.flush()
                    store.counts.count(GUILD, "staking", Outcome.EXPLAINER, DAY)
                    store.counts.count(Place(DISCORD, "0"), "staking", Outcome.EXPLAINER, DAY)
            assert [one.times for one in await store.counts.statistics(Place(DISCORD, "0"), DAY)] == [3]
            assert await store.counts.statistics(GUILD, DAY) == ()
            assert len(caplog.records) == 1
            await store.counts.flush()
            store.counts.count(GUILD, "staking", Outcome.EXPLAINER, DAY)
            assert [one.times for one in await store.counts.statistics(GUILD, DAY)] == [1]

    async def test_many_cells_are_written_at_once(self, store: Store) -> None:
        for number in range(1_200):
            store.counts.count(Place(DISCORD, str(number)), "staking", Outcome.EXPLAINER, DAY)
        await store.counts.flush()
        await store.counts.flush()
        assert await store.counts.statistics(Place(DISCORD, "1199"), DAY) == (
            Count(DAY, "staking", Outcome.EXPLAINER, 1),
        )

    async def test_old_days_are_dropped(self, store: Store) -> None:
        store.counts.count(GUILD, "staking", Outcome.EXPLAINER, DAY)
        store.counts.count(GUILD, "staking", Outcome.EXPLAINER, DAY - timedelta(days=1))
        await store.counts.flush()
        await store.counts.drop(DAY)
        assert await store.counts.statistics(GUILD, date.min) == (Count(DAY, "staking", Outcome.EXPLAINER, 1),)

    async def test_a_direct_chat_is_not_counted(self, store: Store) -> None:
        store.counts.count(DIRECT, "staking", Outcome.EXPLAINER, DAY)
        await store.counts.flush()
        assert await store.counts.statistics(Place(TELEGRAM, DIRECT.channel), date.min) == ()

    async def test_words_are_no_command(self, store: Store) -> None:
        with pytest.raises(ValueError, match="only commands"):
            store.counts.count(GUILD, "my seed phrase", Outcome.NONE, DAY)
        with pytest.raises(ValueError, match="only ratings"):
            store.counts.rate(GUILD, "staking", "a phrase", Rating.WRONG, DAY)

    async def test_what_was_counted_is_written_at_the_end(self, url: URL) -> None:
        async with open_store(url) as first:
            first.counts.count(GUILD, "staking", Outcome.EXPLAINER, DAY)
        async with open_store(url) as second:
            assert await second.counts.statistics(GUILD, DAY) == (Count(DAY, "staking", Outcome.EXPLAINER, 1),)


class TestCountsInAHurry:
    """What happens in the middle of a flush, at each of its steps."""

    async def flushing(self, store: Store, steps: int) -> asyncio.Task[None]:
        store.counts.count(GROUP, "staking", Outcome.EXPLAINER, DAY)
        task = asyncio.create_task(store.counts.flush())
        for _ in range(steps):
            await asyncio.sleep(0)
        return task

    async def test_nothing_is_counted_twice_or_missed(self, store: Store) -> None:
        for steps in range(30):
            flush = await self.flushing(store, steps)
            assert await store.counts.statistics(GROUP, DAY) == (Count(DAY, "staking", Outcome.EXPLAINER, steps + 1),)
            await flush

    async def test_a_wipe_leaves_nothing_behind(self, store: Store) -> None:
        for steps in range(30):
            flush = await self.flushing(store, steps)
            await store.communities.wipe(GROUP)
            await flush
            await nothing_is_left_of(store, GROUP)

    async def test_a_cancelled_flush_keeps_its_counts(self, store: Store) -> None:
        for steps in range(30):
            flush = await self.flushing(store, steps)
            flush.cancel()
            await asyncio.wait([flush])
            assert await store.counts.statistics(GROUP, DAY) == (Count(DAY, "staking", Outcome.EXPLAINER, steps + 1),)

    async def test_a_cancelled_flush_that_fails_is_no_error_of_its_own(self, store: Store) -> None:
        unheard: list[dict[str, Any]] = []
        asyncio.get_running_loop().set_exception_handler(lambda _, context: unheard.append(context))
        begun, gate = asyncio.Event(), asyncio.Event()

        async def refused(_: object) -> None:
            begun.set()
            await gate.wait()
            raise StoreError("The disk is full", "Make room")

        database = create_autospec(Database, instance=True)
        database.write.side_effect = refused
        counts = CountRows(database)
        counts.count(GROUP, "staking", Outcome.EXPLAINER, DAY)
        flush = asyncio.create_task(counts.flush())
        await begun.wait()
        flush.cancel()
        await asyncio.wait([flush])
        gate.set()
        database.write.side_effect = store.database.write
        await counts.flush()
        gc.collect()
        assert unheard == []
        assert await store.counts.statistics(GROUP, DAY) == (Count(DAY, "staking", Outcome.EXPLAINER, 1),)


class TestOffers:
    async def test_the_last_hash_of_each_scope_is_remembered(self, store: Store) -> None:
        for scope, hash_ in (("global", "one"), ("global", "two"), ("menu:es", "three")):
            await store.offers.offer(TELEGRAM, scope, hash_)
        assert await store.offers.offered(TELEGRAM, "global") == "two"
        assert await store.offers.offered(TELEGRAM, "menu:es") == "three"
        assert await store.offers.offered(DISCORD, "global") is None


class TestMoving:
    async def test_a_group_keeps_everything_under_its_new_id(self, store: Store) -> None:
        await furnish(store, GROUP, "77")
        await store.pins.record(a_pin(replace(GROUP, thread="3"), "staking"))
        ref = MessageRef(GROUP, "80")
        await store.communities.change(
            GROUP,
            lambda one: replace(
                one, locale="vi", welcome=GROUP, last_greeting=ref, channels=frozenset({"-4001", "@other"})
            ),
        )
        for _ in range(2):  # Telegram tells it from both sides
            await store.communities.moved(GROUP, "-1004001")
        assert await store.communities.read(SUPERGROUP) == Community(
            TELEGRAM,
            "-1004001",
            locale="vi",
            welcome=SUPERGROUP,
            last_greeting=MessageRef(SUPERGROUP, "80"),
            channels=frozenset({"-1004001", "@other"}),
        )
        assert await store.pins.of(SUPERGROUP) == (
            a_pin(SUPERGROUP, message="77"),
            a_pin(replace(SUPERGROUP, thread="3"), "staking"),
        )
        assert await store.counts.statistics(SUPERGROUP, DAY) == (Count(DAY, "staking", Outcome.EXPLAINER, 1),)
        assert await store.offers.offered(TELEGRAM, "-1004001") == "of 77"
        await nothing_is_left_of(store, GROUP)

    async def test_what_was_chosen_under_the_new_id_wins_and_counts_add_up(self, store: Store) -> None:
        await furnish(store, GROUP, "77")
        await store.pins.record(a_pin(GROUP, "staking", "78"))
        await store.communities.change(GROUP, lambda one: replace(one, locale="vi", cooldown=60))
        await furnish(store, SUPERGROUP, "5")
        await store.communities.change(SUPERGROUP, lambda one: replace(one, locale="zh"))
        await store.communities.moved(GROUP, "-1004001")
        assert await store.communities.read(SUPERGROUP) == Community(TELEGRAM, "-1004001", locale="zh", cooldown=60)
        assert await store.pins.of(SUPERGROUP) == (
            a_pin(SUPERGROUP, "staking", "78"),
            a_pin(SUPERGROUP, "whatisksm", "5"),
        )
        assert await store.counts.statistics(SUPERGROUP, DAY) == (Count(DAY, "staking", Outcome.EXPLAINER, 2),)
        assert await store.offers.offered(TELEGRAM, "-1004001") == "of 5"
        await nothing_is_left_of(store, GROUP)

    async def test_a_move_of_the_unknown_or_to_itself_changes_nothing(self, store: Store) -> None:
        await store.communities.moved(GROUP, "-1004001")
        assert await store.communities.read(SUPERGROUP) is None
        await furnish(store, GROUP, "77")
        await store.communities.moved(GROUP, "-4001")
        assert await store.pins.of(GROUP) == (a_pin(GROUP),)

    async def test_a_move_that_fails_changes_nothing(self, store: Store) -> None:
        await furnish(store, GROUP, "77")
        rename = text("ALTER TABLE offers RENAME TO elsewhere")  # the last table that a move comes to
        await store.database.write(lambda connection: connection.execute(rename))
        with pytest.raises(StoreError):
            await store.communities.moved(GROUP, "-1004001")
        assert await store.communities.read(SUPERGROUP) is None
        assert await store.pins.of(GROUP) == (a_pin(GROUP),)


class TestLeaving:
    async def test_a_community_that_was_left_is_wiped_when_its_days_are_over(self, store: Store) -> None:
        await furnish(store, GROUP, "77")
        await store.pins.record(a_pin(GUILD))
        await store.communities.left(GROUP, DAY)
        assert await store.communities.wipe_left(DAY) == ()
        assert await store.communities.wipe_left(DAY + timedelta(days=1)) == (Place(TELEGRAM, "-4001"),)
        await nothing_is_left_of(store, GROUP)
        assert await store.pins.of(GUILD) == (a_pin(GUILD),)

    async def test_a_community_that_has_only_its_own_menu_is_wiped_too(self, store: Store) -> None:
        await store.offers.offer(TELEGRAM, "-4001", "hash")
        await store.communities.left(GROUP, DAY)
        await store.communities.wipe_left(date.max)
        assert await store.offers.offered(TELEGRAM, "-4001") is None

    async def test_a_bot_that_returned_keeps_all(self, store: Store) -> None:
        await furnish(store, GROUP, "77")
        await store.communities.left(GROUP, DAY)
        await store.communities.returned(GROUP)
        assert await store.communities.wipe_left(date.max) == ()
        assert await store.pins.of(GROUP) == (a_pin(GROUP),)

    async def test_leaving_stores_nothing_of_the_unknown(self, store: Store) -> None:
        await store.communities.left(GUILD, DAY)
        assert await store.communities.wipe_left(date.max) == ()

    async def test_a_wipe_takes_what_was_counted_a_moment_ago(self, store: Store) -> None:
        await furnish(store, GROUP, "77")
        store.counts.count(GUILD, "staking", Outcome.EXPLAINER, DAY)
        await store.communities.wipe(GROUP)
        await store.counts.flush()
        await nothing_is_left_of(store, GROUP)
        assert await store.counts.statistics(GUILD, DAY) == (Count(DAY, "staking", Outcome.EXPLAINER, 1),)


def test_times_keep_their_instant() -> None:
    assert CHOSEN.greeted_until == datetime(2026, 11, 22, 10, 30, 15, 250_001, tzinfo=UTC)
