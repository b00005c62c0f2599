"""The buttons under answers. A press sends back only the button's id, whose format is the same on every platform."""

import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

_OWN: Final = "*"  # prefix of an answer's language, on a button that asks for it in the presser's own language
_TAG: Final = "[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})?"
_BUTTON = re.compile(
    rf"v1:(\*|\*?{_TAG}):(?![^:]{{33}})([a-z0-9]+(?:-[a-z0-9]+)*)"
    r"(?::(helpful|wrong)|:((?:(?![^.]{33})[a-z0-9-]+\.)?[0-9]{1,3})|:([A-Za-z0-9.-]{1,40}):(-?[0-9]{1,20}):([0-9]{1,11}))?"
)


class Rating(StrEnum):
    """A member's rating of an answer, as in the buttons' ids and in the counts."""

    HELPFUL = "helpful"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Confirmation:
    """The press of a button that confirms a command.

    `word` is the text after the command: letters, digits, hyphens and dots. Only the member `asker` may press, until
    `until` (Unix time in seconds).
    """

    word: str
    asker: str
    until: int


@dataclass(frozen=True, slots=True)
class Button:
    """A button that asks for `command` in `locale`, rates that answer (`rating`), or confirms the command."""

    label: str
    command: str
    locale: str
    rating: Rating | None = field(default=None, repr=False)  # not in the digest of replies that cannot be rated
    confirms: Confirmation | None = field(default=None, repr=False)

    @classmethod
    def translating(cls, label: str, command: str, locale: str) -> "Button":
        """Make a button for an answer in `locale` that asks for it in the language of the member who presses it."""
        return cls(label, command, f"{_OWN}{locale}")

    @property
    def translates(self) -> str | None:
        """The language of the answer that the button translates; "" if unknown, None if it is another button."""
        return self.locale.removeprefix(_OWN) if self.locale.startswith(_OWN) else None

    @property
    def id(self) -> str:
        """The id that a press sends back. It begins with the version of its format."""
        end = f":{self.rating}" if self.rating else ""
        if one := self.confirms:
            end = f":{one.word}:{one.asker}:{one.until}"
        return f"v1:{self.locale}:{self.command}{end}"

    @property
    def stands_below(self) -> bool:
        """Whether the button belongs in a row of its own below the topics."""
        return self.rating is not None

    @property
    def text(self) -> str:
        """The text after the command: the word to confirm, or the language of the rated answer."""
        return self.confirms.word if self.confirms else self.locale if self.rating else ""


@dataclass(frozen=True, slots=True)
class PageButton(Button):
    """A button that asks for a page of the topics menu.

    `page` is the page's number; in a group, the group's id and a dot come before it. With `turns` the button stands
    below the menu, otherwise it is one of its entries.
    """

    page: str = "1"
    turns: bool = False

    @property
    def id(self) -> str:
        """The id that a press sends back."""
        return f"v1:{self.locale}:{self.command}:{self.page}"

    @property
    def text(self) -> str:
        """The text after the command: the page."""
        return self.page

    @property
    def stands_below(self) -> bool:
        """Whether the button belongs in a row of its own below the topics."""
        return self.turns


def pressed(id_: str) -> Button | None:
    """Return the button with that id, without its label; None if the id is forged or has an older format."""
    match = _BUTTON.fullmatch(id_)
    if match is None:
        return None
    locale, command, rating, page, word, asker, until = match.groups()
    if page:
        return PageButton("", command, locale, page=page)
    confirms = Confirmation(word, asker, int(until)) if word else None
    return Button("", command, locale, Rating(rating) if rating else None, confirms)
