"""The fake's chats as the bot's calls find them: who may write where, and what is kept of what is sent."""

from collections.abc import Callable

from tests.fakes.telegram_ephemeral import EphemeralMessages
from tests.fakes.telegram_files import Files
from tests.fakes.telegram_markup import checked_markup
from tests.fakes.telegram_state import Chat, Json, Member, Message
from tests.fakes.telegram_text import Refused, accepted, bad
from tests.fakes.telegram_updates import Updates


class World:
    """All chats of the fake, and what its one bot may do in them."""

    def __init__(self, bot: Member, now: Callable[[], int]) -> None:
        self.bot, self.now = bot, now
        self.chats: dict[int, Chat] = {}
        self.members: dict[int, Member] = {bot.id: bot}
        self.updates, self.files = Updates(), Files()
        self.ephemeral = EphemeralMessages(bot, self.members)
        self.commands: dict[tuple[str, str], list[Json]] = {}
        self.open_queries: set[str] = set()
        self.answers: dict[str, Json] = {}

    def chat(self, params: Json, *, write: bool = True) -> Chat:
        """The chat of a call, or the server's reason why the bot has no way in."""
        told = params.get("chat_id")
        chat = self.chats.get(told) if isinstance(told, int) else None
        if isinstance(told, str) and told.startswith("@"):
            chat = next((one for one in self.chats.values() if one.username == told[1:]), None)
        if chat is None:
            raise bad("chat_id is empty" if told in {None, ""} else "chat not found")
        if chat.type == "private":
            self._check_private(chat, write)
            return chat
        if chat.migrated_to and write:
            words = "Bad Request: group chat was upgraded to a supergroup chat"
            raise Refused(400, words, migrate_to_chat_id=chat.migrated_to.id)
        mine = chat.membership(self.bot)
        if not mine.present:
            why = "was kicked from" if mine.status == "kicked" else "is not a member of"
            raise Refused(403, f"Forbidden: bot {why} the {chat.type} chat")
        return chat

    def _check_private(self, chat: Chat, write: bool) -> None:
        member = self.members[chat.id]
        if not member.started:
            raise (
                Refused(403, "Forbidden: bot can't initiate conversation with a user")
                if write
                else bad("chat not found")
            )
        if write and member.blocked:
            raise Refused(403, "Forbidden: bot was blocked by the user")

    def message(self, chat: Chat, params: Json, purpose: str) -> Message:
        """The message a call names."""
        message = chat.messages.get(params.get("message_id", 0))
        if message is None:
            raise bad(f"message to {purpose} not found")
        return message

    def thread(self, chat: Chat, params: Json) -> int | None:
        """The topic of a call; General has no id that can be sent to."""
        thread = params.get("message_thread_id")
        if thread is None:
            return None
        if thread not in chat.topics:
            raise bad("message thread not found")
        if thread in chat.closed_topics and not chat.membership(self.bot).may("can_manage_topics"):
            raise bad("TOPIC_CLOSED")
        return int(thread)

    def answered(self, chat: Chat, params: Json, *, ephemeral: bool = False) -> Json:
        """What the new message answers."""
        told = params.get("reply_parameters") or {}
        if not told:
            return {}
        if ephemeral and told.get("ephemeral_message_id") is not None:
            return {"reply_to_ephemeral": told["ephemeral_message_id"]}
        if told.get("message_id") in chat.messages:
            return {"reply_to": told["message_id"]}
        if told.get("allow_sending_without_reply") and not ephemeral:
            return {}
        raise bad("message to be replied not found")

    def markup(self, params: Json) -> Json:
        """The keyboard, checked."""
        markup = checked_markup(params.get("reply_markup"))
        return {"reply_markup": markup} if markup else {}

    def body(self, params: Json) -> Json:
        """Text and entities as they are stored."""
        empty = "message text is empty"
        text, entities = accepted(params.get("text", ""), params.get("parse_mode"), params.get("entities"), 4096, empty)
        return {"text": text, **({"entities": entities} if entities else {})}

    def caption(self, params: Json) -> Json:
        """Caption and entities as they are stored."""
        if not params.get("caption"):
            return {}
        given = params.get("caption_entities")
        text, entities = accepted(params["caption"], params.get("parse_mode"), given, 1024, "caption is empty")
        return {"caption": text, **({"caption_entities": entities} if entities else {})}

    def post(self, params: Json, content: Json) -> Json:
        """Store what the bot says."""
        chat = self.chat(params)
        thread = self.thread(chat, params)
        mine = chat.membership(self.bot)
        if chat.type != "private" and mine.status == "restricted" and "can_send_messages" not in mine.rights:
            raise bad("not enough rights to send text messages to the chat")
        if chat.type == "channel" and not mine.may("can_post_messages"):
            raise bad("need administrator rights in the channel chat")
        receiver = self.ephemeral.receiver(chat, params, self.now())
        answered = self.answered(chat, params, ephemeral=receiver is not None)
        content = {"date": self.now(), **content, **answered, **self.markup(params)}
        if receiver is not None:
            return self.ephemeral.store(chat, self.bot, receiver, content, thread).shown()
        return chat.store(self.bot, content, thread).shown()
