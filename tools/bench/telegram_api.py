"""A lean Bot API on loopback that brings questions to one bot and keeps every answer.

`tests/fakes` has the one that checks everything; this one is fast, so that the bot is the bottleneck. It runs in the
process that measures, so its work is not counted.
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
"""Where members ask, in turn: so many that none gets the 20 messages a minute that Telegram allows in a group."""
SECRET, PATH = "a-word-for-the-benchmark", "/telegram"
CONNECTIONS = 40  # over which Telegram calls a webhook, unless it is told another number
_COLLECT = 0.001  # seconds after the first update in which Telegram's server adds others to the same answer
_BATCH = 100  # updates in one answer, at most
_LONGEST = 60.0  # seconds until an answer is given up
_LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
BOT = {"id": 7_000_000_001, "is_bot": True, "first_name": "Kusama", "username": "kusama_bench_bot"}
_ME = {**BOT, "can_join_groups": True, "can_read_all_group_messages": False, "supports_inline_queries": True}
Update = dict[str, Any]


def message(number: int, chat: int, text: str) -> dict[str, Any]:
    """The message of a member who has not asked before."""
    length = len(text.partition(" ")[0])
    return {
        "message_id": number + 10,
        "from": {"id": 5_000_000_000 + number, "is_bot": False, "first_name": "Member", "language_code": "en"},
        "chat": {"id": chat, "title": "Community", "type": "supergroup"},
        "date": int(time.time()),  # an old message is not answered
        "text": text,
        "entities": [{"offset": 0, "length": length, "type": "bot_command"}],
    }


class Connection(asyncio.Protocol):
    """An HTTP connection with keep-alive: gives the first line and the body of each message to `took`."""

    def __init__(self, took: Callable[["Connection", bytes, bytes], None]) -> None:
        self.took, self._held = took, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        self.transport: asyncio.Transport = transport  # type: ignore[assignment]  # it is a stream

    def data_received(self, data: bytes) -> None:
        """Take what came; a message may come in pieces."""
        self._held += data
        while (end := self._held.find(b"\r\n\r\n")) >= 0:
            found = _LENGTH.search(self._held[:end])
            whole = end + 4 + (int(found[1]) if found else 0)
            if len(self._held) < whole:
                return
            head, body, self._held = self._held[:end], self._held[end + 4 : whole], self._held[whole:]
            self.took(self, head.partition(b"\r\n")[0], body)

    def send(self, first: str, body: bytes, *headers: str) -> None:
        """Write a message; nothing where the other side has hung up."""
        if not self.transport.is_closing():
            lines = [first, "Content-Type: application/json", f"Content-Length: {len(body)}", *headers, "", ""]
            self.transport.write("\r\n".join(lines).encode("ascii") + body)


@final
class BotApi:
    """Serves one bot; `cpu` gives the CPU seconds of that bot, `port` is that of its webhook where it has one."""

    def __init__(self, port: int | None = None) -> None:
        self.cpu: Callable[[], float] = lambda: 0.0
        self.ready, self.edited, self.drained = asyncio.Event(), asyncio.Event(), asyncio.Event()
        self.edits = self.stray = 0  # messages that the bot edited, and those that answer no question
        self._port, self._made, self._dialled, self._flying = port, 0, 0, 0
        self._asked: dict[int, dict[int, asyncio.Future[dict[str, Any]]]] = defaultdict(dict)  # by group and message
        self._updates: list[Update] = []  # that no poll has taken
        self._poll: Connection | None = None
        self._soon: asyncio.TimerHandle | None = None
        self._server: asyncio.Server | None = None
        self._idle: asyncio.Queue[Connection] = asyncio.Queue()  # connections to the webhook
        self._open: list[Connection] = []

    async def start(self) -> str:
        """Listen; returns the URL."""
        self._server = await asyncio.get_running_loop().create_server(self._connected, "127.0.0.1", 0)
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    def close(self) -> None:
        """Stop listening and hang up."""
        if self._server is not None:
            self._server.close()
        for one in self._open:
            one.transport.close()

    def _connected(self) -> Connection:
        self._open.append(connection := Connection(self._took))
        return connection

    async def ask(self, text: str = f"/{COMMAND}", community: int | None = None) -> Answer:
        """Somebody who has not asked before asks in that group (else in the next one); returns the answer.

        Raises:
            TimeoutError: none came in a minute.
        """
        number, self._made = self._made, self._made + 1
        chat = GROUPS[number % len(GROUPS)] if community is None else community
        asked = message(number, chat, text)
        update = {"update_id": 700_000_000 + number, "message": asked}
        answered = self._asked[chat][asked["message_id"]] = asyncio.get_running_loop().create_future()
        self._flying += 1
        began, worked = time.perf_counter(), self.cpu()
        async with asyncio.timeout(_LONGEST):
            if self._port:
                await self._push(update, self._port)
            else:
                self._bring(update)
            body = await answered
        self._flying -= 1
        return Answer(body, (time.perf_counter() - began) * 1000, (self.cpu() - worked) * 1000)

    def flood(self, updates: Iterable[Update]) -> None:
        """Bring these, without their ids, all at once; nobody waits for what the bot says to them.

        `drained` is set once the bot has taken them all and asks for more.
        """
        self.drained.clear()
        for update in updates:
            number, self._made = self._made, self._made + 1
            self._bring({"update_id": 700_000_000 + number, **update})

    def shown(self, body: dict[str, Any]) -> tuple[object, object, int]:
        """Text and topics of an answer, and how many messages answered nothing."""
        rows = decoded(body.get("reply_markup", {})).get("inline_keyboard", [])
        return body["text"], topics([(one["text"], one["callback_data"]) for one in row] for row in rows), self.stray

    def wanted(self) -> tuple[object, object, int]:
        """What they must be."""
        right = explainer()["telegram"]
        return right["text"], [[(one["label"], one["id"]) for one in row] for row in right["buttons"]], 0

    async def _push(self, update: Update, port: int) -> None:
        """Call the webhook on one of the connections."""
        if self._idle.empty() and self._dialled < CONNECTIONS:
            self._dialled += 1
            loop = asyncio.get_running_loop()
            _, connection = await loop.create_connection(self._connected, "127.0.0.1", port)
        else:
            connection = await self._idle.get()
        answered = asyncio.get_running_loop().create_future()
        connection.took = lambda _, first, __: answered.set_result(first)
        secret = f"X-Telegram-Bot-Api-Secret-Token: {SECRET}"
        connection.send(f"POST {PATH} HTTP/1.1", orjson.dumps(update), "Host: localhost", secret)
        if b" 200 " not in await answered:
            raise ConnectionError(f"the bot answered its webhook with {answered.result()!r}")
        self._idle.put_nowait(connection)

    def _bring(self, update: Update) -> None:
        """Answer the waiting poll a millisecond later, as Telegram does; at once when nothing else can come."""
        self._updates.append(update)
        if self._poll is None:
            return
        if len(self._updates) >= min(self._flying, _BATCH):
            self._give()
        elif self._soon is None:
            self._soon = asyncio.get_running_loop().call_later(_COLLECT, self._give)

    def _give(self) -> None:
        if self._soon is not None:
            self._soon.cancel()
            self._soon = None
        if self._poll is not None:
            now, self._updates = self._updates[:_BATCH], self._updates[_BATCH:]
            _reply(self._poll, now)
            self._poll = None

    def _took(self, connection: Connection, first: bytes, body: bytes) -> None:
        name = first.split(b" ")[1].rpartition(b"/")[2].partition(b"?")[0].decode("ascii").casefold()
        if name == "sendmessage":
            said = parameters(body)
            _reply(connection, _sent(said))
            if waiting := self._asked.get(int(said["chat_id"])):
                replied = decoded(said.get("reply_parameters", {})).get("message_id")  # a twin replies to nothing
                waiting.pop(replied if replied in waiting else next(iter(waiting))).set_result(said)
            else:
                self.stray += 1
        elif name == "editmessagetext":
            self.edits += 1
            self.edited.set()
            _reply(connection, _sent(parameters(body)))
        elif name == "getupdates":
            self.ready.set()
            self._poll = connection
            if not self._updates:
                self.drained.set()
            if self._updates or re.search(rb'timeout(?:=|": ?)0\b', body) or not body:
                self._give()
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
    """The parameters of a call, as JSON or as a form."""
    if body[:1] == b"{":
        found: dict[str, Any] = orjson.loads(body)
        return found
    return dict(parse_qsl(body.decode("ascii"), keep_blank_values=True))


def _sent(said: dict[str, Any]) -> dict[str, Any]:
    """The message as Telegram shows it to the bot that sent it."""
    chat = {"id": int(said["chat_id"]), "title": "Community", "type": "supergroup"}
    given = {key: decoded(said[key]) for key in ("entities", "reply_markup") if said.get(key)}
    return {"message_id": 4711, "from": BOT, "chat": chat, "date": 1_795_000_001, "text": said["text"], **given}


def decoded(value: object) -> Any:
    """A parameter that a form holds as JSON text."""
    return json.loads(value) if isinstance(value, str) else value
