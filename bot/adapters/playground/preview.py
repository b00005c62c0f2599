"""A platform as the page shows it. Its law: the page adds no word to what a platform's renderer made."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, final

from bot.core.commands import CommandInfo
from bot.core.disclaimer import Reply

Render = Callable[[Reply], Mapping[str, Any]]
"""A message as a platform is sent it, in plain values: `text`; `buttons`, rows of `{"label", "id"}` whose id is what a
press sends back; and, where the text itself holds no markup, `entities` of `{"type", "offset", "length"}`, counted in
UTF-16 units as JavaScript counts. `picture`, where one is attached, is its description."""


@final
@dataclass(frozen=True, slots=True)
class Preview:
    """A platform's renderer, how its menu names a command for a reader of that language, and how many UTF-16 units
    its messages take."""

    render: Render
    spell: Callable[[CommandInfo, str], str]
    longest: int
