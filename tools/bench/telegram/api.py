"""A Bot API on loopback that brings updates as fast as they are wanted and keeps every answer. Its law: what a bot
sent is looked at after the clock has stopped, and each of its answers once.
"""

import asyncio
import json
import re
import time
from collections import Counter
from collections.abc import Callable
from typing import Any, final
from urllib.parse import parse_qsl

import orjson

from tools.bench.telegram.wire import Caller, Connection

GROUPS = range(-1_002_000_000_200, -1_002_000_000_000)
SECRET = "a-word-for-the-benchmark"
PATH = "/telegram"
CONNECTIONS = 40  # that Telegram brings updates over, unless told otherwise
_COLLECT = 0.001  # seconds
_LONGEST = 60.0  # seconds that one round may take
_BATCH = 100  # updates that one getUpdates brings, as Telegram's do
_CHAT = re.compile(rb'chat_id(?:=|": ?"?)(-?\d+)')
_ME = {
    "id": 7_000_000_001,
    "is_bot": True,
    "first_name": "Kusama",
    "username": "kusama_bench_bot",
    "can_join_groups": True,
    "can_read_all_group_messages": False,
    "supports_inline_queries": True,
}


def _group(number: int) -> int:
    return GROUPS[number % len(GROUPS)]


def update(number: int) -> bytes:
    """Somebody who never asked before asks in one of the groups."""
    chat = _group(number)
    text = "/whatisksm"
    person = {"id": 5_000_000_000 + number, "is_bot": False, "first_name": "Member", "language_code": "en"}
    message = {
        "message_id": number + 10,
        "from": person,
        "chat": {"id": chat, "title": "Community", "type": "supergroup"},
        "date": 1_795_000_000,
        "text": text,
        "entities": [{"offset": 0, "length": len(text), "type": "bot_command"}],
    }
    return orjson.dumps({"update_id": 700_000_000 + number, "message": message})


@final
class BotApi:
    """Serves one bot. `text` is what every answer must say."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._waiting: list[bytes] = []  # updates not yet taken
        self._given = self._made = 0
        self._poll: Connection | None = None
        self._soon: asyncio.TimerHandle | None = None
        self._at_once = 1
        self._bodies: list[bytes] = []
        self._answer: tuple[bytes, bytes] | None = None
        self._answered: Callable[[], None] = lambda: None
        self._asked: dict[int, asyncio.Future[None]] = {}  # by group, who waits for an answer
        self._server: asyncio.Server | None = None
        self._callers: list[Caller] = []
        self._connections: list[Connection] = []
        self.ready, self.edited = asyncio.Event(), asyncio.Event()
        self.edits = 0

    async def start(self) -> int:
        """Listen; returns the port."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(self._connection, "127.0.0.1", 0)
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    async def close(self) -> None:
        """Stop listening, and hang up."""
        if self._server is not None:
            self._server.close()
        open_ones: list[Connection | Caller] = [*self._connections, *self._callers]
        for one in open_ones:
            one.close()

    def _connection(self) -> Connection:
        connection = Connection(self._took)
        self._connections.append(connection)
        return connection

    async def polled(self, number: int, at_once: int) -> None:
        """Bring so many updates to a bot that polls, `at_once` of them under way at any time."""
        await self._flow(number, at_once, self._bring)

    async def pushed(self, number: int, at_once: int, port: int) -> None:
        """The same to a bot's webhook, over at most as many connections as Telegram has by default."""
        loop = asyncio.get_running_loop()
        while len(self._callers) < min(at_once, CONNECTIONS):
            _, caller = await loop.create_connection(Caller, "127.0.0.1", port)
            self._callers.append(caller)
        queue: asyncio.Queue[bytes] = asyncio.Queue()
        posting = [asyncio.create_task(_posted(caller, queue)) for caller in self._callers]
        flow = asyncio.create_task(self._flow(number, at_once, queue.put_nowait))
        done, _ = await asyncio.wait([flow, *posting], return_when=asyncio.FIRST_COMPLETED)
        for task in (flow, *posting):
            task.cancel()
        await asyncio.gather(flow, *posting, return_exceptions=True)
        done.pop().result()

    async def _flow(self, number: int, at_once: int, bring: Callable[[bytes], None]) -> None:
        updates = iter([update(self._made + one) for one in range(number)])
        self._made += number
        self._at_once = at_once
        self._bodies.clear()
        done = asyncio.get_running_loop().create_future()

        def answered() -> None:
            if (following := next(updates, None)) is not None:
                bring(following)
            elif len(self._bodies) >= number and not done.done():
                done.set_result(None)

        self._answered = answered
        for _ in range(min(at_once, number)):
            answered()
        async with asyncio.timeout(_LONGEST):
            await done

    async def paced(self, number: int, every: float, cpu: Callable[[], float]) -> list[tuple[float, float]]:
        """Bring so many updates, one each `every` seconds whether or not the one before is answered; the seconds until
        each answer came, and what passed meanwhile on the bot's own clock, `cpu`.
        """
        self._bodies.clear()
        asking = list[asyncio.Task[tuple[float, float]]]()
        for _ in range(number):
            asking.append(asyncio.create_task(self._ask(cpu)))
            await asyncio.sleep(every)
        return await asyncio.gather(*asking)

    async def _ask(self, cpu: Callable[[], float]) -> tuple[float, float]:
        self._at_once, self._made = 1, self._made + 1
        answered = self._asked[_group(self._made - 1)] = asyncio.get_running_loop().create_future()
        began, worked = time.perf_counter(), cpu()
        self._bring(update(self._made - 1))
        async with asyncio.timeout(_LONGEST):
            await answered
        return time.perf_counter() - began, cpu() - worked

    def wrong(self) -> str | None:
        """Why the last updates do not count, or None: each was answered once, in its group, with the right words."""
        number = len(self._bodies)
        wanted = Counter(_group(one) for one in range(self._made - number, self._made))
        sent = [parameters(body) for body in self._bodies]
        other = [one.get("text") for one in sent if one.get("text") != self._text]
        if other:
            return f"{len(other)} of {number} answers are not the right words, such as {other[0]!r}"
        if Counter(int(one["chat_id"]) for one in sent) != wanted:
            return "not every question was answered once"
        return None

    def _bring(self, update: bytes) -> None:
        """Answer the waiting poll a millisecond later, as Telegram's own server does, so that it brings what else comes
        meanwhile; at once when nothing else can come.
        """
        self._waiting.append(update)
        if self._poll is None:
            return
        if len(self._waiting) >= min(self._at_once, _BATCH):
            self._give()
        elif self._soon is None:
            self._soon = asyncio.get_running_loop().call_later(_COLLECT, self._give)

    def _give(self) -> None:
        if self._soon is not None:
            self._soon.cancel()
            self._soon = None
        if self._poll is not None:
            now, self._waiting = self._waiting[:_BATCH], self._waiting[_BATCH:]
            self._poll.write(b'{"ok":true,"result":[' + b",".join(now) + b"]}")
            self._poll = None

    def _took(self, connection: Connection, method: str, body: bytes) -> None:
        name = method.partition("?")[0].casefold()
        if name == "sendmessage":
            self._bodies.append(body)
            connection.write(self._message(body))
            self._answered()
            if waits := self._asked.pop(_chat(body), None):
                waits.set_result(None)
        elif name == "editmessagetext":
            self.edits += 1
            self.edited.set()
            connection.write(orjson.dumps({"ok": True, "result": sent(parameters(body))}))
        elif name == "getupdates":
            self.ready.set()
            self._poll = connection
            if self._waiting or _returns_at_once(body):
                self._give()
        elif name == "getme":
            connection.write(orjson.dumps({"ok": True, "result": _ME}))
        elif name == "getmycommands":
            connection.write(b'{"ok":true,"result":[]}')
        else:
            if name == "setwebhook":
                self.ready.set()
            connection.write(b'{"ok":true,"result":true}')

    def _message(self, body: bytes) -> bytes:
        """What Telegram tells of the message it sent: made once of the first, then with the chat of each."""
        chat = b"%d" % _chat(body)
        if self._answer is None:
            told = orjson.dumps({"ok": True, "result": sent(parameters(body))})
            first, _, rest = told.partition(b'"id":%b,' % chat)
            self._answer = (first + b'"id":', b"," + rest)
        return self._answer[0] + chat + self._answer[1]


async def _posted(caller: Caller, updates: "asyncio.Queue[bytes]") -> None:
    while True:
        status = await caller.post(PATH, SECRET, await updates.get())
        if status != 200:
            raise ConnectionError(f"the bot answered its webhook with {status}")


def _chat(body: bytes) -> int:
    """Where a call goes; 0 where it does not say."""
    found = _CHAT.search(body)
    return int(found[1]) if found else 0


def _returns_at_once(body: bytes) -> bool:
    """Whether a poll is not to wait: the first of some libraries only clears what is old."""
    return b"timeout=0" in body or b'"timeout":0' in body or b'"timeout": 0' in body


def parameters(body: bytes) -> dict[str, Any]:
    """What a call says, in whichever of the ways the Bot API takes it."""
    if body[:1] == b"{":
        found: dict[str, Any] = orjson.loads(body)
        return found
    return dict(parse_qsl(body.decode("ascii"), keep_blank_values=True))


def sent(said: dict[str, Any]) -> dict[str, Any]:
    """The message as Telegram shows it to the bot that sent it."""
    chat = {"id": int(said["chat_id"]), "title": "Community", "type": "supergroup"}
    me = {key: _ME[key] for key in ("id", "is_bot", "first_name", "username")}
    message: dict[str, Any] = {
        "message_id": 4711,
        "from": me,
        "chat": chat,
        "date": 1_795_000_001,
        "text": said["text"],
    }
    for key in ("entities", "reply_markup"):
        if said.get(key):
            message[key] = _decoded(said[key])
    if said.get("reply_parameters"):
        asked = orjson.loads(update(0))["message"]
        asked["message_id"] = _decoded(said["reply_parameters"])["message_id"]
        message["reply_to_message"] = {**asked, "chat": {**asked["chat"], "id": 0}}
    return message


def _decoded(value: object) -> Any:
    return json.loads(value) if isinstance(value, str) else value
