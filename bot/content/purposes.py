"""What the warnings of a pack must say, by what its subject may do to those who read about it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from bot.core.model import Risk

PurposeName = Literal["crypto", "money", "health", "none"]

_ALL, _HIGH = frozenset(Risk), frozenset({Risk.HIGH})


@dataclass(frozen=True, slots=True)
class Purpose:
    """The ideas that each level's warning says, those of the page `risk`, and the pages that it may leave out."""

    warning: Mapping[str, frozenset[Risk]] = field(default_factory=dict)
    page: tuple[str, ...] = ()
    optional: frozenset[str] = frozenset()

    def ideas(self, risk: Risk) -> list[str]:
        """What the warning of that level must say."""
        return [idea for idea, levels in self.warning.items() if risk in levels]


PURPOSES: Final[Mapping[str, Purpose]] = {
    "crypto": Purpose(
        {
            "volatile": _ALL,
            "loss": _ALL,
            "protection": _ALL,
            "experimental": frozenset({Risk.ELEVATED}),  # the network's design is only in the middle level
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
"""Crypto is the strictest, and what a pack has that names no purpose. Without one there is no warning at all."""
