"""The bot's own parts around one platform's real client and its pretend server, with the clock in hand."""

import asyncio
import itertools
from abc import abstractmethod
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

from bot.adapters.discord.adapter import DiscordAdapter
from bot.adapters.telegram.adapter import TelegramAdapter
from bot.content.live_content import LiveContent
from bot.core.community import Pin
from bot.core.errors import StoreError
from bot.core.model import Place, Risk
from bot.core.ports import Platform
from bot.core.sealed_catalog import SealedCatalog
from bot.features.answers import Responder
from bot.features.communities import KnownCommunities
from bot.features.pins import ChannelLocks, EditIntervals, PinCommands, PinRefresh, fingerprint
from bot.runtime.content_setup import matcher_of, page_values
from bot.store.store import Store, open_store
from bot.store.url import address
from tests.builders import RESPONSES, Folder, read_once
from tests.fakes import discord_server, telegram
from tests.fakes.discord_rights import INVITED
from tests.fakes.discord_rights import Right as Bit
from tests.fakes.telegram_ephemeral import Ephemeral

AT_ONCE = {"telegram": EditIntervals(0.0, 0.0), "discord": EditIntervals(0.0, 0.0)}
RIGHTS = ("can_pin_messages", "can_delete_messages")
NOW = datetime(2026, 11, 22, tzinfo=UTC)


@dataclass
class Told:
    """A clock that goes on only when somebody sleeps, or a test says so."""

    now: float = 1_000.0
    slept: list[float] = field(default_factory=list)

    def clock(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds
        await asyncio.sleep(0)


@dataclass
class Container:
    """What the service puts together, for one platform."""

    folder: Folder
    shelf: LiveContent
    store: Store
    communities: KnownCommunities
    responder: Responder
    told: Told
    refresh: PinRefresh | None = None
    instead: SealedCatalog | None = None  # pins follow this one where a test has set it
    counts: list[str] = field(default_factory=list)  # what became of pins
    now: datetime = NOW

    @property
    def edition(self) -> SealedCatalog:
        """What pins follow."""
        return self.instead or self.shelf.edition

    def taught(self, platform: Platform) -> None:
        """Let the platform be served, and its pins be kept."""
        platforms, locks = {platform.name: platform}, ChannelLocks()

        def edition() -> SealedCatalog:
            return self.edition

        async def newest(content: SealedCatalog) -> bool:
            return await self.store.editions.leads(fingerprint(content), NOW)

        self.refresh = PinRefresh(
            content=edition,
            records=self.store.pins,
            communities=self.communities,
            platforms=platforms,
            locks=locks,
            newest=newest,
            clock=self.told.clock,
            sleep=self.told.sleep,
            paces=AT_ONCE,
            counted=lambda _, result: self.counts.append(result),
        )
        commands = PinCommands(
            content=edition,
            records=self.store.pins,
            communities=self.communities,
            platforms=platforms,
            locks=locks,
            now=lambda: self.now,
            wake=self.refresh.wake,
        )
        self.responder.learn("pin", commands.pin)
        self.responder.learn("unpin", commands.unpin)
        self.responder.learn("post", commands.post)
        self.responder.learn("pins", commands.pins)


def unexpected(error: StoreError) -> None:
    raise AssertionError(str(error))


@asynccontextmanager
async def parts(path: Path) -> AsyncIterator[Container]:
    """The store, the content (a copy that may be edited) and the responder."""
    folder, told = Folder(path, "en", "es", "ru"), Told()
    shelf = LiveContent([folder.path], None, read_once, Risk.GENERAL)
    shelf.open()
    async with open_store(address(None, path / "data")) as store:
        known = KnownCommunities(store.communities, told.clock, NOW.date, unexpected, lambda: 60.0)
        yield Container(
            folder,
            shelf,
            store,
            known,
            Responder(
                lambda: shelf.edition, known.of, matcher_of(lambda: shelf.edition.catalog, RESPONSES), page_values
            ),
            told,
        )


class Side(Protocol):
    """A community on one platform with a moderator in it, who may pin as the bot may."""

    parts: Container
    place: Place

    @abstractmethod
    async def says(self, command: str, topic: str = "") -> str:
        """The moderator uses a command; returns what the bot answers."""

    @property
    @abstractmethod
    def pinned(self) -> list[str]:
        """The texts of the pinned messages, oldest first."""

    @property
    @abstractmethod
    def written(self) -> list[str]:
        """The texts of the explainers that stand in the channel."""

    @property
    @abstractmethod
    def notes(self) -> int:
        """How many "pinned a message" notes stand there."""

    @property
    @abstractmethod
    def edits(self) -> int:
        """How many edits the platform took or refused."""

    @abstractmethod
    def delete(self) -> None:
        """Somebody deletes the pinned message."""

    @abstractmethod
    def unpin(self) -> None:
        """Somebody takes the pin off by hand."""

    @abstractmethod
    def close(self) -> None:
        """The next edit meets a closed topic or an archived thread."""

    @abstractmethod
    def shut_out(self) -> None:
        """The bot may not see the channel any more."""

    @abstractmethod
    def disarm(self) -> None:
        """The bot may no longer pin."""

    @abstractmethod
    def strip(self) -> None:
        """The moderator may no longer pin."""

    @abstractmethod
    def flood(self) -> None:
        """The next edit here is answered with a long wait."""

    @abstractmethod
    def fail(self) -> None:
        """The next edit here meets a server that is out of order."""

    @abstractmethod
    async def presses(self, *, stranger: bool = False) -> str:
        """The moderator, or another one, presses the button under the last answer; returns what it says."""

    @abstractmethod
    def flood_posts(self, after: int) -> None:
        """So many messages are taken, and the next is to be sent later."""

    @abstractmethod
    def forbid_posts(self) -> None:
        """The next message here is refused: the bot may not write."""

    @abstractmethod
    def moves(self, name: str) -> None:
        """The moderator writes in a new channel or topic of that name from now on."""

    @abstractmethod
    def lose_answer(self) -> None:
        """The next edit is made, and its answer is lost."""

    @abstractmethod
    def elsewhere(self) -> None:
        """The moderator writes in another channel or topic from now on."""

    @abstractmethod
    def demolish(self) -> None:
        """The channel or topic is deleted with all that stands in it."""


async def round_(side: Side) -> float:
    """One look at all pins."""
    assert side.parts.refresh
    return await side.parts.refresh.round(side.place.platform)


async def records(side: Side) -> list[Pin]:
    return list(await side.parts.store.pins.of(side.place))


async def edited(side: Side, command: str, old: str, new: str) -> None:
    """A writer changes an answer."""
    side.parts.folder.edit(f"en/answers/{command}.yaml", old, new)
    await side.parts.shelf.reload()
    assert not side.parts.shelf.problems


async def raised(side: Side, floor: Risk) -> None:
    """A moderator raises the floor."""
    await side.parts.communities.change(side.place, lambda one: replace(one, risk_floor=floor))


class OnTelegram(Side):
    """A supergroup with topics; the moderator writes in one of them."""

    def __init__(self, parts: Container, server: telegram.TelegramServer) -> None:
        self.parts, self.server = parts, server
        self.chat = server.chat(forum=True, rights=RIGHTS)
        self.moderator = server.member("Mod")
        self.chat.put(self.moderator, "administrator", ["can_pin_messages"])
        self.thread = self.chat.topic("News")
        self.place = Place("telegram", str(self.chat.id), str(self.chat.id), str(self.thread))

    async def says(self, command: str, topic: str = "") -> str:
        said = self.server.send(self.chat, self.moderator, f"/{command} {topic}".strip(), thread=self.thread)
        return await self.answer_to(said)

    async def answer_to(self, said: telegram.Message) -> str:
        named = "ephemeral_message_id" if isinstance(said, Ephemeral) else "message_id"

        def look() -> str | None:
            for call in self.server.of("sendMessage"):
                if (call.params.get("reply_parameters") or {}).get(named) == said.id:
                    return call.text
            return None

        return await self.server.until(look)

    @property
    def pinned(self) -> list[str]:
        return [self.chat.messages[one].text for one in self.chat.pins]

    @property
    def written(self) -> list[str]:
        return [one.text for one in self.chat.said(self.server.bot) if "⚠️" in one.text]

    @property
    def notes(self) -> int:
        return sum("pinned_message" in one.content for one in self.chat.messages.values())

    @property
    def edits(self) -> int:
        return len(self.server.of("editMessageText"))

    def delete(self) -> None:
        message = self.chat.pins.pop()
        del self.chat.messages[message]

    def unpin(self) -> None:
        self.chat.pins.clear()

    def close(self) -> None:
        self.server.fail_next("editMessageText", telegram.status(400, "Bad Request: TOPIC_CLOSED"))

    def shut_out(self) -> None:
        self.server.change(self.chat, self.server.bot, "kicked")

    def disarm(self) -> None:
        self.server.change(self.chat, self.server.bot, "member")

    def strip(self) -> None:
        self.chat.put(self.moderator, "member")

    def flood(self) -> None:
        self.server.fail_next("editMessageText", telegram.flood(120), chat=self.chat)

    def fail(self) -> None:
        self.server.fail_next("editMessageText", telegram.status(502, "Bad Gateway"), chat=self.chat)

    async def presses(self, *, stranger: bool = False) -> str:
        shown = max(self.chat.messages.values(), key=lambda one: one.id)
        who = self.server.member("Other") if stranger else self.moderator
        if stranger:
            self.chat.put(who, "administrator", ["can_pin_messages"])
        query = self.server.press(shown, shown.buttons[0][0]["callback_data"], who)
        return str((await self.server.until(lambda: self.server.answer_to(query)))["text"])

    def flood_posts(self, after: int) -> None:
        self.server.fail_at("sendMessage", after + 1, telegram.flood(120))

    def forbid_posts(self) -> None:
        refusal = telegram.status(400, "Bad Request: not enough rights to send text messages to the chat")
        self.server.fail_next("sendMessage", refusal, chat=self.chat)

    def moves(self, name: str) -> None:
        self.thread = self.chat.topic(name)
        self.place = replace(self.place, thread=str(self.thread))

    def lose_answer(self) -> None:
        self.server.fail_next("editMessageText", telegram.LOST_ANSWER, chat=self.chat)

    def elsewhere(self) -> None:
        self.thread = self.chat.topic("Other")

    def demolish(self) -> None:
        topic = int(self.place.thread or 0)
        del self.chat.topics[topic]
        gone = [one.id for one in self.chat.messages.values() if one.thread == topic]
        for message in gone:
            del self.chat.messages[message]
        self.chat.pins[:] = [one for one in self.chat.pins if one not in gone]


class OnDiscord(Side):
    """A guild; the moderator writes in a thread."""

    def __init__(self, parts: Container, server: discord_server.DiscordServer) -> None:
        self.parts, self.server = parts, server
        self.guild = server.guild()
        self.channel = self.guild.thread(self.guild.channel("news"), "explainers")
        self.moderator = self.guild.member("mod", permissions=Bit.PIN_MESSAGES)
        parent = self.channel.parent
        assert parent
        self.place = Place("discord", str(self.guild.id), str(parent.id), str(self.channel.id))

    async def says(self, command: str, topic: str = "") -> str:
        options = {"topic": topic} if topic else {}
        asked = self.server.slash(self.channel, self.moderator, command, options, forged=True)
        self.last = await asked.message()
        return self.last.content

    async def presses(self, *, stranger: bool = False) -> str:
        who = self.guild.member("other", permissions=Bit.PIN_MESSAGES) if stranger else self.moderator
        pressed = self.server.press(self.last, self.last.buttons[0][1], who, forged=stranger)
        return (await pressed.message()).content

    def flood_posts(self, after: int) -> None:
        path = f"/channels/{self.channel.id}/messages$"
        self.server.fail_next("POST", path, status=429, retry_after=120, skip=after)

    def forbid_posts(self) -> None:
        self.server.fail_next("POST", f"/channels/{self.channel.id}/messages$", status=403, code=50013)

    def moves(self, name: str) -> None:
        self.channel = self.guild.channel(name)
        self.place = Place("discord", str(self.guild.id), str(self.channel.id))

    @property
    def _explainers(self) -> list[Any]:
        return [one for one in self.channel.messages.values() if "⚠️" in one.content]

    @property
    def pinned(self) -> list[str]:
        return [one.content for one in self._explainers if one.pinned]

    @property
    def written(self) -> list[str]:
        return [one.content for one in self._explainers]

    @property
    def notes(self) -> int:
        return sum(one.kind == 6 for one in self.channel.messages.values())

    @property
    def edits(self) -> int:
        return len(self.server.done("PATCH", "/messages/[0-9]+$"))

    def _pin(self) -> Any:
        return next(one for one in self._explainers if one.pinned)

    def delete(self) -> None:
        self.server.delete(self._pin())

    def unpin(self) -> None:
        self.server.pins.unpin(self._pin())

    def close(self) -> None:
        self.channel.archived = True

    def shut_out(self) -> None:
        self.guild.bot_permissions(0)
        self.guild.set_permissions(self.guild.everyone, 0)

    def disarm(self) -> None:
        self.guild.bot_permissions(INVITED & ~Bit.PIN_MESSAGES)

    def strip(self) -> None:
        for role in self.moderator.roles:
            self.guild.set_permissions(role, 0)

    def flood(self) -> None:
        self.server.fail_next("PATCH", f"/channels/{self.channel.id}/messages/", status=429, retry_after=120)

    def fail(self) -> None:
        self.server.fail_next("PATCH", f"/channels/{self.channel.id}/messages/", status=403, code=0, times=1)

    def lose_answer(self) -> None:
        self.server.fail_next("PATCH", f"/channels/{self.channel.id}/messages/", broken_json=True, after=True)

    def elsewhere(self) -> None:
        self.channel = self.guild.channel("other")

    def demolish(self) -> None:
        self.guild.channels[int(self.place.thread or 0)].delete()


@asynccontextmanager
async def serving(platform: Platform, began: Any) -> AsyncIterator[None]:
    """The adapter, connected; stopped as the supervisor stops it."""
    task = asyncio.create_task(platform.run())
    started = asyncio.ensure_future(began)
    try:
        await asyncio.wait({task, started}, return_when=asyncio.FIRST_COMPLETED)
        if task.done():
            await task
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


@asynccontextmanager
async def on(platform: str, path: Path) -> AsyncIterator[Side]:
    """A community on that platform, and the bot in it."""
    async with AsyncExitStack() as stack:
        made = await stack.enter_async_context(parts(path))
        if platform == "telegram":
            server = await stack.enter_async_context(telegram.TelegramServer())
            seconds = itertools.count()  # one at each look, so that no group is too busy
            adapter = TelegramAdapter(
                server.token,
                made.responder,
                made.store.offers,
                base_url=server.base_url,
                drain=2,
                clock=lambda: float(next(seconds)),
                sleep=lambda _: asyncio.sleep(0),
            )
            made.taught(adapter)
            side: Side = OnTelegram(made, server)
            await stack.enter_async_context(serving(adapter, server.until_polling()))
        else:
            guilds = await stack.enter_async_context(discord_server.DiscordServer())
            client = DiscordAdapter(guilds.token, made.responder, made.store.offers)
            made.taught(client)
            side = OnDiscord(made, guilds)
            await stack.enter_async_context(serving(client, guilds.gateway.connected()))
        yield side
