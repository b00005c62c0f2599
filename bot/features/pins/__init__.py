"""Living pins and posts: messages in a channel that follow the content, pinned or not. Only those that
changed are edited.
"""

from bot.features.pins.acting import Acting
from bot.features.pins.commands import PinCommands
from bot.features.pins.listing import PinList
from bot.features.pins.pace import PACES, Figures, Turns
from bot.features.pins.refresh import PinRefresh
from bot.features.pins.state import fingerprint
from bot.features.pins.unpinning import Unpinning

__all__ = ["PACES", "Acting", "Figures", "PinCommands", "PinList", "PinRefresh", "Turns", "Unpinning", "fingerprint"]
