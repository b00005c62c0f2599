"""Protects the page: refuses requests that other sites cause, and sets the headers that restrict what it can do."""

import logging
import traceback
from collections.abc import Callable, Mapping
from http import HTTPStatus
from math import ceil
from types import MappingProxyType
from typing import Any, Final, TypeVar, final

import orjson
from aiohttp import web
from aiohttp.typedefs import Handler

from bot.adapters.playground.requests import LARGEST, Refusal, decoded
from bot.features.access import Limit, RateLimiter, member_limit
from bot.runtime.http_limits import network

_log = logging.getLogger(__name__)

_T = TypeVar("_T")

HEADERS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "Content-Security-Policy": (
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
            "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
            "require-trusted-types-for 'script'; trusted-types 'none'"
        ),
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    }
)


_FOR_ALL: Final = Limit("all", 0.02, 200)


@final
class PageGuard:
    """Refuses requests that another site's page caused, and turns errors into a status with JSON. The web server itself
    checks the host name of requests.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock, self._limiter = clock, RateLimiter()

    def guarded(self, handler: Handler, *, paced: bool = True) -> Handler:
        """Return the handler with these checks. With `paced`, each address has a limit of requests, and so have all
        together.
        """

        async def answer(request: web.Request) -> web.StreamResponse:
            try:
                _check_origin(request)
                if paced:
                    self._take_turn(network(request.remote or ""))
                return await handler(request)
            except Refusal as refusal:
                return json_response({"error": refusal.says}, refusal.status)
            except (ConnectionResetError, BrokenPipeError, web.RequestPayloadError, web.HTTPException):
                raise
            except Exception as error:  # logged without its text, which may quote a member
                where = "".join(traceback.format_tb(error.__traceback__))
                _log.error("the playground failed: %s\n%s", type(error).__name__, where)
                return json_response(
                    {"error": "something went wrong; the log says where"}, HTTPStatus.INTERNAL_SERVER_ERROR
                )

        return answer

    def _take_turn(self, address: str) -> None:
        if wait := self._limiter.ask(self._clock(), member_limit(address), _FOR_ALL):
            says = f"one moment, please: that was much at once. Try again in {ceil(wait.seconds)} s"
            raise Refusal(says, HTTPStatus.TOO_MANY_REQUESTS)


def _check_origin(request: web.Request) -> None:
    origin, host = request.headers.get("Origin"), request.headers.get("Host", "")
    is_link = request.path == "/" and request.headers.get("Sec-Fetch-Mode") == "navigate"  # a link may lead to the page
    site = "none" if is_link else request.headers.get("Sec-Fetch-Site", "none")
    is_foreign = origin is not None and origin.partition("://")[2].casefold() != host.casefold()
    if is_foreign or site not in ("same-origin", "none"):
        raise Refusal("another site may not ask here", HTTPStatus.FORBIDDEN)


async def json_body(request: web.Request, type_: type[_T]) -> _T:
    """Return the body of a POST as a `type_`.

    Raises:
        Refusal: its content type is not JSON (a form of another site cannot set that), it is too long, or cannot be
            decoded.
    """
    if request.content_type != "application/json":
        raise Refusal("send application/json", HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
    if (request.content_length or 0) > LARGEST:
        raise Refusal(f"the body is longer than {LARGEST} bytes", HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    return decoded(await request.read(), type_)


def json_response(value: Any, status: HTTPStatus = HTTPStatus.OK) -> web.Response:
    """Return a response with the value as JSON, which browsers must not cache."""
    headers = {**HEADERS, "Cache-Control": "no-store"}
    return web.Response(body=orjson.dumps(value), status=status, content_type="application/json", headers=headers)
