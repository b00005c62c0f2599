"""Who may come in, and under which rules a browser shows the page. Its law: nothing is answered to another site, and
whatever happens inside comes out as a status with JSON.
"""

import logging
import traceback
from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from ipaddress import ip_address
from math import ceil
from types import MappingProxyType
from typing import Any, Final, final
from urllib.parse import urlsplit

import orjson
from aiohttp import web

from bot.adapters.playground.requests import LARGEST, Refusal
from bot.core.cooldown import Cooldown, Limit, budget

_log = logging.getLogger(__name__)

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

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
class HttpGuard:
    """Lets in who asks by one of the `hosts` (names without a port) or by an address.

    A page of another site that has its own name point here (DNS rebinding) still asks by that name: it is refused.
    An address cannot be made to point elsewhere, so it needs no permission.
    """

    def __init__(self, hosts: frozenset[str], clock: Callable[[], float]) -> None:
        self._clock, self._cooldown = clock, Cooldown()
        self._hosts = frozenset(host.casefold().strip("[]") for host in hosts)

    def open(self, handler: Handler) -> Handler:
        """The handler behind this door."""

        async def guarded(request: web.Request) -> web.StreamResponse:
            try:
                self._check(request)
                return await handler(request)
            except Refusal as refusal:
                return said({"error": refusal.says}, refusal.status)
            except (ConnectionResetError, web.HTTPException):
                raise
            except Exception as error:  # the shell: the trace is for the log, without the words of an error
                where = "".join(traceback.format_tb(error.__traceback__))
                _log.error("the playground failed: %s\n%s", type(error).__name__, where)
                return said({"error": "something went wrong; the log says where"}, HTTPStatus.INTERNAL_SERVER_ERROR)

        return guarded

    def paced(self, handler: Handler) -> Handler:
        """The handler behind this door, for as much as one address and all together may ask."""

        async def asked(request: web.Request) -> web.StreamResponse:
            if wait := self._cooldown.ask(self._clock(), budget(request.remote), _FOR_ALL):
                says = f"one moment, please: that was much at once. Try again in {ceil(wait.seconds)} s"
                raise Refusal(says, HTTPStatus.TOO_MANY_REQUESTS)
            return await handler(request)

        return self.open(asked)

    def _check(self, request: web.Request) -> None:
        host = request.headers.get("Host", "")
        name = _name(f"//{host}")
        if name not in self._hosts and not _is_address(name):
            allowed = ", ".join(sorted(self._hosts))
            raise Refusal(f"this page is not served under that name, only under {allowed}", HTTPStatus.FORBIDDEN)
        origin = request.headers.get("Origin")
        if origin is not None and origin.partition("://")[2].casefold() != host.casefold():
            raise Refusal("another site may not ask here", HTTPStatus.FORBIDDEN)
        followed = request.path == "/" and request.headers.get("Sec-Fetch-Mode") == "navigate"  # a link was clicked
        if not followed and request.headers.get("Sec-Fetch-Site", "none") not in ("same-origin", "none"):
            raise Refusal("another site may not ask here", HTTPStatus.FORBIDDEN)


def _name(url: str) -> str | None:
    try:
        return urlsplit(url).hostname
    except ValueError:
        return None


def _is_address(name: str | None) -> bool:
    try:
        ip_address(name or "")
    except ValueError:
        return False
    return True


async def body(request: web.Request) -> bytes:
    """The body of a POST.

    Raises:
        Refusal: it is not announced as JSON (a form of another site cannot do that), or is too long.
    """
    if request.content_type != "application/json":
        raise Refusal("send application/json", HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
    if (request.content_length or 0) > LARGEST:
        raise Refusal(f"the body is longer than {LARGEST} bytes", HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    return await request.read()


def said(value: Any, status: HTTPStatus = HTTPStatus.OK) -> web.Response:
    """JSON that no browser keeps."""
    headers = {**HEADERS, "Cache-Control": "no-store"}
    return web.Response(body=orjson.dumps(value), status=status, content_type="application/json", headers=headers)
