"""Telegram as a Platform: connects, receives updates, and leaves in order. Its law: each `run` begins with a fresh
client, and ends by itself only with a PlatformError that tells whether trying again makes sense.
"""

import asyncio
import time
from collections.abc import Callable, Sequence
from http import HTTPStatus
from typing import Final, final

import structlog
from telegram.error import Conflict, TelegramError
from telegram.ext import ExtBot, Updater

from bot.adapters.telegram import menu, requests, send, webhook_watch
from bot.adapters.telegram.connection import Line, State
from bot.adapters.telegram.dispatcher import Answers, Dispatcher, Seen
from bot.adapters.telegram.joins import Arrivals
from bot.adapters.telegram.metrics import Counted
from bot.adapters.telegram.pacing import PerChat
from bot.adapters.telegram.polling import Polling, Updates
from bot.adapters.telegram.webhook import Inbox, Webhook
from bot.core.commands import CommandInfo
from bot.core.disclaimer import Reply
from bot.core.errors import PlatformError, StoreError, Unauthorised
from bot.core.faults import Fault
from bot.core.model import TELEGRAM, Member, MessageRef, Place, Right, Rights
from bot.core.ports import CommunityEvents, Newcomers, Offers
from bot.runtime.proxy import Proxy
from bot.runtime.tasks import begun, ended, within
from bot.runtime.telemetry import Metrics, Wire

log = structlog.get_logger(__name__)

CLOUD: Final = "https://api.telegram.org/bot"
# Seconds that one getUpdates waits: Telegram takes up to 50, but a line that carries nothing is known from a quiet one
# only when an answer is overdue.
_POLL: Final = 3


@final
class TelegramAdapter:
    """One bot on Telegram, by long polling, or by a webhook whose bodies our own web server hands to `handle`.
    `base_url` ends in "/bot". Leaving lets answers under way take `drain` seconds; `most` are answered at once.
    """

    name = TELEGRAM

    def __init__(
        self,
        token: str,
        responder: Answers,
        offers: Offers,
        *,
        base_url: str = CLOUD,
        webhook: Webhook | None = None,
        proxy: Proxy | None = None,
        drain: float = 5.0,
        most: int = 256,
        clock: Callable[[], float] = time.monotonic,
        comings: CommunityEvents | None = None,
        newcomers: Newcomers | None = None,
        wire: Wire | None = None,
    ) -> None:
        self._token, self._responder, self._offers = token, responder, offers
        self._base_url, self._webhook, self._proxy = base_url, webhook, proxy
        self._drain, self._most, self._clock = drain, most, clock
        self._comings, self._seen = comings, Seen()
        self._arrivals = Arrivals(newcomers, lambda place: self.rights(place, None)) if newcomers else None
        self._connected: ExtBot[None] | None = None
        self._inbox: Inbox | None = None
        self._desk: Dispatcher | None = None
        self._lost: asyncio.Future[PlatformError] | None = None
        self._wire = wire or Metrics().wire(self.name)
        self._line = Line(self._wire, webhook_watch.EVERY if webhook else _POLL, time.monotonic)

    @property
    def ready(self) -> bool:
        """Updates come in and can be answered."""
        return self.trouble is None

    @property
    def trouble(self) -> Fault | None:
        """Why not, if not."""
        return self._line.trouble(asking=self._desk is None or not self._desk.queue.full())

    @property
    def state(self) -> State:
        """How the connection stands."""
        return self._line.state

    @property
    def waiting(self) -> int:
        """How many updates came and are not answered yet."""
        return self._desk.waiting if self._desk else 0

    async def run(self) -> None:
        """Connect and serve until cancelled. Raises PlatformError: permanent when Telegram does not know the token."""
        self._line.state, self._lost = State.STARTING, asyncio.get_running_loop().create_future()
        polling = Polling(self._heard, connections=2, proxy=self._proxy)
        bot = self._client(polling)
        desk = self._desk = Dispatcher(
            bot,
            self._responder,
            self.rights,
            self._seen,
            most=self._most,
            comings=self._comings,
            arrivals=self._arrivals,
            acknowledged=None if self._webhook else polling.acknowledged,
            clock=self._clock,
        )
        updater = None if self._webhook else Updater(bot, desk.queue)
        tasks = [begun(desk.work(), _failed)]
        try:
            await send.told(bot.initialize())
            self._connected = bot
            await self._receive(bot, desk, updater)
            tasks.append(begun(self._offer_all(), _failed))
            if webhook := self._webhook:
                looking = webhook_watch.watch(
                    lambda: send.told(bot.get_webhook_info()), webhook.url, self._noted, self._line.fails_to_bring
                )
                tasks.append(begun(looking, _failed))
            raise await self._lost
        finally:
            await self._leave(bot, desk, updater, tasks)

    def _client(self, polling: Polling) -> "ExtBot[None]":
        return Updates(
            self._token,
            base_url=self._base_url,
            request=Counted(self._wire, proxy=self._proxy),
            get_updates_request=polling,
            rate_limiter=PerChat(),
        )

    async def _receive(self, bot: "ExtBot[None]", desk: Dispatcher, updater: Updater | None) -> None:
        if updater is not None:
            await updater.initialize()
            polling = updater.start_polling(
                timeout=_POLL, allowed_updates=requests.ALLOWED, error_callback=self._poll_failed
            )
            await send.told(polling)
        elif (webhook := self._webhook) is not None:
            self._inbox = Inbox(webhook, desk.queue)
            most, secret = webhook.connections, webhook.secret
            setting = bot.set_webhook(
                webhook.url, allowed_updates=requests.ALLOWED, max_connections=most, secret_token=secret
            )
            await send.told(setting)
        self._line.serving()

    def refusal(self, secret: str | None) -> int | None:
        """The HTTP status for a webhook's call with that secret that is refused unread; None if its body counts."""
        return HTTPStatus.SERVICE_UNAVAILABLE if self._inbox is None else self._inbox.refusal(secret)

    async def handle(self, body: bytes, secret: str | None) -> int:
        """A webhook's body, and the X-Telegram-Bot-Api-Secret-Token that came with it; returns the HTTP status."""
        return HTTPStatus.SERVICE_UNAVAILABLE if self._inbox is None else self._inbox.take(body, secret)

    async def offer(self, commands: Sequence[CommandInfo]) -> None:
        """Show these commands in the menus, unless they are shown already."""
        await menu.offer(self._bot, commands, self._offers)

    async def _offer_all(self) -> None:
        try:
            await self.offer(self._responder.commands)
        except (PlatformError, StoreError) as failure:
            log.warning("telegram.menu_not_set", reason=failure.reason)

    async def rights(self, place: Place, member: Member | None) -> Rights:
        """What the member, or the bot itself, may do there; asks Telegram each time.

        Somebody who posts as a channel has no rights; as the chat itself, what all its anonymous administrators have.
        """
        if place.community is None:
            return Right.SEND | Right.HISTORY
        bot, chat = self._bot, int(place.community)
        if member is not None and member.id == place.community:
            return requests.anonymous_rights(await send.told(bot.get_chat_administrators(chat)))
        if member is not None and member.id.startswith("-"):
            return Right.NONE
        return requests.rights(await send.told(bot.get_chat_member(chat, int(member.id) if member else bot.id)))

    async def post(self, place: Place, reply: Reply, once: str | None = None) -> MessageRef:  # noqa: ARG002 - the port's
        """Send a message silently. Telegram knows no nonce: an unknown outcome is a permanent error instead."""
        return await send.post(self._bot, place, reply, silent=True)

    async def edit(self, ref: MessageRef, reply: Reply) -> None:
        """Replace one of our messages."""
        await send.edit(self._bot, ref, reply)

    async def delete(self, ref: MessageRef) -> None:
        """Remove one of our messages."""
        await send.delete(self._bot, ref)

    async def pin(self, ref: MessageRef) -> None:
        """Pin a message silently."""
        await send.pin(self._bot, ref)

    async def unpin(self, ref: MessageRef) -> None:
        """Take the pin off a message."""
        await send.unpin(self._bot, ref)

    @property
    def _bot(self) -> "ExtBot[None]":
        if self._connected is None:
            raise PlatformError("Telegram is not connected", permanent=False)
        return self._connected

    def _heard(self, status: int) -> None:
        """Follow the polling by its HTTP statuses, 0 for none."""
        self._wire.called(status)
        self._noted(status)

    def _noted(self, status: int) -> None:
        self._line.heard(status)
        if status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.NOT_FOUND} and self._lost and not self._lost.done():
            self._lost.set_result(Unauthorised("Telegram does not know this token any more"))

    def _poll_failed(self, error: TelegramError) -> None:
        log.warning("telegram.poll_failed", conflict=isinstance(error, Conflict), reason=send.problem(error).reason)

    async def _leave(
        self, bot: "ExtBot[None]", desk: Dispatcher, updater: Updater | None, tasks: list[asyncio.Task[None]]
    ) -> None:
        """Take in no more, finish what has come, close; each step is bounded, and none keeps the next from running."""
        self._line.state, self._inbox = State.STOPPED, None
        until = self._clock() + self._drain
        if updater is not None and updater.running:
            await within(self._drain / 2, updater.stop())
        await desk.drain(max(0.1, until - self._clock()))
        self._connected = None
        await ended(*tasks)
        await bot.shutdown()


def _failed(_: "asyncio.Task[None]", error: BaseException) -> None:
    log.error("telegram.task_failed", error=type(error).__name__, exc_info=error)
