"""Answers updates concurrently. An error in one update does not affect others, and the log has no words of members."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Final, final

import structlog
from cachetools import TTLCache

from bot.adapters.telegram import requests, send
from bot.adapters.telegram.delivery import ONE_MOMENT, Delivery, report
from bot.adapters.telegram.joins import Joins
from bot.adapters.telegram.updates import CallbackQuery, InlineQuery, Message, Update
from bot.core.errors import Moved, PlatformError
from bot.core.model import MessageRef
from bot.core.ports import Answers
from bot.features.access import RateLimiter, Wait, member_limit
from bot.runtime.tasks import SharedTasks

log = structlog.get_logger(__name__)

_OLD_BUTTON: Final = "old-button"
_SEEN: Final = 4096  # update ids that are remembered
_DAY: Final = 86_400.0  # seconds; Telegram keeps updates no longer
_OLDEST: Final = 600.0  # seconds; older messages are not answered. Clocks may differ by some minutes


@final
class Dispatcher:
    """Answers updates over `bot`, at most `most` at once. Starts them in order. Answers in one chat may come out of
    order; each is a reply to its question.
    """

    def __init__(
        self,
        bot: send.Bot,
        answers: Answers,
        delivery: Delivery,
        joins: Joins,
        *,
        most: int,
        clock: Callable[[], float],
        now: Callable[[], datetime],
        sleep: Callable[[float], Awaitable[object]],
    ) -> None:
        self._bot, self._answers, self._delivery, self._joins = bot, answers, delivery, joins
        self._clock, self._now, self._sleep, self._limiter = clock, now, sleep, RateLimiter()
        self._is_skipping = False
        # Telegram sends an update again when its acknowledgement was lost.
        self._seen: TTLCache[int, bool] = TTLCache(_SEEN, _DAY, clock)
        self._newest: dict[int, InlineQuery] = {}  # by the members whose inline queries are being answered
        self._slots, self.tasks = asyncio.Semaphore(most), SharedTasks("Telegram", most)

    @property
    def full(self) -> bool:
        """Whether the bot answers as many updates as it may."""
        return self._slots.locked()

    async def take(self, update: Update) -> None:
        """Start to answer the update, once there is a free slot. Ignores an update that came before. Drops an update if
        its chat already uses its share of the slots, so that one busy chat cannot hold up the others.
        """
        if update.update_id in self._seen:
            return
        self._seen[update.update_id] = True
        await self._slots.acquire()
        if task := self.tasks.start(self._on_update(update), update.home):
            task.add_done_callback(lambda _: self._slots.release())
        else:
            self._slots.release()
        await asyncio.sleep(0)  # without it, a batch of a hundred updates would block the event loop for 40 ms

    async def _on_update(self, update: Update) -> None:
        """Answer one update. Never raises."""
        try:
            if message := update.message or update.channel_post or update.guest_message:
                await self._on_message(message)
            elif update.callback_query is not None:
                await self._on_press(update.callback_query)
            elif update.inline_query is not None:
                await self._on_inline_query(update.inline_query)
            elif update.my_chat_member is not None:
                await self._joins.on_my_chat_member(update.my_chat_member)
            elif update.chat_member is not None:
                await self._joins.on_chat_member(update.chat_member)
        except Exception as error:
            report("telegram.not_answered", error)
            if isinstance(error, Moved) and update.home < 0:
                await self._joins.on_moved(update.home, error.new)  # members can ask again under the new id

    async def _on_message(self, message: Message) -> None:
        if not message.words:
            await self._on_service_message(message)
        elif (request := requests.from_message(message, self._bot.bot, self._answers.read)) is not None:
            needs_right = message.forward_origin and self._answers.info(request).needs(request.text)
            if needs_right and request.place.community:
                return  # a moderators' command does nothing when it is forwarded
            if self._is_old(message):
                return
            wait = self._wait(request.member.id)
            if wait is None or wait.first:
                await self._delivery.deliver(request, message, notice=ONE_MOMENT if wait else None)

    def _is_old(self, message: Message) -> bool:
        """Whether the message is too old to answer, as after an outage of the bot or its connection. Logs the first old
        message of a series, so that a wrong clock of this machine is noticed.
        """
        age = self._now().timestamp() - message.date
        if age > _OLDEST and not self._is_skipping:
            log.warning("telegram.old_messages_are_not_answered", seconds=round(age))
        self._is_skipping = age > _OLDEST
        return self._is_skipping

    async def _on_service_message(self, message: Message) -> None:
        """Delete Telegram's notice that this bot pinned a message (only the update has its id). Pass all other service
        messages on.
        """
        if message.pinned_message is None:
            await self._joins.on_service_message(message)
        elif message.from_user is not None and message.from_user.id == self._bot.id:
            try:
                await send.delete(self._bot, MessageRef(requests.place(message), str(message.message_id)))
            except PlatformError as failure:
                log.info("telegram.note_stays", reason=failure.reason)

    async def _on_press(self, query: CallbackQuery) -> None:
        """Answer a press, or show in the bubble over the button why there is no answer."""
        request = requests.from_press(query)
        wait = self._wait(request.member.id)
        if wait is not None and not wait.first:
            return
        if wait is None and query.message and request.command:
            await self._delivery.deliver(request, query.message, query)
        else:
            notice = self._answers.notice(ONE_MOMENT if wait else _OLD_BUTTON, request)
            await self._delivery.acknowledge(query, notice)

    def _wait(self, member: str) -> Wait | None:
        """How long the member has to wait, or None. Checked before anything that calls Telegram."""
        return self._limiter.ask(self._clock(), member_limit(member))

    async def _on_inline_query(self, query: InlineQuery) -> None:
        """Answer one query of a member at a time. Telegram sends a query for each key pressed. Of those that come while
        one is being answered or the member has to wait, only the newest is answered.
        """
        member, answered = query.from_user.id, None
        is_first = member not in self._newest
        self._newest[member] = query
        if not is_first:
            return  # the call that is answering the member's earlier query answers this one next
        try:
            while answered is not self._newest[member]:
                while wait := self._wait(str(member)):
                    await self._sleep(wait.seconds)
                answered = self._newest[member]
                await self._search(answered)
        finally:
            del self._newest[member]

    async def _search(self, query: InlineQuery) -> None:
        try:
            replies = await self._answers.search(query.query, query.from_user.language_code)
            await send.results(self._bot, query.id, replies)
        except Exception as error:
            report("telegram.no_results", error)
