"""All that strangers have tried on the bot, at once: on its web server, on Telegram and on Discord."""

import asyncio
import contextlib
import gzip
import json

from tests.fakes.discord_interaction import Interaction
from tests.faults.stage import Whole
from tests.soak.groups import RIGHTS, Groups
from tests.soak.guilds import Guilds

TIMES = 4  # each attack, a round
_LONG = "what is kusama \u202e\u2067 " + "\ufdfa" * 900
_WORDS = (
    *("/privacy forget", "/settings risk general", "/unpin whatisksm", "/welcome off", "/pin staking"),
    *(f"/ask {_LONG}", "/whatisksm", "/" + "a" * 60, "/kusama-vs-polkadot@some_other_bot", "😀" * 500),
)
_FORGED = ("v1:en:nowhere", "v1:xx:", "v9:en:risk", "\u202e", "v1:en:" + "a" * 50)
_NAMES = ("FREE KSM t.me/x", "Support: send your seed phrase", "<b>Admin</b>", "@everyone", "\u202emoc.live", "ﷺ" * 32)
_BOMB = gzip.compress(bytes(8 << 20), 9)


def _post(path: str, body: bytes, *headers: str, length: int | None = None) -> bytes:
    told = f"Content-Length: {len(body) if length is None else length}"
    return "\r\n".join((f"POST {path} HTTP/1.1", "Host: 127.0.0.1", told, *headers, "", "")).encode() + body


def _get(path: str, *headers: str) -> bytes:
    return "\r\n".join((f"GET {path} HTTP/1.1", "Host: 127.0.0.1", *headers, "", "")).encode()


_JSON = "Content-Type: application/json"
_REQUESTS = (
    b"GET /heal",  # never goes on
    _get("/healthz")[:-2],
    _get("/healthz") * 40,  # one behind another, and nobody reads
    _get("/events"),  # a live stream
    _get("/metrics", "X: " + "a" * 7000),
    _post("/api/ask", _BOMB, "Content-Encoding: gzip", _JSON),
    _post("/api/ask", b"{", _JSON, length=60_000),  # a body that never comes
    _post("/api/ask", json.dumps({"text": _LONG}).encode(), _JSON),
    _post("/api/ask", b'{"text": "\\ud800"}', _JSON),
    _post("/api/join", b'{"count": 500, "name": "x"}', _JSON),
    _post("/api/ask", b"[" * 50_000, _JSON),
    b"\x16\x03\x01\x00\xa5" * 20,
)


class Attackers:
    """A few accounts on each platform, in a group and a channel of their own, and clients of the web server, in every
    round the same.
    """

    def __init__(self, bot: Whole, groups: Groups, guilds: Guilds) -> None:
        self._bot, self._groups, self._guilds = bot, groups, guilds
        self._group = bot.telegram.chat("supergroup", rights=RIGHTS)
        self._accounts = [bot.telegram.member(name) for name in _NAMES]
        self._members = [guilds.guilds[0].member(name) for name in _NAMES]
        self._channel = guilds.guilds[0].channel("flood")
        self._open: list[asyncio.StreamWriter] = []

    async def round(self) -> None:
        """Attack, while others use the bot. Connections stay open until `rest`."""
        await asyncio.gather(self._connect(), self._telegram(), self._discord())
        assert (await self._bot.get("/healthz"))[0] == 200

    async def rest(self) -> None:
        """Return once the bot has taken all of it."""
        for writer in self._open:
            writer.transport.abort()
        self._open.clear()
        await self._bot.telegram.until_polling()
        for message in list(self._channel.messages.values()):
            self._bot.discord.world.messages.pop(message.id, None)
        self._channel.messages.clear()

    async def _connect(self) -> None:
        await asyncio.gather(*(self._sent(request) for request in _REQUESTS for _ in range(TIMES // 2)))

    async def _sent(self, request: bytes) -> None:
        with contextlib.suppress(OSError):  # the server may close it at once
            _, writer = await asyncio.open_connection("127.0.0.1", self._bot.service.port)
            self._open.append(writer)
            writer.write(request)
            await writer.drain()

    async def _telegram(self) -> None:
        telegram, pinned = self._bot.telegram, self._groups.pin(self._groups.chats[0])
        for number in range(TIMES):
            for account, words in zip(self._accounts * 2, _WORDS, strict=False):
                telegram.send(self._group, account, words)
                telegram.inline(account, f"kusama {number}")
                telegram.press(pinned, _FORGED[number % len(_FORGED)], account, forged=True)
            await asyncio.sleep(0)

    async def _discord(self) -> None:
        discord, pinned = self._bot.discord, self._guilds.pin(self._guilds.guilds[0])
        for number in range(TIMES):
            sent = list[Interaction]()
            for member in self._members:
                discord.say(self._channel, member, f"<@{discord.world.bot.id}> {_LONG}")
                discord.press(pinned, _FORGED[number % len(_FORGED)], member, forged=True)
                sent.append(discord.slash(self._channel, member, "ask", {"question": _LONG}))
                sent.append(discord.slash(self._channel, member, "privacy", {"action": "forget"}, forged=True))
                discord.autocomplete(self._channel, member, "ask", "question", {"question": f"k{number}"})
            await asyncio.gather(*(one.response for one in sent))  # what is refused says so
