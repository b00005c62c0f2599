"""What work costs, beside other work in the same run: a busy machine makes both slower."""

import time
from collections.abc import Callable


def ratio(work: Callable[[], object], twin: Callable[[], object], *, times: int = 5) -> float:
    """How many times as much processor time as `twin` does `work` take? Both are done once before that counts; then
    the least of several times of either is taken, since whatever disturbs only adds to it.
    """
    work()
    twin()
    pairs = [(_cost(work), _cost(twin)) for _ in range(times)]
    return min(one for one, _ in pairs) / min(other for _, other in pairs)


def _cost(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began
