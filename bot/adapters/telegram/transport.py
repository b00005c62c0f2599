"""python-telegram-bot's HTTP over aiohttp: with the library's own httpx an update costs twice as much CPU, and with
hundreds at once ten times.

A request's address holds the bot's token, so it must reach neither a log nor an exception.
"""

import json
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, Final

import aiohttp
import msgspec
import orjson
from telegram import InputFile
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData
from telegram.request._requestparameter import RequestParameter  # what RequestData is made of; it has no public name

from bot.adapters.telegram.errors import NOTHING_SENT
from bot.runtime.proxy import Proxy, describe_failure, describe_refusal
from bot.runtime.telemetry import Wire

_WRITE: Final = 5.0  # seconds to send a request


class AiohttpRequest(BaseRequest):
    """One pool of connections to the Bot API; getUpdates needs its own, or a long poll holds up the other calls.

    `connections` bounds how many requests run at once. A few dozen do: Telegram takes 30 messages a second, and each
    connection costs a handshake. `timeout` is how many seconds an answer may take, `connect` a connection; those that
    the library names are not used. `wire` counts how each call ended. `on_sent` is called when a request goes out. It
    works again when initialised after a shutdown.
    """

    def __init__(
        self,
        *,
        connections: int = 64,
        timeout: float = 5.0,
        connect: float = 5.0,
        proxy: Proxy | None = None,
        wire: Wire | None = None,
        on_sent: Callable[[], None] | None = None,
    ) -> None:
        self._connections, self._timeout, self._connect, self._proxy = connections, timeout, connect, proxy
        self._wire, self._on_sent = wire, on_sent
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        """Seconds that an answer may take."""
        return self._timeout

    async def initialize(self) -> None:
        """Open the pool; a second call changes nothing."""
        if self._session is None:
            reach = 2 * self._connect  # to wait for a free connection, and to open one
            whole = reach + _WRITE + self._timeout  # aiohttp has no time-out for writing
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=self._connections),
                proxy=self._proxy and self._proxy.url,
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"User-Agent": self.USER_AGENT, "Content-Type": "application/json"},
                timeout=aiohttp.ClientTimeout(whole, reach, sock_connect=self._connect, sock_read=self._timeout),
                trace_configs=[_calling(self._on_sent)] if self._on_sent else None,
            )

    async def shutdown(self) -> None:
        """Close every connection; a second call changes nothing."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *_: Any, **__: Any
    ) -> tuple[int, bytes]:
        """Send one request, or download a file (GET); returns the HTTP status and the body.

        Raises TimedOut (Telegram may have acted, unless its text says nothing was sent) or NetworkError.
        """
        status, body = await self._exchange(url, method, *(_body(request_data) if method == "POST" else ()))
        is_file = method == "GET" and status == HTTPStatus.OK
        return status, body if is_file else _checked(status, body)

    async def _exchange(
        self, url: str, method: str, said: bytes | aiohttp.MultipartWriter | None = None, headers: Any = None
    ) -> tuple[int, bytes]:
        if self._session is None:
            raise RuntimeError("the Telegram transport is not initialised, or was shut down")
        status, body, cause = 0, b"", ""
        failure: NetworkError | None = None
        try:
            # A redirect is not followed: it would carry the token to another host.
            sending = self._session.request(method, url, data=said, headers=headers, allow_redirects=False)
            async with sending as response:
                status, body = response.status, await response.read()
        except aiohttp.ConnectionTimeoutError as error:
            failure, cause = TimedOut(f"no connection in time, {NOTHING_SENT}"), describe_failure(error, self._proxy)
        except TimeoutError as error:
            failure, cause = TimedOut("Telegram did not answer in time"), describe_failure(error, self._proxy)
        except (aiohttp.ClientError, OSError, ValueError) as error:
            failure = NetworkError(f"the exchange with Telegram failed ({type(error).__name__})")
            cause = describe_failure(error, self._proxy)
        if self._wire is not None:
            asked = asked_wait(body) if status == HTTPStatus.TOO_MANY_REQUESTS else 0.0
            self._wire.called(0 if failure else status, asked)
        if self._proxy and status == HTTPStatus.PROXY_AUTHENTICATION_REQUIRED:
            failure, cause = NetworkError("no answer from Telegram"), describe_refusal(status, self._proxy)
        # Raised out here: inside the except the original, whose text may hold the address, would be its context.
        if failure is not None:
            if self._proxy:
                failure.add_note(cause)  # words of our own, which may be shown as they are
            raise failure
        return status, body

    @staticmethod
    def parse_json_payload(payload: bytes) -> Any:
        """Decode what `do_request` returned; the library's own would log an answer that it cannot read."""
        return decoded(payload)


def parameters(values: dict[str, Any], **files: InputFile) -> RequestData:
    """What a call sends, in values that JSON knows: the library would look through each for files and objects."""
    sent = [RequestParameter(name, None, [file]) for name, file in files.items()]
    return RequestData([*(RequestParameter(name, value, None) for name, value in values.items()), *sent])


def _body(sent: RequestData | None) -> tuple[bytes | aiohttp.MultipartWriter, Any]:
    """The body of a call, JSON or with files a form whose other fields are JSON, and the headers that say so."""
    if sent is None or not sent.contains_files:
        return encoded(sent.parameters if sent else {}), None
    form = aiohttp.MultipartWriter("form-data")
    for name, value in sent.parameters.items():
        words = value if isinstance(value, str) else encoded(value).decode()
        form.append(words).set_content_disposition("form-data", name=name)
    for name, (filename, content, kind) in (sent.multipart_data or {}).items():
        part = form.append(content, {"Content-Type": kind})
        part.set_content_disposition("form-data", name=name, filename=filename)
    return form, form.headers


def encoded(value: object) -> bytes:
    """The value as JSON. Half a surrogate pair, which has no encoding, becomes a question mark."""
    try:
        return orjson.dumps(value)
    except orjson.JSONEncodeError:
        return json.dumps(value, ensure_ascii=False).encode(errors="replace")


def decoded(body: bytes) -> Any:
    """The JSON value of a body. Half a surrogate pair, which people can send and orjson does not read, becomes a
    question mark.

    Raises:
        ValueError: it is no JSON.
    """
    try:
        return orjson.loads(body)
    except ValueError:
        if b"\\ud" not in body.lower():
            raise
    try:
        return orjson.loads(encoded(json.loads(body.decode())))
    except RecursionError as error:
        raise ValueError("the JSON is nested too deeply") from error


class _Hints(msgspec.Struct, omit_defaults=True):
    migrate_to_chat_id: int = 0
    retry_after: int = 0  # seconds


class _Refusal(msgspec.Struct, omit_defaults=True):
    ok: bool = True
    description: str = ""
    parameters: _Hints = msgspec.field(default_factory=_Hints)


def _refusal(body: bytes) -> _Refusal:
    """What Telegram says about an error. An error page of somebody else, which may quote the address, is dropped."""
    try:
        return msgspec.json.decode(body, type=_Refusal)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return _Refusal()


def asked_wait(body: bytes) -> float:
    """How many seconds the body of a 429 asks to wait."""
    return float(_refusal(body).parameters.retry_after)


def _checked(status: int, body: bytes) -> bytes:
    """The answer in a form that the library can read."""
    if status >= HTTPStatus.MULTIPLE_CHOICES:
        refusal = _refusal(body)
        if refusal.ok and HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR:
            # Of a proxy, or of a network that wants a login: it says nothing of the token or the call.
            raise NetworkError(f"somebody else answered for Telegram (HTTP {status})")
        return msgspec.json.encode(refusal)
    try:
        answer = decoded(body)
    except ValueError:
        answer = None
    if not isinstance(answer, dict) or "result" not in answer:
        raise NetworkError(f"Telegram answered {status} without a readable result")
    return body


def _calling(on_sent: Callable[[], None]) -> aiohttp.TraceConfig:
    """Calls `on_sent` when a request's body is written."""

    async def written(*_: object) -> None:
        on_sent()

    trace = aiohttp.TraceConfig()
    trace.on_request_chunk_sent.append(written)
    return trace
