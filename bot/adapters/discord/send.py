"""All that leaves for Discord. The law: the only module that calls the SDK's sending, editing and pinning, and it
takes sealed replies alone. Nobody is pinged but the one member a reply is for."""

import io
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any, TypeVar

import discord
import orjson
from discord.http import Route
from discord.webhook.async_ import async_context

from bot.adapters.discord.errors import sent
from bot.adapters.discord.gateway import Client
from bot.adapters.discord.render import Message, render
from bot.adapters.discord.requests import Call
from bot.core.disclaimer import Reply
from bot.core.errors import Forbidden, MessageGone, PlatformError
from bot.core.model import MessageRef, Place, Right, Suggestion

Json = dict[str, Any]
_T = TypeVar("_T")

_SAY, _DEFER, _CHOICES = 4, 5, 8  # kinds of first answers to an interaction
_EPHEMERAL = 1 << 6
_ROW, _BUTTON, _GREY = 1, 2, 2
_ORIGINAL = "/messages/@original"


async def respond(client: Client, call: Call, reply: Reply, png: bytes | None = None) -> None:
    """The first answer to an interaction, with its picture; Discord takes it within three seconds of that."""
    shown = render(reply)
    await _answered(client, call, _SAY, _body(shown, png), _files(shown, png))


async def defer(client: Client, call: Call, *, private: bool) -> None:
    """Tell Discord that the answer takes longer, up to fifteen minutes. Whether it is private is settled here."""
    await _answered(client, call, _DEFER, {"flags": _EPHEMERAL if private else 0})


async def finish(client: Client, call: Call, reply: Reply, png: bytes | None = None, *, private: bool) -> None:
    """The answer to an interaction that was deferred as `private`; a private one never stands in for a public one."""
    shown = render(reply)
    if shown.private and not private:
        await _after(client, call, "DELETE", _ORIGINAL)
        await _after(client, call, "POST", "", _body(shown, png), files=_files(shown, png))
        return
    body: Json = {"components": [], "attachments": []} | _body(shown, png)
    await _after(client, call, "PATCH", _ORIGINAL, body, files=_files(shown, png))


async def dismiss(client: Client, call: Call, *, deferred: bool) -> None:
    """Stay silent: Discord would call an interaction without any answer failed, so its placeholder is removed."""
    if not deferred:
        await defer(client, call, private=True)
    await _after(client, call, "DELETE", _ORIGINAL)


async def suggest(client: Client, call: Call, suggestions: Iterable[Suggestion]) -> None:
    """The choices below an option that is being typed; a choice stands for a command."""
    choices = [{"name": one.title[:100], "value": one.command} for one in suggestions]
    await _answered(client, call, _CHOICES, {"choices": choices[:25]})


async def post(
    channel: discord.PartialMessageable,
    reply: Reply,
    once: str | None = None,
    answering: int | None = None,
    png: bytes | None = None,
) -> int:
    """Send to a channel, as an answer to the message `answering` if that still stands, else without a sound; returns
    the message's id.

    With the nonce `once`, sending the same again within minutes sends nothing twice.
    """
    shown = render(reply)
    more: dict[str, Any] = {"nonce": once, "silent": answering is None}
    if answering is not None:
        more["reference"] = channel.get_partial_message(answering).to_reference(fail_if_not_exists=False)
    if shown.rows:
        more["view"] = _view(shown)
    if files := _files(shown, png):
        more["files"] = files
    message = await sent(channel.send(shown.content, allowed_mentions=_pings(shown), **more), Right.SEND)
    return int(message.id)


async def pictured(png: bytes | None, call: Callable[[bytes | None], Awaitable[_T]]) -> _T:
    """`call` with the picture; without it where Discord says that the bot lacks a right, which may be that one."""
    try:
        return await call(png)
    except Forbidden as error:
        if png is None or error.right is None:
            raise
        return await call(None)


async def edit(message: discord.PartialMessage, reply: Reply, png: bytes | None = None) -> bool:
    """Replace words, buttons and picture together, mentions off: an edit without them would let Discord parse all.
    An older picture never stays: its warning may not be today's. Returns whether the message is pinned.
    """
    shown = render(reply)
    files, pings = _files(shown, png), _pings(shown)
    call = message.edit(content=shown.content, view=_view(shown), attachments=files, allowed_mentions=pings)
    return bool((await sent(call, Right.SEND)).pinned)


async def delete(message: discord.PartialMessage) -> None:
    """Remove one of our own messages."""
    await sent(message.delete(), Right.DELETE)


async def pin(message: discord.PartialMessage) -> None:
    """Pin it; Discord tells the channel so by itself, without mentioning anybody."""
    await sent(message.pin(), Right.PIN)


async def unpin(message: discord.PartialMessage) -> None:
    """Take the pin off."""
    await sent(message.unpin(), Right.PIN)


async def offer(client: discord.Client, commands: list[dict[str, object]]) -> None:
    """Replace the whole menu of global commands; only names that are new count against the day's 200."""
    if client.application_id is None:
        raise PlatformError("Discord has not told the application's id yet", permanent=False)
    await sent(client.http.bulk_upsert_global_commands(client.application_id, commands))


def channel(client: discord.Client, place: Place) -> discord.PartialMessageable:
    """The channel or thread by its id alone, nothing fetched.

    Raises:
        MessageGone: the place has no channel of Discord's.
    """
    guild = None if place.community is None else _id(place.community)
    return client.get_partial_messageable(_id(place.thread or place.channel or ""), guild_id=guild)


def message(client: discord.Client, ref: MessageRef) -> discord.PartialMessage:
    """The message by its ids alone, nothing fetched.

    Raises:
        MessageGone: these are no ids of Discord's.
    """
    return channel(client, ref.place).get_partial_message(_id(ref.message))


def _id(text: str) -> int:
    if not (text.isascii() and text.isdecimal()):
        raise MessageGone("Discord gives no such id")
    return int(text)


def _body(shown: Message, png: bytes | None) -> Json:
    """A message as JSON; an empty list of parsed mentions lets nobody be pinged but the one named."""
    body: Json = {"content": shown.content, "allowed_mentions": {"parse": []}}
    if shown.mention:
        body["allowed_mentions"]["users"] = [shown.mention]
    if shown.private:
        body["flags"] = _EPHEMERAL
    if shown.rows:
        body["components"] = [{"type": _ROW, "components": [_button(*one) for one in row]} for row in shown.rows]
    if png is not None and shown.file:
        body["attachments"] = [{"id": 0, "filename": shown.file, "description": shown.alt}]
    return body


def _button(label: str, custom_id: str) -> Json:
    return {"type": _BUTTON, "style": _GREY, "label": label, "custom_id": custom_id}


async def _answered(client: Client, call: Call, kind: int, data: Json, files: Sequence[discord.File] = ()) -> None:
    route = Route("POST", f"/interactions/{call.id}/{{webhook_token}}/callback", webhook_token=call.token)
    await _hooked(client, route, {"type": kind, "data": data}, files)


async def _after(
    client: Client,
    call: Call,
    method: str,
    what: str,
    body: Json | None = None,
    *,
    files: Sequence[discord.File] = (),
) -> None:
    """Something done to an interaction that was answered before."""
    route = Route(method, f"/webhooks/{call.application}/{{webhook_token}}{what}", webhook_token=call.token)
    await _hooked(client, route, body, files)


async def _hooked(client: Client, route: Route, body: Json | None, files: Sequence[discord.File]) -> None:
    """By the SDK's own way of answering interactions, with its waiting and trying again, but without its objects: for
    each answer it would build the interaction, its guild, channel and member, and a view, and have Discord send the
    message back.
    """
    more: dict[str, Any] = {"payload": body}
    if files:
        form: list[Json] = [{"name": "payload_json", "value": orjson.dumps(body).decode()}]
        form += [{"name": f"files[{n}]", "value": one.fp, "filename": one.filename} for n, one in enumerate(files)]
        more = {"multipart": form, "files": files}
    await sent(client.counted(async_context.get().request(route, client.session, **more)))


def _view(shown: Message) -> discord.ui.View | None:
    """The buttons. The view is stopped at once, so that the SDK keeps none: presses are read from their ids."""
    if not shown.rows:
        return None
    view = discord.ui.View(timeout=None)
    for number, row in enumerate(shown.rows):
        for label, custom_id in row:
            view.add_item(discord.ui.Button(label=label, custom_id=custom_id, row=number))
    view.stop()
    return view


def _files(shown: Message, png: bytes | None) -> list[discord.File]:
    """The picture with its description, if there is one."""
    if png is None or shown.file is None:
        return []
    return [discord.File(io.BytesIO(png), shown.file, description=shown.alt)]


def _pings(shown: Message) -> discord.AllowedMentions:
    users = [discord.Object(int(shown.mention))] if shown.mention else False
    return discord.AllowedMentions(everyone=False, users=users, roles=False, replied_user=False)
