"""The transport of getUpdates, which watches what the library's polling keeps to itself. Its law: one update that
cannot be read does not keep all later ones from coming.
"""

import asyncio
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, Final, final

import aiohttp
from aiohttp.abc import AbstractStreamWriter
from telegram.error import NetworkError
from telegram.ext import ExtBot
from telegram.request import RequestData

from bot.adapters.telegram.transport import AiohttpRequest
from bot.adapters.telegram.updates import Update, readable

_PATIENCE: Final = 1.0  # seconds


@final
class Polling(AiohttpRequest):
    """Tells `heard` the HTTP status of every answer, 0 where none came: the library's task ends at a 401 or 404, goes
    on after anything else, and tells nobody.
    """

    def __init__(self, heard: Callable[[int], None], **options: Any) -> None:
        super().__init__(**options)
        self._heard = heard
        self._failed = self._given_up = False
        self._offset = self._acknowledged = 0
        self._asked = asyncio.Event()

    def _payload(self, words: bytes) -> aiohttp.Payload:
        return _Told(words, self._sent)

    def _sent(self) -> None:
        """The request goes out: Telegram forgets what comes before its offset."""
        self._acknowledged, self._given_up = self._offset, False
        self._asked.set()
        self._asked = asyncio.Event()

    async def acknowledged(self, update: int) -> None:
        """Return once Telegram was told that this update came, or a second has passed.

        The library asks for the next updates, which tells Telegram so, while the first are being answered. Waiting
        for that request to leave keeps an update from being answered twice when this process is killed: the answer
        may be lost, and whoever receives after us does not get the update.
        """
        if self._acknowledged > update or self._given_up:
            return
        try:
            async with asyncio.timeout(_PATIENCE):
                while self._acknowledged <= update:
                    await self._asked.wait()
        except TimeoutError:  # nothing can be asked: what has come is answered all the same, and nothing waits again
            self._given_up = True

    async def do_request(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        """As the transport does it, and as patient as the poll is long."""
        data: RequestData | None = kwargs.get("request_data")
        said = data.parameters if data else {}
        self._offset, wait = _number(said.get("offset")), _number(said.get("timeout"))
        kwargs["read_timeout"] = (self.read_timeout or 0) + wait
        status = 0
        try:
            status, body = await super().do_request(*args, **kwargs)
        finally:
            self._failed = status != HTTPStatus.OK
            self._heard(status)
        return status, body

    def useless(self) -> None:
        """What has just come with a good status cannot be used: that is a failure too."""
        self._failed = True
        self._heard(0)

    def _said(self, data: RequestData | None) -> dict[str, Any]:
        """After a failure the next poll waits for no updates, so that it is known at once whether it is over."""
        said = super()._said(data)
        return said | {"timeout": 0} if self._failed else said


class _Told(aiohttp.BytesPayload):
    """A request's body that tells `sent` when it has been written."""

    def __init__(self, words: bytes, sent: Callable[[], None]) -> None:
        super().__init__(words, content_type="application/json")
        self._told = sent

    async def write_with_length(self, writer: AbstractStreamWriter, content_length: int | None) -> None:
        """Write it, as the client asks."""
        await super().write_with_length(writer, content_length)
        self._told()


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0


@final
class Updates(ExtBot[None]):
    """The library's client, with our own reading of updates."""

    def __init__(self, token: str, *, get_updates_request: Polling, **options: Any) -> None:
        super().__init__(token, get_updates_request=get_updates_request, **options)
        self._polling = get_updates_request

    async def get_updates(self, *_: object, **said: Any) -> tuple[Any, ...]:
        """What `Updater` asks for. One update that cannot be read is given as an empty one, so that it is acknowledged
        all the same; the library's own would drop all that came with it, and ask for them again at once.

        Raises NetworkError where nothing that came has an id, so that the library asks again ever later: it cannot be
        acknowledged, and comes again.
        """
        told: object = await self._post("getUpdates", said)
        came = told if isinstance(told, list) else [told]
        updates = tuple(update for one in came if (update := _acknowledgeable(one)))
        if came and not updates:
            self._polling.useless()
            raise NetworkError("nothing that Telegram brought has an id")
        return updates


def _acknowledgeable(told: Any) -> Update | None:
    """The update, an empty one in place of one that cannot be read, or None if it has not even an id."""
    if update := readable(told):
        return update
    number = told.get("update_id") if isinstance(told, dict) else None
    return Update(number) if isinstance(number, int) else None
