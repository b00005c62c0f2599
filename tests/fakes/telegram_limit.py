"""The limit of a group as Telegram's FAQ for bots has it: 20 messages a minute, edits and pins among them."""

from collections import defaultdict
from collections.abc import Callable

from tests.fakes.telegram_faults import Call
from tests.fakes.telegram_text import Refused

MOST, MINUTE = 20, 60


class GroupLimit:
    """Refuses what is too much with 429. `now` is in seconds; ephemeral messages are not counted."""

    def __init__(self, now: Callable[[], int]) -> None:
        self._now = now
        self._taken: defaultdict[int, list[int]] = defaultdict(list)

    def check(self, call: Call) -> None:
        """Count the call, or raise Refused."""
        chat = call.params.get("chat_id")
        counted = call.method.startswith(("send", "edit", "pin")) and "ephemeral_message_parameters" not in call.params
        if not counted or not isinstance(chat, int) or chat > 0:
            return
        now = self._now()
        taken = self._taken[chat] = [at for at in self._taken[chat] if now - at < MINUTE]
        if len(taken) >= MOST:
            wait = taken[0] + MINUTE - now
            raise Refused(429, f"Too Many Requests: retry after {wait}", retry_after=wait)
        taken.append(now)
