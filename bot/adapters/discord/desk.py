"""Answers what people press, type, call and say on Discord. The law: no error in one request reaches another, and
none is told in anybody's words.
"""

import asyncio
import logging
import traceback
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any, Final, Protocol, final

import discord

from bot.adapters.discord import read, send
from bot.core.commands import CommandInfo
from bot.core.disclaimer import Reply
from bot.core.drawing import Pictures
from bot.core.errors import PlatformError
from bot.core.model import Place, Request, Right, Rights, Suggestion

_log = logging.getLogger(__name__)

_WRONG: Final = "something-went-wrong"
_OLD_BUTTON: Final = "old-button"


class Responding(Protocol):
    """What is asked of the responder."""

    @property
    def commands(self) -> tuple[CommandInfo, ...]: ...
    async def respond(self, request: Request) -> Reply | None: ...
    def suggest(self, text: str, locale: str | None) -> tuple[Suggestion, ...]: ...
    def notice(self, key: str, request: Request) -> Reply: ...


@final
class Desk:
    """Answers through `responder`. An answer that takes longer than `patience` seconds is announced first. `pictures`
    draws what is attached where the bot may attach.
    """

    def __init__(self, responder: Responding, patience: float, pictures: Pictures | None = None) -> None:
        self._responder, self._patience, self._pictures = responder, patience, pictures
        self._busy: set[asyncio.Task[Any]] = set()

    async def drain(self, seconds: float) -> None:
        """Give the requests in hand so many seconds."""
        if self._busy:
            await asyncio.wait(self._busy, timeout=seconds)

    async def interacted(self, interaction: discord.Interaction, more: Rights) -> None:
        """Answer whatever was pressed, typed or called; the bot has `more` rights than the interaction tells."""
        async with self.handling():
            if interaction.type is discord.InteractionType.autocomplete:
                found = self._responder.suggest(read.typed(interaction), str(interaction.locale.value))
                await send.suggest(interaction, found)
                return
            request = read.request(interaction, {info.name: info for info in self._responder.commands})
            if request is not None:
                await self._answer(interaction, replace(request, bot_rights=request.bot_rights | more))
            elif interaction.type is discord.InteractionType.component:
                await send.respond(interaction, self._responder.notice(_OLD_BUTTON, read.caller(interaction)))

    async def told(self, client: discord.Client, message: discord.Message, request: Request) -> None:
        """Answer a message, attached to it."""
        async with self.handling():
            reply = await self._responder.respond(request)
            if reply and not (reply.private and message.guild):  # nothing in a guild's channel is for one alone
                png = await self.picture_in(client, request.place, reply)
                await send.post(send.channel(client, request.place), reply, answering=message.id, png=png)

    async def _answer(self, interaction: discord.Interaction, request: Request) -> None:
        """Answer within Discord's three seconds: what takes longer is announced first, then put in its place."""
        work = asyncio.ensure_future(self._replied(request))
        done, _ = await asyncio.wait({work}, timeout=self._patience)
        if not done:
            await send.defer(interaction, private=request.private)
        reply, png = await work
        if reply is None:
            await send.dismiss(interaction, deferred=not done)
        elif done:
            await send.respond(interaction, reply, png)
        else:
            await send.finish(interaction, reply, png, private=request.private)

    async def picture(self, reply: Reply, rights: Rights) -> bytes | None:
        """The picture of the reply, if there is one and the bot may attach it."""
        if self._pictures is None or reply.picture is None or Right.ATTACH not in rights:
            return None
        return await self._pictures.png(reply)

    async def picture_in(self, client: discord.Client, place: Place, reply: Reply) -> bytes | None:
        """The picture of the reply, if there is one and the bot may attach it there, as far as the gateway told."""
        return await self.picture(reply, _held(client, place)) if reply.picture else None

    async def _replied(self, request: Request) -> tuple[Reply | None, bytes | None]:
        """The answer and its picture."""
        try:
            reply = await self._responder.respond(request)
            return reply, reply and await self.picture(reply, request.bot_rights)
        except Exception as error:  # the shell: a fault in one answer is told, and stays in it
            _report(error)
            return self._responder.notice(_WRONG, replace(request, private=True)), None

    @asynccontextmanager
    async def handling(self) -> AsyncIterator[None]:
        """Counts the request as in hand, and reports what goes wrong with it once."""
        task = asyncio.current_task()
        if task:
            self._busy.add(task)
        try:
            yield
        except PlatformError as error:
            _log.warning("Discord did not take an answer: %s", error.reason)
        except Exception as error:  # the shell: nothing above could do anything about it
            _report(error)
        finally:
            if task:
                self._busy.discard(task)


def _held(client: discord.Client, place: Place) -> Rights:
    """What the bot itself may do there; in a direct chat it may attach. Nothing is fetched."""
    ids = (place.community, place.thread or place.channel)
    if place.community is None:
        return Right.SEND | Right.ATTACH
    known = all(one and one.isascii() and one.isdecimal() for one in ids)
    guild = client.get_guild(int(place.community)) if known else None
    channel = guild.get_channel_or_thread(int(ids[1] or 0)) if guild else None
    if guild is None or channel is None:
        return Right.NONE
    return read.rights(channel.permissions_for(guild.me).value, thread=place.thread is not None)


def _report(error: Exception) -> None:
    """Logs where it happened, without the error's own text, which may quote what a member wrote."""
    where = "".join(traceback.format_tb(error.__traceback__))
    _log.error("a request failed: %s\n%s", type(error).__name__, where)
