"""Living pins: explainers that stay in a channel and follow their text. Their law: only what differs is edited."""

from bot.features.pins.commands import PinCommands
from bot.features.pins.pace import PACES, Figures, Turns
from bot.features.pins.precedence import Precedence
from bot.features.pins.refresh import PinRefresh

__all__ = ["PACES", "Figures", "PinCommands", "PinRefresh", "Precedence", "Turns"]
