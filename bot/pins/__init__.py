"""Living pins: explainers that stay in a channel and follow their text. Their law: only what differs is edited."""

from bot.pins.commands import PinCommands
from bot.pins.pace import PACES, Figures, Turns
from bot.pins.precedence import Precedence
from bot.pins.refresh import PinRefresh

__all__ = ["PACES", "Figures", "PinCommands", "PinRefresh", "Precedence", "Turns"]
