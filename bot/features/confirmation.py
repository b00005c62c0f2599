"""Asks for confirmation by a button before a command does something that is hard to undo."""

from datetime import datetime
from typing import Final

from bot.core.buttons import Button, Confirmation
from bot.core.errors import BadInput
from bot.core.model import Notice, Request

TO_CONFIRM: Final = 60  # seconds


def confirmation_question(request: Request, word: str, now: datetime, question: str, label: str) -> Notice | None:
    """Return the question to show, with its button; None if the request is the press of that button, so confirmed.

    Nothing is stored in between: the button carries who may press it and until when, and a press sends `word` as the
    request's text. The command's rights are checked again at the press, so a forged button gains nothing. Posts in a
    Telegram channel do not name their author, so there any member with these rights may confirm.

    Raises:
        BadInput: another member pressed the button, it was pressed too late, or the caller is an anonymous
            administrator, whose press could not be matched to the request.
    """
    at, pressed = int(now.timestamp()), request.confirms
    if pressed is None:
        if request.member.id == request.place.community and not request.broadcast:
            raise BadInput("confirm-as-yourself")
        confirmation = Confirmation(word, request.member.id, at + TO_CONFIRM)
        return Notice(question, button=Button(label, request.command, "", confirms=confirmation))
    if pressed.asker not in (request.member.id, request.broadcast and request.place.community):
        raise BadInput("confirm-not-yours")
    if not 0 <= pressed.until - at <= TO_CONFIRM:
        raise BadInput("confirm-too-late")
    return None
