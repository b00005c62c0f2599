"""What a pin should show, the calls that make it show that, and what a platform's error means for it."""

import hashlib
import logging
from dataclasses import replace

from bot.core.community import Pin, PinState
from bot.core.disclaimer import Reply, seal
from bot.core.errors import Closed, Forbidden, Full, MessageGone, Moved, PlatformError, StoreError, Unauthorised
from bot.core.model import Notice, Right, Risk
from bot.core.ports import PinRecords, Platform
from bot.core.sealed_catalog import SealedCatalog

_log = logging.getLogger(__name__)

_STATES: dict[type[PlatformError], PinState] = {
    MessageGone: PinState.GONE,
    Closed: PinState.CLOSED,
    Full: PinState.FULL,
}


def explainer(content: SealedCatalog, command: str) -> str | None:
    """The explainer that the command of a pin means now: itself, or the one whose alias it has become; else None."""
    entries = content.catalog.default.entries
    found = command if command in entries else content.catalog.find(command)
    return found if found in entries else None


def wanted(
    content: SealedCatalog, command: str, locale: str | None, floor: Risk, *, pinned: bool = True
) -> Reply | None:
    """What the message of that command shows in that language at that floor. Where the explainer no longer exists, a
    post says so; None for a pin, which stays as it is.
    """
    if found := explainer(content, command):
        return content.explainer(found, content.language(locale), floor)
    return None if pinned else withdrawn(content, locale, floor)


def withdrawn(content: SealedCatalog, locale: str | None, floor: Risk) -> Reply:
    """What stands in the place of a post whose explainer no longer exists."""
    return seal(Notice("post-withdrawn"), content.language(locale), floor)


def fingerprint(content: SealedCatalog) -> str:
    """The same for two content versions in which all pins look the same."""
    catalog = content.catalog
    languages = [catalog.languages[locale] for locale in sorted(catalog.languages)]
    shown = (content.explainer(one, language, Risk.GENERAL) for language in languages for one in catalog.explainers)
    digests = "".join(reply.digest for reply in shown if reply)
    return hashlib.sha256(f"{catalog.revision}{digests}".encode()).hexdigest()[:32]


def state_after(error: PlatformError) -> tuple[PinState, Right] | None:
    """The state of the pin, and for FORBIDDEN the right that is missing; None if the error may pass, or is not about
    this pin.
    """
    if isinstance(error, Forbidden):
        return PinState.FORBIDDEN, error.right or Right.SEND
    if not error.permanent or isinstance(error, Moved | Unauthorised):
        return None
    return _STATES.get(type(error), PinState.REFUSED), Right.NONE


async def posted(platform: Platform, records: PinRecords, pin: Pin, reply: Reply) -> None:
    """Post the message of a new pin, and record it at once. One that cannot be recorded is deleted again, or the next
    round would post another, and each round after it.

    Raises:
        PlatformError, StoreError: it could not be posted, or recorded.
    """
    ref = await platform.post(pin.ref.place, reply)
    try:
        await records.record(replace(pin, ref=ref, digest=reply.digest))
    except StoreError:
        try:
            await platform.delete(ref)
        except PlatformError as error:
            _log.warning("a message on %s stays that could not be recorded: %s", ref.place.platform, error.reason)
        raise


async def edited_and_pinned(platform: Platform, pin: Pin, reply: Reply) -> Pin:
    """Edit the message, and pin it if that was still to be done; returns what has to be recorded."""
    pinned = None if pin.digest == reply.digest else await platform.edit(pin.ref, reply)
    state = pin.state
    if state is PinState.POSTED:
        await platform.pin(pin.ref)
        state = PinState.CURRENT
    elif pinned or state not in (PinState.UNPINNED, PinState.FULL, PinState.FORBIDDEN):
        # Somebody who unpinned it meant it: that is recorded, not undone.
        state = PinState.UNPINNED if pinned is False and pin.pinned else PinState.CURRENT
    missing = pin.missing if state is PinState.FORBIDDEN else Right.NONE
    return replace(pin, digest=reply.digest, state=state, missing=missing)
