"""A minimal fake of Telegram's Bot API on loopback, which sends questions to one bot and receives its answers.

The fake in `tests/fakes` checks everything. This one is fast, so that the bot is the bottleneck. It runs in the
measuring process, so its work is not counted.
"""

import asyncio
import json
import re
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any, final
from urllib.parse import parse_qsl

import orjson

from tools.bench.stage import COMMAND, Answer, explainer, topics

GROUPS = range(-1_002_000_001_000, -1_002_000_000_000)
"""The groups in which members ask, in turn. There are so many that none reaches Telegram's limit of 20 messages per
minute in a group.
"""
SECRET, PATH = "a-word-for-the-benchmark", "/telegram"
CONNECTIONS = 40  # the number of connections over which Telegram calls a webhook by default
_COLLECT = 0.001  # seconds after the first update in which Telegram's server adds others to the same response
_BATCH = 100  # updates in one response, at most
_RETRY = 0.05  # seconds after which a webhook that does not listen yet is called again
_LONGEST = 60.0  # seconds to wait for an answer
_LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
BOT = {"id": 7_000_000_001, "is_bot": True, "first_name": "Kusama", "username": "kusama_bench_bot"}
_ME = {**BOT, "can_join_groups": True, "can_read_all_group_messages": False, "supports_inline_queries": True}
Update = dict[str, Any]


def message(number: int, chat: int, text: str) -> dict[str, Any]:
    """A message with a command, from a different member for each number."""
    length = len(text.partition(" ")[0])
    return {
        "message_id": number + 10,
        "from": {"id": 5_000_000_000 + number, "is_bot": False, "first_name": "Member", "language_code": "en"},
        "chat": {"id": chat, "title": "Community", "type": "supergroup"},
        "date": int(time.time()),  # the bot does not answer old messages
        "text": text,
        "entities": [{"offset": 0, "length": length, "type": "bot_command"}],
    }


class Connection(asyncio.Protocol):
    """An HTTP connection with keep-alive. Calls `on_message` with the first line and the body of each message."""

    def __init__(self, on_message: Callable[["Connection", bytes, bytes], None]) -> None:
        self.on_message, self._buffer = on_message, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Store the transport."""
        self.transport: asyncio.Transport = transport  # type: ignore[assignment]  # it is a stream

    def data_received(self, data: bytes) -> None:
        """Handle received data. A message may arrive in pieces."""
        self._buffer += data
        while (end := self._buffer.find(b"\r\n\r\n")) >= 0:
            length = _LENGTH.search(self._buffer[:end])
            total = end + 4 + (int(length[1]) if length else 0)
            if len(self._buffer) < total:
                return
            head, body, self._buffer = self._buffer[:end], self._buffer[end + 4 : total], self._buffer[total:]
            self.on_message(self, head.partition(b"\r\n")[0], body)

    def send(self, first: str, body: bytes, *headers: str) -> None:
        """Write a message, unless the connection is closing."""
        if not self.transport.is_closing():
            lines = [first, "Content-Type: application/json", f"Content-Length: {len(body)}", *headers, "", ""]
            self.transport.write("\r\n".join(lines).encode("ascii") + body)


@final
class BotApi:
    """Serves one bot. `cpu` returns the CPU seconds of that bot; `port` is that of its webhook, None for polling."""

    def __init__(self, port: int | None = None) -> None:
        self.cpu: Callable[[], float] = lambda: 0.0
        self.ready, self.edited, self.drained = asyncio.Event(), asyncio.Event(), asyncio.Event()
        self.edits = self.stray = 0  # edits by the bot, and its messages that answer no question
        self._port, self._updates_made, self._connections_made, self._unanswered = port, 0, 0, 0
        self._asked: dict[int, dict[int, asyncio.Future[dict[str, Any]]]] = defaultdict(dict)  # by group and message
        self._pending: list[Update] = []  # updates that no poll has received
        self._poll: Connection | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._server: asyncio.Server | None = None
        self._idle: asyncio.Queue[Connection] = asyncio.Queue()  # connections to the webhook
        self._open: list[Connection] = []

    async def start(self) -> str:
        """Listen; returns the URL."""
        self._server = await asyncio.get_running_loop().create_server(self._connected, "127.0.0.1", 0)
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    def close(self) -> None:
        """Stop listening and close all connections."""
        if self._server is not None:
            self._server.close()
        for one in self._open:
            one.transport.close()

    def _connected(self) -> Connection:
        self._open.append(connection := Connection(self._on_call))
        return connection

    async def ask(self, text: str = f"/{COMMAND}", community: int | None = None) -> Answer:
        """A new member asks in that group, or in the groups in turn; returns the bot's answer.

        Raises:
            TimeoutError: no answer within a minute.
        """
        number, self._updates_made = self._updates_made, self._updates_made + 1
        chat = GROUPS[number % len(GROUPS)] if community is None else community
        asked = message(number, chat, text)
        update = {"update_id": 700_000_000 + number, "message": asked}
        answered = self._asked[chat][asked["message_id"]] = asyncio.get_running_loop().create_future()
        self._unanswered += 1
        began, worked = time.perf_counter(), self.cpu()
        async with asyncio.timeout(_LONGEST):
            if self._port:
                await self._push(update, self._port)
            else:
                self._queue(update)
            body = await answered
        self._unanswered -= 1
        return Answer(body, (time.perf_counter() - began) * 1000, (self.cpu() - worked) * 1000)

    def flood(self, updates: Iterable[Update]) -> None:
        """Send these updates, which have no ids yet, at once. Does not wait for answers.

        `drained` is set once the bot has received them all and polls again.
        """
        self.drained.clear()
        for update in updates:
            number, self._updates_made = self._updates_made, self._updates_made + 1
            self._queue({"update_id": 700_000_000 + number, **update})

    def shown(self, body: dict[str, Any]) -> tuple[object, object, int]:
        """The text and topic buttons of an answer, and the number of stray messages, to compare with `wanted`."""
        rows = decoded(body.get("reply_markup", {})).get("inline_keyboard", [])
        return body["text"], topics([(one["text"], one["callback_data"]) for one in row] for row in rows), self.stray

    def wanted(self) -> tuple[object, object, int]:
        """The correct values of `shown`."""
        right = explainer()["telegram"]
        return right["text"], [[(one["label"], one["id"]) for one in row] for row in right["buttons"]], 0

    async def _connect(self, port: int) -> Connection:
        """Connect to the webhook. Some bots call setWebhook just before they listen."""
        while True:
            try:
                return (await asyncio.get_running_loop().create_connection(self._connected, "127.0.0.1", port))[1]
            except ConnectionRefusedError:
                await asyncio.sleep(_RETRY)

    async def _push(self, update: Update, port: int) -> None:
        """Call the webhook on an idle or new connection."""
        if self._idle.empty() and self._connections_made < CONNECTIONS:
            self._connections_made += 1
            connection = await self._connect(port)
        else:
            connection = await self._idle.get()
            if connection.transport.is_closing():  # a server closes connections that are idle for some seconds
                connection = await self._connect(port)
        answered = asyncio.get_running_loop().create_future()
        connection.on_message = lambda _, first, __: answered.set_result(first)
        secret = f"X-Telegram-Bot-Api-Secret-Token: {SECRET}"
        connection.send(f"POST {PATH} HTTP/1.1", orjson.dumps(update), "Host: localhost", secret)
        if b" 200 " not in await answered:
            raise ConnectionError(f"the bot's webhook answered with {answered.result()!r}")
        self._idle.put_nowait(connection)

    def _queue(self, update: Update) -> None:
        """Answer the waiting poll a millisecond later, as Telegram does, or at once if no other update can follow."""
        self._pending.append(update)
        if self._poll is None:
            return
        if len(self._pending) >= min(self._unanswered, _BATCH):
            self._answer_poll()
        elif len(self._pending) == 1:
            self._answer_poll_in(_COLLECT)

    def _answer_poll_in(self, seconds: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = asyncio.get_running_loop().call_later(seconds, self._answer_poll)

    def _answer_poll(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._poll is not None:
            batch, self._pending = self._pending[:_BATCH], self._pending[_BATCH:]
            _reply(self._poll, batch)
            self._poll = None

    def _on_call(self, connection: Connection, first: bytes, body: bytes) -> None:
        name = first.split(b" ")[1].rpartition(b"/")[2].partition(b"?")[0].decode("ascii").casefold()
        if name == "sendmessage":
            call = parameters(body)
            _reply(connection, _sent(call))
            if waiting := self._asked.get(int(call["chat_id"])):
                replied = decoded(call.get("reply_parameters", {})).get("message_id")  # None: twins send no replies
                waiting.pop(replied if replied in waiting else next(iter(waiting))).set_result(call)
            else:
                self.stray += 1
        elif name == "editmessagetext":
            self.edits += 1
            self.edited.set()
            _reply(connection, _sent(parameters(body)))
        elif name == "getupdates":
            self.ready.set()
            self._poll = connection
            if not self._pending:
                self.drained.set()
            waits = re.search(rb'timeout(?:=|": ?)([0-9]+)', body)
            self._answer_poll_in(0.0 if self._pending or waits is None else float(waits[1]))
        else:
            if name == "setwebhook":
                self.ready.set()
            _reply(
                connection,
                {"getme": _ME, "getmycommands": [], "getchatmember": {"status": "member", "user": BOT}}.get(name, True),
            )


def _reply(connection: Connection, result: object) -> None:
    connection.send("HTTP/1.1 200 OK", orjson.dumps({"ok": True, "result": result}))


def parameters(body: bytes) -> dict[str, Any]:
    """The parameters of a call whose body is JSON or a form."""
    if body[:1] == b"{":
        call: dict[str, Any] = orjson.loads(body)
        return call
    return dict(parse_qsl(body.decode("ascii"), keep_blank_values=True))


def _sent(call: dict[str, Any]) -> dict[str, Any]:
    """The message object that Telegram returns for a sent message."""
    chat = {"id": int(call["chat_id"]), "title": "Community", "type": "supergroup"}
    given = {key: decoded(call[key]) for key in ("entities", "reply_markup") if call.get(key)}
    return {"message_id": 4711, "from": BOT, "chat": chat, "date": 1_795_000_001, "text": call["text"], **given}


def decoded(value: object) -> Any:
    """A parameter's value. In a form, it is JSON text."""
    return json.loads(value) if isinstance(value, str) else value
