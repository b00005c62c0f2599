"""Who came lately, so that somebody who leaves and comes back is not greeted again: without ids, and only for a day."""

import hashlib
from collections import OrderedDict
from typing import Final, final

DAY: Final = 86_400.0  # seconds
MOST: Final = 20_000  # members of all communities together: about 3 MB


@final
class RecentMembers:
    """Remembers members for a day after they last came, at most `most` of them; who came longest ago goes first.

    Kept are 64 bits of a BLAKE2b hash of community and member under `key` (32 random bytes that are stored nowhere): it
    tells nothing without the key, and goes with the process.
    """

    def __init__(self, key: bytes, most: int = MOST) -> None:
        self._key, self._most = key, most
        self._came: OrderedDict[int, float] = OrderedDict()

    def __len__(self) -> int:
        return len(self._came)

    def returns(self, member: tuple[str, ...], now: float, *, remember: bool = True) -> bool:
        """Whether the member, who comes `now` (seconds that never go back), came within a day before.

        From now on that member is remembered; one who was not is only with `remember`.
        """
        while self._came and now - next(iter(self._came.values())) >= DAY:
            self._came.popitem(last=False)
        named = repr(member).encode("utf-8", "surrogatepass")
        hashed = int.from_bytes(hashlib.blake2b(named, digest_size=8, key=self._key).digest())
        back = self._came.pop(hashed, None) is not None
        if back or remember:
            self._came[hashed] = now  # at the end: who came longest ago stands first
        if len(self._came) > self._most:
            self._came.popitem(last=False)
        return back
