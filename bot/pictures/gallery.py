"""The pictures that were drawn, each once. Its law: whoever asks gets a picture or none, and never waits for the event
loop; a picture that cannot be drawn takes no answer with it.
"""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Callable
from typing import Final, final

from bot.core.disclaimer import Reply

_log = logging.getLogger(__name__)

MOST: Final = 64  # pictures that are kept, about 0.1 MB each: two of them in six languages under three warnings are 36

Paint = Callable[[Reply], bytes | None]
"""A reply to the PNG of its picture, or None. May take its time; runs in a thread."""


@final
class Gallery:
    """Draws by `paint`, one picture at a time, and keeps the `most` that were asked for last, by their digest."""

    def __init__(self, paint: Paint, most: int = MOST) -> None:
        self._paint, self._most = paint, most
        self._kept: OrderedDict[str, bytes | None] = OrderedDict()
        self._drawing = asyncio.Lock()

    async def png(self, reply: Reply) -> bytes | None:
        """The picture of that reply; None if it has none, or none that can be drawn."""
        if reply.picture is None:
            return None
        async with self._drawing:
            if reply.digest not in self._kept:
                self._kept[reply.digest] = await asyncio.to_thread(self._painted, reply)
            self._kept.move_to_end(reply.digest)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
            return self._kept[reply.digest]

    def _painted(self, reply: Reply) -> bytes | None:
        try:
            png = self._paint(reply)
        except Exception as error:  # the shell: the answer goes out without its picture
            _log.exception("the picture of %s (%s) cannot be drawn: %s", reply.command, reply.locale, error)
            return None
        if png is None:
            _log.warning(
                "the picture of %s (%s) has words that the fonts have no signs for", reply.command, reply.locale
            )
        return png
