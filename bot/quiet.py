"""What would hold the event loop from outside: the collector, and threads that hold the interpreter's lock. Its law:
what stays is not looked at again and again, and nobody keeps the lock for long.
"""

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

_TURN: Final = 0.001  # seconds until a thread that reads content lets the event loop have the lock; 0.005 by default


def settled() -> None:
    """Everything is imported: no collection needs to look at it again, and from now on there are collections."""
    gc.freeze()
    gc.enable()
    sys.setswitchinterval(_TURN)


@contextmanager
def uncollected() -> Iterator[None]:
    """No collection while much is made that stays; what is dropped is freed as ever, by counting references."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()
