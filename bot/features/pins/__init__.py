"""Living pins: explainers that are pinned in a channel and follow their text. Only what differs is edited."""

from bot.features.pins.commands import PinCommands
from bot.features.pins.pace import PACES, Figures, Turns
from bot.features.pins.refresh import PinRefresh
from bot.features.pins.state import fingerprint

__all__ = ["PACES", "Figures", "PinCommands", "PinRefresh", "Turns", "fingerprint"]
