"""What the core asks of whoever shares work out among processes. Its law: what is held is held by one process."""

from contextlib import AbstractAsyncContextManager
from typing import Protocol


class Lease(Protocol):
    """Something that one process alone does, for as long as it holds this."""

    @property
    def name(self) -> str:
        """Which of the names it is."""
        ...

    @property
    def number(self) -> int:
        """What was agreed on; 0 where nothing was to be."""
        ...

    async def lost(self) -> None:
        """Return once it may be gone; from then on another process may hold it. Giving it back is no loss."""
        ...


class Leases(Protocol):
    """What is shared out among the processes. In one that is alone everything is held at once, and never lost."""

    @property
    def reachable(self) -> bool:
        """Whether it could be told that something has become free."""
        ...

    def hold(self, *names: str) -> AbstractAsyncContextManager[Lease]:
        """Wait until one of these names is held by nobody, hold it, and give it back at the end of the block. The
        first that is free is taken."""
        ...

    def agree(self, name: str, number: int, *, firm: bool) -> AbstractAsyncContextManager[Lease]:
        """Use one number with all processes that are in such a block of that name. Where others use another one, wait
        until they have left if `firm`, else use theirs."""
        ...
