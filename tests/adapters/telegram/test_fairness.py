"""One member's flood costs Telegram few calls and others no turn, over the real library. Time stands still."""

import asyncio
from dataclasses import dataclass, field

from bot.adapters.telegram.rights import REMEMBERED
from bot.core.disclaimer import Reply
from bot.core.model import Right
from tests.adapters.telegram.stage import KNOWN, Answering, at_once, draft, info, place, running, sealed
from tests.fakes.telegram import TelegramServer

BURST = 40  # what one member may ask at once


@dataclass
class Time:
    """A clock that goes when it is told to."""

    now: float = 1000.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Searching(Answering):
    """Finds something for each query, as slowly as it is told."""

    queries: list[str] = field(default_factory=list)
    slow: asyncio.Event | None = None

    async def search(self, text: str, locale: str | None) -> tuple[Reply, ...]:
        self.queries.append(text)
        if self.slow:
            await self.slow.wait()
        return (sealed(title=text),)


GUARDED = (info("whatisksm"), info("settings", Right.MANAGE))
ANSWERS = {**KNOWN, "settings": draft(title="Settings")}


async def test_of_the_queries_of_one_member_only_the_first_and_the_newest_are_looked_for() -> None:
    answers = Searching(slow=asyncio.Event())
    async with TelegramServer() as server, running(server, answers, clock=Time(), sleep=at_once):
        ada, eve = server.member(), server.member()
        for number in range(400):
            server.inline(ada, f"what is ksm {number}")
        server.inline(eve, "governance")
        await server.until_polling()
        await server.until(lambda: "governance" in answers.queries or None)
        assert answers.queries == ["what is ksm 0", "governance"]
        assert answers.slow is not None
        answers.slow.set()
        calls = await server.wait_for("answerInlineQuery", 3)
    assert answers.queries == ["what is ksm 0", "governance", "what is ksm 399"]
    assert len(calls) == 3


async def test_whoever_asks_in_vain_for_what_moderators_may_costs_two_calls_however_often() -> None:
    answers, time = Answering(ANSWERS, GUARDED), Time()
    async with TelegramServer() as server, running(server, answers, clock=time, sleep=at_once, most=128):
        chat, member = server.chat(), server.member()
        for _ in range(300):
            server.send(chat, member, "/settings")
        await server.wait_for("sendMessage", BURST + 1)
        await server.until_polling()
        assert len(server.of("getChatMember")) == 2
        assert len(answers.requests) == BURST
        time.now += REMEMBERED + 1
        server.send(chat, member, "/settings")
        await server.wait_for("sendMessage", BURST + 2)
        assert len(server.of("getChatMember")) == 4


async def test_forged_presses_cost_no_more() -> None:
    answers = Answering(ANSWERS, GUARDED)
    async with TelegramServer() as server, running(server, answers, clock=Time(), sleep=at_once) as adapter:
        chat, member = server.chat(), server.member()
        message = chat.messages[int((await adapter.post(place(chat), sealed())).message)]
        for number in range(200):
            server.press(message, "v1:en:settings" if number % 2 else "rubbish", member, forged=True)
        await server.wait_for("answerCallbackQuery", BURST + 1)
        other = server.member()
        server.press(message, "v1:en:whatisksm", other, forged=True)
        await server.wait_for("answerCallbackQuery", BURST + 2)
        assert len(server.of("getChatMember")) == 2
        told = [call.params.get("text") for call in server.of("answerCallbackQuery")]
        assert told.count("One moment, please.") == 1


async def test_who_goes_on_is_told_once_and_may_ask_again_soon() -> None:
    answers, time = Answering(KNOWN), Time()
    async with TelegramServer() as server, running(server, answers, clock=time, sleep=at_once):
        chat, ada, eve = server.chat(), server.member(), server.member()
        for _ in range(BURST + 50):
            server.send(chat, ada, "/whatisksm")
        server.send(chat, eve, "/whatisksm")
        await server.until_polling()
        sent = await server.wait_for("sendMessage", BURST + 2)
        assert sum(call.text == "One moment, please." for call in sent) == 1
        assert {request.member.id for request in answers.requests} == {str(ada.id), str(eve.id)}
        time.now += 0.25
        server.send(chat, ada, "/whatisksm")
        await server.wait_for("sendMessage", BURST + 3)


async def test_a_moderator_is_asked_about_at_every_use() -> None:
    answers = Answering(ANSWERS, GUARDED)
    async with TelegramServer() as server, running(server, answers, clock=Time(), sleep=at_once):
        chat, moderator = server.chat(), server.member()
        chat.put(moderator, "administrator", {"can_pin_messages", "can_change_info"})
        for number in (1, 2):
            server.send(chat, moderator, "/settings")
            await server.wait_for("sendMessage", number)
        assert len(server.of("getChatMember")) == 4
