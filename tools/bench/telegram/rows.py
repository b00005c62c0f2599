"""The claims about Telegram: the whole bot beside bare bots that send the same words, by polling and by webhook, one
update after another and 256 under way at any time.
"""

from collections.abc import Callable

from tools.bench.row import Measured, Row
from tools.bench.telegram import rounds
from tools.bench.telegram.bots import AIOGRAM, PTB, TELEBOT

_WAYS = {"poll": (False, "polling"), "hook": (True, "by webhook")}
_AT_ONCE = {"one": (1, "one by one"), "256": (256, "256 at once")}
_PEERS = {"aiogram": AIOGRAM, "pytelegrambotapi": TELEBOT}
_FASTER = {"one": 2.0, "256": 10.0}  # than bare python-telegram-bot


def _cpu(webhook: bool, at_once: int, peer: str) -> Callable[[], Measured]:
    return lambda: rounds.cpu(webhook, at_once, peer)


def _rate(webhook: bool, at_once: int, peer: str) -> Callable[[], Measured]:
    return lambda: rounds.rate(webhook, at_once, peer)


def _rows(way: str, crowd: str) -> tuple[Row, ...]:
    (webhook, how), (at_once, many) = _WAYS[way], _AT_ONCE[crowd]
    name, of, goal = f"telegram-{way}-{crowd}", f"{how}, {many}, beside", _FASTER[crowd]
    rows = [
        Row(f"{name}-cpu", f"CPU of an update, {of} bare {PTB}", "µs", 1 / goal, True, _cpu(webhook, at_once, PTB)),
        Row(name, f"updates per second, {of} bare {PTB}", "/s", goal, False, _rate(webhook, at_once, PTB)),
    ]
    for key, peer in _PEERS.items():
        cpu, rate = _cpu(webhook, at_once, peer), _rate(webhook, at_once, peer)
        rows.append(Row(f"{name}-{key}-cpu", f"CPU of an update, {of} bare {peer}", "µs", 1.0, True, cpu))
        rows.append(Row(f"{name}-{key}", f"updates per second, {of} bare {peer}", "/s", 1.0, False, rate))
    return tuple(rows)


ROWS = tuple(row for way in _WAYS for crowd in _AT_ONCE for row in _rows(way, crowd))
