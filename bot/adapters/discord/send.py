"""Sends, edits, pins and deletes messages; no other module of this adapter does. It takes only sealed Replies, and a
message pings nobody but the one member whom the reply is for.
"""

import asyncio
import io
import secrets
from collections.abc import Awaitable, Callable, Iterable, Sequence
from http import HTTPStatus
from typing import Any, Final, TypeVar

import discord
import orjson
from discord.http import MultipartParameters, Route
from discord.webhook.async_ import async_context

from bot.adapters.discord.connection import Client
from bot.adapters.discord.errors import number, translated
from bot.adapters.discord.render import Renderer
from bot.adapters.discord.updates import EPHEMERAL, Interaction
from bot.core.disclaimer import Reply
from bot.core.errors import Forbidden, PlatformError
from bot.core.model import MessageRef, Place, Request, Right, Suggestion
from bot.core.ports import Pictures
from bot.core.settings_export import to_yaml

Json = dict[str, Any]
_T = TypeVar("_T")

_SAY, _DEFER, _DEFER_UPDATE, _UPDATE, _CHOICES = 4, 5, 6, 7, 8  # types of the first response to an interaction
_FLAGS: Final = {False: {"flags": 0}, True: {"flags": EPHEMERAL}}  # by whether the message is private
_SILENT, _ROW, _BUTTON, _GREY = 1 << 12, 1, 2, 2
_CALLBACK = "/interactions/{interaction_id}/{webhook_token}/callback"
_FOLLOWUP = "/webhooks/{application_id}/{webhook_token}"
_ORIGINAL = "/webhooks/{application_id}/{webhook_token}/messages/@original"


class Sender:
    """The part of the Discord platform that sends. `pictures` draws the answers' pictures; None attaches none."""

    def __init__(self, pictures: Pictures | None, renderer: Renderer) -> None:
        self._pictures, self._renderer = pictures, renderer
        self._client: Client | None = None

    @property
    def connected(self) -> Client:
        """The client of this run. Raises PlatformError if there is none."""
        if self._client is None:
            raise PlatformError("Discord is not connected", permanent=False)
        return self._client

    async def respond(self, interaction: Interaction, reply: Reply) -> None:
        """Answer an interaction at once, without a picture. Discord waits three seconds."""
        body, _ = await self._draw(reply, shared=False, attach=False)
        await self._call(interaction, "POST", _CALLBACK, {"type": _SAY, "data": body | _FLAGS[reply.private]})

    async def answer(
        self, interaction: Interaction, request: Request, replying: Awaitable[Reply | None], wait: float
    ) -> None:
        """Answer an interaction once the reply is ready; None sends no message.

        After `wait` seconds, the answer is deferred: Discord then waits up to fifteen minutes for it. Whether it is
        private cannot change after that.
        """
        deferrals, turned = list[asyncio.Task[None]](), request.turns_page and interaction.is_for_one
        attach, shared = Right.ATTACH in request.bot_rights, request.place.community is not None or request.guest

        def defer() -> None:
            deferrals.append(asyncio.create_task(self._defer(interaction, private=request.private, update=turned)))

        timer = asyncio.get_running_loop().call_later(wait, defer)
        try:
            reply = await replying
            body, files = await self._draw(reply, shared=shared, attach=attach) if reply else ({}, [])
        except asyncio.CancelledError:
            for task in deferrals:
                task.cancel()
            raise
        finally:
            timer.cancel()
        for task in deferrals:
            await task
        # A notice does not replace the menu, and a private answer cannot replace a public deferral.
        fits = reply and (reply.command == request.command if turned else reply.private <= request.private)
        if reply and not deferrals:
            kind, data = (_UPDATE, body) if turned and fits else (_SAY, body | _FLAGS[reply.private])
            await self._call(interaction, "POST", _CALLBACK, {"type": kind, "data": data}, files)
        elif fits:
            await self._call(interaction, "PATCH", _ORIGINAL, body, files)
        else:
            if not deferrals:  # Discord shows an interaction without any response as failed
                await self._defer(interaction, private=True, update=turned)
            if not turned:
                await self._call(interaction, "DELETE", _ORIGINAL)
            if reply:
                await self._call(interaction, "POST", _FOLLOWUP, body | _FLAGS[True], files)

    async def suggest(self, interaction: Interaction, suggestions: Iterable[Suggestion]) -> None:
        """Show suggestions below an option that is being typed. The value of each is a command's name."""
        choices = [{"name": one.title, "value": one.command} for one in suggestions]
        await self._call(interaction, "POST", _CALLBACK, {"type": _CHOICES, "data": {"choices": choices}})

    async def post(self, place: Place, reply: Reply, once: str | None = None, answers: str | None = None) -> MessageRef:
        """Send the reply to a channel or thread, silently unless it replies to the message `answers`. Within some
        minutes of a message with the nonce `once`, Discord does not send another one with it.
        """
        channel, http = _channel(place), self.connected.http
        more: Json = {"nonce": once or str(secrets.randbits(64)), "enforce_nonce": True, "flags": _SILENT}
        if answers is not None:
            reference = {"message_id": answers, "channel_id": channel, "fail_if_not_exists": False}
            more |= {"flags": 0, "message_reference": reference}
        message = await self._to_channel(place, reply, lambda body: http.send_message(channel, params=body), more)
        return MessageRef(place, str(message["id"]))

    async def edit(self, ref: MessageRef, reply: Reply) -> bool:
        """Replace one of our messages, with its picture. Returns whether the message is pinned."""
        channel, message, http = _channel(ref.place), number(ref.message), self.connected.http
        edited = await self._to_channel(ref.place, reply, lambda body: http.edit_message(channel, message, params=body))
        return bool(edited["pinned"])

    async def delete(self, ref: MessageRef) -> None:
        """Delete a message."""
        await translated(self.connected.http.delete_message(_channel(ref.place), number(ref.message)), Right.DELETE)

    async def pin(self, ref: MessageRef) -> None:
        """Pin a message. Discord posts a note about it, which mentions nobody. The audit log names no moderator."""
        call = self.connected.http.pin_message(_channel(ref.place), number(ref.message), reason="/pin by a moderator")
        await translated(call, Right.PIN)

    async def unpin(self, ref: MessageRef) -> None:
        """Unpin a message."""
        call = self.connected.http.unpin_message(
            _channel(ref.place), number(ref.message), reason="/unpin by a moderator"
        )
        await translated(call, Right.PIN)

    async def _draw(self, reply: Reply, *, shared: bool, attach: bool = True) -> tuple[Json, list[discord.File]]:
        """The reply as the body of a message, and its file if it has one. `shared`: several people read the chat. No
        other code attaches files.

        With the empty list of parsed mentions, only the member who is named can be pinged. Components and attachments
        are always present, even if empty, because an edit would keep the old ones otherwise.
        """
        shown = self._renderer.render(reply, shared=shared)
        pings: Json = {"parse": []} | ({"users": [shown.mention]} if shown.mention else {})
        body: Json = {"content": shown.content, "allowed_mentions": pings, "components": [], "attachments": []}
        for row in shown.rows:
            buttons = [{"type": _BUTTON, "style": _GREY, "label": label, "custom_id": id_} for label, id_ in row]
            body["components"].append({"type": _ROW, "components": buttons})
        file = await self._file(reply) if attach and shown.file else None
        if file is None:
            return body, []
        body["attachments"].append({"id": 0, "filename": shown.file, "description": shown.alt})
        return body, [discord.File(io.BytesIO(file), shown.file)]

    async def _file(self, reply: Reply) -> bytes | None:
        """The file to attach: a community's settings, else the answer's picture if it can be drawn."""
        if reply.settings:
            return to_yaml(reply.settings).encode()
        return await self._pictures.png(reply) if self._pictures else None

    async def _to_channel(
        self, place: Place, reply: Reply, call: Callable[[MultipartParameters], Awaitable[_T]], more: Json | None = None
    ) -> _T:
        """Send to a channel. If the bot lacks a right, which may be that to attach files, send without the file."""
        body, files = await self._draw(reply, shared=place.community is not None)
        body |= more or {}
        try:
            return await translated(call(_parameters(body, files)), Right.SEND)
        except Forbidden as error:
            if not files or error.right is None:
                raise
            return await translated(call(_parameters(body | {"attachments": []}, ())), Right.SEND)

    async def _defer(self, interaction: Interaction, *, private: bool, update: bool = False) -> None:
        later = {"type": _DEFER_UPDATE if update else _DEFER, "data": {} if update else _FLAGS[private]}
        await self._call(interaction, "POST", _CALLBACK, later)

    async def _call(
        self,
        interaction: Interaction,
        method: str,
        path: str,
        body: Json | None = None,
        files: Sequence[discord.File] = (),
    ) -> None:
        """Answer an interaction with the SDK's own function for requests, which waits and retries. The SDK's public
        methods would build the interaction, its guild, channel and member for each answer, and have Discord send the
        message back.
        """
        client = self.connected
        if client.session is None or client.session.closed:
            raise PlatformError("Discord is not connected", permanent=False)
        ids = {
            "interaction_id": interaction.id,
            "application_id": interaction.application_id,
            "webhook_token": interaction.token,
        }
        payload, form, parts = _parameters(body, files)
        request, route = async_context.get().request, Route(method, path, **ids)
        try:
            await translated(request(route, client.session, payload=payload, multipart=form, files=parts))
        except PlatformError as error:
            cause = error.__cause__  # a proxy's error has a status too, but it is not Discord's
            client.wire.called(cause.status if isinstance(cause, discord.HTTPException) else 0)
            raise
        client.wire.called(HTTPStatus.OK)


def _parameters(body: Json | None, files: Sequence[discord.File]) -> MultipartParameters:
    """The body of a request, as a form if there are files."""
    if not files:
        return MultipartParameters(body, None, None)
    form: list[Json] = [{"name": "payload_json", "value": orjson.dumps(body).decode()}]
    form += [{"name": f"files[{n}]", "value": one.fp, "filename": one.filename} for n, one in enumerate(files)]
    return MultipartParameters(None, form, files)


def _channel(place: Place) -> int:
    return number(place.thread or place.channel or "")
