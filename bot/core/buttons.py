"""The buttons under answers. All that is known when one is pressed is its id, which is the same on every platform."""

import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

_OWN: Final = "*"  # stands before the language of an answer that is wanted in the language of whoever presses
_TAG: Final = "[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})?"
_BUTTON = re.compile(
    rf"v1:(\*|\*?{_TAG}):(?![^:]{{33}})([a-z0-9]+(?:-[a-z0-9]+)*)"
    r"(?::(helpful|wrong)|:((?:(?![^.]{33})[a-z0-9-]+\.)?[0-9]{1,3})|:([A-Za-z0-9.-]{1,40}):(-?[0-9]{1,20}):([0-9]{1,11}))?"
)


class Rating(StrEnum):
    """What a member may think of an answer, as the two buttons under it and the counts name it."""

    HELPFUL = "helpful"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Confirmation:
    """The press that a command waits for before it does what `word` behind it says (letters, digits, hyphens and dots).
    Only the member `asker` may make it, until `until` (Unix time, in seconds).
    """

    word: str
    asker: str
    until: int


@dataclass(frozen=True, slots=True)
class Button:
    """A button that asks for `command` in `locale`, gives that answer a `rating`, or is what the command waits for."""

    label: str
    command: str
    locale: str
    rating: Rating | None = field(default=None, repr=False)  # not in the digest of replies that cannot be rated
    confirms: Confirmation | None = field(default=None, repr=False)

    @classmethod
    def translating(cls, label: str, command: str, locale: str) -> "Button":
        """A button under an answer in `locale`: it asks for the same in the language of whoever presses."""
        return cls(label, command, f"{_OWN}{locale}")

    @property
    def translates(self) -> str | None:
        """The language of an answer that is wanted in the presser's; "" if unknown, None for other buttons."""
        return self.locale.removeprefix(_OWN) if self.locale.startswith(_OWN) else None

    @property
    def id(self) -> str:
        """What a press sends back; it begins with the version of this format."""
        end = f":{self.rating}" if self.rating else ""
        if one := self.confirms:
            end = f":{one.word}:{one.asker}:{one.until}"
        return f"v1:{self.locale}:{self.command}{end}"

    @property
    def stands_below(self) -> bool:
        """Whether it belongs in a row of its own below the topics."""
        return self.rating is not None

    @property
    def text(self) -> str:
        """The words behind the command: what is confirmed, or the language of the answer that is rated."""
        return self.confirms.word if self.confirms else self.locale if self.rating else ""


@dataclass(frozen=True, slots=True)
class PageButton(Button):
    """A button that asks for a page of the menu of topics: `page` is its number, behind the id of its group and a dot
    if it belongs to one. With `turns` it stands below the menu, else it is one of its entries.
    """

    page: str = "1"
    turns: bool = False

    @property
    def id(self) -> str:
        """What a press sends back."""
        return f"v1:{self.locale}:{self.command}:{self.page}"

    @property
    def text(self) -> str:
        """The words behind the command: the page."""
        return self.page

    @property
    def stands_below(self) -> bool:
        """Whether it turns the page."""
        return self.turns


def pressed(id_: str) -> Button | None:
    """The button with that id, without its label; None if the id is forged or of an older format."""
    found = _BUTTON.fullmatch(id_)
    if found is None:
        return None
    locale, command, rating, page, word, asker, until = found.groups()
    if page:
        return PageButton("", command, locale, page=page)
    confirms = Confirmation(word, asker, int(until)) if word else None
    return Button("", command, locale, Rating(rating) if rating else None, confirms)
