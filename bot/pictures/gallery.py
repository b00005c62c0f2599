"""Keeps the pictures that were drawn, so that each is drawn once."""

import asyncio
import logging
from collections.abc import Callable
from typing import Final, final

from cachetools import LRUCache

from bot.core.disclaimer import Reply
from bot.pictures.drawing import paint

_log = logging.getLogger(__name__)

SIZE: Final = 64  # pictures of about 0.1 MB: two of them in six languages under three warnings are 36


@final
class Gallery:
    """`bot.core.ports.Pictures`: draws with `paint` in a thread, one picture at a time, and keeps the latest."""

    def __init__(self, paint: Callable[[Reply], bytes | None] = paint, size: int = SIZE) -> None:
        self._paint = paint
        self._drawn: LRUCache[str, bytes | None] = LRUCache(size)
        self._drawing = asyncio.Lock()

    async def png(self, reply: Reply) -> bytes | None:
        """The picture of that reply; None if it has none, or none that can be drawn."""
        if reply.picture is None:
            return None
        async with self._drawing:
            if reply.digest not in self._drawn:
                self._drawn[reply.digest] = await asyncio.to_thread(self._draw, reply)
            return self._drawn[reply.digest]

    def _draw(self, reply: Reply) -> bytes | None:
        try:
            png = self._paint(reply)
        except Exception as error:  # the shell: the answer goes out without its picture
            _log.exception("the picture of %s (%s) cannot be drawn: %s", reply.command, reply.locale, error)
            return None
        if png is None:
            _log.warning("no font has all characters of the picture of %s (%s)", reply.command, reply.locale)
        return png
