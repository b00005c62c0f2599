"""What an error means for a pin. Its law: what will not pass by itself becomes a state that `/pins` explains."""

from bot.core.community import PinState
from bot.core.errors import Closed, Forbidden, Full, MessageGone, Moved, PlatformError, Unauthorised
from bot.core.model import Right

Fate = tuple[PinState, Right]


def fate(error: PlatformError) -> Fate | None:
    """The state, and for FORBIDDEN the right that is missing; None if it says nothing of this pin, or may pass."""
    match error:
        case MessageGone():
            return PinState.GONE, Right.NONE
        case Forbidden(right=right):
            return PinState.FORBIDDEN, right or Right.SEND
        case Closed():
            return PinState.CLOSED, Right.NONE
        case Full():
            return PinState.FULL, Right.NONE
        case Moved() | Unauthorised():
            return None
    return (PinState.REFUSED, Right.NONE) if error.permanent else None
