"""The life of some Discord guilds: who calls, presses, mentions, joins, and what the bot has to have done about it."""

import asyncio
from itertools import cycle, islice
from typing import Any

from tests.fakes.discord_interaction import Interaction
from tests.fakes.discord_messages import Message
from tests.fakes.discord_objects import Member
from tests.fakes.discord_rights import INVITED
from tests.fakes.discord_rights import Right as Bit
from tests.fakes.discord_state import Guild
from tests.faults.stage import Whole
from tests.soak.groups import PINNED

CALLS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("whatisksm", {}),
    ("staking", {"private": True}),
    ("ask", {"question": "what is a parachain"}),
    ("kusama-vs-polkadot", {}),
    ("topics", {}),
    ("ask", {"question": "will the price go up?"}),
)


class Guilds:
    """Two guilds; each has a pin, and greets."""

    def __init__(self, bot: Whole, people: int = 40) -> None:
        self.bot, self.discord = bot, bot.discord
        self.guilds = [self.discord.guild(permissions=INVITED | Bit.PIN_MESSAGES) for _ in range(2)]
        self.halls = [guild.channel() for guild in self.guilds]
        self._people = [cycle([guild.member(f"m{number}") for number in range(people)]) for guild in self.guilds]
        self.newcomers: list[Member] = []
        self._calls = cycle(CALLS)
        self.greeted = 0

    async def settle(self) -> None:
        """Pin, and greet from now on."""
        for guild in self.guilds:
            assert "Pinned" in (await self._by_owner(guild, "pin", {"topic": PINNED})).content
            assert "greeted" in (await self._by_owner(guild, "welcome", {"action": "on"})).content

    async def _by_owner(self, guild: Guild, command: str, options: dict[str, Any]) -> Message:
        hall = next(iter(guild.channels.values()))
        return await self.discord.slash(hall, guild.members[guild.owner_id], command, options).message()

    async def ask(self, times: int) -> None:
        """So many calls; then a button, an autocompletion and a mention."""
        called = [self._call(number % 2) for number in range(times)]
        messages = await asyncio.gather(*(one.message() for one in called))
        shown, who = messages[0], called[0].user
        member = self.guilds[0].members[who.id]
        if shown.buttons:
            await self.discord.press(shown, shown.buttons[0][1], member).response
        await self.discord.autocomplete(self.halls[0], member, "ask", "question", {"question": "staki"}).choices()
        said = self.discord.say(self.halls[1], next(self._people[1]), f"<@{self.discord.world.bot.id}> /relay-chain")
        await self.discord.until(lambda: self._answered(said), "an answer to a mention")

    def _call(self, where: int) -> Interaction:
        command, options = next(self._calls)
        return self.discord.slash(self.halls[where], next(self._people[where]), command, options)

    def _answered(self, said: Message) -> bool:
        answers = (one.reference or {} for one in self.halls[1].messages.values())
        return any(one.get("message_id") == str(said.id) for one in answers)

    async def come(self, count: int) -> None:
        """New members in every guild, half of them after screening, after the last ones have left."""
        gone, self.newcomers = self.newcomers, []
        for member in gone:
            self.discord.left(member)
        for guild in self.guilds:
            await self._told(guild)
            for number in range(count):
                later = number % 2 == 0
                member = self.discord.join(guild, f"n{number}", pending=later)
                if later:
                    self.discord.screened(member)
                self.newcomers.append(member)
            await self._told(guild)
        self.greeted += len(self.guilds)

    async def _told(self, guild: Guild) -> None:
        """The bot has taken all that happened, and knows what the guild chose: a newcomer then costs no waiting."""
        await self._by_owner(guild, "pins", {})

    async def greetings(self) -> None:
        """Return once as many greetings stand as were due so far; fails if there are more."""
        await self.discord.until(lambda: self._greetings() >= self.greeted, f"{self.greeted} greetings")
        assert self._greetings() == self.greeted

    def _greetings(self) -> int:
        sent = (one.body["content"] for one in self.discord.done("POST", r"/messages$"))
        return sum(" joined." in content for content in sent)

    async def renewed(self, title: str) -> None:
        """Return once every pin shows the new title."""
        await self.discord.until(lambda: all(title in self.pin(guild).content for guild in self.guilds), "new pins")

    def pin(self, guild: Guild) -> Message:
        """The one pin of a guild, which carries its warning."""
        (pinned,) = (one for hall in guild.channels.values() for one in hall.messages.values() if one.pinned)
        assert "⚠️" in pinned.content
        return pinned

    async def move(self) -> None:
        """The bot is added to a guild, answers there, and is put out again."""
        guild = self.discord.guild()
        hall = guild.channel()
        assert "⚠️" in (await self.discord.slash(hall, guild.member("guest"), "staking").message()).content
        self.discord.remove_bot(guild)

    def tidy(self) -> None:
        """Forget what is over, so that memory is the bot's own; pins and the last greeting stay."""
        world, kept = self.discord.world, set[int]()
        for hall in self.halls:
            greeting = [one.id for one in hall.messages.values() if " joined." in one.content][-1:]
            hall.messages = {one: hall.messages[one] for one in [*hall.pins, *greeting]}
            kept |= set(hall.messages)
        world.messages = {one: message for one, message in world.messages.items() if one in kept}
        here = {member for guild in self.guilds for member in guild.members} | {world.bot.id}
        world.users = {one: user for one, user in world.users.items() if one in here}
        self.discord.trim()
        self.greeted = 0

    def passers_by(self, count: int) -> list[Member]:
        """So many who have not called for the longest time."""
        return list(islice(self._people[0], count))
