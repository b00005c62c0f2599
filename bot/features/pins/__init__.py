"""Living pins and posts: messages in a channel that follow the content, pinned or not. Only those that
changed are edited.
"""

from bot.features.pins.commands import PinCommands
from bot.features.pins.pace import PACES, Figures, Turns
from bot.features.pins.refresh import PinRefresh
from bot.features.pins.state import fingerprint

__all__ = ["PACES", "Figures", "PinCommands", "PinRefresh", "Turns", "fingerprint"]
