"""What would hold the event loop from outside: the collector, and threads that hold the interpreter's lock; and memory
that was freed and not given back. Its law: what stays is not looked at again and again, and nobody keeps the lock for
long.
"""

import ctypes
import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

_ARENAS: Final = -8  # glibc's M_ARENA_MAX
_TURN: Final = 0.001  # seconds until a thread that reads content lets the event loop have the lock; 0.005 by default


def settled() -> None:
    """Everything is imported: no collection needs to look at it again, and from now on there are collections."""
    gc.freeze()
    gc.enable()
    sys.setswitchinterval(_TURN)
    if glibc := _glibc():
        glibc.mallopt(_ARENAS, 1)


def built() -> None:
    """What was made until now stays: no collection looks at it again, and what making it took is given back."""
    gc.freeze()
    if glibc := _glibc():
        glibc.malloc_trim(0)


def _glibc() -> ctypes.CDLL | None:
    """The C library where it is glibc, which otherwise keeps a heap for every thread: 2 MiB in all."""
    if sys.platform != "linux":
        return None
    library = ctypes.CDLL(None)
    return library if hasattr(library, "malloc_trim") and hasattr(library, "mallopt") else None


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
