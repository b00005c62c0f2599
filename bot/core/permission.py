"""May they? Its law: a right is checked at every use, the caller's and the bot's, and a refusal names the right."""

from bot.core.errors import BadInput
from bot.core.model import Request, Right


def require(request: Request, right: Right) -> None:
    """Let a moderator pass who holds `right` in the community where they ask.

    Somebody who speaks as the community itself (an anonymous administrator on Telegram) has the community's id; a
    channel that somebody speaks as has a negative one there.

    Raises:
        BadInput: a direct chat, or the right is missing.
    """
    if request.place.community is None:
        raise BadInput("community-only")
    if right in request.rights:
        return
    if request.member.id == request.place.community:
        raise BadInput("anonymous-not-allowed", {"right": right})
    if request.member.id.startswith("-"):
        raise BadInput("channel-not-allowed")
    raise BadInput("no-rights", {"right": right})


def require_own(request: Request, rights: Right) -> None:
    """Go on only if the bot itself holds all of `rights` there.

    Raises:
        BadInput: it names the first that is missing.
    """
    for right in rights:
        if right not in request.bot_rights:
            raise BadInput("bot-lacks-right", {"right": right})
