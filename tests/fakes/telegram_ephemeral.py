"""Ephemeral messages as Bot API 10.3 has them: who may get one, when, and what is kept of it.

An older server knows none of it: it lacks the methods, and ignores the parameters as it does all that it does not know.
"""

from dataclasses import dataclass

from tests.fakes.telegram_state import Chat, Json, Member, Message
from tests.fakes.telegram_text import bad

ANSWER_WITHIN = 15  # seconds
METHODS = {"editEphemeralMessageText", "deleteEphemeralMessage"}


@dataclass(eq=False)
class Ephemeral(Message):
    """A message that its `receiver` and its sender alone see. `id` is its ephemeral id."""

    receiver: Member | None = None

    def shown(self, depth: int = 1) -> Json:
        """The Message object: the id that others have is 0."""
        assert self.receiver is not None
        told = super().shown(depth)
        return told | {"message_id": 0, "ephemeral_message_id": self.id, "receiver_user": self.receiver.shown()}


@dataclass(frozen=True)
class Press:
    """A button was pressed, at a time in seconds; `ephemeral` says that it stands under an ephemeral message."""

    member: Member
    chat: Chat
    at: int
    ephemeral: bool = False


class EphemeralMessages:
    """All ephemeral messages of the fake. `known` is False for a server from before Bot API 10.2."""

    def __init__(self, bot: Member, members: dict[int, Member]) -> None:
        self.known = True
        self.presses: dict[str, Press] = {}
        self._bot, self._members = bot, members

    def store(self, chat: Chat, sender: Member, receiver: Member, content: Json, thread: int | None) -> Ephemeral:
        """Keep a new one; its id is of a row of its own."""
        message = Ephemeral(chat, next(chat.ephemeral_ids), content, sender, None, thread, receiver=receiver)
        chat.ephemeral[message.id] = message
        return message

    def receiver(self, chat: Chat, params: Json, now: int) -> Member | None:
        """Who alone is to see what is sent; None if all are. Raises Refused as the server would."""
        told = params.get("ephemeral_message_parameters") if self.known else None
        answered = (params.get("reply_parameters") or {}).get("ephemeral_message_id")
        if told is None:
            if answered is not None and self.known:
                raise bad("a reply to an ephemeral message must be an ephemeral message")
            return None
        member = self._members.get(told["receiver_user_id"])
        if chat.type not in {"group", "supergroup"}:
            raise bad("ephemeral messages can be sent only in groups and supergroups")
        if member is None or member.is_bot or not chat.membership(member).present:
            raise bad("USER_NOT_PARTICIPANT")
        if not self._entitled(chat, member, told, answered, now):
            raise bad("MESSAGE_NOT_COMMAND")
        return member

    def _entitled(self, chat: Chat, member: Member, told: Json, answered: int | None, now: int) -> bool:
        if (query := told.get("callback_query_id")) is not None:
            press = self.presses.get(query)
            if press is None or press.member is not member or press.chat is not chat:
                raise bad("QUERY_ID_INVALID")
            if press.ephemeral and told.get("replace_callback_query_message"):
                raise bad("ephemeral messages must be edited by editEphemeralMessageText")
            if now - press.at <= ANSWER_WITHIN:
                return True
        if answered is not None:
            command = chat.ephemeral.get(answered)
            if command is None or command.sender is not member:
                raise bad("message to be replied not found")
            if now - int(command.content["date"]) <= ANSWER_WITHIN:
                return True
        return chat.membership(self._bot).status in {"administrator", "creator"}

    def sent(self, chat: Chat, params: Json) -> Ephemeral:
        """The bot's own one that a call names."""
        message = chat.ephemeral.get(params.get("ephemeral_message_id", 0))
        receiver = self._members.get(params.get("receiver_user_id", 0))
        if not isinstance(message, Ephemeral) or message.sender is not self._bot or message.receiver is not receiver:
            raise bad("EPHEMERAL_MESSAGE_ID_INVALID")
        return message
