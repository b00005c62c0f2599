"""Interactions and messages to requests. Rights and language come with the interaction itself, never from a cache."""

import re
from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache

from bot.adapters.discord import updates
from bot.core.buttons import pressed
from bot.core.commands import CommandInfo, Param
from bot.core.model import DISCORD, Attachment, Member, MessageRef, Place, Request, Right
from bot.core.typed import Read, command, said, visible

_ADMINISTRATOR, _VIEW_CHANNEL, _SEND_MESSAGES, _SEND_IN_THREADS = 1 << 3, 1 << 10, 1 << 11, 1 << 38
_USE_EXTERNAL_APPS = 1 << 50
# Rights that are one bit of Discord's. Since February 2026 managing messages no longer implies pinning.
BITS = {
    Right.MANAGE: 1 << 5,
    Right.DELETE: 1 << 13,
    Right.HISTORY: 1 << 16,
    Right.ATTACH: 1 << 15,
    Right.PIN: 1 << 51,
}


def caller(sent: updates.Interaction, more: Right = Right.NONE) -> Request | None:
    """Who interacts, where, and with which rights, as a request without a command yet; None if it does not say who.

    `more` are rights of the bot that Discord does not send with an interaction. Where the bot is a guest, the place has
    no guild, so that nothing of the guild is read or stored.
    """
    member = sent.member or updates.Member(sent.user)
    if member.user is None:
        return None
    where = place(None if sent.guest else sent.guild_id, sent.channel or updates.Channel(sent.channel_id))
    thread = where.thread is not None
    return Request(
        where,
        Member(member.user.id, display_name(member.user, member.nick)),
        "",
        locale=sent.locale,
        private=True,
        rights=rights(int(member.permissions), thread=thread),
        bot_rights=rights(int(sent.app_permissions), thread=thread, more=more),
        guest=sent.guest,
    )


def request(sent: updates.Interaction, caller: Request, commands: Iterable[CommandInfo], me: int) -> Request | None:
    """What `caller` asks of the bot (whose id is `me`): with a slash command, an entry of the message menu or a button
    press; None if it is nothing that the bot knows.
    """
    data = sent.data
    if sent.type == updates.MESSAGE_COMPONENT:
        return _press(sent, caller)
    if sent.type != updates.APPLICATION_COMMAND:
        return None
    menu = data.type == updates.MESSAGE_COMMAND
    asked = _message_command(sent, caller, me) if menu else _slash_command(data, caller, commands)
    bits = int(sent.member.permissions) if sent.member else _USE_EXTERNAL_APPS
    if asked and asked.guest and not bits & (_USE_EXTERNAL_APPS | _ADMINISTRATOR):
        return replace(asked, private=True)  # Discord shows it only to the caller, whatever the bot says
    return asked


def _press(sent: updates.Interaction, caller: Request) -> Request | None:
    """What a button asks for. Only the caller sees the answer, so it is in their language and not in the button's."""
    button = pressed(sent.data.custom_id or "")
    if button is None:
        return None
    rows = sent.message.components if sent.message else ()
    ids = (one.custom_id or "" for row in rows for one in row.components)
    return caller.pressing(button, filter(None, map(pressed, ids)))


def _message_command(sent: updates.Interaction, caller: Request, me: int) -> Request | None:
    """A question about the message whose menu was opened; one without words under a message of the bot's own."""
    target = sent.data.target_id
    message = sent.data.resolved.messages.get(target or "")
    if target is None or message is None:
        return None
    asked = replace(caller, command="ask", private=False)
    if message.author and message.author.id == str(me):
        return asked
    # The guild is in it even where the bot is a guest: a link needs it.
    quote = MessageRef(replace(caller.place, community=sent.guild_id), target)
    return replace(asked, text=message.words, about=MessageRef(caller.place, target), quote=quote)


def _slash_command(data: updates.Data, caller: Request, commands: Iterable[CommandInfo]) -> Request | None:
    """Text options are joined in the order in which the command declares them; `for` and `private` say who sees it."""
    values = {option.name: option.value for option in data.options if option.value is not None}
    info = next((info for info in commands if info.name == data.name), None)
    words, about, file = list[str](), None, None
    for param in info.params if info else ():
        value = values.get(param.key)
        if value is None:
            continue
        if not _fits(param, value):
            return None
        if param.kind == "member":
            about = _member(data, str(value))
        elif param.kind == "file":
            sent = data.resolved.attachments.get(str(value))
            file = Attachment(sent.size, sent.url) if sent else None
        elif param.kind != "flag":
            words.append(f"<#{value}>" if param.kind in ("channel", "area") else str(value))
    text = " ".join(words)
    # What only moderators may do is shown only to the moderator.
    private = values.get("private") is True or bool(info and info.needs(text))
    quote = text if data.name == "ask" else None
    asked = replace(caller, command=data.name, text=text, about=about, private=private, quote=quote, file=file)
    return asked if data.name else None


def _fits(param: Param, value: object) -> bool:
    """Whether an option has the type of value that its command declares."""
    if param.kind == "flag":
        return isinstance(value, bool)
    is_id = param.kind in ("member", "file", "channel", "area")
    return isinstance(value, str) and (not is_id or (value.isascii() and value.isdecimal()))


def _member(data: updates.Data, id_: str) -> Member:
    """The member that an option holds, by the name that the guild shows."""
    member = data.resolved.members.get(id_)
    return Member(id_, display_name(data.resolved.users.get(id_, updates.User(id_)), member.nick if member else None))


@lru_cache(1024)  # channels differ little in them, and joining flags costs more than reading all the rest
def rights(bits: int, *, thread: bool, more: Right = Right.NONE) -> Right:
    """Discord's permission bits for one channel as rights, and `more`; an administrator has all."""
    if bits & _ADMINISTRATOR:
        return ~Right.JOINS | more  # joins are no permission
    held = more
    for right, bit in BITS.items():
        if bits & bit:
            held |= right
    if bits & _VIEW_CHANNEL and bits & (_SEND_IN_THREADS if thread else _SEND_MESSAGES):
        held |= Right.SEND
    return held


def place(guild: str | None, channel: updates.Channel) -> Place:
    """A channel; a thread belongs to its parent channel."""
    if channel.type in updates.THREADS and channel.parent_id:
        return Place(DISCORD, guild, channel.parent_id, channel.id)
    return Place(DISCORD, guild, channel.id)


def question(message: updates.Message, me: int, read: Read) -> Request | None:
    """What a direct message asks, or one that begins by mentioning the bot (whose id is `me`); None for any other.
    `read` finds the command behind a slash; words without one are a question.

    Discord does not say whether the channel is a thread: the place may have to be looked up.
    """
    if message.author.bot or message.webhook_id:
        return None
    text = visible(message.content)
    if message.guild_id is not None:
        mention = re.match(rf"<@!?{me}>", text)
        if not mention:
            return None
        text = said(text[mention.end() :])
    elif not text:
        return None
    where = Place(DISCORD, message.guild_id, message.channel_id)
    nick = message.member.nick if message.member else None
    member = Member(message.author.id, display_name(message.author, nick))
    typed = command(text)
    name, words = read(typed) if typed is not None else ("ask" if text else "help", text)
    return Request(where, member, name, words)


def display_name(user: updates.User, nick: str | None) -> str:
    """The name that the guild shows, or an empty one."""
    return nick or user.global_name or user.username
