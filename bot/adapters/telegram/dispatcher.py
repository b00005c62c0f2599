"""Answers updates as they come. Its law: no update stops the next, and whatever fails is told to the log once,
without anybody's words.
"""

import asyncio
import time
import traceback
from collections.abc import Awaitable, Callable
from typing import Final, Protocol, final

import structlog
from telegram.ext import ExtBot

from bot.adapters.telegram import community_events, requests, send
from bot.adapters.telegram.access import Access
from bot.adapters.telegram.inline import InlineQueries
from bot.adapters.telegram.joins import Arrivals
from bot.adapters.telegram.updates import Press, Query, Update
from bot.core.commands import CommandInfo
from bot.core.cooldown import Cooldown, budget
from bot.core.disclaimer import Reply, address
from bot.core.errors import Busy, Moved, PlatformError
from bot.core.model import Member, MessageRef, Place, Request, Rights
from bot.core.ports import CommunityEvents

log = structlog.get_logger(__name__)

_WAITING: Final = 1024  # updates; while so many wait, no more are fetched
_TROUBLE: Final = "something-went-wrong"
_OLD_BUTTON: Final = "old-button"
_ONE_MOMENT: Final = "one-moment"


class Answers(Protocol):
    """What is asked of the responder; there each is told in full."""

    @property
    def commands(self) -> tuple[CommandInfo, ...]:
        """What is offered now."""
        ...

    async def respond(self, request: Request) -> Reply | None:
        """The answer, or None to stay silent."""
        ...

    async def search(self, text: str, locale: str | None) -> tuple[Reply, ...]:
        """The answers to an inline query."""
        ...

    def notice(self, key: str, request: Request) -> Reply:
        """A notice without values."""
        ...


@final
class Seen:
    """The ids of the latest updates. Telegram brings one again when our word that we took it was lost."""

    def __init__(self, most: int = 4096) -> None:
        self._ids: dict[int, None] = {}
        self._most = most

    def again(self, update: int) -> bool:
        """Whether this one came before; remembers it."""
        if update in self._ids:
            return True
        self._ids[update] = None
        if len(self._ids) > self._most:
            del self._ids[next(iter(self._ids))]
        return False


@final
class Dispatcher:
    """The queue of one connection's updates, and at most `most` of them being answered at once.

    They are taken up in order; two of one chat may be answered in another, each attached to its question. None is
    answered before `acknowledged` returns for its id.
    """

    def __init__(
        self,
        bot: "ExtBot[None]",
        answers: Answers,
        rights: Callable[[Place, Member | None], Awaitable[Rights]],
        seen: Seen,
        *,
        most: int,
        comings: CommunityEvents | None = None,
        arrivals: Arrivals | None = None,
        acknowledged: Callable[[int], Awaitable[None]] | None = None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self.queue: asyncio.Queue[object] = asyncio.Queue(_WAITING)
        self._bot, self._answers, self._seen = bot, answers, seen
        self._clock, self._sleep, self._cooldown = clock, sleep, Cooldown()
        self._access, self._inline = Access(rights, clock), InlineQueries(self._search, self._turn)
        self._comings, self._arrivals, self._acknowledged = comings, arrivals, acknowledged
        self._free = asyncio.Semaphore(most)
        self._at_work: set[asyncio.Task[None]] = set()

    @property
    def waiting(self) -> int:
        """How many updates came and are not answered yet."""
        return self.queue.qsize() + len(self._at_work)

    async def work(self) -> None:
        """Take up updates until cancelled."""
        while True:
            update = await self.queue.get()
            await self._free.acquire()
            if self._acknowledged and isinstance(update, Update):
                await self._acknowledged(update.update_id)
            task = asyncio.create_task(self._handled(update))
            self._at_work.add(task)
            task.add_done_callback(self._at_work.discard)
            if not self.queue.empty():
                await asyncio.sleep(0)  # a hundred come at once: begun in one go, they would hold the loop for 40 ms

    async def drain(self, seconds: float) -> None:
        """Let what has come be answered, for so many seconds; then let go of the rest. Needs `work` to go on."""
        try:
            await asyncio.wait_for(self.queue.join(), seconds)
        except TimeoutError:
            left = list(self._at_work)
            log.warning("telegram.dropped", waiting=self.queue.qsize(), unfinished=len(left))
            for task in left:
                task.cancel()
            await asyncio.gather(*left, return_exceptions=True)

    async def _handled(self, update: object) -> None:
        try:
            if isinstance(update, Update) and not self._seen.again(update.update_id):
                await self.handle(update)
        finally:
            self._free.release()
            self.queue.task_done()

    async def handle(self, update: Update) -> None:
        """Answer one update. Never raises."""
        try:
            if update.inline_query is not None:
                await self._inline.take(update.inline_query)
            elif (note := requests.pin_note(update, self._bot.bot)) is not None:
                await self._remove(note)
            else:
                await self._take(update)
        except Exception as error:
            _tell("telegram.not_answered", error)

    async def _take(self, update: Update) -> None:
        """Note who came and went, and answer what is asked, unless its asker has asked too much: that is checked
        before anything that costs a call, and told once."""
        if self._comings:
            await community_events.note(update, self._comings)
        if self._arrivals:
            await self._arrivals.take(update)
        press = update.callback_query
        known = requests.request(update, self._bot.bot)
        request = known or (requests.unknown(press) if press else None)
        if request is None:
            return
        wait = self._cooldown.ask(self._clock(), budget(request.member.id))
        if wait and not wait.first:
            return
        if wait or known is None:
            notice = self._answers.notice(_ONE_MOMENT if wait else _OLD_BUTTON, request)
            await (self._acknowledge(press, notice) if press else self._attach(update, request, notice))
        elif press:
            await asyncio.gather(self._acknowledge(press), self._answer(update, request))
        else:
            await self._answer(update, request)

    async def _turn(self, member: int) -> None:
        """Wait until the member may ask again."""
        while wait := self._cooldown.ask(self._clock(), budget(str(member))):
            await self._sleep(wait.seconds)

    async def _answer(self, update: Update, request: Request) -> None:
        try:
            reply = await self._reply(request)
            if reply is not None:
                await self._attach(update, request, reply)
        except Exception as error:
            _tell("telegram.not_answered", error)

    async def _attach(self, update: Update, request: Request, reply: Reply) -> None:
        """Send it where it was asked for, attached to what it answers."""
        if reply.to is None:
            reply = address(reply, requests.origin(update), reply.private)
        await self._post(request.place, reply)

    async def _post(self, place: Place, reply: Reply) -> None:
        """Send it; a group that has moved meanwhile is noted, and asks again under its new id if it still wants to."""
        try:
            await send.post(self._bot, place, reply)
        except Moved as moved:
            if self._comings and place.community:
                await self._comings.moved(place, moved.new)
            raise

    async def _reply(self, request: Request) -> Reply | None:
        try:
            return await self._answers.respond(await self._access.complete(request, self._answers.commands))
        except Exception as error:
            _tell("telegram.no_answer", error)
            return self._answers.notice(_TROUBLE, request)

    async def _remove(self, note: MessageRef) -> None:
        """Take Telegram's note of our own pin away; its id comes with the update alone."""
        try:
            await send.delete(self._bot, note)
        except PlatformError as failure:
            log.info("telegram.note_stays", reason=failure.reason)

    async def _acknowledge(self, press: Press, notice: Reply | None = None) -> None:
        """Stop the spinner at once, whatever the button asks."""
        try:
            await send.acknowledge(self._bot, press.id, notice)
        except Exception as error:
            _tell("telegram.not_acknowledged", error)

    async def _search(self, query: Query) -> None:
        try:
            replies = await self._answers.search(query.query, query.from_user.language_code)
            await send.results(self._bot, query.id, replies)
        except Busy:
            log.debug("telegram.too_busy_to_search")  # Telegram shows nothing, and asks again with the next key
        except Exception as error:
            _tell("telegram.no_results", error)


def _tell(event: str, error: Exception) -> None:
    """Log where it broke. An unknown exception's own words may quote a member, so its kind stands for them."""
    frames = traceback.extract_tb(error.__traceback__)
    where = f"{frames[-1].name}:{frames[-1].lineno}" if frames else ""
    reason = error.reason if isinstance(error, PlatformError) else None
    log.warning(event, error=type(error).__name__, reason=reason, where=where)
