"""Explainers posted in channels, pinned or not, and edited when the content changes."""

from bot.features.pins.commands import PinCommands
from bot.features.pins.pace import PACES, ChannelLocks, EditIntervals
from bot.features.pins.refresh import PinRefresh
from bot.features.pins.state import fingerprint

__all__ = ["PACES", "ChannelLocks", "EditIntervals", "PinCommands", "PinRefresh", "fingerprint"]
