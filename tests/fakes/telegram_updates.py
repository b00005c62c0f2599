"""How the fake tells the bot what happened: the queue, long polling and the webhook.

As on the server, a type that was not asked for is not kept, and whatever is not acknowledged comes again.
"""

import asyncio
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import aiohttp

from tests.fakes.telegram_state import Json
from tests.fakes.telegram_text import Refused, bad

TYPES = {
    *(
        "message",
        "guest_message",
        "edited_message",
        "channel_post",
        "edited_channel_post",
        "inline_query",
        "chosen_inline_result",
    ),
    *("callback_query", "shipping_query", "pre_checkout_query", "poll", "poll_answer", "my_chat_member"),
    *("chat_join_request", "chat_boost", "removed_chat_boost", "purchased_paid_media", "business_connection"),
    *("business_message", "edited_business_message", "deleted_business_messages"),
}
ON_DEMAND = {"chat_member", "message_reaction", "message_reaction_count"}


class Updates:
    """The queue of one bot; `kept` are not acknowledged yet, `deaf` counts what nobody had asked for."""

    def __init__(self) -> None:
        self.kept: list[Json] = []
        self.allowed = set(TYPES)
        self.webhook: Json | None = None
        self.webhook_answers: list[int] = []
        self.deaf: list[str] = []
        self.on_wait: Callable[[], None] = lambda: None  # called when a poll begins to wait
        self._again: list[Json] = []
        self._next = 700_000_001
        self._poll: asyncio.Future[Refused | None] | None = None
        self._pump: asyncio.Task[None] | None = None

    def tell(self, kind: str, content: Json) -> bool:
        """Queue one update; False when its type is not asked for."""
        if kind not in self.allowed:
            self.deaf.append(kind)
            return False
        self.kept.append({"update_id": self._next, kind: content})
        self._next += 1
        self._wake()
        return True

    def repeat(self, update: Json) -> None:
        """Deliver an update once more under its own id, acknowledged or not, as a server does that lost its place."""
        self._again.append(update)
        self._wake()

    def _wake(self) -> None:
        self._answer_poll(None)
        if self.webhook and (self._pump is None or self._pump.done()):
            self._pump = asyncio.create_task(self._post_all())

    def _answer_poll(self, refusal: Refused | None) -> None:
        if self._poll and not self._poll.done():
            self._poll.set_result(refusal)
        self._poll = None

    def ask_for(self, types: list[str] | None) -> None:
        """None keeps what was asked for before; an empty list is the default set."""
        if types is not None:
            self.allowed = set(types) & (TYPES | ON_DEMAND) or set(TYPES)

    async def poll(self, params: Json) -> list[Json]:
        """getUpdates: the earlier of two pollers is turned away."""
        if self.webhook:
            words = "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
            raise Refused(409, f"Conflict: {words}")
        self.ask_for(params.get("allowed_updates"))
        self._turn_away("terminated by other getUpdates request; make sure that only one bot instance is running")
        self._acknowledge(int(params.get("offset", 0)))
        if not (self.kept or self._again) and int(params.get("timeout", 0)) > 0:
            await self._wait(float(params["timeout"]))
        again, self._again = self._again, []
        return (again + self.kept)[: int(params.get("limit", 100))]

    def _acknowledge(self, offset: int) -> None:
        if offset < 0:
            self.kept = self.kept[offset:]
        elif offset:
            self.kept = [one for one in self.kept if one["update_id"] >= offset]

    async def _wait(self, seconds: float) -> None:
        self._poll = mine = asyncio.get_running_loop().create_future()
        self.on_wait()
        try:
            refusal = await asyncio.wait_for(mine, seconds)
        except TimeoutError:
            return
        if refusal is not None:
            raise refusal

    def _turn_away(self, why: str) -> None:
        self._answer_poll(Refused(409, f"Conflict: {why}"))

    @property
    def polled(self) -> bool:
        """A long poll is waiting right now."""
        return self._poll is not None and not self._poll.done()

    def set_webhook(self, params: Json) -> bool:
        """setWebhook; an empty address is deleteWebhook."""
        url = str(params.get("url", ""))
        if not url:
            return self.delete_webhook(params)
        if wrong := self._wrong(url):
            raise bad(f"bad webhook: {wrong}")
        self._turn_away("terminated by setWebhook request")
        self.ask_for(params.get("allowed_updates"))
        self.webhook = dict(params)
        if params.get("drop_pending_updates"):
            self.kept.clear()
        if self.kept:
            self._wake()
        return True

    def _wrong(self, url: str) -> str | None:
        """Why Telegram does not take that address; names under .invalid are those that DNS does not know."""
        parts = urlsplit(url)
        host = parts.hostname or ""
        if parts.scheme != "https":
            return None if url.startswith("http://127.0.0.1") else "An HTTPS URL must be provided for webhook"
        if (parts.port or 443) not in (80, 88, 443, 8443):
            return "Webhook can be set up only on ports 80, 88, 443 or 8443"
        if re.fullmatch(r"(10|127|192\.168)\..*", host):
            return f"IP address {host} is reserved"
        return "Failed to resolve host: Name or service not known" if host.endswith(".invalid") else None

    def delete_webhook(self, params: Json) -> bool:
        """deleteWebhook; what was not delivered is kept unless it is to be dropped."""
        self.webhook = None
        if params.get("drop_pending_updates"):
            self.kept.clear()
        return True

    def webhook_info(self) -> Json:
        """getWebhookInfo."""
        told: Json = {
            "url": self.webhook["url"] if self.webhook else "",
            "has_custom_certificate": False,
            "pending_update_count": len(self.kept),
        }
        return told if self.allowed == TYPES else told | {"allowed_updates": sorted(self.allowed)}

    async def _post_all(self) -> None:
        """Post what is kept, oldest first; a refusal keeps the rest until there is news again."""
        async with aiohttp.ClientSession() as session:
            while self.webhook and (waiting := self._again or self.kept):
                update = waiting[0]
                status = await self._post(session, self.webhook, update)
                self.webhook_answers.append(status)
                if not 200 <= status < 300:
                    return
                waiting.remove(update)

    async def _post(self, session: aiohttp.ClientSession, webhook: dict[str, Any], update: Json) -> int:
        secret = webhook.get("secret_token")
        headers = {"X-Telegram-Bot-Api-Secret-Token": secret} if secret else {}
        try:
            async with session.post(webhook["url"], json=update, headers=headers) as answer:
                await answer.read()
                return answer.status
        except aiohttp.ClientError:
            return 0

    def retry_webhook(self) -> None:
        """Post again what was refused."""
        self._wake()

    async def delivered(self) -> None:
        """Wait until the webhook has taken, or refused, what there is."""
        if self._pump:
            await self._pump

    async def close(self) -> None:
        """Let a waiting poll go and stop posting."""
        self._answer_poll(None)
        if self._pump:
            self._pump.cancel()
            await asyncio.gather(self._pump, return_exceptions=True)
