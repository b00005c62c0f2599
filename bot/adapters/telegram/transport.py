"""HTTP for python-telegram-bot over aiohttp. With the library's own httpx, an update takes twice as much CPU, and ten
times as much when there are hundreds at once.

A request's URL contains the bot's token, so it must reach neither a log nor an exception.
"""

import json
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Any, Final

import aiohttp
import msgspec
import orjson
from aiohttp.payload import JsonBytesPayload
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData

from bot.adapters.telegram.errors import NOTHING_SENT
from bot.runtime.proxy import Proxy, describe_failure, describe_refusal
from bot.runtime.telemetry import Wire

_WRITE: Final = 5.0  # seconds to send a request


class AiohttpRequest(BaseRequest):
    """A pool of connections to the Bot API. getUpdates needs its own pool, or a long poll holds up the other calls.

    `connections` is the most requests at once. A few dozen are enough: Telegram takes 30 messages a second, and each
    connection costs a handshake. A response may take `timeout` seconds, a connection `connect`; the timeouts that the
    library passes are ignored. `wire` counts how each call ended. `on_sent` is called when a request has been sent.
    After a shutdown, `initialize` opens the pool again.
    """

    def __init__(
        self,
        *,
        connections: int = 64,
        timeout: float = 5.0,
        connect: float = 5.0,
        proxy: Proxy | None = None,
        wire: Wire | None = None,
        on_sent: Callable[..., Awaitable[None]] | None = None,
    ) -> None:
        self._connections, self._timeout, self._connect, self._proxy = connections, timeout, connect, proxy
        self._wire, self._on_sent = wire, on_sent
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        """Seconds that a response may take."""
        return self._timeout

    async def initialize(self) -> None:
        """Open the pool; a second call changes nothing."""
        if self._session is None:
            reach = 2 * self._connect  # the wait for a free connection, and opening one
            whole = reach + _WRITE + self._timeout  # aiohttp has no timeout for writing
            trace = aiohttp.TraceConfig()
            if self._on_sent:
                trace.on_request_chunk_sent.append(self._on_sent)
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=self._connections),
                proxy=self._proxy and self._proxy.url,
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"User-Agent": self.USER_AGENT},
                timeout=aiohttp.ClientTimeout(whole, reach, sock_connect=self._connect, sock_read=self._timeout),
                trace_configs=[trace] if self._on_sent else None,
            )

    async def shutdown(self) -> None:
        """Close every connection; a second call changes nothing."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *_: Any, **__: Any
    ) -> tuple[int, bytes]:
        """Send one request, or download a file (GET). Returns the HTTP status and the body.

        Raises TimedOut (Telegram may have acted, unless the error's text says that nothing was sent) or NetworkError.
        """
        if self._session is None:
            raise RuntimeError("the Telegram transport is not initialised, or was shut down")
        status, body, cause = 0, b"", ""
        failure: NetworkError | None = None
        try:
            # Redirects are not followed: they would send the token to another host.
            data = None if request_data is None else _body(request_data)
            async with self._session.request(method, url, data=data, allow_redirects=False) as response:
                status, body = response.status, await response.read()
        except (aiohttp.ClientError, OSError, ValueError) as error:
            failure, cause = _failure(error), describe_failure(error, self._proxy)
        refusal = _refusal(body) if status >= HTTPStatus.MULTIPLE_CHOICES else None
        if self._wire is not None:
            self._wire.called(0 if failure else status, refusal.parameters.retry_after if refusal else 0.0)
        if self._proxy and status == HTTPStatus.PROXY_AUTHENTICATION_REQUIRED:
            failure, cause = NetworkError("no answer from Telegram"), describe_refusal(status, self._proxy)
        # Raised outside the except, so that aiohttp's error, whose text may contain the URL, is not its context.
        if failure is not None:
            if self._proxy:
                failure.add_note(cause)  # our own text, which is safe to show
            raise failure
        if refusal and refusal.ok and HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR:
            # From a proxy or a network's login page. It tells nothing about the token or the call.
            raise NetworkError(f"another server answered instead of Telegram (HTTP {status})")
        return status, msgspec.json.encode(refusal) if refusal else body

    @staticmethod
    def parse_json_payload(payload: bytes) -> Any:
        """Decode a body that `do_request` returned. The library's version would log a body that it cannot read.

        Raises NetworkError if it is no JSON, or has no result.
        """
        try:
            answer = decoded(payload)
        except ValueError:
            answer = None
        if not isinstance(answer, dict) or "result" not in answer:
            raise NetworkError("Telegram answered without a readable result")
        return answer


def _failure(error: Exception) -> NetworkError:
    """The library's error for one of aiohttp's, without its text, which may contain the URL."""
    if isinstance(error, aiohttp.ConnectionTimeoutError):
        return TimedOut(f"no connection in time, {NOTHING_SENT}")
    if isinstance(error, TimeoutError):
        return TimedOut("Telegram did not answer in time")
    return NetworkError(f"the request to Telegram failed ({type(error).__name__})")


def _body(data: RequestData) -> JsonBytesPayload | aiohttp.FormData:
    """The body of a call: JSON, or a form if there are files."""
    if not data.contains_files:
        return JsonBytesPayload(data.parameters, dumps=_encoded)
    form = aiohttp.FormData(data.json_parameters)
    for name, (filename, content, kind) in data.multipart_data.items():
        form.add_field(name, content, filename=filename, content_type=kind)
    return form


def _encoded(value: object) -> bytes:
    """The value as JSON. A lone surrogate, which cannot be encoded, becomes a question mark."""
    try:
        return orjson.dumps(value)
    except orjson.JSONEncodeError:
        return json.dumps(value, ensure_ascii=False).encode(errors="replace")


def decoded(body: bytes) -> Any:
    """Decode a JSON body. A lone surrogate, which members can send and orjson rejects, becomes a question mark.

    Raises:
        ValueError: it is no JSON.
    """
    try:
        return orjson.loads(body)
    except ValueError:
        if b"\\ud" not in body.lower():
            raise
    try:
        return orjson.loads(_encoded(json.loads(body.decode())))
    except RecursionError as error:
        raise ValueError("the JSON is nested too deeply") from error


class _Parameters(msgspec.Struct, omit_defaults=True):
    migrate_to_chat_id: int = 0
    retry_after: int = 0  # seconds


class _Refusal(msgspec.Struct):
    ok: bool = True
    description: str = ""
    parameters: _Parameters = msgspec.field(default_factory=_Parameters)
    result: None = None  # `parse_json_payload` refuses a response without it


def _refusal(body: bytes) -> _Refusal:
    """Telegram's description of an error. The page of another server, which may quote the URL, becomes an empty one."""
    try:
        return msgspec.json.decode(body, type=_Refusal)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return _Refusal()
