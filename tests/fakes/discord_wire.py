"""HTTP in front of the pretend Discord: log, contract, faults, token, rate limits. A route only decides.

Every answer carries rate-limit headers and `Via`, without which discord.py takes a 429 for a ban.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from urllib.parse import unquote

from aiohttp import BodyPartReader, web

from tests.fakes.discord_bell import Bell
from tests.fakes.discord_faults import Bucket, Fault, limited
from tests.fakes.discord_refusal import Refusal

API = "/api/v10"
Check = Callable[[str, str, Any], list[str]]


@dataclass(eq=False)
class Call:
    """One request. `path` is without the version; `status` is None until it is answered (0: cut off)."""

    method: str
    path: str
    params: dict[str, str]
    query: dict[str, str]
    body: Any = None
    files: dict[str, bytes] = field(default_factory=dict)
    status: int | None = None
    reason: str | None = None  # for the audit log

    def id(self, name: str) -> int:
        """A number out of the path; one that is no number is an id nobody has."""
        value = self.params[name]
        return int(value) if value.isdigit() else 0


Handler = Callable[[Call], Any]


class Wire:
    """The HTTP side: routes are added to it, and everything that came is in `calls`, in order of arrival."""

    def __init__(self, token: str, check: Check | None, bell: Bell) -> None:
        self.app = web.Application(client_max_size=30 * 2**20)
        self.token: str | None = token
        self.calls: list[Call] = []
        self.faults: list[Fault] = []
        self.buckets: list[Bucket] = []
        self.problems: list[str] = []
        self.bell = bell
        self._check = check

    def add(self, method: str, template: str, handler: Handler, *, public: bool = False) -> None:
        """Answers `method` on `template` with what `handler` gives (None: 204), or with the Refusal it raises."""
        self.app.router.add_route(method, API + template, partial(self._serve, handler, template, public))

    def close_routes(self) -> None:
        """Everything else: refused, and told as a problem, for nothing should call what is not there."""
        self.app.router.add_route("*", "/{tail:.*}", partial(self._serve, self._nothing, "nothing", True))

    def _nothing(self, call: Call) -> None:
        self.problems.append(f"no such route here: {call.method} {call.path}")
        raise Refusal(404, 0, "404: Not Found")

    async def _serve(self, handler: Handler, template: str, public: bool, request: web.Request) -> web.StreamResponse:
        call = await self._read(request)
        self.calls.append(call)
        fault = next((one for one in self.faults if one.fits(call.method, call.path)), None)
        if fault and fault.slow:
            fault.hit.set()
            await fault.released.wait()
            fault = None
        headers = self._headers(call, template)
        status, body = 200, None
        try:
            if fault and not fault.after:
                return await self._fail(fault, call, request, headers)
            status, body = self._answer(handler, template, public, call, request)
            if fault:
                return await self._fail(fault, call, request, headers)
        except Refusal as refusal:
            status, body = refusal.status, refusal.json()
            if status == 429:
                headers |= limited(refusal.more)
        finally:
            call.status = call.status if call.status is not None else status
            self.bell.ring()
        if body is None:
            return web.Response(status=204, headers=headers)
        return _json(status, json.dumps(body), headers)

    def _answer(
        self, handler: Handler, template: str, public: bool, call: Call, request: web.Request
    ) -> tuple[int, Any]:
        if not public and request.headers.get("Authorization") != f"Bot {self.token}":
            raise Refusal(401, 0, "401: Unauthorized")
        for bucket in self.buckets:
            bucket.take(call.method, call.path, f"{template} {self._major(call)}")
        if self._check and handler != self._nothing:
            self.problems += self._check(call.method, call.path, call.body)
        try:
            return 200, handler(call)
        except Refusal:
            raise
        except Exception as error:
            self.problems.append(f"the fake broke on {call.method} {call.path}: {error!r}")
            raise Refusal(503, 0, "the fake broke") from error

    async def _fail(
        self, fault: Fault, call: Call, request: web.Request, headers: dict[str, str]
    ) -> web.StreamResponse:
        fault.hit.set()
        if fault.hang:
            await fault.released.wait()
        if fault.cut or fault.hang:
            call.status = 0
            if request.transport is not None:
                request.transport.abort()
            return web.Response(status=500)
        call.status = status = 200 if fault.broken_json else fault.status
        if fault.half:
            response = web.StreamResponse(headers={"Content-Length": "4096", "Content-Type": "application/json"})
            await response.prepare(request)
            await response.write(b'{"id": ')
            assert request.transport is not None
            request.transport.close()
            return response
        if fault.status == 429:
            headers = headers | limited(fault.body())
        words = '{"id": "1", "conten' if fault.broken_json else json.dumps(fault.body())
        return _json(status, words, headers)

    async def _read(self, request: web.Request) -> Call:
        path = request.path.removeprefix(API)
        call = Call(request.method, path, dict(request.match_info), dict(request.query))
        call.reason = (
            unquote(request.headers["X-Audit-Log-Reason"]) if "X-Audit-Log-Reason" in request.headers else None
        )
        if request.content_type == "multipart/form-data":
            async for part in await request.multipart():
                assert isinstance(part, BodyPartReader)
                if part.name == "payload_json":
                    call.body = json.loads(await part.text())
                else:
                    call.files[part.filename or ""] = bytes(await part.read())
        elif request.body_exists and (text := await request.text()):
            call.body = json.loads(text)
        return call

    def _headers(self, call: Call, template: str) -> dict[str, str]:
        bucket = re.sub(r"[^a-z0-9]+", "-", f"{call.method}{template}".lower()).strip("-")
        return {
            "Via": "1.1 google",
            "X-RateLimit-Bucket": bucket,
            "X-RateLimit-Limit": "1000",
            "X-RateLimit-Remaining": "999",
            "X-RateLimit-Reset": f"{time.time() + 0.01:.3f}",
            "X-RateLimit-Reset-After": "0.010",
        }

    def _major(self, call: Call) -> str:
        return call.params.get("channel") or call.params.get("guild") or call.params.get("token") or ""


def _json(status: int, text: str, headers: dict[str, str]) -> web.Response:
    """discord.py reads JSON only where the content type names no charset."""
    return web.Response(status=status, body=text.encode(), headers=headers, content_type="application/json")
