"""The life of some Telegram groups: who asks, edits, presses, joins, and what the bot has to have done about it."""

import asyncio
from itertools import cycle, islice

from tests.fakes.telegram import Chat, Member, Message
from tests.faults.stage import Whole
from tests.waiting import PATIENCE

ASKED = ("/whatisksm", "/staking", "/kusama_vs_polkadot", "/ask what is a parachain", "/topics", "/ask price tomorrow?")
RIGHTS = ("can_pin_messages", "can_change_info", "can_delete_messages")
PINNED = "whatisksm"


class Groups:
    """Groups with the bot as an administrator, and one where it is none; each has a pin, and greets."""

    def __init__(self, bot: Whole, people: int = 40) -> None:
        self.bot, self.telegram = bot, bot.telegram
        self.telegram.world.now = lambda: int(bot.discord.world.now.timestamp())
        self.people = [self.telegram.member() for _ in range(people)]
        self.newcomers: list[Member] = []
        self._turns, self._words = cycle(self.people), cycle(ASKED)
        self.mod = self.telegram.member("Mod")
        self.chats = [self._chat() for _ in range(3)]
        self.greeted = 0

    def _chat(self, kind: str = "supergroup") -> Chat:
        chat = self.telegram.chat(kind, rights=RIGHTS)
        chat.put(self.mod, "administrator", RIGHTS)
        return chat

    async def settle(self) -> None:
        """Pin, and greet from now on."""
        for chat in self.chats:
            await self.told(chat, f"/pin {PINNED}", "Pinned")
            await self.told(chat, "/welcome on", "greeted")

    async def told(self, chat: Chat, words: str, answer: str) -> None:
        """The moderator says it, and is answered so."""
        assert answer in await self.bot.answered(self.telegram.send(chat, self.mod, words))

    async def ask(self, times: int) -> None:
        """So many questions, in groups and in direct chats, by one after another; then what belongs to it."""
        asked = []
        for number, member in enumerate(islice(self._turns, times)):
            chat = self.chats[number % 3] if number % 4 else self.telegram.private(member)
            asked.append(self.telegram.send(chat, member, next(self._words)))
        await asyncio.gather(*map(self._answered, asked))
        await self._about(asked[-1])

    async def _answered(self, asked: Message) -> None:
        """In a direct chat an answer is attached to nothing: there it is what comes after the question."""
        if asked.chat.type != "private":
            await self.bot.answered(asked)
            return
        await self.telegram.until(lambda: self._after(asked) or None)
        assert len(self._after(asked)) == 1

    def _after(self, asked: Message) -> list[Message]:
        return [one for one in asked.chat.said(self.telegram.bot) if one.id > asked.id]

    async def _about(self, asked: Message) -> None:
        """The question is edited, a button under its answer pressed, and somebody looks for an answer inline."""
        self.telegram.send(asked.chat, asked.sender, "/staking", edited=asked)
        mine = [one for one in asked.chat.messages.values() if one.content.get("reply_to") == asked.id]
        data = [button["callback_data"] for one in mine for row in one.buttons for button in row]
        queries = [self.telegram.inline(asked.sender, "staking")]
        queries += [self.telegram.press(mine[0], data[0], asked.sender)] if data else []
        for query in queries:
            await self.telegram.until(lambda query=query: self.telegram.answer_to(query))  # type: ignore[misc]  # mypy infers no type for a lambda's default

    async def come(self, count: int) -> None:
        """New members in every group, after the last ones have left. Returns once the bot knows of all."""
        await self._at_hand()
        gone, self.newcomers = self.newcomers, [self.telegram.member(f"Newcomer {number}") for number in range(count)]
        for chat in self.chats:
            for member in gone:
                self.telegram.leave(chat, member)
            self.telegram.join(chat, *self.newcomers)
        self.greeted += len(self.chats)
        await self._at_hand()

    async def _at_hand(self) -> None:
        """The bot has taken all that happened, and knows what every group chose: a newcomer then costs no waiting."""
        await self.telegram.until_polling()
        await asyncio.gather(*(self._up_to_date(chat) for chat in self.chats))

    async def _up_to_date(self, chat: Chat) -> None:
        """Return once /pins says so: a message is edited, and a group moves, a moment before that is written down."""
        async with asyncio.timeout(PATIENCE):
            while "up to date" not in await self.bot.answered(self.telegram.send(chat, self.mod, "/pins")):
                pass

    async def greetings(self) -> None:
        """Return once as many greetings stand as were due so far; fails if there are more."""
        await self.telegram.until(lambda: self._greetings() >= self.greeted or None)
        assert self._greetings() == self.greeted

    def _greetings(self) -> int:
        return sum(" joined." in one.text for one in self.telegram.of("sendMessage") if one.ok)

    async def renewed(self, title: str) -> None:
        """Return once every pin shows the new title."""

        def so() -> bool | None:
            return all(self.pin(chat).text.startswith(title) for chat in self.chats) or None

        await self.telegram.until(so)

    def pin(self, chat: Chat) -> Message:
        """The one pin of a group, which carries its warning."""
        (pinned,) = (chat.messages[one] for one in chat.pins)
        assert "⚠️" in pinned.text
        return pinned

    async def move(self) -> None:
        """A group with a pin becomes a supergroup, is served on, and puts the bot out."""
        old = self._chat("group")
        await self.told(old, f"/pin {PINNED}", "Pinned")
        new = self.telegram.migrate(old)
        await self.telegram.until_polling()
        await self._up_to_date(new)
        self.telegram.change(new, self.telegram.bot, "left")
        await self.telegram.until_polling()
        for chat in (old, new):
            del self.telegram.world.chats[chat.id]

    def tidy(self) -> None:
        """Forget what is over, so that memory is the bot's own; pins and the last greeting stay."""
        world, mine = self.telegram.world, self.telegram.bot
        for chat in world.chats.values():
            greeting = [one.id for one in chat.said(mine) if " joined." in one.text][-1:]
            chat.messages = {one: chat.messages[one] for one in [*chat.pins, *greeting]}
            chat.members = {one: who for one, who in chat.members.items() if who.present}
        here = {one for chat in self.chats for one in chat.members} | {one.id for one in self.people}
        world.members = {one: member for one, member in world.members.items() if one in here}
        self.telegram.calls.clear()
        world.answers.clear()
        world.open_queries.clear()
        self.greeted = 0

    def newest(self) -> Member:
        """Somebody who has not asked for the longest time."""
        return next(self._turns)
