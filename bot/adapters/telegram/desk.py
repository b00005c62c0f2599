"""Answers updates as they come. Its law: no update stops the next, and whatever fails is told to the log once,
without anybody's words.
"""

import asyncio
import traceback
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Final, Protocol, final

import structlog
from telegram.ext import ExtBot

from bot.adapters.telegram import comings, read, send
from bot.adapters.telegram.joins import Arrivals
from bot.adapters.telegram.told import Press, Query, Update
from bot.core.catalog import spelling
from bot.core.commands import CommandInfo
from bot.core.disclaimer import Reply, address
from bot.core.errors import Moved, PlatformError
from bot.core.model import Member, MessageRef, Place, Request, Rights
from bot.core.ports import Comings

log = structlog.get_logger(__name__)

_WAITING: Final = 1024  # updates; while so many wait, no more are fetched
_TROUBLE: Final = "something-went-wrong"
_OLD_BUTTON: Final = "old-button"


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
class Desk:
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
        comings: Comings | None = None,
        arrivals: Arrivals | None = None,
        acknowledged: Callable[[int], Awaitable[None]] | None = None,
    ) -> None:
        self.queue: asyncio.Queue[object] = asyncio.Queue(_WAITING)
        self._bot, self._answers, self._rights, self._seen = bot, answers, rights, seen
        self._comings, self._arrivals, self._acknowledged = comings, arrivals, acknowledged
        self._free = asyncio.Semaphore(most)
        self._at_work: set[asyncio.Task[None]] = set()
        self._known: tuple[tuple[CommandInfo, ...], Mapping[str, CommandInfo]] = ((), {})

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
        if update.inline_query is not None:
            await self._search(update.inline_query)
        elif update.callback_query is not None:
            await asyncio.gather(self._acknowledge(update, update.callback_query), self._answer(update))
        elif (note := read.pin_note(update, self._bot.bot)) is not None:
            await self._remove(note)
        else:
            await self._answer(update)

    async def _answer(self, update: Update) -> None:
        try:
            if self._comings:
                await comings.note(update, self._comings)
            if self._arrivals:
                await self._arrivals.take(update)
            request = read.request(update, self._bot.bot)
            if request is None:
                return
            reply = await self._reply(request)
            if reply is None:
                return
            if reply.to is None:
                reply = address(reply, read.origin(update), reply.private)
            await self._post(request.place, reply)
        except Exception as error:
            _tell("telegram.not_answered", error)

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
            return await self._answers.respond(await self._with_rights(request))
        except Exception as error:
            _tell("telegram.no_answer", error)
            return self._answers.notice(_TROUBLE, request)

    async def _with_rights(self, request: Request) -> Request:
        """The request with the caller's and the bot's rights, asked for only where the command needs any."""
        commands = self._answers.commands
        if commands is not self._known[0]:
            self._known = (commands, {spelling(info.name): info for info in commands})
        info = self._known[1].get(spelling(request.command))
        if info is None or not info.guarded(request.text):
            return request
        theirs, ours = await asyncio.gather(
            self._rights(request.place, request.member), self._rights(request.place, None)
        )
        return replace(request, rights=theirs, bot_rights=ours)

    async def _remove(self, note: MessageRef) -> None:
        """Take Telegram's note of our own pin away; its id comes with the update alone."""
        try:
            await send.delete(self._bot, note)
        except PlatformError as failure:
            log.info("telegram.note_stays", reason=failure.reason)

    async def _acknowledge(self, update: Update, query: Press) -> None:
        """Stop the spinner at once, whatever the button asks; one that asks for nothing we know is told so."""
        try:
            known = read.request(update, self._bot.bot) is not None
            notice = None if known else self._answers.notice(_OLD_BUTTON, read.unknown(query))
            await send.acknowledge(self._bot, query.id, notice)
        except Exception as error:
            _tell("telegram.not_acknowledged", error)

    async def _search(self, query: Query) -> None:
        try:
            replies = await self._answers.search(query.query, query.from_user.language_code)
            await send.results(self._bot, query.id, replies)
        except Exception as error:
            _tell("telegram.no_results", error)


def _tell(event: str, error: Exception) -> None:
    """Log where it broke. An unknown exception's own words may quote a member, so its kind stands for them."""
    frames = traceback.extract_tb(error.__traceback__)
    where = f"{frames[-1].name}:{frames[-1].lineno}" if frames else ""
    reason = error.reason if isinstance(error, PlatformError) else None
    log.warning(event, error=type(error).__name__, reason=reason, where=where)
