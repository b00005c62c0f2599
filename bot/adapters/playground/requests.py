"""Turns what the page sends into requests. The page is trusted no more than a stranger: anything that is not exactly as
expected is refused with the reason.
"""

import re
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from http import HTTPStatus
from typing import Any, Final

import orjson

from bot.adapters.playground.clock import SPEEDS
from bot.core import typed
from bot.core.buttons import Button, pressed
from bot.core.commands import Audience, CommandInfo
from bot.core.model import PLAYGROUND, Attachment, Member, MessageRef, Place, Request, Right

LARGEST: Final = 1 << 17  # bytes of a body, which may hold a settings file
LONGEST: Final = 4096  # characters of a text: what Telegram lets a member write
LONGEST_TITLE: Final = 100  # of a post on Discord
_SHORT: Final = 80  # characters of a name, an id or a language tag

DIRECT: Final = Place(PLAYGROUND, None, "direct")
COMMUNITY: Final = Place(PLAYGROUND, "playground", "general")
ELSEWHERE: Final = Place(PLAYGROUND, None, "elsewhere")
CHANNEL: Final = Place(PLAYGROUND, "channel", "channel")
MEMBER: Final = Member("1", "Member")
MODERATOR: Final = Member("2", "Moderator")
ADMINISTRATOR: Final = Member("channel", "Announcements")  # who writes in a channel does so as the channel
MEMBERS: Final = Right.SEND | Right.HISTORY  # what everybody may do
_EVERYONE: Final = Request(DIRECT, MEMBER, "", rights=MEMBERS, bot_rights=~Right.NONE)
ROLES: Final = {
    "direct": _EVERYONE,
    "member": replace(_EVERYONE, place=COMMUNITY),
    "moderator": replace(_EVERYONE, place=COMMUNITY, member=MODERATOR, rights=~Right.NONE),
    "forum": replace(_EVERYONE, place=replace(COMMUNITY, thread="new")),  # each text is the title of a new post
    "passer-by": replace(_EVERYONE, place=ELSEWHERE, guest=True),
    "channel": replace(_EVERYONE, place=CHANNEL, member=ADMINISTRATOR, rights=~Right.NONE, broadcast=True),
}
MODERATORS: Final = frozenset({"moderator", "channel"})
MOST_JOINS: Final = 500
MOST_BUTTONS: Final = 100  # under one message

_FIELDS: Final = frozenset({"text", "press", "beside", "locale", "for", "answers", "private", "as", "file"})
_TAG = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,2}")
_ID = re.compile(r"[a-z0-9]{1,32}")
_AT = re.compile(r"\A([^\s@]+)@\w+")  # the bot that a command is for: here is but one
_MENTION = re.compile(r"@\w*bot\b", re.IGNORECASE)


class Refusal(Exception):
    """A request of the page that is refused; `says` gives the reason, `status` the HTTP status."""

    def __init__(self, says: str, status: HTTPStatus = HTTPStatus.BAD_REQUEST) -> None:
        self.says, self.status = says, status
        super().__init__(says)


def json(body: bytes) -> Any:
    """Decode a body as JSON.

    Raises:
        Refusal: the body is not JSON, or too long.
    """
    if len(body) > LARGEST:
        raise Refusal(f"the body is longer than {LARGEST} bytes", HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise Refusal(f"the body is not JSON: {error.msg}") from None


def request(data: Any, read: typed.Read, commands: Iterable[CommandInfo] = ()) -> Request:
    """The request for what was typed or pressed. Words without a slash are a question in a direct chat, or behind a
    mention of the bot; else, as on the platforms, they ask for nothing: `command` is empty. `read` finds the command in
    typed words.

    Raises:
        Refusal: a field is unknown, missing or not what it should be, or a button's id is forged.
    """
    if not isinstance(data, dict):
        raise Refusal("the body must be an object")
    if unknown := sorted(data.keys() - _FIELDS):
        raise Refusal(f"unknown field: {', '.join(unknown)}")
    if ("text" in data) == ("press" in data):
        raise Refusal("give either “text” or “press”")
    name = data.get("as", "direct")
    if not isinstance(name, str) or name not in ROLES:
        raise Refusal(f"“as” must be one of {', '.join(ROLES)}")
    role = ROLES[name]
    locale, private = None if data.get("locale") is None else tag(data["locale"]), _flag(data, "private")
    if "press" in data:
        return _press(data, role, locale, private=private)
    if role.place.thread:
        return replace(role, text=_text(data, "text", LONGEST_TITLE))
    command, words = _typed(_text(data, "text", LONGEST), read, alone=role.place == DIRECT)
    about, quoted = _about(data, role.place)
    explains = about if command == "explain" and isinstance(about, MessageRef) else None  # Discord's message menu
    quote = words if command == "ask" and typed.command(data["text"].strip()) else explains
    if command in ("ask", "explain") and not words:
        words = quoted
    if role.guest and isinstance(about, MessageRef):
        about = None  # a guest's answer replies to nothing
    # A moderator's own business is shown only to the moderator, as on Discord.
    owned = any(one.name == command and one.audience is not Audience.EVERYONE for one in commands)
    private = private or owned
    file = Attachment(len(data["file"]), _text(data, "file", LARGEST)) if "file" in data else None
    return replace(
        role, command=command, text=words, locale=locale, about=about, private=private, quote=quote, file=file
    )


def _press(data: Mapping[str, Any], role: Request, locale: str | None, *, private: bool) -> Request:
    """What a button asks for. Discord shows the answer only to the presser, and so does Telegram in a group; in a
    channel Telegram opens the direct chat.
    """
    button = _pressed(data["press"])
    own = button.rating is not None or button.translates is not None
    if button.translates is None:
        locale = locale or button.locale
    if role.broadcast and not (button.rating or button.confirms):
        role = _EVERYONE
    return replace(
        role,
        command=button.command,
        text=button.text,
        locale=locale,
        private=own or private or role.place.community is not None,
        rating=button.rating,
        buttons=tuple(_pressed(one).command for one in _beside(data)),
        confirms=button.confirms,
        translates=button.translates,
    )


def join(data: Any) -> tuple[int, bool]:
    """The number of members to join, and whether to give them hostile names.

    Raises:
        Refusal: a field is unknown, missing or not what it should be.
    """
    if not isinstance(data, dict) or data.keys() - {"count", "hostile"}:
        raise Refusal("the body must be an object of “count” and “hostile”")
    count = data.get("count")
    if isinstance(count, bool) or not isinstance(count, int) or not 1 <= count <= MOST_JOINS:
        raise Refusal(f"“count” must be a number from 1 to {MOST_JOINS}")
    return count, _flag(data, "hostile")


def speed(data: Any) -> int:
    """The speed for the clock of greetings.

    Raises:
        Refusal: it is not one of SPEEDS.
    """
    wanted = data.get("speed") if isinstance(data, dict) and len(data) == 1 else None
    if isinstance(wanted, bool) or not isinstance(wanted, int) or wanted not in SPEEDS:
        raise Refusal(f"“speed” must be one of {', '.join(map(str, SPEEDS))}")
    return wanted


def tag(value: object) -> str:
    """Check a language tag.

    Raises:
        Refusal: the value is not one.
    """
    if not isinstance(value, str) or not _TAG.fullmatch(value):
        raise Refusal("“locale” must be a language tag such as en or pt-BR")
    return value


def _pressed(value: object) -> Button:
    button = pressed(value) if isinstance(value, str) and len(value) <= _SHORT else None
    if button is None:
        raise Refusal("that is no button of ours")
    return button


def _beside(data: Mapping[str, Any]) -> list[object]:
    """The ids of all buttons of the message."""
    beside = data.get("beside", [])
    if not isinstance(beside, list) or len(beside) > MOST_BUTTONS:
        raise Refusal(f"“beside” must be a list of at most {MOST_BUTTONS} buttons")
    return beside


def _typed(text: str, read: typed.Read, *, alone: bool) -> tuple[str, str]:
    text = text.strip()
    if not text:
        raise Refusal("the question is empty")
    if not alone and (mention := _MENTION.match(text)):
        text, alone = typed.said(text[mention.end() :]), True
    words = typed.command(text)
    if words is None:
        return ("ask" if alone else "", text)
    return read(_AT.sub(r"\1", words))


def _about(data: Mapping[str, Any], place: Place) -> tuple[Member | MessageRef | None, str]:
    """The member or message that the answer is for, and the words of that message."""
    if "for" in data:
        if "answers" in data:
            raise Refusal("give either “for” or “answers”")
        name = _text(data, "for", _SHORT)
        # Discord's ids are numbers of 17 to 20 digits; a name has the same one every time.
        return Member(str(10**17 + zlib.crc32(name.encode())), name), ""
    if "answers" not in data:
        return None, ""
    answered = data["answers"]
    if not isinstance(answered, dict) or answered.keys() != {"message", "text"}:
        raise Refusal("“answers” must have “message” and “text”")
    message = _text(answered, "message", _SHORT)
    if not _ID.fullmatch(message):
        raise Refusal("“message” must be an id of small letters and digits")
    return MessageRef(place, message), _text(answered, "text", LONGEST)


def _text(data: Mapping[str, Any], key: str, longest: int) -> str:
    value = data[key]
    if not isinstance(value, str):
        raise Refusal(f"“{key}” must be text")
    if len(value) > longest:
        raise Refusal(f"“{key}” has more than {longest} characters", HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    return value


def _flag(data: Mapping[str, Any], key: str) -> bool:
    value = data.get(key, False)
    if not isinstance(value, bool):
        raise Refusal(f"“{key}” must be true or false")
    return value
