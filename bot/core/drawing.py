"""What adapters ask of whoever draws pictures. Its law: a picture is made of a sealed reply alone."""

from typing import Protocol

from bot.core.disclaimer import Reply


class Pictures(Protocol):
    """Draws what replies show as a picture."""

    async def png(self, reply: Reply) -> bytes | None:
        """The reply's picture with its warning inside; None if it has none, or none that can be drawn. Never raises."""
        ...
