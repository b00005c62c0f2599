"""A moderator's day with the bot: the steps, and what is read at each, for every surface alike.

`tests/features/test_moderators_day.py` walks them on both platforms, `tests/browser/test_moderators_day.py` in the
playground.
"""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import ClassVar, Final

from tests.builders import Folder, shipped
from tests.waiting import PATIENCE

CHANGED, REMOVED = "who-runs-kusama", "relay-chain"
POINTERS: Final = ("parachains", "how-kusama-works")  # the answers that offer the one that is removed
SPANISH: Final = shipped().languages["es"]
TITLES: Final = tuple(SPANISH.entries[one].title for one in shipped().explainers)
TOPICS: Final = SPANISH.pages["topics"].title
WITHDRAWN: Final = "Este texto se ha retirado."
WITHDRAWN_ROW: Final = "this explainer no longer exists, and the message says so."

Texts = Sequence[str]
"""What messages say, without the marks of their platform; the first line is the title."""


class Walk(ABC):
    """A community, its moderator, and a place for the answers: a topic, a thread, or the playground's channel.

    `absent` has the steps that this surface does not have, and why.
    """

    absent: ClassVar[Mapping[str, str]] = {}

    def __init__(self, content: Folder) -> None:
        self.content = content

    @abstractmethod
    async def says(self, words: str, *, elsewhere: bool = False) -> str:
        """The moderator types it in the place of the answers, or elsewhere in the community; returns the answer."""

    @abstractmethod
    async def presses(self) -> str:
        """The moderator presses the only button under the last answer; returns what it says."""

    @abstractmethod
    async def until(self, true: Callable[[Texts], bool]) -> None:
        """Return once it is true of the bot's messages in the place of the answers."""

    async def closes(self) -> None:
        """Somebody closes the topic or thread."""
        raise NotImplementedError

    async def opens(self) -> None:
        """Somebody opens it again."""
        raise NotImplementedError

    async def greets(self) -> str:
        """Ada and Mallory come, and Mallory is kicked at once; returns the greeting."""
        raise NotImplementedError

    async def forwards(self, words: str) -> bool:
        """The moderator forwards somebody's words; returns whether the bot says anything to them."""
        raise NotImplementedError

    async def disarms(self) -> None:
        """Somebody takes the right to pin from the bot."""
        raise NotImplementedError

    async def chooses_a_language_for_the_channel(self) -> None:
        said = await self.says("/settings language klingon here")
        assert said.startswith("The bot does not speak that language.")
        assert "Español (es)" in said, "what may be typed instead"
        said = await self.says("/settings language Spanish here")
        assert said.startswith("Saved.")
        assert "Español (es)" in said
        assert "Español (es)" in await self.says("/settings")

    async def makes_an_faq(self) -> None:
        said = await self.says("/post all")
        assert "every explainer" in said or "todas las explicaciones" in said
        assert f"one after another: {len(TITLES)}" in await self.presses()
        await self.until(lambda texts: set(TITLES) <= set(map(title, texts)))
        await self.until(lambda texts: all(one in contents(texts) for one in TITLES))
        rows = await self.until_pins(f": {len(TITLES) + 2}")  # with the two messages of the table of contents
        assert "Pinned" not in rows[0], "a row about no pins says nothing"

    async def edits_an_answer(self) -> None:
        old = SPANISH.entries[CHANGED].title
        self.content.edit(f"es/answers/{CHANGED}.yaml", old, "¿Quién manda aquí?")
        await self.until(lambda texts: "¿Quién manda aquí?" in map(title, texts))
        await self.until(lambda texts: "¿Quién manda aquí?" in contents(texts) and old not in contents(texts))

    async def removes_an_answer(self) -> None:
        self.content.edit("source.yaml", f"  - {REMOVED}\n", "")
        for pointer in POINTERS:
            self.content.edit(f"en/answers/{pointer}.yaml", f"{REMOVED}, ", "")
        for file in self.content.path.glob(f"*/answers/{REMOVED}.yaml"):
            file.unlink()
        gone = SPANISH.entries[REMOVED].title
        await self.until(lambda texts: gone not in contents(texts))
        await self.until(lambda texts: any(one.startswith(WITHDRAWN) for one in texts))
        await self.until_pins(WITHDRAWN_ROW, rows=1)

    async def closes_the_topic(self) -> None:
        await self.closes()
        self.content.edit(f"es/answers/{CHANGED}.yaml", "¿Quién manda aquí?", "¿Quién la mantiene?")
        await self.until_pins("is closed. Open it, then pin or post again.")
        assert "See /pins." in await self.says("/diagnose", elsewhere=True)
        await self.opens()
        await self.says("/post all")
        await self.presses()
        await self.until(
            lambda texts: "¿Quién la mantiene?" in map(title, texts) and "¿Quién la mantiene?" in contents(texts)
        )
        await self.until_pins(WITHDRAWN_ROW, rows=1)

    async def kicks_a_newcomer(self) -> None:
        assert "New members are greeted in" in await self.says("/welcome on", elsewhere=True)
        greeting = await self.greets()
        assert "Ada has joined." in greeting
        assert "Mallory" not in greeting

    async def forwards_a_forget(self) -> None:
        assert not await self.forwards("/privacy forget")
        assert "Español (es)" in await self.says("/settings"), "nothing was forgotten"

    async def reads_the_diagnosis(self) -> None:
        said = await self.says("/diagnose")
        assert said.startswith("No problems found here.")
        if "disarms" in self.absent:
            return
        await self.disarms()
        said = await self.says("/diagnose")
        assert said.startswith("1 problem found, with its fix:")
        assert "It cannot pin here." in said
        assert "Pin Messages" in said

    async def pins(self) -> list[str]:
        """The rows of `/pins`, as they are read elsewhere."""
        return [one for one in (await self.says("/pins", elsewhere=True)).splitlines() if one]

    async def until_pins(self, words: str, rows: int | None = None) -> list[str]:
        """Ask until `/pins` has these words, and so many rows below the first line; returns its lines."""
        said: list[str] = []
        with suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE):
                while words not in "\n".join(said) or (rows is not None and len(said) != rows + 1):
                    said = await self.pins()
                return said
        raise AssertionError(f"/pins still says {said}")


def title(text: str) -> str:
    """The first line."""
    return text.partition("\n")[0]


def contents(texts: Texts) -> str:
    """What the tables of contents say."""
    return "\n".join(one for one in texts if title(one) == TOPICS)


STEPS: Final = (
    Walk.chooses_a_language_for_the_channel,
    Walk.makes_an_faq,
    Walk.edits_an_answer,
    Walk.removes_an_answer,
    Walk.closes_the_topic,
    Walk.kicks_a_newcomer,
    Walk.forwards_a_forget,
    Walk.reads_the_diagnosis,
)


async def walk(one: Walk) -> None:
    """Take every step that this surface has; no other is left out than those for which it says why."""
    for step in STEPS:
        if step.__name__ not in one.absent:
            await step(one)
