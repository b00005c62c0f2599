"""Living pins and posts: explainers that stand in a channel, pinned or not, and follow their text. Only
what differs is edited.
"""

from bot.features.pins.acting import Acting
from bot.features.pins.commands import PinCommands
from bot.features.pins.listing import PinList
from bot.features.pins.pace import PACES, Figures, Turns
from bot.features.pins.refresh import PinRefresh
from bot.features.pins.state import fingerprint
from bot.features.pins.unpinning import Unpinning

__all__ = ["PACES", "Acting", "Figures", "PinCommands", "PinList", "PinRefresh", "Turns", "Unpinning", "fingerprint"]
