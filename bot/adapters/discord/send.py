"""All that leaves for Discord. The law: the only module that calls the SDK's sending, editing and pinning, and it
takes sealed replies alone. Nobody is pinged but the one member a reply is for."""

import io
from collections.abc import Awaitable, Iterable
from datetime import timedelta
from typing import Any, TypeVar

import aiohttp
import discord

from bot.adapters.discord.render import Message, render
from bot.core.disclaimer import Reply
from bot.core.errors import Closed, Forbidden, Full, MessageGone, PlatformError, Unauthorised
from bot.core.model import MessageRef, Place, Right, Suggestion

_T = TypeVar("_T")

_GONE = frozenset({10003, 10004, 10008})  # unknown channel, guild, message
_NO_ACCESS, _NO_RIGHT, _NO_DIRECT = 50001, 50013, frozenset({50007, 50278})
_LASTING = {
    10062: "Discord waited more than three seconds for an answer",
    40060: "the interaction is answered already",
}
_FULL, _CLOSED = 30003, 50083
_OLD_EDITS = 30046  # too many edits of messages older than an hour; Discord publishes no number
_OLD_EDITS_REST = timedelta(minutes=1)


async def respond(interaction: discord.Interaction, reply: Reply, png: bytes | None = None) -> None:
    """The first answer to an interaction, with its picture; Discord takes it within three seconds of that."""
    shown = render(reply)
    await _sent(
        interaction.response.send_message(
            shown.content,
            view=_view(shown) or discord.utils.MISSING,
            files=_files(shown, png),
            ephemeral=shown.private,
            allowed_mentions=_pings(shown),
        )
    )


async def defer(interaction: discord.Interaction, *, private: bool) -> None:
    """Tell Discord that the answer takes longer, up to fifteen minutes. Whether it is private is settled here."""
    await _sent(interaction.response.defer(ephemeral=private, thinking=True))


async def finish(interaction: discord.Interaction, reply: Reply, png: bytes | None = None, *, private: bool) -> None:
    """The answer to an interaction that was deferred as `private`; a private one never stands in for a public one."""
    shown = render(reply)
    files, pings = _files(shown, png), _pings(shown)
    if shown.private and not private:
        await _sent(interaction.delete_original_response())
        view = _view(shown) or discord.utils.MISSING
        call = interaction.followup.send(shown.content, view=view, files=files, ephemeral=True, allowed_mentions=pings)
        await _sent(call)
        return
    view = _view(shown)
    await _sent(
        interaction.edit_original_response(content=shown.content, view=view, attachments=files, allowed_mentions=pings)
    )


async def dismiss(interaction: discord.Interaction, *, deferred: bool) -> None:
    """Stay silent: Discord would call an interaction without any answer failed, so its placeholder is removed."""
    if not deferred:
        await defer(interaction, private=True)
    await _sent(interaction.delete_original_response())


async def suggest(interaction: discord.Interaction, suggestions: Iterable[Suggestion]) -> None:
    """The choices below an option that is being typed; a choice stands for a command."""
    choices = [discord.app_commands.Choice(name=one.title[:100], value=one.command) for one in suggestions]
    await _sent(interaction.response.autocomplete(choices[:25]))


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
    message = await _sent(channel.send(shown.content, allowed_mentions=_pings(shown), **more), Right.SEND)
    return int(message.id)


async def edit(message: discord.PartialMessage, reply: Reply, png: bytes | None = None) -> bool:
    """Replace words, buttons and picture together, mentions off: an edit without them would let Discord parse all.
    An older picture never stays: its warning may not be today's. Returns whether the message is pinned.
    """
    shown = render(reply)
    files, pings = _files(shown, png), _pings(shown)
    call = message.edit(content=shown.content, view=_view(shown), attachments=files, allowed_mentions=pings)
    return bool((await _sent(call, Right.SEND)).pinned)


async def delete(message: discord.PartialMessage) -> None:
    """Remove one of our own messages."""
    await _sent(message.delete(), Right.DELETE)


async def pin(message: discord.PartialMessage) -> None:
    """Pin it; Discord tells the channel so by itself, without mentioning anybody."""
    await _sent(message.pin(), Right.PIN)


async def unpin(message: discord.PartialMessage) -> None:
    """Take the pin off."""
    await _sent(message.unpin(), Right.PIN)


async def offer(client: discord.Client, commands: list[dict[str, object]]) -> None:
    """Replace the whole menu of global commands; only names that are new count against the day's 200."""
    if client.application_id is None:
        raise PlatformError("Discord has not told the application's id yet", permanent=False)
    await _sent(client.http.bulk_upsert_global_commands(client.application_id, commands))


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


async def member(guild: discord.Guild, user: int) -> discord.Member:
    """A member of the guild, asked for when not known."""
    known = guild.get_member(user)
    return known if known else await _sent(guild.fetch_member(user))


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


async def _sent(call: Awaitable[_T], needs: Right | None = None) -> _T:
    """Await a call of the SDK; whatever Discord refuses becomes one of our errors, `needs` the right it takes."""
    try:
        return await call
    except discord.RateLimited as error:
        raise PlatformError(
            "Discord asks to wait", permanent=False, retry_after=timedelta(seconds=error.retry_after)
        ) from error
    except discord.HTTPException as error:
        raise _refusal(error, needs) from error
    except discord.InteractionResponded as error:
        raise PlatformError(_LASTING[40060], permanent=True) from error
    except (aiohttp.ClientError, OSError, TimeoutError) as error:
        raise PlatformError(f"Discord cannot be reached ({type(error).__name__})", permanent=False) from error


def _refusal(error: discord.HTTPException, needs: Right | None) -> PlatformError:
    code = error.code
    if code in _GONE:
        return MessageGone(f"Discord: it no longer exists ({code})")
    if code == _FULL:
        return Full("this channel has 250 pins, which is Discord's limit")
    if code == _CLOSED:
        return Closed("the thread is archived")
    if code in _LASTING:
        return PlatformError(_LASTING[code], permanent=True)
    if code == _OLD_EDITS:
        return PlatformError("too many edits of old messages", permanent=False, retry_after=_OLD_EDITS_REST)
    if code == _NO_ACCESS:
        return Forbidden("the bot cannot see that channel")
    if code == _NO_RIGHT:
        return Forbidden("the bot lacks a right in that channel", needs)
    if code in _NO_DIRECT:
        return Forbidden("the member takes no direct messages", Right.SEND)
    if error.status == 401:
        return Unauthorised("Discord refuses the token")
    temporary = error.status == 429 or error.status >= 500
    return PlatformError(f"Discord refused: HTTP {error.status}, code {code}", permanent=not temporary)
