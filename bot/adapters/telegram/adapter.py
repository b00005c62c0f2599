"""The Telegram platform: connects, receives updates, sends replies, and shuts down in order."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from http import HTTPStatus
from typing import Final, final

from bot.adapters.telegram import menu, send
from bot.adapters.telegram.connection import EVERY, POLL, Connection, Poller, Webhook
from bot.adapters.telegram.delivery import Delivery
from bot.adapters.telegram.dispatcher import Dispatcher
from bot.adapters.telegram.ephemeral import Ephemeral
from bot.adapters.telegram.errors import translated
from bot.adapters.telegram.joins import Joins
from bot.adapters.telegram.pacing import PerChat
from bot.adapters.telegram.rights import ChatRights
from bot.adapters.telegram.transport import AiohttpRequest
from bot.adapters.telegram.updates import Update
from bot.core.commands import CommandInfo
from bot.core.disclaimer import Profile, Reply
from bot.core.errors import PlatformError
from bot.core.faults import Trouble
from bot.core.model import TELEGRAM, Attachment, Member, MessageRef, Place, Right
from bot.core.ports import Answers, CommunityEvents, Newcomers, Offers
from bot.features.offering import Offer, Offering
from bot.runtime.clock import MACHINE
from bot.runtime.proxy import Proxy
from bot.runtime.tasks import cancel_tasks, start_task
from bot.runtime.telemetry import Metrics, Wire

CLOUD: Final = "https://api.telegram.org/bot"


@final
class TelegramAdapter:
    """One bot on Telegram, by long polling or by a webhook whose requests our web server passes to `handle`.

    `base_url` ends in "/bot". At most `most` updates are answered at once; at shutdown, those under way have `drain`
    seconds left. `clock` returns monotonic seconds, `now` the time by which old messages are recognised; `sleep` waits
    seconds.
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
        most: int = 1024,
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], datetime] = MACHINE.past,
        events: CommunityEvents | None = None,
        newcomers: Newcomers | None = None,
        wire: Wire | None = None,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
        profiles: Callable[[], Mapping[str, Profile]] = dict,
    ) -> None:
        self._responder, self._webhook, self._drain, self._sleep = responder, webhook, drain, sleep
        self._offering, self._profiles = Offering(self.name, offers, sleep), profiles
        wire = wire or Metrics().wire(self.name)
        self._connected, self._connection = False, Connection(wire, EVERY if webhook else POLL, time.monotonic)
        self._poller = Poller(self._connection, proxy, wire, sleep)
        pace = PerChat(clock=clock, sleep=sleep)
        self._bot = send.Bot(
            token,
            base_url=base_url,
            base_file_url=f"{base_url.removesuffix('bot')}file/bot",
            request=AiohttpRequest(proxy=proxy, wire=wire),
            get_updates_request=self._poller.request,
            rate_limiter=pace,
        )
        self._rights = ChatRights(self._bot, clock)
        self._ephemeral, joins = Ephemeral(self._bot, self._rights), Joins(newcomers, events, self._rights)
        delivery = Delivery(self._bot, responder, self._rights, self._ephemeral, pace)
        self._dispatcher = Dispatcher(
            self._bot, responder, delivery, joins, most=most, clock=clock, now=now, sleep=sleep
        )

    @property
    def ready(self) -> bool:
        """Whether updates arrive and can be answered."""
        return self.trouble is None

    @property
    def trouble(self) -> Trouble | None:
        """Why updates do not arrive or cannot be answered, with details of the cause; None if all is well."""
        return self._connection.trouble(full=self._dispatcher.full)

    @property
    def lacking(self) -> str:
        """The menus and texts that Telegram has not accepted yet and why, in one line; "" if there are none."""
        return self._offering.lacking

    @property
    def waiting(self) -> int:
        """The number of updates that are being answered."""
        return self._dispatcher.tasks.waiting

    async def run(self) -> None:
        """Connect and serve until cancelled. Raises PlatformError: permanent if Telegram refuses the token."""
        tasks: list[asyncio.Task[None]] = []
        try:
            await translated(self._bot.initialize())
            self._connected = True
            await (self._webhook.set(self._bot) if self._webhook else translated(self._bot.delete_webhook()))
            self._connection.on_answer()
            tasks.append(start_task(self._keep_offers()))
            if self._webhook:
                await self._webhook.watch(self._bot, self._connection, self._sleep)
            else:
                await self._poller.run(self._bot, self._dispatcher.take)
        finally:
            self._connected = False
            self._connection.on_stop()
            await self._dispatcher.tasks.drain(self._drain)
            await cancel_tasks(*tasks)
            await self._bot.shutdown()

    async def handle(self, secret: str | None, read: Callable[[], Awaitable[bytes]]) -> int:
        """Take a request to the webhook and return the HTTP status to answer with. `secret` is the request's
        X-Telegram-Bot-Api-Secret-Token. `read` returns the body, and is called only if the secret is right.
        """
        if self._webhook is None or not self._connected:
            return HTTPStatus.SERVICE_UNAVAILABLE
        if not self._webhook.is_from_telegram(secret):
            return HTTPStatus.FORBIDDEN
        update = self._webhook.read(await read())
        if not isinstance(update, Update):
            return update
        if self._dispatcher.full or not self._connected:  # the connection may have ended while the body was read
            return HTTPStatus.SERVICE_UNAVAILABLE
        await self._dispatcher.take(update)
        return HTTPStatus.OK

    async def offer(self, commands: Sequence[CommandInfo]) -> None:
        """Set the menus for these commands and the bot's profile texts, where they differ from what was set last."""
        await self._offering.offer(self._offers(commands))

    def _offers(self, commands: Sequence[CommandInfo]) -> list[Offer]:
        return menu.offers(self._client, commands, self._profiles())

    async def _keep_offers(self) -> None:
        await self.offer(self._responder.commands)
        await self._offering.keep(lambda: self._offers(self._responder.commands))

    async def rights(self, place: Place, member: Member | None) -> Right:
        """Return what the member, or the bot itself (None), may do there. Asks Telegram each time."""
        return await self._rights.ask(place, member)

    async def is_forum(self, place: Place) -> bool:  # noqa: ARG002 - the port's
        """Always False: Telegram's topics have no posts with titles."""
        return False

    async def post(self, place: Place, reply: Reply, once: str | None = None) -> MessageRef:  # noqa: ARG002 - the port's
        """Send a message silently. Telegram has no nonces, so an unknown outcome is a permanent error."""
        return await send.post(self._client, place, reply, silent=True)

    async def edit(self, ref: MessageRef, reply: Reply) -> None:
        await send.edit(self._client, ref, reply)

    async def delete(self, ref: MessageRef) -> None:
        await send.delete(self._client, ref)

    async def pin(self, ref: MessageRef) -> None:
        await send.pin(self._client, ref)

    async def unpin(self, ref: MessageRef) -> None:
        await send.unpin(self._client, ref)

    async def shows_alone(self, place: Place) -> bool:
        return await self._ephemeral.shows_alone(place)

    async def show(self, place: Place, member: str, reply: Reply) -> bool:
        """Show a message to one member alone; returns whether it was shown. Telegram does not promise its arrival."""
        _ = self._client  # raises PlatformError without a connection
        return await self._ephemeral.show(place, member, reply)

    async def read(self, file: Attachment) -> bytes:
        return await send.read(self._client, file)

    @property
    def _client(self) -> send.Bot:
        if not self._connected:
            raise PlatformError("Telegram is not connected", permanent=False)
        return self._bot
