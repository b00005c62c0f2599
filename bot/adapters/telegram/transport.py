"""python-telegram-bot's HTTP, carried by aiohttp: over the library's own httpx an update costs twice as much, and with
hundreds at once ten times.

Its one law: the address of a request holds the bot's token, so it reaches neither a log nor an exception.
"""

import io
import json
from functools import lru_cache
from http import HTTPStatus
from typing import Any

import aiohttp
import orjson
from telegram._utils.defaultvalue import DefaultValue  # the library hands these over and has no public name
from telegram._utils.types import ODVInput
from telegram.error import NetworkError, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData
from telegram.request._requestparameter import RequestParameter  # what RequestData is made of; it has no public name

from bot.runtime.proxy import Proxy, refused, told

_WRITE, _WRITE_FILES = 5.0, 20.0  # seconds that sending a call, or one with files, may take


class AiohttpRequest(BaseRequest):
    """One pool of connections to the Bot API; getUpdates needs another, or a long poll holds up the rest.

    All time-outs are in seconds, None waits without end. `connections` bounds how many requests run at once;
    those above it wait up to `pool_timeout`. A few dozen do: Telegram takes 30 messages a second, and each connection
    costs a handshake. Works again when initialised after a shutdown.
    """

    def __init__(
        self,
        *,
        connections: int = 64,
        read_timeout: float | None = 5.0,
        connect_timeout: float | None = 5.0,
        pool_timeout: float | None = 5.0,
        proxy: Proxy | None = None,
    ) -> None:
        self._proxy = proxy
        self._connections = connections
        self._read = read_timeout
        self._connect, self._pool = connect_timeout, pool_timeout
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float | None:
        """Seconds to wait for an answer where a call names no time of its own."""
        return self._read

    async def initialize(self) -> None:
        """Open the pool; a second call changes nothing."""
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=self._connections),
                proxy=self._proxy and self._proxy.url,
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"User-Agent": self.USER_AGENT},
            )

    async def shutdown(self) -> None:
        """Close every connection; a second call changes nothing."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def do_request(  # noqa: PLR0917 - the signature is the library's
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        write_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        connect_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        pool_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Send one request; returns the HTTP status and the body.

        Raises TimedOut (Telegram may have acted, unless its text says nothing was sent) or NetworkError.
        """
        has_files = request_data is not None and request_data.contains_files
        limits = _timeout(
            read=_chosen(read_timeout, self._read),
            write=_chosen(write_timeout, _WRITE_FILES if has_files else _WRITE),
            connect=_chosen(connect_timeout, self._connect),
            pool=_chosen(pool_timeout, self._pool),
        )
        answer = await self._exchange(method, url, request_data, limits)
        # Raised out here: inside the except the original, whose text may hold the address, would be its context.
        if isinstance(answer, NetworkError):
            raise answer
        return answer if method == "GET" else _readable(*answer)

    async def _exchange(
        self, method: str, url: str, data: RequestData | None, limits: aiohttp.ClientTimeout
    ) -> tuple[int, bytes] | NetworkError:
        if self._session is None:
            raise RuntimeError("the Telegram transport is not initialised, or was shut down")
        try:
            # A redirect is not followed: it would carry the token to another host.
            async with self._session.request(
                method, url, data=self._body(data), timeout=limits, allow_redirects=False
            ) as response:
                if self._proxy and response.status == HTTPStatus.PROXY_AUTHENTICATION_REQUIRED:
                    return _noted(NetworkError("no answer of Telegram's"), refused(response.status, self._proxy))
                return response.status, await response.read()
        except aiohttp.ConnectionTimeoutError as error:
            failure: NetworkError = TimedOut("no connection in time, nothing was sent")
            cause: Exception = error
        except TimeoutError as error:
            failure, cause = TimedOut("Telegram did not answer in time"), error
        except (aiohttp.ClientError, OSError, ValueError) as error:
            failure, cause = NetworkError(f"the exchange with Telegram failed ({type(error).__name__})"), error
        return _noted(failure, told(cause, self._proxy)) if self._proxy else failure

    def _body(self, data: RequestData | None) -> aiohttp.Payload | aiohttp.FormData | None:
        """A multipart form when there are files, else JSON, which costs a fraction of an urlencoded form."""
        if data is not None and data.contains_files:
            return _form(data)
        said = self._said(data)
        return self._payload(encoded(said)) if said else None

    def _said(self, data: RequestData | None) -> dict[str, Any]:
        """What is sent where there are no files."""
        return data.parameters if data else {}

    def _payload(self, words: bytes) -> aiohttp.Payload:
        return aiohttp.BytesPayload(words, content_type="application/json")

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """Decode an answer; unlike the library's own, what cannot be read is not written to the log."""
        try:
            answer = orjson.loads(payload)
        except ValueError:
            answer = None
        if not isinstance(answer, dict):
            raise TelegramError("the answer is not a JSON object")
        return answer


def _noted(error: NetworkError, note: str) -> NetworkError:
    """The error with words of our own, which are shown as they are."""
    error.add_note(note)
    return error


def ready(said: dict[str, Any]) -> RequestData:
    """What a call says, in values that JSON knows: the library would look through each for files and objects."""
    return RequestData([RequestParameter(name, value, None) for name, value in said.items()])


def encoded(value: object) -> bytes:
    """The value as JSON. Half a surrogate pair, which has no encoding, becomes a question mark."""
    try:
        return orjson.dumps(value)
    except orjson.JSONEncodeError:
        return json.dumps(value, ensure_ascii=False).encode(errors="replace")


def _form(data: RequestData) -> aiohttp.FormData:
    form = aiohttp.FormData()
    for name, value in data.json_parameters.items():
        form.add_field(name, value.encode(errors="replace").decode())
    for name, (filename, content, mime) in data.multipart_data.items():
        body = io.BytesIO(content) if isinstance(content, bytes) else content
        form.add_field(name, body, filename=filename, content_type=mime)
    return form


def _chosen(given: ODVInput[float], default: float | None) -> float | None:
    return default if isinstance(given, DefaultValue) else given


@lru_cache(maxsize=64)
def _timeout(
    *, read: float | None, write: float | None, connect: float | None, pool: float | None
) -> aiohttp.ClientTimeout:
    """aiohttp has no time-out for writing, so the whole is bounded by the sum of its parts."""
    reach = None if connect is None or pool is None else connect + pool
    whole = None if reach is None or read is None or write is None else reach + write + read
    return aiohttp.ClientTimeout(total=whole, connect=reach, sock_connect=connect, sock_read=read)


def _readable(status: int, payload: bytes) -> tuple[int, bytes]:
    """The answer in a shape the library can work with; an error page, which may quote the address, is dropped."""
    try:
        answer = AiohttpRequest.parse_json_payload(payload)
    except TelegramError:
        answer = {}
    if status < 300:
        if "result" not in answer:
            raise NetworkError(f"Telegram answered {status} without a readable result")
        return status, payload
    words, parameters = answer.get("description"), answer.get("parameters")
    told: dict[str, Any] = {"description": words} if isinstance(words, str) else {}
    if isinstance(parameters, dict):
        told["parameters"] = {name: value for name, value in parameters.items() if isinstance(value, int)}
    return status, orjson.dumps(told)
