"""Converts what the page sends to requests. The page is not trusted: unexpected input is refused with the reason."""

import re
import zlib
from collections.abc import Iterable
from dataclasses import replace
from http import HTTPStatus
from typing import Annotated, Final, Literal, TypeVar

import msgspec
from msgspec import Meta, Struct

from bot.core import command_text
from bot.core.buttons import Button, pressed
from bot.core.commands import CommandInfo
from bot.core.model import PLAYGROUND, Attachment, Member, MessageRef, Place, Request, Right

_T = TypeVar("_T")

LARGEST: Final = 1 << 17  # bytes of a body, which may contain a settings file
LONGEST: Final = 4096  # characters of a text, as on Telegram
LONGEST_TITLE: Final = 100  # characters of a post's title, as on Discord
_LONGEST_NAME: Final = 80  # characters

DIRECT: Final = Place(PLAYGROUND, None, "direct")
COMMUNITY: Final = Place(PLAYGROUND, "playground", "general")
ELSEWHERE: Final = Place(PLAYGROUND, None, "elsewhere")
CHANNEL: Final = Place(PLAYGROUND, "channel", "channel")
MEMBER: Final = Member("1", "Member")
MODERATOR: Final = Member("2", "Moderator")
ADMINISTRATOR: Final = Member("channel", "Announcements")  # administrators post in the name of the channel
MEMBERS: Final = Right.SEND | Right.HISTORY  # the rights of every member
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

_TAG = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,2}")
_AT = re.compile(r"\A([^\s@]+)@\w+")  # a command and the bot that it is for; the playground has only one bot
_MENTION = re.compile(r"@\w*bot\b", re.IGNORECASE)


class Refusal(Exception):
    """A request of the page that is refused. `says` is the reason, which the page shows; `status` the HTTP status."""

    def __init__(self, says: str, status: HTTPStatus = HTTPStatus.BAD_REQUEST) -> None:
        self.says, self.status = says, status
        super().__init__(says)


class Answered(Struct, forbid_unknown_fields=True, frozen=True):
    """The message that the request replies to."""

    message: Annotated[str, Meta(pattern=r"\A[a-z0-9]{1,32}\Z")]
    text: Annotated[str, Meta(max_length=LONGEST)]


class Asked(Struct, forbid_unknown_fields=True, frozen=True):
    """What was typed (`text`), or the button that was pressed (`press`, and `beside` all buttons of its message), as
    one of ROLES (`as`). The answer is for the member with the name `for`.
    """

    text: str | None = None
    press: str | None = None
    beside: Annotated[tuple[str, ...], Meta(max_length=100)] = ()
    locale: str | None = None
    addressee: str | None = msgspec.field(name="for", default=None)
    answers: Answered | None = None
    private: bool = False
    role: str = msgspec.field(name="as", default="direct")
    file: str | None = None


class Newcomers(Struct, forbid_unknown_fields=True, frozen=True):
    """How many members should join, and whether their names are hostile."""

    count: Annotated[int, Meta(ge=1, le=500)]
    hostile: bool = False


class Speed(Struct, forbid_unknown_fields=True, frozen=True):
    """The speed at which the clock of greetings should run."""

    speed: Literal[1, 10, 60]


def decoded(body: bytes, type_: type[_T]) -> _T:
    """Decode a body.

    Raises:
        Refusal: the body is not JSON, or a field is unknown, missing or has the wrong type.
    """
    try:
        return msgspec.json.decode(body, type=type_)
    except msgspec.ValidationError as error:
        raise Refusal(str(error)) from None
    except msgspec.DecodeError as error:
        raise Refusal(f"the body is not JSON: {error}") from None


def request(asked: Asked, read: command_text.SplitCommand, commands: Iterable[CommandInfo] = ()) -> Request:
    """Return the request for what was typed or pressed.

    Text without a slash is a question in a direct chat, or after a mention of the bot. Elsewhere it asks the bot for
    nothing, as on the platforms: `command` is "". `read` finds the command in typed words.

    Raises:
        Refusal: a text is empty or too long, a role or language tag unknown, or a button's id is forged.
    """
    if asked.role not in ROLES:
        raise Refusal(f"“as” must be one of {', '.join(ROLES)}")
    role = replace(ROLES[asked.role], locale=asked.locale and tag(asked.locale), private=asked.private)
    if (asked.text is None) == (asked.press is None):
        raise Refusal("give either “text” or “press”")
    if asked.text is None:
        return _press(_pressed(asked.press), asked.beside, role)
    if role.place.thread:
        return replace(role, text=_fitting(asked.text, LONGEST_TITLE, "text"))
    command, words = _typed(_fitting(asked.text, LONGEST, "text"), read, alone=role.place == DIRECT)
    about, quoted = _about(asked, role.place)
    explains = about if command == "explain" and isinstance(about, MessageRef) else None  # Discord's message menu
    quote = words if command == "ask" and command_text.after_slash(asked.text.strip()) else explains
    if command in ("ask", "explain") and not words:
        words = quoted
    if role.guest and isinstance(about, MessageRef):
        about = None  # a guest's answer is no reply to a message
    # The answer to a moderators' command is shown only to the moderator, as on Discord.
    needs_right = any(one.name == command and one.right for one in commands)
    file = None if asked.file is None else Attachment(len(asked.file), asked.file)
    return replace(
        role, command=command, text=words, about=about, private=role.private or needs_right, quote=quote, file=file
    )


def _press(button: Button, beside: Iterable[str], role: Request) -> Request:
    """The request of a button press. Discord shows the answer only to the member who pressed it, and so does Telegram
    in a group. In a channel, Telegram opens the direct chat.
    """
    own = button.rating is not None or button.translates is not None
    if role.broadcast and not (button.rating or button.confirms):
        role = replace(_EVERYONE, locale=role.locale, private=role.private)
    locale = role.locale or (button.locale if button.translates is None else None)
    private = own or role.private or role.place.community is not None
    return replace(role, locale=locale, private=private).pressing(button, map(_pressed, beside))


def _pressed(id_: str | None) -> Button:
    button = pressed(id_ or "")
    if button is None:
        raise Refusal("that is no button of ours")
    return button


def tag(text: str) -> str:
    """Return the text if it is a language tag.

    Raises:
        Refusal: it is not.
    """
    if not _TAG.fullmatch(text):
        raise Refusal("“locale” must be a language tag such as en or pt-BR")
    return text


def _typed(text: str, read: command_text.SplitCommand, *, alone: bool) -> tuple[str, str]:
    text = text.strip()
    if not text:
        raise Refusal("the question is empty")
    if not alone and (mention := _MENTION.match(text)):
        text, alone = command_text.without_separators(text[mention.end() :]), True
    words = command_text.after_slash(text)
    if words is None:
        return ("ask" if alone else "", text)
    return read(_AT.sub(r"\1", words))


def _about(asked: Asked, place: Place) -> tuple[Member | MessageRef | None, str]:
    """The member or message that the answer is for, and the text of that message."""
    if asked.addressee is not None and asked.answers:
        raise Refusal("give either “for” or “answers”")
    if asked.addressee is not None:
        name = _fitting(asked.addressee, _LONGEST_NAME, "for")
        # Discord's ids are numbers of 17 to 20 digits. The same name always gets the same id.
        return Member(str(10**17 + zlib.crc32(name.encode())), name), ""
    return (MessageRef(place, asked.answers.message), asked.answers.text) if asked.answers else (None, "")


def _fitting(text: str, longest: int, name: str) -> str:
    if len(text) > longest:
        raise Refusal(f"“{name}” has more than {longest} characters", HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    return text
