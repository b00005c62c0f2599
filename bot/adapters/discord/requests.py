"""What Discord sends, as requests. The law: rights and language come with the interaction itself, never from a cache;
and what is not as Discord would send it is nothing of ours: nothing here raises.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, final

from bot.adapters.discord import updates
from bot.adapters.discord.updates import Json
from bot.core.commands import CommandInfo, Param
from bot.core.model import DISCORD, Member, MessageRef, Place, Request, Right, Rights

_ADMINISTRATOR = 1 << 3
_VIEW_CHANNEL = 1 << 10
_SEND_MESSAGES, _SEND_IN_THREADS = 1 << 11, 1 << 38
# Rights that are one bit of Discord's. Pinning has its own since 2025; since 2026 managing messages no
# longer implies it.
_PLAIN = {
    Right.MANAGE: 1 << 5,
    Right.DELETE: 1 << 13,
    Right.HISTORY: 1 << 16,
    Right.ATTACH: 1 << 15,
    Right.PIN: 1 << 51,
}
_EVERY = Right.SEND | Right.MANAGE | Right.DELETE | Right.HISTORY | Right.PIN | Right.ATTACH
_PRESSED = re.compile(r"v1:([A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})?):([a-z0-9-]{1,32})")
_MESSAGE_MENU, _PIN_NOTE = 3, 6
_THREADS = (10, 11, 12)

COMMAND: Final = 2
PRESS: Final = 3
COMPLETION: Final = 4

Commands = Mapping[str, CommandInfo]


@final
@dataclass(frozen=True, slots=True)
class Call:
    """An interaction: what answers it (`id`, `application`, `token`), where and who it is, and its `data` as sent."""

    id: str
    application: str
    token: str
    kind: int
    place: Place
    member: Member
    locale: str | None
    rights: Rights
    bot_rights: Rights
    data: Json


def call(sent: Json, more: Rights = Right.NONE) -> Call | None:
    """An interaction; None if it lacks what an answer takes, or tells of nobody. The bot has `more` rights than it
    tells.
    """
    ids = updates.id_(sent, "id"), updates.id_(sent, "application_id")
    token, kind, data = sent.get("token"), sent.get("type"), sent.get("data")
    member = updates.inside(sent, "member")
    user = updates.inside(member, "user") or updates.inside(sent, "user")
    who = updates.id_(user, "id")
    where = place(updates.id_(sent, "guild_id"), updates.inside(sent, "channel") or {"id": sent.get("channel_id")})
    if not (ids[0] and ids[1] and who) or updates.has_odd(sent, "guild_id", "channel_id"):
        return None
    if not (isinstance(token, str) and isinstance(kind, int) and isinstance(data, dict)):
        return None
    locale, thread = sent.get("locale"), where.thread is not None
    return Call(
        ids[0],
        ids[1],
        token,
        kind,
        where,
        Member(who, updates.name(member, user)),
        locale if isinstance(locale, str) else None,
        rights(updates.bits(member, "permissions"), thread=thread),
        rights(updates.bits(sent, "app_permissions"), thread=thread, more=more),
        data,
    )


@lru_cache(1024)  # few channels differ in them, and joining flags costs more than all the rest of reading
def rights(bits: int, *, thread: bool, more: Rights = Right.NONE) -> Rights:
    """Discord's permission bits for one channel in our words, and `more`; an administrator may do everything."""
    if bits & _ADMINISTRATOR:
        return _EVERY | more
    held = more
    for right, bit in _PLAIN.items():
        if bits & bit:
            held |= right
    if bits & _VIEW_CHANNEL and bits & (_SEND_IN_THREADS if thread else _SEND_MESSAGES):
        held |= Right.SEND
    return held


def request(call: Call, commands: Commands) -> Request | None:
    """A slash command, an entry of the message menu or a button press as a request; None if it is none we know.

    Options are joined into one text in the order in which the command declares them.
    """
    if call.kind == PRESS:
        id_ = call.data.get("custom_id")
        pressed = _PRESSED.fullmatch(id_) if isinstance(id_, str) else None
        return _from(call, pressed[2], locale=pressed[1], private=True) if pressed else None
    if call.kind != COMMAND:
        return None
    return _explain(call) if call.data.get("type") == _MESSAGE_MENU else _slash(call, commands)


def strange(call: Call) -> Request | None:
    """Whoever pressed a button that we do not know, as a request that a private notice can answer; else None."""
    known = call.kind == PRESS and isinstance(call.data.get("custom_id"), str)
    return _from(call, "", private=True) if known else None


def typed(call: Call) -> str | None:
    """What somebody has typed so far into the option that asks for completion; None if no option does."""
    focused = (option.get("value") for option in updates.options(call.data) or () if option.get("focused") is True)
    return next((value for value in focused if isinstance(value, str)), None)


def asked(message: Json, me: int) -> Request | None:
    """A direct message, or one that begins by mentioning the bot (whose id is `me`), as a question; else None.

    Discord does not tell whether the channel is a thread: the place may have to be looked up.
    """
    words, author, guild = message.get("content"), updates.inside(message, "author"), updates.id_(message, "guild_id")
    channel, id_, who = updates.id_(message, "channel_id"), updates.id_(message, "id"), updates.id_(author, "id")
    if not (isinstance(words, str) and channel and id_ and who) or updates.has_odd(message, "guild_id"):
        return None
    if author.get("bot") or message.get("webhook_id"):
        return None
    text = words.strip()
    if guild is not None:
        called = re.match(rf"<@!?{me}>[\s,:]*", text)
        if not called:
            return None
        text = text[called.end() :]
    elif not text:
        return None
    where = Place(DISCORD, guild, channel)
    member = Member(who, updates.name(updates.inside(message, "member"), author))
    return Request(where, member, "ask" if text else "help", text, about=MessageRef(where, id_))


def pin_note(message: Json, me: int) -> MessageRef | None:
    """Discord's own message that the bot (whose id is `me`) pinned something; None for any other."""
    id_, channel = updates.id_(message, "id"), updates.id_(message, "channel_id")
    if (
        message.get("type") != _PIN_NOTE
        or updates.id_(updates.inside(message, "author"), "id") != str(me)
        or not (id_ and channel)
    ):
        return None
    return MessageRef(Place(DISCORD, updates.id_(message, "guild_id"), channel), id_)


def place(guild: str | None, channel: Json) -> Place:
    """Where a channel stands: a thread belongs to its parent channel."""
    id_, parent = updates.id_(channel, "id"), updates.id_(channel, "parent_id")
    if id_ and parent and channel.get("type") in _THREADS:
        return Place(DISCORD, guild, parent, id_)
    return Place(DISCORD, guild, id_)


def guild(sent: Json) -> str | None:
    """The guild that came or went; None for one that is only out of reach for a while."""
    return None if sent.get("unavailable") is True else updates.id_(sent, "id")


def _slash(call: Call, commands: Commands) -> Request | None:
    name, options = call.data.get("name"), updates.options(call.data)
    if not isinstance(name, str) or options is None:
        return None
    info = commands.get(name)
    given = {option["name"]: option["value"] for option in options if "value" in option}
    present = [param for param in info.params if param.key in given] if info else []
    if not all(_fits(param, given[param.key]) for param in present):
        return None
    text = " ".join(given[param.key] for param in present if param.kind in ("text", "topic", "choice"))
    member = next((given[param.key] for param in present if param.kind == "member"), None)
    # A moderator's own business is shown to the moderator alone.
    private = given.get("private") is True or bool(info and info.needs(text))
    about = None if member is None else Member(member, _resolved(call.data, member))
    return _from(call, name, text, about=about, private=private)


def _fits(param: Param, value: object) -> bool:
    """Whether an option has the kind of value that its command declares."""
    if param.kind == "flag":
        return isinstance(value, bool)
    return updates.is_number(value) if param.kind == "member" else isinstance(value, str)


def _explain(call: Call) -> Request | None:
    """The message that the menu was opened on is what is asked about; its words come with the interaction."""
    target = updates.id_(call.data, "target_id")
    message = updates.inside(updates.inside(updates.inside(call.data, "resolved"), "messages"), target)
    words = message.get("content", "")
    if target is None or not message or not isinstance(words, str):
        return None
    return _from(call, "ask", words, about=MessageRef(call.place, target))


def _from(
    call: Call,
    command: str,
    text: str = "",
    *,
    locale: str | None = None,
    about: Member | MessageRef | None = None,
    private: bool = False,
) -> Request:
    spoken = locale or call.locale
    return Request(call.place, call.member, command, text, spoken, about, private, call.rights, call.bot_rights)


def _resolved(data: Json, user: str) -> str:
    """The name of a member that an option holds."""
    resolved = updates.inside(data, "resolved")
    return updates.name(
        updates.inside(updates.inside(resolved, "members"), user),
        updates.inside(updates.inside(resolved, "users"), user),
    )
