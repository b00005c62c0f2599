"""Newcomers to greetings, with a platform that keeps what it is told and a clock in hand."""

import asyncio
import gc
import logging
import threading
import tracemalloc
import weakref
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.core.commands import CommandInfo
from bot.core.community import Community
from bot.core.disclaimer import Reply, seal
from bot.core.errors import BadInput, Forbidden, MessageGone, Moved, PlatformError
from bot.core.greeting import checked
from bot.core.join_window import Join
from bot.core.model import TELEGRAM, Attachment, Member, MessageRef, Notice, Place, Request, Right, Risk
from bot.core.ports import Platform
from bot.core.sealed_catalog import SealedCatalog
from bot.core.spans import Paragraph, flatten
from bot.features.welcomes.greeter import Greeter
from bot.features.welcomes.welcome_command import WelcomeCommand
from bot.runtime.telemetry import GREETINGS
from tests.builders import no_fault, shipped, urging, why_name_hidden
from tests.fakes.homes import Homes
from tests.fakes.told import ToldClock
from tests.waiting import PATIENCE

HERE = Place(TELEGRAM, "-5", "-5", "7")
ELSEWHERE = Place(TELEGRAM, "-6", "-6")
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
MOD = Right.MANAGE | Right.SEND
LANGUAGE = shipped().default


@dataclass
class Wall:
    """A platform: keeps what is posted, deleted and tried; the next posts meet `errors` first."""

    posts: dict[str, Reply] = field(default_factory=dict)
    places: list[Place] = field(default_factory=list)
    deleted: list[MessageRef] = field(default_factory=list)
    nonces: list[str | None] = field(default_factory=list)
    errors: list[PlatformError] = field(default_factory=list)
    gate: asyncio.Event | None = None
    name: str = TELEGRAM
    ready: bool = True

    async def run(self) -> None: ...

    async def offer(self, commands: Sequence[CommandInfo]) -> None: ...

    async def rights(self, place: Place, member: Member | None) -> Right:
        return Right.NONE

    async def is_forum(self, place: Place) -> bool:
        return False

    async def post(self, place: Place, reply: Reply, once: str | None = None) -> MessageRef:
        self.nonces.append(once)
        if self.gate:
            await self.gate.wait()
        if self.errors:
            raise self.errors.pop(0)
        ref = MessageRef(place, str(len(self.posts) + 1))
        self.posts[ref.message] = reply
        self.places.append(place)
        return ref

    async def edit(self, ref: MessageRef, reply: Reply) -> bool | None:
        return None

    async def delete(self, ref: MessageRef) -> None:
        self.deleted.append(ref)
        if ref.message not in self.posts:
            raise MessageGone("no such message")

    async def pin(self, ref: MessageRef) -> None: ...

    async def read(self, file: Attachment) -> bytes:
        raise NotImplementedError

    async def unpin(self, ref: MessageRef) -> None: ...

    @property
    def said(self) -> list[str]:
        return [flatten(reply.body).split("\n\n")[0] for reply in self.posts.values()]


class Bench:
    """Welcomes and their command, over settings in memory."""

    def __init__(self) -> None:
        self.homes, self.wall, self.clock = Homes(), Wall(), ToldClock()
        self.communities = self.homes.known()
        self.edition = SealedCatalog(shipped())
        self.now = NOON
        self.counts: list[tuple[str, str]] = []
        self.begin()

    def begin(self) -> None:
        """The process starts (again)."""
        platforms: dict[str, Platform] = {TELEGRAM: self.wall}
        self.welcomes = Greeter(
            lambda: self.edition,
            self.communities,
            platforms,
            why_name_hidden,
            clock=self.clock,
            sleep=self.clock.sleep,
            now=lambda: self.now,
            counted=lambda platform, result: self.counts.append((platform, result)),
        )
        self.greetings = WelcomeCommand(self.communities, self.welcomes, lambda: self.now, urging)

    async def on(self, place: Place = HERE) -> None:
        await self.says("on", place=place)

    async def says(self, text: str, place: Place = HERE, bot: Right = MOD | Right.JOINS) -> str:
        """A moderator types it; returns the answer's words."""
        request = Request(place, Member("9", "Mod"), "welcome", text, bot_rights=bot)
        draft = await self.greetings.welcome(request, await self.communities.of(place))
        sealed = draft if isinstance(draft, Reply) else seal(draft, shipped().default, Risk.GENERAL)
        return flatten(sealed.body)

    async def join(self, *names: str, at: datetime | None = None, place: Place = HERE) -> None:
        self.now += timedelta(seconds=1)
        joins = [Join(f"id of {name}", name, at or self.now) for name in names]
        await self.welcomes.joined(place, joins)

    async def wait(self, seconds: float) -> None:
        """Time passes second by second, and everybody gets to run."""
        for _ in range(int(seconds)):
            self.clock.pass_(1.0)
            await settled()

    async def stored(self, place: Place = HERE) -> Community:
        return await self.communities.of(place)


async def settled() -> None:
    """Let everybody run until they sleep."""
    for _ in range(10):
        await asyncio.sleep(0)


@pytest.fixture
async def bench() -> AsyncIterator[Bench]:
    one = Bench()
    yield one
    one.wall.gate = None
    await one.welcomes.close()


async def test_nobody_is_greeted_before_a_moderator_turns_it_on(bench: Bench) -> None:
    await bench.join("Ada")
    await bench.wait(120)
    assert bench.wall.posts == {}
    assert not await bench.welcomes.greets(HERE)


async def test_who_comes_together_is_greeted_once_in_the_channel_where_it_was_turned_on(bench: Bench) -> None:
    await bench.on()
    await bench.join("Ada", "Bo")
    await bench.wait(10)
    await bench.join("Cy", place=replace(HERE, channel="other", thread=None))
    await bench.wait(19)
    assert bench.wall.posts == {}
    await bench.wait(1)
    assert bench.wall.said == ["Ada, Bo and Cy have joined."]
    assert bench.wall.places == [HERE]


async def test_a_steady_stream_is_greeted_every_ninety_seconds(bench: Bench) -> None:
    await bench.on()
    for number in range(30):
        await bench.join(f"n{number}")
        await bench.wait(10)
    assert len(bench.wall.posts) == 3
    assert bench.wall.said[0] == "n0, n1, n2, n3, n4 and 4 others have joined."


async def test_each_community_has_its_own_window(bench: Bench) -> None:
    await bench.on()
    await bench.on(ELSEWHERE)
    await bench.join("Ada")
    await bench.wait(10)
    await bench.join("Bo", place=ELSEWHERE)
    await bench.wait(10)
    assert bench.wall.said == ["Ada has joined."]
    await bench.wait(10)
    assert bench.wall.said == ["Ada has joined.", "Bo has joined."]
    assert bench.wall.places == [HERE, ELSEWHERE]


async def test_a_raid_of_fifty_thousand_gets_one_message_without_names_and_holds_no_memory(bench: Bench) -> None:
    await bench.on()
    await bench.join("early")
    tracemalloc.start()
    try:
        before = 0
        for number in range(5_000):
            await bench.join(*(f"raider {number} {each}" for each in range(10)))
            before = before or tracemalloc.get_traced_memory()[0]
            if number % 100 == 0:
                await bench.wait(1)
        grown = tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()
    assert grown < 50_000
    assert bench.clock.sleepers == 1
    await bench.wait(130)
    assert bench.wall.said == ["50001 new members have joined. Welcome, everyone!"]


async def test_nobody_is_greeted_twice_though_told_of_again_after_a_restart(bench: Bench) -> None:
    await bench.on()
    came = bench.now + timedelta(seconds=5)
    for _ in range(2):
        await bench.join("Ada", at=came)
    await bench.wait(20)
    await bench.join("Ada", at=came)
    await bench.welcomes.close()
    bench.begin()
    await bench.join("Ada", at=came)
    await bench.wait(120)
    assert bench.wall.said == ["Ada has joined."]


async def test_what_is_to_be_greeted_is_noted_before_it_is_posted(bench: Bench) -> None:
    await bench.on()
    bench.wall.gate = asyncio.Event()
    await bench.join("Ada")
    await bench.wait(20)
    assert bench.wall.posts == {}
    assert (await bench.stored()).greeted_until == bench.now
    bench.wall.gate.set()
    await settled()
    assert len(bench.wall.posts) == 1


async def test_who_came_before_it_was_turned_on_is_no_newcomer(bench: Bench) -> None:
    await bench.on()
    await bench.join("Old", at=NOON - timedelta(hours=1))
    await bench.wait(60)
    assert bench.wall.posts == {}


async def test_the_previous_greeting_is_removed_unless_moderators_want_it_to_stay(bench: Bench) -> None:
    await bench.on()
    for name in ("Ada", "Bo"):
        await bench.join(name)
        await bench.wait(20)
    assert [ref.message for ref in bench.wall.deleted] == ["1"]
    assert (await bench.stored()).last_greeting == MessageRef(HERE, "2")
    assert "Previous greetings stay" in await bench.says("cleanup off")
    await bench.join("Cy")
    await bench.wait(20)
    assert [ref.message for ref in bench.wall.deleted] == ["1"]


async def test_a_previous_greeting_that_somebody_deleted_is_no_trouble(bench: Bench) -> None:
    await bench.on()
    await bench.join("Ada")
    await bench.wait(20)
    bench.wall.posts.clear()
    await bench.join("Bo")
    await bench.wait(20)
    assert bench.wall.said == ["Bo has joined."]
    assert not bench.welcomes.posting.problem(HERE)


async def test_on_leaving_all_who_wait_are_greeted_at_once_and_nobody_after(bench: Bench) -> None:
    await bench.on()
    await bench.on(ELSEWHERE)
    await bench.join("Ada")
    await bench.join("Bo", place=ELSEWHERE)
    await bench.wait(1)
    await bench.welcomes.close()
    await bench.join("Cy")
    assert sorted(bench.wall.said) == ["Ada has joined.", "Bo has joined."]
    assert bench.clock.sleepers == 0


async def test_leaving_in_the_middle_of_a_greeting_posts_it_once(bench: Bench) -> None:
    await bench.on()
    bench.wall.gate = asyncio.Event()
    await bench.join("Ada")
    await bench.wait(20)
    await bench.join("Bo")
    leaving = asyncio.create_task(bench.welcomes.close())
    await settled()
    bench.wall.gate.set()
    await leaving
    assert bench.wall.said == ["Ada has joined.", "Bo has joined."]


async def test_a_flooded_chat_is_waited_for_as_long_as_it_asks(bench: Bench) -> None:
    await bench.on()
    bench.wall.errors = [PlatformError("flood", permanent=False, retry_after=timedelta(seconds=30))]
    await bench.join("Ada")
    await bench.wait(20)
    await bench.join("Bo")
    await bench.wait(29)
    assert bench.wall.posts == {}
    await bench.wait(1)
    assert bench.wall.said[0] == "Ada has joined."
    assert bench.wall.nonces[0] == bench.wall.nonces[1] is not None


async def test_a_platform_that_stays_away_is_given_up_after_three_attempts(bench: Bench) -> None:
    await bench.on()
    bench.wall.errors = [PlatformError("away", permanent=False) for _ in range(9)]
    await bench.join("Ada")
    await bench.wait(60)
    assert len(bench.wall.nonces) == 3
    assert bench.welcomes.posting.problem(HERE)


async def test_a_lost_right_is_logged_shown_and_not_tried_again_until_a_moderator_says_so(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    await bench.on()
    bench.wall.errors = [Forbidden("no", Right.SEND)]
    with caplog.at_level(logging.WARNING):
        for name in ("Ada", "Bo", "Cy"):
            await bench.join(name)
            await bench.wait(20)
    assert len(bench.wall.nonces) == 1
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert "lacks the right to send messages" in await bench.says("")
    await bench.on()
    assert "could not be posted" not in await bench.says("")
    await bench.join("Di")
    await bench.wait(20)
    assert bench.wall.said == ["Di has joined."]


async def test_of_a_greeting_that_failed_nothing_is_kept_but_why(bench: Bench) -> None:
    await bench.on()
    error = Forbidden("no", Right.SEND)
    bench.wall.errors, kept = [error], weakref.ref(error)
    del error
    await bench.join("Ada")
    await bench.wait(20)
    assert bench.welcomes.posting.problem(HERE)
    gc.collect()
    assert kept() is None, "an error holds whom it was about to greet"


async def test_after_ten_minutes_a_lost_right_is_tried_again(bench: Bench) -> None:
    await bench.on()
    bench.wall.errors = [Forbidden("no", Right.SEND)]
    await bench.join("Ada")
    await bench.wait(20)
    bench.clock.pass_(600)
    await bench.join("Bo")
    await bench.wait(20)
    assert bench.wall.said == ["Bo has joined."]
    assert not bench.welcomes.posting.problem(HERE)


async def test_what_became_of_each_greeting_is_counted(bench: Bench) -> None:
    await bench.on()
    for names in (["Ada"], [f"raider {number}" for number in range(30)], ["Bo"], ["Cy"]):
        if names == ["Bo"]:
            bench.wall.errors = [Forbidden("no", Right.SEND)]
        await bench.join(*names)
        await bench.wait(150)
    assert bench.counts == [(TELEGRAM, one) for one in ("posted", "raid", "failed", "left-out")]
    assert {result for _, result in bench.counts} == set(GREETINGS)


async def test_a_channel_that_is_gone_says_what_to_do(bench: Bench) -> None:
    await bench.on()
    bench.wall.errors = [MessageGone("unknown channel")]
    await bench.join("Ada")
    await bench.wait(20)
    assert "its channel is gone" in await bench.says("")


async def test_a_group_that_moved_is_greeted_under_its_new_id(bench: Bench) -> None:
    await bench.on()
    bench.wall.errors = [Moved("-1005")]
    await bench.join("Ada")
    await bench.wait(20)
    new = Place(TELEGRAM, "-1005", "-1005", "7")
    assert bench.wall.places == [new]
    assert (await bench.stored(new)).last_greeting == MessageRef(new, "1")
    assert (await bench.stored()).welcome is None


async def test_what_keeps_a_group_that_moved_from_being_greeted_is_shown_where_it_moved_to(bench: Bench) -> None:
    await bench.on()
    bench.wall.errors = [Moved("-1005"), Forbidden("no", Right.SEND)]
    await bench.join("Ada")
    await bench.wait(20)
    new = Place(TELEGRAM, "-1005", "-1005", "7")
    assert "lacks the right to send messages" in await bench.says("", place=new)
    await bench.join("Bo", place=new)
    await bench.wait(20)
    assert len(bench.wall.nonces) == 2, "nothing is tried again for a while"


async def test_a_store_in_trouble_leaves_the_greeting_out_rather_than_say_it_twice(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    await bench.on()
    await bench.join("Ada")
    bench.homes.broken = True
    await bench.wait(20)
    assert bench.wall.posts == {}
    assert "the disk is full" in caplog.text
    bench.homes.broken = False
    await bench.join("Bo")
    await bench.wait(20)
    assert bench.wall.said == ["Bo has joined."]


async def test_turning_it_off_lets_those_who_wait_go_ungreeted(bench: Bench) -> None:
    await bench.on()
    await bench.join("Ada")
    assert "no longer" in await bench.says("off")
    await bench.wait(60)
    assert bench.wall.posts == {}
    assert "off" in await bench.says("")


async def test_nothing_runs_on_when_a_community_is_quiet(bench: Bench) -> None:
    await bench.on()
    await bench.join("Ada")
    await bench.wait(20)
    assert bench.clock.sleepers == 1
    await bench.wait(60)
    assert bench.clock.sleepers == 0


async def test_a_preview_is_the_very_greeting(bench: Bench) -> None:
    await bench.on()
    await bench.says("message Hello {names}, see /topics")
    preview = await bench.says("preview")
    await bench.join("Mod")
    await bench.wait(20)
    assert [flatten(reply.body) for reply in bench.wall.posts.values()] == [preview]
    assert preview.startswith("Hello Mod, see /topics")


async def test_the_lines_of_many_moderators_are_judged_one_at_a_time_and_leave_threads_to_others(bench: Bench) -> None:
    begun, go = list[str](), threading.Event()

    def judge(line: str) -> None:
        begun.append(line)
        go.wait(PATIENCE)

    bench.greetings = WelcomeCommand(bench.communities, bench.welcomes, lambda: bench.now, judge)
    asked = [asyncio.create_task(bench.says(f"message Hello {number}")) for number in range(40)]
    try:
        while not begun:
            await settled()
        await settled()
        assert len(begun) == 1
    finally:
        go.set()
    await asyncio.gather(*asked)
    assert len(begun) == 40


async def test_it_is_not_turned_on_where_the_bot_cannot_write(bench: Bench) -> None:
    with pytest.raises(BadInput) as refused:
        await bench.says("on", bot=Right.JOINS)
    assert (refused.value.key, refused.value.values) == ("bot-lacks-right", {"right": Right.SEND})
    assert bench.homes.rows == {}


async def test_turning_it_on_tells_when_the_bot_learns_of_nobody(bench: Bench) -> None:
    assert "learn about new members" not in await bench.says("on")
    assert "learn about new members" in await bench.says("on", bot=Right.SEND)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("hello", "welcome-needs-action"),
        ("cleanup", "welcome-cleanup-needs-choice"),
        ("cleanup maybe", "welcome-cleanup-needs-choice"),
        ("message join t.me/x", "welcome-message-link"),
    ],
)
async def test_words_that_cannot_be_used_are_told_what_to_type(bench: Bench, text: str, key: str) -> None:
    with pytest.raises(BadInput) as refused:
        await bench.says(text)
    assert refused.value.key == key


async def test_the_line_is_kept_and_taken_back(bench: Bench) -> None:
    assert "Saved" in await bench.says("message   Make yourself at home.")
    assert (await bench.stored()).welcome_line == "Make yourself at home."
    assert "usual" in await bench.says("message")
    assert (await bench.stored()).welcome_line is None


async def test_how_it_stands_is_told(bench: Bench) -> None:
    await bench.on()
    told = await bench.says("")
    assert "Welcomes are on, in #7" in told
    assert "previous greeting is removed" in told


async def test_what_was_noted_under_a_date_far_ahead_keeps_nobody_from_being_greeted(bench: Bench) -> None:
    bench.now += timedelta(days=1)  # the machine began with a wrong date
    await bench.on()
    bench.now = NOON
    bench.begin()
    for name in ("Ada", "Grace"):
        await bench.join(name)
        await bench.wait(20)
    assert len(bench.wall.posts) == 2
    known = (await bench.stored()).greeted_until
    assert known is not None
    assert known < NOON + timedelta(minutes=1)


async def test_who_leaves_and_comes_back_within_a_day_is_greeted_once(bench: Bench) -> None:
    await bench.on()
    for seconds in (24, 4_000, 80_000):
        await bench.join("Ada")
        await bench.wait(24)
        bench.clock.pass_(seconds)
    assert bench.wall.said == ["Ada has joined."]
    bench.clock.pass_(7_000)
    await bench.join("Ada")
    await bench.wait(24)
    assert bench.wall.said == ["Ada has joined."] * 2


async def test_who_comes_back_elsewhere_or_as_somebody_else_is_greeted(bench: Bench) -> None:
    await bench.on()
    await bench.on(ELSEWHERE)
    await bench.join("Ada")
    await bench.join("Ada", place=ELSEWHERE)
    await bench.wait(24)
    await bench.join("Bo")
    await bench.wait(24)
    assert bench.wall.said == ["Ada has joined.", "Ada has joined.", "Bo has joined."]


@pytest.mark.parametrize(
    "name",
    [
        "FREE KSM AIRDROP DM @kusama_gift",
        "Buy KSM now",
        "B u y K S M n o w",
        "Kusama Support DM me",
        "Double your KSM",
        "Guaranteed profit",
        "Раздача KSM бесплатно",
        "免费空投KSM",
        "买KSM",
        "Mua KSM ngay",
        "¡Compra KSM ya!",
        "Claim KSM bonus",
        "KSM presale live",
        "Your wallet is at risk, verify",
        "100x gem KSM",
        "Earn 20% APY",
        "Whatsapp +1 555 1234567",
        "Kusama Recovery Service",
        "Ḟŕéé Áírdróp",
        "Frее аirdrор",
    ],
)
async def test_a_scammers_name_is_counted_and_not_shown(bench: Bench, name: str) -> None:
    await bench.on()
    await bench.join("Ada", name)
    await bench.wait(20)
    await bench.join(f"{name}!", "Bo", "Cy")
    await bench.wait(20)
    assert bench.wall.said == ["Ada and one other have joined.", "Bo, Cy and one other have joined."]


async def test_scammers_alone_are_greeted_without_any_name(bench: Bench) -> None:
    await bench.on()
    await bench.says("message Hello {names}, look around!")
    await bench.join("Free airdrop")
    await bench.wait(20)
    await bench.join("Free airdrop 2", "Free airdrop 3")
    await bench.wait(20)
    assert bench.wall.said == ["Hello …, look around!", "2 new members have joined. Welcome, everyone!"]


async def test_a_preview_does_not_show_a_scammers_name_either(bench: Bench) -> None:
    request = Request(HERE, Member("9", "Free airdrop"), "welcome", "preview", rights=MOD, bot_rights=MOD)
    shown = await bench.greetings.welcome(request, await bench.communities.of(HERE))
    assert isinstance(shown, Reply)
    assert flatten(shown.body).startswith("… has joined.")


@pytest.mark.parametrize("name", ["Gia Bảo", "Ban Ki-moon", "Joy Price", "Max Profit", "王小明", "Grace", "J. R. R."])
async def test_an_honest_name_is_shown(bench: Bench, name: str) -> None:
    await bench.on()
    await bench.join(name)
    await bench.wait(20)
    assert name in bench.wall.said[0].replace("\u2060", "")


@pytest.mark.parametrize(
    "line", ["Buy KSM now", "join t.me/x", "Ask @support", "Hello {you}", "x" * 300, "See kusama。network", "4", "0"]
)
async def test_a_refused_line_is_answered_with_the_ready_ones(bench: Bench, line: str) -> None:
    with pytest.raises(BadInput) as refused:
        await bench.says(f"message {line}")
    words = flatten(seal(Notice(refused.value.key, refused.value.values, refused.value.rows), LANGUAGE, Risk.HIGH).body)
    assert words.count("/welcome message 1") == 1
    assert "\n• 3: Is all of this new to you? Type /topics" in words
    assert (await bench.stored()).welcome_line is None


@pytest.mark.parametrize(("typed", "number"), [("1", 0), ("2", 1), ("3", 2), ("３", 2)])
async def test_a_ready_line_is_chosen_by_its_number_and_follows_the_language(
    bench: Bench, typed: str, number: int
) -> None:
    await bench.on()
    assert "Saved" in await bench.says(f"message {typed}")
    for locale, language in shipped().languages.items():
        await bench.communities.change(HERE, lambda one, locale=locale: replace(one, locale=locale))  # type: ignore[misc]  # a lambda's default
        ready = flatten((Paragraph(language.greeting.ready[number]),))
        assert ready in await bench.says("preview")


def test_every_ready_line_is_one_that_moderators_might_have_written() -> None:
    for language in shipped().languages.values():
        for line in language.greeting.ready:
            words = flatten((Paragraph(line),))
            assert checked(words, no_fault) in (words, words.replace("，", ",").replace("？", "?"))
