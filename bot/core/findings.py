"""What a check found, and which rights the bot needs where. Its law: whatever is broken names its cause and its fix."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import final

from bot.core.community import Pin, PinState
from bot.core.model import TELEGRAM, Right, Rights


class State(StrEnum):
    """How a checked thing is."""

    FINE = "ok"
    NOTE = "note"  # works, but somebody may want to know
    BROKEN = "broken"


@final
@dataclass(frozen=True, slots=True)
class Finding:
    """One line of a check-up: `what` was found of `subject`, and the `fix` where there is something to do."""

    subject: str
    state: State
    what: str
    fix: str = ""

    def __str__(self) -> str:
        return f"{self.state.value:<6} {self.subject}: {self.what}" + (f" → {self.fix}" if self.fix else "")


_ALWAYS = Right.SEND | Right.PIN | Right.HISTORY
OPTIONAL = Right.DELETE  # without it a note that something was pinned stays, which harms nobody
_TROUBLED = frozenset(PinState) - {PinState.CURRENT, PinState.POSTED, PinState.STALE, PinState.UNPINNED}


def missing(held: Rights, *, greets: bool) -> tuple[Right, ...]:
    """The rights that the bot lacks; hearing of new members only counts where it is to greet them."""
    needed = _ALWAYS | Right.JOINS if greets else _ALWAYS
    return tuple(needed & ~held)


def side(platform: str) -> str:
    """Whose settings a fix is told for; the playground looks like Discord."""
    return "telegram" if platform == TELEGRAM else "discord"


def troubled(pins: Iterable[Pin]) -> int:
    """How many pins need a moderator."""
    return sum(pin.state in _TROUBLED for pin in pins)
