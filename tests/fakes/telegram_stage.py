"""What tests make happen in the fake Telegram: people speak, press, join and leave, and the bot is told."""

import itertools
from collections.abc import Callable, Iterable

from tests.fakes.telegram_ephemeral import Ephemeral, Press
from tests.fakes.telegram_links import found
from tests.fakes.telegram_state import ANONYMOUS, CHANNEL_BOT, Chat, Json, Member, Message, Upload
from tests.fakes.telegram_text import merged
from tests.fakes.telegram_world import World

_NOTHING: frozenset[str] = frozenset()


class Stage:
    """The test's hand in the world; every act queues exactly the updates the server would."""

    def __init__(self, bot: Member, now: Callable[[], int], privacy: bool) -> None:
        self.bot, self.privacy = bot, privacy
        self.world = World(bot, now)
        self.world.members |= {one.id: one for one in (ANONYMOUS, CHANNEL_BOT)}
        self.updates = self.world.updates
        self._ids = itertools.count(1)

    def member(
        self,
        first_name: str = "Member",
        username: str | None = None,
        language_code: str | None = "en",
        *,
        is_bot: bool = False,
        started: bool = True,
    ) -> Member:
        """A new account; one that has not `started` the bot cannot be written to in private."""
        member = Member(10_000 + next(self._ids), first_name, username, language_code, is_bot, started=started)
        self.world.members[member.id] = member
        return member

    def chat(
        self,
        type: str = "supergroup",
        title: str = "Community",
        *,
        forum: bool = False,
        bot: str = "member",
        rights: Iterable[str] = _NOTHING,
        username: str | None = None,
    ) -> Chat:
        """A new group, supergroup or channel with the bot in it; naming rights makes the bot an administrator."""
        number = next(self._ids)
        chat = Chat(-number if type == "group" else -1_001_000_000_000 - number, type, title, username, forum)
        rights = frozenset(rights)
        chat.put(self.bot, "administrator" if rights else bot, rights)
        self.world.chats[chat.id] = chat
        return chat

    def private(self, member: Member) -> Chat:
        """The direct chat with a member; its id is theirs."""
        chat = self.world.chats.get(member.id) or Chat(member.id, "private", member.first_name, member.username)
        return self.world.chats.setdefault(member.id, chat)

    def send(
        self,
        chat: Chat,
        member: Member,
        text: str,
        *,
        thread: int | None = None,
        reply_to: Message | None = None,
        sender_chat: Chat | None = None,
        edited: Message | None = None,
        formats: Iterable[Json] = (),
        more: Json | None = None,
        ephemeral: bool = False,
    ) -> Message:
        """Someone writes (or edits what they wrote); `delivered` on the result tells whether the bot heard.

        `sender_chat` the chat itself: an anonymous administrator; another chat: a post in a channel's name. `formats`
        are entities of the text, such as code; `more` what else the message has, such as the photo of which the text is
        the caption. `ephemeral`: seen by the bot alone, as an app sends a command that is marked so in the menu.
        """
        kind = "caption" if more and more.keys() & {"photo", "document"} else "text"
        words: Json = {kind: text, **(more or {})} if text else dict(more or {})
        if entities := merged(formats, found(text)):
            words["caption_entities" if kind == "caption" else "entities"] = entities
        if edited:
            edited.content = {"date": edited.content["date"], **words, "edit_date": self.world.now()}
            edited.delivered = self._tell_of(edited, "edited_")
            return edited
        if reply_to:
            words["reply_to"] = reply_to.id
        if sender_chat:
            member = ANONYMOUS if sender_chat is chat else CHANNEL_BOT
        elif chat.type == "private":
            member.started, member.blocked = True, False
        elif member.id not in chat.members:
            chat.put(member)
        content = {"date": self.world.now(), **words}
        if ephemeral:
            message: Message = self.world.ephemeral.store(chat, member, self.bot, content, thread)
            message.delivered = self.updates.tell("message", message.shown())
            return message
        message = chat.store(member, content, thread, sender_chat)
        message.delivered = self._tell_of(message)
        return message

    def document(self, name: str, data: bytes, said: int | None = None) -> Json:
        """What `more` of a message with that file is; `said` is the size that Telegram tells, if not the true one."""
        return {"document": self.world.files.document(Upload(name, data), said)}

    def post(self, channel: Chat, admin: Member, text: str, more: Json | None = None) -> Message:
        """An administrator who may posts in a channel; the bot is not told which."""
        if not channel.membership(admin).may("can_post_messages"):
            raise LookupError("only an administrator with the right to post writes in a channel")
        return self.send(channel, admin, text, more=more)

    def call_guest(self, member: Member, text: str, *, reply_to: str | None = None) -> str:
        """Somebody mentions the bot in a group where it is no member; returns the query's id."""
        query = str(9_000_000_000 + next(self._ids))
        self.world.open_queries.add(query)
        there = {"id": -1_001_900_000_000, "type": "supergroup", "title": "Elsewhere"}
        told: Json = {"message_id": 77, "date": self.world.now(), "chat": there, "from": member.shown(), "text": text}
        told |= {"entities": found(text)} if found(text) else {}
        if reply_to:
            told["reply_to_message"] = {"message_id": 76, "date": told["date"], "chat": there, "text": reply_to}
        self.updates.tell("guest_message", {**told, "guest_query_id": query})
        return query

    def _tell_of(self, message: Message, prefix: str = "") -> bool:
        kind = "channel_post" if message.chat.type == "channel" else "message"
        return self._hears(message) and self.updates.tell(prefix + kind, message.shown())

    def _hears(self, message: Message) -> bool:
        """Privacy mode: in groups only commands, answers to the bot and service messages; administrators hear all."""
        mine = message.chat.membership(self.bot)
        if message.chat.type != "private" and not mine.present:
            return False
        if message.chat.type in {"private", "channel"} or not self.privacy or mine.status == "administrator":
            return True
        answered = message.chat.messages.get(message.content.get("reply_to", 0))
        if answered and answered.sender is self.bot:
            return True
        return any(self._is_for_me(message, one) for one in message.entities if one["type"] == "bot_command")

    def _is_for_me(self, message: Message, entity: Json) -> bool:
        raw = message.text.encode("utf-16-le", "surrogatepass")
        end = entity["offset"] + entity["length"]
        name = raw[entity["offset"] * 2 : end * 2].decode("utf-16-le").partition("@")[2]
        return not name or name.lower() == str(self.bot.username).lower()

    def press(self, message: Message, data: str, member: Member, *, forged: bool = False) -> str:
        """A button is pressed; returns the query's id. `forged` sends data no button of the message has."""
        offered = [button.get("callback_data") for row in message.buttons for button in row]
        if data not in offered and not forged:
            raise LookupError(f"no button has the data {data!r}, only {offered}")
        ephemeral = isinstance(message, Ephemeral)
        stands = ephemeral or message.id in message.chat.messages
        shown = message.shown() if stands else {"chat": message.chat.shown(), "message_id": message.id, "date": 0}
        if message.chat.type != "private" and member.id not in message.chat.members:
            message.chat.put(member)
        query = self._ask("callback_query", {"message": shown, "chat_instance": "1", "data": data}, member)
        self.world.ephemeral.presses[query] = Press(member, message.chat, self.world.now(), ephemeral)
        return query

    def inline(self, member: Member, query: str, offset: str = "") -> str:
        """Someone types `@bot query`; returns the query's id."""
        return self._ask("inline_query", {"query": query, "offset": offset, "chat_type": "supergroup"}, member)

    def _ask(self, kind: str, content: Json, member: Member) -> str:
        query = str(8_000_000_000 + next(self._ids))
        self.world.open_queries.add(query)
        self.updates.tell(kind, {"id": query, "from": member.shown(), **content})
        return query

    def expire(self, query: str) -> None:
        """The query has waited too long: answering it is refused from now on."""
        self.world.open_queries.discard(query)

    def answer_to(self, query: str) -> Json | None:
        """How the bot answered a button or an inline query, None while it has not."""
        return self.world.answers.get(query)

    def choose(self, query: str, result_id: str, chat: Chat, member: Member) -> Message:
        """Someone sends an inline result into a chat."""
        results = self.world.answers[query]["results"]
        content = next(one["message"] for one in results if one["id"] == result_id)
        return chat.store(member, {"date": self.world.now(), "via_bot": self.bot.shown(), **content})

    def join(self, chat: Chat, *members: Member, announce: bool = True, by: Member | None = None) -> None:
        """Members come in, all in one service message; large groups have none (`announce` False)."""
        for member in members:
            self.change(chat, member, "member", by=by or member)
        if announce and members:
            self._note(chat, members[0], {"new_chat_members": [one.shown() for one in members]})

    def leave(self, chat: Chat, member: Member, *, announce: bool = True) -> None:
        """A member goes."""
        self.change(chat, member, "left", by=member)
        if announce:
            self._note(chat, member, {"left_chat_member": member.shown()})

    def change(
        self,
        chat: Chat,
        member: Member,
        status: str,
        rights: Iterable[str] = _NOTHING,
        *,
        by: Member | None = None,
        is_anonymous: bool = False,
        is_member: bool = True,
    ) -> None:
        """Anyone's standing changes, the bot's own included (then it is `my_chat_member`)."""
        old = chat.membership(member).shown()
        new = chat.put(member, status, rights, is_anonymous, is_member).shown()
        told = {"chat": chat.shown(), "from": (by or ANONYMOUS).shown(), "date": self.world.now()}
        told |= {"old_chat_member": old, "new_chat_member": new}
        if member is self.bot:
            self.updates.tell("my_chat_member", told)
        elif chat.membership(self.bot).status == "administrator":
            self.updates.tell("chat_member", told)

    def block(self, member: Member) -> None:
        """A member stops the bot in their direct chat."""
        chat = self.private(member)
        member.blocked = True
        user = self.bot.shown()
        told = {"chat": chat.shown(), "from": member.shown(), "date": self.world.now()}
        told |= {"old_chat_member": {"user": user, "status": "member"}}
        told |= {"new_chat_member": {"user": user, "status": "kicked", "until_date": 0}}
        self.updates.tell("my_chat_member", told)

    def migrate(self, chat: Chat) -> Chat:
        """A group becomes a supergroup under a new id; the old one refuses from now on and names the new."""
        new = self.chat("supergroup", chat.title)
        new.members = dict(chat.members)
        self._note(chat, ANONYMOUS, {"migrate_to_chat_id": new.id})
        chat.migrated_to = new
        self._note(new, ANONYMOUS, {"migrate_from_chat_id": chat.id})
        return new

    def _note(self, chat: Chat, member: Member, content: Json) -> None:
        note = chat.store(member, {"date": self.world.now(), **content})
        if chat.membership(self.bot).present:
            note.delivered = self.updates.tell("message", note.shown())
