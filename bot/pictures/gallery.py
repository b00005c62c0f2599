"""Caches the pictures of replies."""

import asyncio
import logging
from collections.abc import Callable
from typing import Final, final

from cachetools import LRUCache

from bot.core.disclaimer import Reply
from bot.pictures.drawing import paint

_log = logging.getLogger(__name__)

SIZE: Final = 64  # pictures of about 0.1 MB each; two pictures in six languages with three warnings are 36


@final
class Gallery:
    """Implements `bot.core.ports.Pictures`: runs `paint` in a thread, one picture at a time, and caches the results.

    Keeps the `size` pictures used last.
    """

    def __init__(self, paint: Callable[[Reply], bytes | None] = paint, size: int = SIZE) -> None:
        self._paint = paint
        self._drawn: LRUCache[str, bytes | None] = LRUCache(size)
        self._drawing = asyncio.Lock()

    async def png(self, reply: Reply) -> bytes | None:
        """Return the reply's picture as PNG; None if it has none or drawing failed, which is logged. Never raises."""
        if reply.picture is None:
            return None
        async with self._drawing:
            if reply.digest not in self._drawn:
                self._drawn[reply.digest] = await asyncio.to_thread(self._draw, reply)
            return self._drawn[reply.digest]

    def _draw(self, reply: Reply) -> bytes | None:
        try:
            png = self._paint(reply)
        except Exception as error:  # anything may fail here; the answer is sent without its picture
            _log.exception("cannot draw the picture of %s (%s): %s", reply.command, reply.locale, error)
            return None
        if png is None:
            _log.warning("no font has all characters of the picture of %s (%s)", reply.command, reply.locale)
        return png
