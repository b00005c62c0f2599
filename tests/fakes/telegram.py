"""A Bot API server on loopback that refuses what the real one refuses.

It never answers better than Telegram would. Calls that break the published contract, and mistakes of
its own, fail the test at the end of `async with TelegramServer()`.
"""

import asyncio
import json
import re
import time
import traceback
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self, TypeVar

from aiohttp import web
from aiohttp.test_utils import TestServer

from tests.fakes.contracts import telegram_problems
from tests.fakes.telegram_faults import BROKEN_JSON, CLOSE, HANG, LOST_ANSWER, Call, Fault, Ordered, flood, hold, status
from tests.fakes.telegram_limit import GroupLimit
from tests.fakes.telegram_methods import Methods
from tests.fakes.telegram_stage import Stage
from tests.fakes.telegram_state import ADMIN_RIGHTS, Chat, Json, Member, Message, Upload
from tests.fakes.telegram_text import Refused
from tests.waiting import PATIENCE

__all__ = [
    "ADMIN_RIGHTS",
    "BROKEN_JSON",
    "CLOSE",
    "HANG",
    "LOST_ANSWER",
    "Call",
    "Chat",
    "Fault",
    "Member",
    "Message",
    "TelegramServer",
    "flood",
    "hold",
    "status",
]

TOKEN = "7000000001:AAfake-token-of-the-telegram-test-server"
_WORDS = {"text", "caption", "query", "url", "secret_token", "callback_query_id", "inline_query_id", "language_code"}
Met = TypeVar("Met")
_WELL_FORMED = re.compile(r"\d+:[A-Za-z0-9_-]{30,}")


class TelegramServer(Stage):
    """`base_url` goes to the client; `calls` is what it did, `problems` what was wrong with that.

    `privacy` is BotFather's privacy mode (on, as Telegram has it at first). Dates come from `now`, in seconds. `older`:
    a Bot API server from before 10.2. `limited`: a group takes 20 messages, edits and pins a minute by `now`.
    """

    def __init__(
        self,
        *,
        privacy: bool = True,
        now: Callable[[], int] = lambda: int(time.time()),
        older: bool = False,
        limited: bool = False,
    ) -> None:
        super().__init__(Member(7000000001, "Kusama", "kusama_test_bot", is_bot=True), now, privacy)
        self.world.ephemeral.known = not older
        self._limit = GroupLimit(now) if limited else None
        self.token = TOKEN
        self.calls: list[Call] = []
        self.problems: list[str] = []
        self.methods = Methods(self.world)
        self.methods.account["can_read_all_group_messages"] = not privacy
        self._faults: list[Ordered] = []
        self._gates: list[asyncio.Event] = []
        self._changed, self._closing = asyncio.Event(), asyncio.Event()
        self.updates.on_wait = self._notify
        app = web.Application(client_max_size=1 << 24)
        app.router.add_route("*", "/bot{token}/{method}", self._handle)
        app.router.add_get("/file/bot{token}/{path:.*}", self._download)
        self._server = TestServer(app)

    async def __aenter__(self) -> Self:
        await self._server.start_server()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for gate in (self._closing, *self._gates):
            gate.set()
        await self.updates.close()
        await self._server.close()
        if kind is None and self.problems:
            raise AssertionError("calls Telegram would not understand:\n" + "\n".join(self.problems))

    @property
    def base_url(self) -> str:
        """What goes before the token, for python-telegram-bot's `base_url`."""
        return str(self._server.make_url("/bot"))

    def fail_next(self, method: str, fault: Fault, *, chat: Chat | None = None, times: int | None = 1) -> None:
        """Strike the next calls of a method ("*" any) in a chat (None: in all); `times` None until `heal()`."""
        self._faults.append(Ordered(method, fault, chat.id if chat else None, times))

    def fail_at(self, method: str, number: int, fault: Fault) -> None:
        """Strike the call of a method with that number, from now on."""
        self._faults.append(Ordered(method, fault, None, 1, skip=number - 1))

    def heal(self) -> None:
        """Take back every fault that was ordered."""
        self._faults.clear()

    def revoke(self) -> None:
        """The token stops being valid, as when its owner asks BotFather for another."""
        self.token = "revoked"

    def of(self, method: str) -> list[Call]:
        """All finished calls of a method, oldest first."""
        return [call for call in self.calls if call.method == method and call.status is not None]

    async def wait_for(self, method: str, count: int = 1, *, seconds: float = PATIENCE) -> list[Call]:
        """Wait until a method was called so often, in all; one that was left hanging counts."""
        return await self.until(lambda: self.of(method) if len(self.of(method)) >= count else None, seconds=seconds)

    async def until(self, met: Callable[[], Met | None], *, seconds: float = PATIENCE) -> Met:
        """Wait until something holds, looked at whenever a call begins, ends or settles down to wait."""
        async with asyncio.timeout(seconds):
            while not (value := met()):
                await self._changed.wait()
            return value

    def _notify(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()

    async def wait_for_start(self, method: str, count: int = 1, *, seconds: float = PATIENCE) -> list[Call]:
        """Wait until a method was called so often, finished or not: for calls on `hold`."""

        def started() -> list[Call] | None:
            calls = [call for call in self.calls if call.method == method]
            return calls if len(calls) >= count else None

        return await self.until(started, seconds=seconds)

    async def until_polling(self, *, seconds: float = PATIENCE) -> None:
        """Wait until the bot has fetched all there is and stands waiting for more."""
        await self.until(lambda: self.updates.polled and not self.updates.kept, seconds=seconds)

    async def _download(self, request: web.Request) -> web.StreamResponse:
        if request.match_info["token"] != self.token:
            return _refusal(Refused(401, "Unauthorized"))
        return self.world.files.download(request.match_info["path"])

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        token, method = request.match_info["token"], request.match_info["method"]
        if token != self.token:
            known = _WELL_FORMED.fullmatch(token)
            return _refusal(Refused(401, "Unauthorized") if known else Refused(404, "Not Found"))
        raw, files = await _form_of(request)
        params = {name: _decoded(name, value) for name, value in raw.items()} | files
        call = Call(method, params, files)
        self.calls.append(call)
        self.problems += [f"{method}: {problem}" for problem in telegram_problems(method, raw, files)]
        try:
            return await self._answer(request, call)
        finally:
            self._notify()

    async def _answer(self, request: web.Request, call: Call) -> web.StreamResponse:
        fault = self._fault_of(call)
        if fault and fault.kind == "hold":
            self._gates.append(fault.gate)
            self._notify()
            await fault.gate.wait()
            fault = None
        if fault and not fault.after:
            return await self._strike(request, call, fault)
        try:
            if self._limit is not None:
                self._limit.check(call)
            call.result = await self._run(call)
        except Refused as refusal:
            call.status, call.description = refusal.status, refusal.description
            return _refusal(refusal)
        if fault:
            return await self._strike(request, call, fault)
        call.status = 200
        return web.json_response({"ok": True, "result": call.result})

    async def _run(self, call: Call) -> Any:
        method = self.methods.named(call.method)
        if method is None:
            raise Refused(404, "Not Found: method not found")
        try:
            return await method(call.params)
        except (Refused, asyncio.CancelledError):
            raise
        except Exception as error:  # the fake's own mistake: told at the end of the test
            self.problems.append(f"{call.method}: the fake itself failed\n{traceback.format_exc()}")
            raise Refused(500, "Internal Server Error") from error

    def _fault_of(self, call: Call) -> Fault | None:
        for ordered in self._faults:
            if ordered.fits(call.method, call.params):
                ordered.times = ordered.times and ordered.times - 1
                return ordered.fault
        return None

    async def _strike(self, request: web.Request, call: Call, fault: Fault) -> web.StreamResponse:
        call.status, call.description = fault.status if fault.kind == "status" else 0, fault.description
        self._notify()
        if fault.kind == "status":
            return _refusal(Refused(fault.status, fault.description, **fault.parameters))
        if fault.kind == "hang":
            await self._closing.wait()
        if fault.kind == "broken_json":
            return web.Response(text='{"ok": true, "resu', content_type="application/json")
        if request.transport is not None:
            request.transport.close()
        return web.Response()


async def _form_of(request: web.Request) -> tuple[dict[str, Any], dict[str, Upload]]:
    """Parameters as sent, and uploaded files, from whichever of the ways the Bot API takes them."""
    raw: dict[str, Any] = dict(request.query)
    files: dict[str, Upload] = {}
    if request.content_type == "application/json":
        raw |= await request.json()
        return raw, files
    for name, value in (await request.post()).items():
        if isinstance(value, web.FileField):
            files[name] = Upload(value.filename, value.file.read())
        else:
            raw[name] = value
    return raw, files


def _decoded(name: str, value: object) -> object:
    """A parameter's value; words stay words even where they look like JSON."""
    if name in _WORDS or not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value


def _refusal(refusal: Refused) -> web.Response:
    told: Json = {"ok": False, "error_code": refusal.status, "description": refusal.description}
    if refusal.parameters:
        told["parameters"] = refusal.parameters
    return web.json_response(told, status=refusal.status)
