"""The Bot API methods of the fake: each takes decoded parameters and returns a result, or raises Refused."""

import json
import re
from collections.abc import Awaitable, Callable
from typing import Any

from babel.localedata import locale_identifiers

from tests.fakes.telegram_ephemeral import METHODS as EPHEMERAL
from tests.fakes.telegram_state import Chat, Json
from tests.fakes.telegram_text import bad
from tests.fakes.telegram_world import World

TOO_OLD = "query is too old and response timeout expired or query ID is invalid"
SAME = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current "
    "content and reply markup of the message"
)
NO_PINNING = "not enough rights to manage pinned messages in the chat"
_ACTIONS = {"typing", "upload_photo", "upload_document", "choose_sticker", "find_location", "record_voice"}


class Methods:
    """What the Bot API offers; the public names are the methods' own."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.account: Json = {  # what is set at @BotFather; a server that does not know one leaves it out
            "can_join_groups": True,
            "can_read_all_group_messages": False,
            "supports_inline_queries": True,
            "supports_guest_queries": True,
        }
        self.descriptions: dict[tuple[str, str], str] = {}
        self.languages = {code for code in locale_identifiers() if len(code) == 2}  # a test may take one out

    def named(self, method: str) -> Callable[[Json], Awaitable[Any]] | None:
        """The method of this name, whatever its case."""
        known = {name.lower(): name for name in dir(type(self)) if not name.startswith("_") and name != "named"}
        if not self._world.ephemeral.known:
            known = {lowered: name for lowered, name in known.items() if name not in EPHEMERAL}
        return getattr(self, known[method.lower()]) if method.lower() in known else None

    async def getMe(self, params: Json) -> Json:
        return self._world.bot.shown() | self.account

    async def getUpdates(self, params: Json) -> list[Json]:
        return await self._world.updates.poll(params)

    async def setWebhook(self, params: Json) -> bool:
        return self._world.updates.set_webhook(params)

    async def deleteWebhook(self, params: Json) -> bool:
        return self._world.updates.delete_webhook(params)

    async def getWebhookInfo(self, params: Json) -> Json:
        return self._world.updates.webhook_info()

    async def sendMessage(self, params: Json) -> Json:
        self._world.chat(params)
        return self._world.post(params, self._world.body(params))

    async def sendPhoto(self, params: Json) -> Json:
        self._world.chat(params)
        if not params.get("photo"):
            raise bad("there is no photo in the request")
        size = {"file_id": "photo", "file_unique_id": "p", "width": 1, "height": 1}
        return self._world.post(params, {"photo": [size], **self._world.caption(params)})

    async def sendDocument(self, params: Json) -> Json:
        mine = self._world.chat(params).membership(self._world.bot)
        if mine.status == "restricted" and "can_send_documents" not in mine.rights:
            raise bad("not enough rights to send documents to the chat")
        document = self._world.files.sent(params.get("document"))
        return self._world.post(params, {"document": document, **self._world.caption(params)})

    async def getFile(self, params: Json) -> Json:
        return self._world.files.found(params.get("file_id"))

    async def sendChatAction(self, params: Json) -> bool:
        self._world.thread(self._world.chat(params), params)
        if params.get("action") not in _ACTIONS:
            raise bad("wrong parameter action in request")
        return True

    async def editMessageText(self, params: Json) -> Json:
        return self._edit(params, "text", self._world.body)

    async def editMessageCaption(self, params: Json) -> Json:
        return self._edit(params, "photo", self._world.caption)

    async def editMessageReplyMarkup(self, params: Json) -> Json:
        return self._edit(params, None, lambda _: {})

    def _edit(self, params: Json, needs: str | None, body: Callable[[Json], Json]) -> Json:
        chat = self._world.chat(params)
        message = self._world.message(chat, params, "edit")
        if message.sender is not self._world.bot or "pinned_message" in message.content:
            raise bad("message can't be edited")
        if needs and needs not in message.content:
            raise bad(f"there is no {'text' if needs == 'text' else 'caption'} in the message to edit")
        replaced = {"text", "entities", "caption", "caption_entities"} if needs else set()
        kept = {k: v for k, v in message.content.items() if k not in replaced | {"reply_markup", "edit_date"}}
        changed = {**kept, **body(params), **self._world.markup(params)}
        if changed == {k: v for k, v in message.content.items() if k != "edit_date"}:
            raise bad(SAME)
        message.content = {**changed, "edit_date": self._world.now()}
        return message.shown()

    async def editEphemeralMessageText(self, params: Json) -> bool:
        message = self._world.ephemeral.sent(self._world.chat(params), params)
        message.content = {"date": message.content["date"], **self._world.body(params), **self._world.markup(params)}
        return True

    async def deleteEphemeralMessage(self, params: Json) -> bool:
        chat = self._world.chat(params)
        del chat.ephemeral[self._world.ephemeral.sent(chat, params).id]
        return True

    async def deleteMessage(self, params: Json) -> bool:
        chat = self._world.chat(params)
        message = self._world.message(chat, params, "delete")
        mine = chat.membership(self._world.bot)
        if message.sender is not self._world.bot and chat.type != "private" and not mine.may("can_delete_messages"):
            raise bad("message can't be deleted")
        old = self._world.now() - message.content["date"] > 48 * 3600
        if old and not mine.may("can_delete_messages"):
            raise bad("message can't be deleted for everyone")
        del chat.messages[message.id]
        chat.pins = [pin for pin in chat.pins if pin != message.id]
        return True

    async def pinChatMessage(self, params: Json) -> bool:
        chat = self._pinnable(params)
        message = self._world.message(chat, params, "pin")
        if message.pinned:
            raise bad("CHAT_NOT_MODIFIED")
        chat.pins.append(message.id)
        content = {"date": self._world.now(), "pinned_message": message.shown(0)}
        note = chat.store(self._world.bot, content, message.thread)
        kind = "channel_post" if chat.type == "channel" else "message"
        note.delivered = self._world.updates.tell(kind, note.shown())
        return True

    async def unpinChatMessage(self, params: Json) -> bool:
        chat = self._pinnable(params)
        if params.get("message_id") is None and not chat.pins:
            raise bad("message to unpin not found")
        pinned = params.get("message_id") or chat.pins[-1]
        message = self._world.message(chat, {"message_id": pinned}, "unpin")
        if not message.pinned:
            raise bad("CHAT_NOT_MODIFIED")
        chat.pins.remove(message.id)
        return True

    def _pinnable(self, params: Json) -> Chat:
        chat = self._world.chat(params)
        right = "can_edit_messages" if chat.type == "channel" else "can_pin_messages"
        if chat.type != "private" and not chat.membership(self._world.bot).may(right):
            raise bad(NO_PINNING)
        return chat

    async def getChat(self, params: Json) -> Json:
        return self._world.chat(params, write=False).shown_in_full()

    async def getChatMember(self, params: Json) -> Json:
        chat = self._world.chat(params, write=False)
        member = self._world.members.get(params.get("user_id", 0))
        if member is None:
            raise bad("user not found")
        return chat.membership(member).shown()

    async def getChatAdministrators(self, params: Json) -> list[Json]:
        chat = self._world.chat(params, write=False)
        if chat.type == "private":
            raise bad("there are no administrators in the private chat")
        bosses = [one for one in chat.members.values() if one.status in {"creator", "administrator"}]
        return [one.shown() for one in bosses if not one.member.is_bot or one.member is self._world.bot]

    async def leaveChat(self, params: Json) -> bool:
        self._world.chat(params).put(self._world.bot, "left")
        return True

    async def setMyCommands(self, params: Json) -> bool:
        commands = params.get("commands") or []
        if len(commands) > 100:
            raise bad("BOT_COMMANDS_TOO_MUCH")
        for one in commands:
            if not re.fullmatch(r"[a-z0-9_]{1,32}", one["command"]):
                raise bad("BOT_COMMAND_INVALID")
            if not 1 <= len(one["description"]) <= 256:
                raise bad("BOT_COMMAND_DESCRIPTION_INVALID")
        kept = {"command", "description"} | ({"is_ephemeral"} if self._world.ephemeral.known else set())
        self._world.commands[self._scope(params)] = [{k: v for k, v in one.items() if k in kept} for one in commands]
        return True

    async def setMyDescription(self, params: Json) -> bool:
        return self._describe(params, "description", 512)

    async def setMyShortDescription(self, params: Json) -> bool:
        return self._describe(params, "short_description", 120)

    def _describe(self, params: Json, key: str, most: int) -> bool:
        text = str(params.get(key, ""))
        if len(text) > most:
            raise bad(f"BOT_{key.upper()}_TOO_LONG")
        self.descriptions[key, self._scope(params)[1]] = text
        return True

    async def getMyCommands(self, params: Json) -> list[Json]:
        return self._world.commands.get(self._scope(params), [])

    async def deleteMyCommands(self, params: Json) -> bool:
        self._world.commands.pop(self._scope(params), None)
        return True

    def _scope(self, params: Json) -> tuple[str, str]:
        scope = params.get("scope") or {"type": "default"}
        if "chat_id" in scope:
            self._world.chat(scope)
        language = str(params.get("language_code", ""))
        if language and language not in self.languages:
            raise bad("invalid language code specified")
        return json.dumps(scope, sort_keys=True), language

    async def answerCallbackQuery(self, params: Json) -> bool:
        if len(params.get("text", "")) > 200:
            raise bad("MESSAGE_TOO_LONG")
        return self._answer("callback_query_id", params)

    async def answerInlineQuery(self, params: Json) -> bool:
        results = params.get("results")
        if not isinstance(results, list):
            raise bad("expected an Array of inline query results")
        if len(results) > 50:
            raise bad("RESULTS_TOO_MUCH")
        ids = [str(one.get("id", "")) for one in results]
        if any(not 1 <= len(one.encode()) <= 64 for one in ids):
            raise bad("RESULT_ID_INVALID")
        if len(set(ids)) < len(ids):
            raise bad("RESULT_ID_DUPLICATE")
        return self._answer("inline_query_id", {**params, "results": [self._stored(one) for one in results]})

    async def answerGuestQuery(self, params: Json) -> Json:
        self._answer("guest_query_id", {**params, "result": self._stored(params.get("result") or {})})
        return {"inline_message_id": f"guest-{params['guest_query_id']}"}

    def _stored(self, result: Json) -> Json:
        """An inline result with the message that it sends."""
        told = result.get("input_message_content")
        if not result.get("title") or not isinstance(told, dict):
            raise bad("can't parse inline query result: Input message content is not specified")
        content = {**told, "text": told.get("message_text", "")}
        return {**result, "message": self._world.body(content) | self._world.markup(result)}

    def _answer(self, name: str, params: Json) -> bool:
        query = str(params.get(name))
        if query not in self._world.open_queries:
            raise bad(TOO_OLD)
        self._world.open_queries.discard(query)
        self._world.answers[query] = params
        return True
