"""Asks for a second press before a command does what is not easily undone."""

from datetime import datetime
from typing import Final

from bot.core.buttons import Button, Confirmation
from bot.core.errors import BadInput
from bot.core.model import Notice, Request

TO_CONFIRM: Final = 60  # seconds


def unconfirmed(request: Request, word: str, now: datetime, question: str, label: str) -> Notice | None:
    """The question to show, with the button that confirms it, if the request is not that press; None if it is.

    Nothing is kept between the two: the button says who may press it, and until when, and sends `word` back as the
    request's text. The press is checked for the command's rights as well, so a forged button does nothing that its
    presser may not do. In a channel, whose posts do not say who wrote them, each presser with these rights may confirm.

    Raises:
        BadInput: somebody else pressed, too late, or the asker is anonymous: a press would not say that it is theirs.
    """
    at, given = int(now.timestamp()), request.confirms
    if given is None:
        if request.member.id == request.place.community and not request.broadcast:
            raise BadInput("confirm-as-yourself")
        confirmation = Confirmation(word, request.member.id, at + TO_CONFIRM)
        return Notice(question, button=Button(label, request.command, "", confirms=confirmation))
    if given.asker not in (request.member.id, request.broadcast and request.place.community):
        raise BadInput("confirm-not-yours")
    if not 0 <= given.until - at <= TO_CONFIRM:
        raise BadInput("confirm-too-late")
    return None
