"""What Discord sends, as requests. The law: rights and language come from the interaction itself, never from a cache,
and nothing that a member or a forged id holds raises."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import discord

from bot.core.commands import CommandInfo
from bot.core.model import DISCORD, Member, MessageRef, Place, Request, Right, Rights

_ADMINISTRATOR = 1 << 3
_VIEW_CHANNEL = 1 << 10
_SEND_MESSAGES, _SEND_IN_THREADS = 1 << 11, 1 << 38
# Rights that are one bit of Discord's. Pinning is its own since 2025: managing messages no longer implies it.
_PLAIN = {
    Right.MANAGE: 1 << 5,
    Right.DELETE: 1 << 13,
    Right.HISTORY: 1 << 16,
    Right.ATTACH: 1 << 15,
    Right.PIN: 1 << 51,
}
_EVERY = Right.SEND | Right.MANAGE | Right.DELETE | Right.HISTORY | Right.PIN | Right.ATTACH
_PRESSED = re.compile(r"v1:([A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})?):([a-z0-9-]{1,32})")
_MESSAGE_MENU = 3

Commands = Mapping[str, CommandInfo]


def rights(bits: int, *, thread: bool) -> Rights:
    """Discord's permission bits for one channel in our words; an administrator may do everything."""
    if bits & _ADMINISTRATOR:
        return _EVERY
    held = Right.NONE
    for right, bit in _PLAIN.items():
        if bits & bit:
            held |= right
    if bits & _VIEW_CHANNEL and bits & (_SEND_IN_THREADS if thread else _SEND_MESSAGES):
        held |= Right.SEND
    return held


def request(interaction: discord.Interaction, commands: Commands) -> Request | None:
    """A slash command, an entry of the message menu or a button press as a request; None if it is none we know.

    Options are joined into one text in the order in which the command declares them.
    """
    data: Mapping[str, Any] = interaction.data or {}
    if interaction.type is discord.InteractionType.component:
        pressed = _PRESSED.fullmatch(str(data.get("custom_id", "")))
        return _from(interaction, pressed[2], locale=pressed[1], private=True) if pressed else None
    if interaction.type is not discord.InteractionType.application_command:
        return None
    if data.get("type") == _MESSAGE_MENU:
        return _explain(interaction, data)
    return _slash(interaction, data, commands)


def typed(interaction: discord.Interaction) -> str:
    """What somebody has typed so far into the option that asks for completion."""
    data: Mapping[str, Any] = interaction.data or {}
    return next((str(option.get("value", "")) for option in _options(data) if option.get("focused")), "")


def asked(message: discord.Message, me: int) -> Request | None:
    """A direct message, or one that begins by mentioning the bot (whose id is `me`), as a question; else None."""
    text = message.content.strip()
    if message.author.bot or message.webhook_id is not None:
        return None
    if message.guild is not None:
        called = re.match(rf"<@!?{me}>[\s,:]*", text)
        if not called:
            return None
        text = text[called.end() :]
    elif not text:
        return None
    where = place(message.guild.id if message.guild else None, message.channel)
    author = Member(str(message.author.id), message.author.display_name)
    ref = MessageRef(where, str(message.id))
    return Request(where, author, "ask" if text else "help", text, about=ref)


def pin_note(message: discord.Message, me: int) -> MessageRef | None:
    """Discord's own message that the bot (whose id is `me`) pinned something; None for any other."""
    if message.type is not discord.MessageType.pins_add or message.author.id != me:
        return None
    return MessageRef(place(message.guild.id if message.guild else None, message.channel), str(message.id))


def caller(interaction: discord.Interaction) -> Request:
    """Whoever pressed or called something we do not know, as a request that a private notice can answer."""
    return _from(interaction, "", private=True)


def place(guild: int | None, channel: Any) -> Place:
    """Where a channel stands: a thread belongs to its parent channel."""
    community = None if guild is None else str(guild)
    if channel is None:
        return Place(DISCORD, community)
    parent = getattr(channel, "parent_id", None)
    if isinstance(channel, discord.Thread) and parent:
        return Place(DISCORD, community, str(parent), str(channel.id))
    return Place(DISCORD, community, str(channel.id))


def _slash(interaction: discord.Interaction, data: Mapping[str, Any], commands: Commands) -> Request:
    name = str(data.get("name", ""))
    info = commands.get(name)
    given = {str(option.get("name")): option.get("value") for option in _options(data)}
    present = [param for param in info.params if param.key in given] if info else []
    words = [str(given[param.key]) for param in present if param.kind in ("text", "topic", "choice")]
    member = next((str(given[param.key]) for param in present if param.kind == "member"), None)
    # A moderator's own business is shown to the moderator alone.
    text = " ".join(words)
    private = given.get("private") is True or (info is not None and info.guarded(text))
    about = None if member is None else Member(member, _name(data, member))
    return _from(interaction, name, text, about=about, private=private)


def _explain(interaction: discord.Interaction, data: Mapping[str, Any]) -> Request | None:
    """The message that the menu was opened on is what is asked about; its words come with the interaction."""
    target = str(data.get("target_id", ""))
    message = data.get("resolved", {}).get("messages", {}).get(target)
    if message is None:
        return None
    ref = MessageRef(place(interaction.guild_id, interaction.channel), target)
    return _from(interaction, "ask", str(message.get("content", "")), about=ref)


def _from(
    interaction: discord.Interaction,
    command: str,
    text: str = "",
    *,
    locale: str | None = None,
    about: Member | MessageRef | None = None,
    private: bool = False,
) -> Request:
    where = place(interaction.guild_id, interaction.channel)
    thread = where.thread is not None
    return Request(
        where,
        Member(str(interaction.user.id), interaction.user.display_name),
        command,
        text,
        locale or str(interaction.locale.value),
        about,
        private,
        rights(interaction.permissions.value, thread=thread),
        rights(interaction.app_permissions.value, thread=thread),
    )


def _options(data: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """All options, those of a subcommand included."""
    for option in data.get("options") or ():
        yield option
        yield from _options(option)


def _name(data: Mapping[str, Any], user: str) -> str:
    resolved = data.get("resolved", {})
    nick = resolved.get("members", {}).get(user, {}).get("nick")
    account = resolved.get("users", {}).get(user, {})
    return str(nick or account.get("global_name") or account.get("username") or "")
