"""Converts interactions and messages to requests. Rights and language are taken from the interaction, never cached."""

import re
from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache

from bot.adapters.discord import updates
from bot.core.buttons import pressed
from bot.core.command_text import SplitCommand, after_slash, visible, without_separators
from bot.core.commands import CommandInfo, Param
from bot.core.model import DISCORD, Attachment, Member, MessageRef, Place, Request, Right

_ADMINISTRATOR, _VIEW_CHANNEL, _SEND_MESSAGES, _SEND_IN_THREADS = 1 << 3, 1 << 10, 1 << 11, 1 << 38
_USE_EXTERNAL_APPS = 1 << 50
# The rights that are a single bit on Discord. Since February 2026, managing messages no longer includes pinning.
BITS = {
    Right.MANAGE: 1 << 5,
    Right.DELETE: 1 << 13,
    Right.HISTORY: 1 << 16,
    Right.ATTACH: 1 << 15,
    Right.PIN: 1 << 51,
}


def caller(interaction: updates.Interaction, more: Right = Right.NONE) -> Request | None:
    """Return a request without a command yet: who interacts, where, and with which rights. None if there is no user.

    `more` are rights of the bot that Discord does not send with an interaction. Where the bot is a guest, the place has
    no guild, so that no settings of the guild are read or stored.
    """
    member = interaction.member or updates.Member(interaction.user)
    if member.user is None:
        return None
    where = place(
        None if interaction.guest else interaction.guild_id,
        interaction.channel or updates.Channel(interaction.channel_id),
    )
    thread = where.thread is not None
    return Request(
        where,
        Member(member.user.id, display_name(member.user, member.nick)),
        "",
        locale=interaction.locale,
        private=True,
        rights=rights(int(member.permissions), thread=thread),
        bot_rights=rights(int(interaction.app_permissions), thread=thread, more=more),
        guest=interaction.guest,
    )


def request(
    interaction: updates.Interaction, caller: Request, commands: Iterable[CommandInfo], me: int
) -> Request | None:
    """Return the request that `caller` makes with a slash command, an entry of the message menu or a button press. None
    if the bot does not know it. `me` is the bot's id.
    """
    data = interaction.data
    if interaction.type == updates.MESSAGE_COMPONENT:
        return _press(interaction, caller)
    if interaction.type != updates.APPLICATION_COMMAND:
        return None
    menu = data.type == updates.MESSAGE_COMMAND
    result = _message_command(interaction, caller, me) if menu else _slash_command(data, caller, commands)
    bits = int(interaction.member.permissions) if interaction.member else _USE_EXTERNAL_APPS
    if result and result.guest and not bits & (_USE_EXTERNAL_APPS | _ADMINISTRATOR):
        return replace(result, private=True)  # Discord then shows every answer only to the caller
    return result


def _press(interaction: updates.Interaction, caller: Request) -> Request | None:
    """The request of a button press. Only the caller sees the answer, so it is in their language, not the button's."""
    button = pressed(interaction.data.custom_id or "")
    if button is None:
        return None
    rows = interaction.message.components if interaction.message else ()
    ids = (one.custom_id or "" for row in rows for one in row.components)
    return caller.pressing(button, filter(None, map(pressed, ids)))


def _message_command(interaction: updates.Interaction, caller: Request, me: int) -> Request | None:
    """A question with the text of the message whose menu was opened; without text if the message is the bot's own."""
    target = interaction.data.target_id
    message = interaction.data.resolved.messages.get(target or "")
    if target is None or message is None:
        return None
    result = replace(caller, command="ask", private=False)
    if message.author and message.author.id == str(me):
        return result
    # A link to the message needs the guild, even where the bot is a guest.
    quote = MessageRef(replace(caller.place, community=interaction.guild_id), target)
    return replace(result, text=message.words, about=MessageRef(caller.place, target), quote=quote)


def _slash_command(data: updates.Data, caller: Request, commands: Iterable[CommandInfo]) -> Request | None:
    """The request of a slash command. Its text joins the text options in the order in which the command declares them.
    None for an option of the wrong type.
    """
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
            attachment = data.resolved.attachments.get(str(value))
            file = Attachment(attachment.size, attachment.url) if attachment else None
        elif param.kind != "flag":
            words.append(f"<#{value}>" if param.kind in ("channel", "area") else str(value))
    text = " ".join(words)
    # The answer to a moderators' command is shown only to the moderator.
    private = values.get("private") is True or bool(info and info.needs(text))
    quote = text if data.name == "ask" else None
    result = replace(caller, command=data.name, text=text, about=about, private=private, quote=quote, file=file)
    return result if data.name else None


def _fits(param: Param, value: object) -> bool:
    """Whether an option's value has the type that its command declares."""
    if param.kind == "flag":
        return isinstance(value, bool)
    is_id = param.kind in ("member", "file", "channel", "area")
    return isinstance(value, str) and (not is_id or (value.isascii() and value.isdecimal()))


def _member(data: updates.Data, id_: str) -> Member:
    """The member with that id, with the name that the guild shows."""
    member = data.resolved.members.get(id_)
    return Member(id_, display_name(data.resolved.users.get(id_, updates.User(id_)), member.nick if member else None))


@lru_cache(1024)  # the same bits come again and again, and joining flags takes longer than reading all the rest
def rights(bits: int, *, thread: bool, more: Right = Right.NONE) -> Right:
    """Return Discord's permission bits for one channel as rights, together with `more`. Administrators have all rights
    but `JOINS`.
    """
    if bits & _ADMINISTRATOR:
        return ~Right.JOINS | more  # Discord has no permission for joins
    held = more
    for right, bit in BITS.items():
        if bits & bit:
            held |= right
    if bits & _VIEW_CHANNEL and bits & (_SEND_IN_THREADS if thread else _SEND_MESSAGES):
        held |= Right.SEND
    return held


def place(guild: str | None, channel: updates.Channel) -> Place:
    """Return the place of a channel, or of a thread in its parent channel."""
    if channel.type in updates.THREADS and channel.parent_id:
        return Place(DISCORD, guild, channel.parent_id, channel.id)
    return Place(DISCORD, guild, channel.id)


def question(message: updates.Message, me: int, read: SplitCommand) -> Request | None:
    """Return the request of a direct message, or of one that begins by mentioning the bot, whose id is `me`. None for
    any other message. `read` finds the command after a slash; text without a slash is a question.

    A message does not tell whether its channel is a thread, so the place may have to be looked up.
    """
    if message.author.bot or message.webhook_id:
        return None
    text = visible(message.content)
    if message.guild_id is not None:
        mention = re.match(rf"<@!?{me}>", text)
        if not mention:
            return None
        text = without_separators(text[mention.end() :])
    elif not text:
        return None
    where = Place(DISCORD, message.guild_id, message.channel_id)
    nick = message.member.nick if message.member else None
    member = Member(message.author.id, display_name(message.author, nick))
    typed = after_slash(text)
    name, words = read(typed) if typed is not None else ("ask" if text else "help", text)
    return Request(where, member, name, words)


def display_name(user: updates.User, nick: str | None) -> str:
    """Return the name that the guild shows; "" if Discord sent none."""
    return nick or user.global_name or user.username
