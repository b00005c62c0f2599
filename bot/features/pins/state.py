"""Decides what a pin must show, updates its message, and turns platform errors into pin states."""

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


def explainer_of(content: SealedCatalog, command: str) -> str | None:
    """Return the explainer with a pin's command as its name or alias, None if there is none any more."""
    entries = content.catalog.default.entries
    found = command if command in entries else content.catalog.find(command)
    return found if found in entries else None


def reply_for(
    content: SealedCatalog, command: str, locale: str | None, floor: Risk, *, pinned: bool = True
) -> Reply | None:
    """Return what the message of that command must show, in that language and at that floor.

    If the explainer no longer exists, a post gets a notice that says so; for a pin, which is left as it is, returns
    None.
    """
    if found := explainer_of(content, command):
        return content.explainer(found, content.language(locale), floor)
    return None if pinned else withdrawn_reply(content, locale, floor)


def withdrawn_reply(content: SealedCatalog, locale: str | None, floor: Risk) -> Reply:
    """Return the notice that replaces a post whose explainer no longer exists."""
    return seal(Notice("post-withdrawn"), content.language(locale), floor)


def fingerprint(content: SealedCatalog) -> str:
    """Return a hash that identifies the content version and what all pins show in it, 32 hexadecimal digits."""
    catalog = content.catalog
    languages = [catalog.languages[locale] for locale in sorted(catalog.languages)]
    shown = (content.explainer(one, language, Risk.GENERAL) for language in languages for one in catalog.explainers)
    digests = "".join(reply.digest for reply in shown if reply)
    return hashlib.sha256(f"{catalog.revision}{digests}".encode()).hexdigest()[:32]


def state_after(error: PlatformError) -> tuple[PinState, Right] | None:
    """Return the new state of the pin, with the missing right if that is FORBIDDEN.

    Returns None if the error may be temporary, or is not about this pin.
    """
    if isinstance(error, Forbidden):
        return PinState.FORBIDDEN, error.right or Right.SEND
    if not error.permanent or isinstance(error, Moved | Unauthorised):
        return None
    return _STATES.get(type(error), PinState.REFUSED), Right.NONE


async def post_and_record(platform: Platform, records: PinRecords, pin: Pin, reply: Reply) -> None:
    """Post the message of a new pin and record it at once.

    If it cannot be recorded, the message is deleted again; otherwise every round would post another one.

    Raises:
        PlatformError: it could not be posted.
        StoreError: it could not be recorded.
    """
    ref = await platform.post(pin.ref.place, reply)
    try:
        await records.record(replace(pin, ref=ref, digest=reply.digest))
    except StoreError:
        try:
            await platform.delete(ref)
        except PlatformError as error:
            _log.warning("%s: could not delete a message that was not recorded: %s", ref.place.platform, error.reason)
        raise


async def edit_and_pin(platform: Platform, pin: Pin, reply: Reply) -> Pin:
    """Edit the message if its digest differs, and pin it if it is not pinned yet. Returns the pin to record.

    Raises PlatformError.
    """
    pinned = None if pin.digest == reply.digest else await platform.edit(pin.ref, reply)
    state = pin.state
    if state is PinState.POSTED:
        await platform.pin(pin.ref)
        state = PinState.CURRENT
    elif pinned or state not in (PinState.UNPINNED, PinState.FULL, PinState.FORBIDDEN):
        # A moderator unpinned the message on purpose, so it is not pinned again.
        state = PinState.UNPINNED if pinned is False and pin.pinned else PinState.CURRENT
    missing = pin.missing if state is PinState.FORBIDDEN else Right.NONE
    return replace(pin, digest=reply.digest, state=state, missing=missing)
