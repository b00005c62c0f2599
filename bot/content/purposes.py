"""The ideas that a pack's warnings must state, by the harm that its subject can do to readers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from bot.core.model import Risk

PurposeName = Literal["crypto", "money", "health", "none"]

_ALL, _HIGH = frozenset(Risk), frozenset({Risk.HIGH})


@dataclass(frozen=True, slots=True)
class Purpose:
    """What a purpose requires: the ideas of the warnings with their levels, those of the page `risk`, and the pages
    that a pack may omit.
    """

    warning: Mapping[str, frozenset[Risk]] = field(default_factory=dict)
    page: tuple[str, ...] = ()
    optional: frozenset[str] = frozenset()

    def ideas(self, risk: Risk) -> list[str]:
        """Return the ideas that the warning of that level must state."""
        return [idea for idea, levels in self.warning.items() if risk in levels]


PURPOSES: Final[Mapping[str, Purpose]] = {
    "crypto": Purpose(
        {
            "volatile": _ALL,
            "loss": _ALL,
            "protection": _ALL,
            "experimental": frozenset({Risk.ELEVATED}),  # only the middle level is about the network's design
            "failure": frozenset({Risk.ELEVATED}),
            "invitation": _HIGH,
        },
        (
            "volatility",
            "loss",
            "technology",
            "governance",
            "liquidity",
            "protection",
            "scams",
            "afford",
            "professional",
            "holdings",
        ),
    ),
    "money": Purpose(
        {"loss": _ALL, "advice": _ALL, "invitation": _HIGH},
        ("loss", "advice", "scams", "afford", "professional"),
        frozenset({"price"}),
    ),
    "health": Purpose(
        {"advice": _ALL, "professional": _ALL, "emergency": _HIGH},
        ("advice", "professional", "emergency"),
        frozenset({"advice", "price"}),
    ),
    "none": Purpose(optional=frozenset({"advice", "price", "risk"})),
}
"""What each purpose requires. `crypto` is the strictest and the default; `none` has no warnings."""
