"""The responder with the moderators' commands, over the shipped content and a real SQLite file; its time is told."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path

from bot.core.buttons import pressed
from bot.core.catalog import Catalog
from bot.core.disclaimer import Reply
from bot.core.errors import StoreError
from bot.core.model import DISCORD, Match, Member, Outcome, Place, Request, Right, Risk, Suggestion
from bot.core.sealed_catalog import SealedCatalog
from bot.core.spans import flatten
from bot.features.access import Access
from bot.features.answers import Responder
from bot.features.communities import KnownCommunities
from bot.features.diagnosis import Diagnosis
from bot.features.settings_command import SettingsCommand
from bot.features.statistics import Statistics
from bot.runtime.content_setup import page_values
from bot.runtime.telemetry import Metrics, counting
from bot.store.store import Store, open_store
from bot.store.url import address
from tests.builders import shipped

GUILD = Place(DISCORD, "1", "10")
MODERATOR = Right.SEND | Right.MANAGE | Right.PIN


def bilingual() -> Catalog:
    """The shipped content with a second language, which has the English words and a name of its own."""
    english = shipped().default
    names = {"en": "English", "es": "Español"}
    entries = {command: replace(entry, locale="es") for command, entry in english.entries.items()}
    spanish = replace(english, locale="es", name="Español", entries=entries, names=names)
    return replace(shipped(), languages={"en": replace(english, names=names), "es": spanish})


class Declining:
    """A matcher that finds what it was told to find."""

    def __init__(self) -> None:
        self.outcome = Outcome.NONE
        self.command: str | None = None
        self.nearest: tuple[str, ...] = ()
        self.score = 1.0
        self.asked: list[str] = []

    async def match(self, text: str) -> Match:
        self.asked.append(text)
        nearest = tuple(Suggestion(one, one, 0.5) for one in self.nearest)
        return Match(self.outcome, self.command, nearest, self.score, "told")

    def suggest(self, text: str, limit: int) -> tuple[Suggestion, ...]:
        return ()


@dataclass
class House:
    """One process's answers. `now` counts seconds, `day` is the date."""

    store: Store
    floor: Risk = Risk.GENERAL
    locale: str = "en"
    catalog: Catalog = field(default_factory=bilingual)
    now: float = 1000.0
    day: date = date(2026, 11, 22)
    stale: bool = False  # the content has problems
    troubles: list[StoreError] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.edition = SealedCatalog(self.catalog, self.floor, self.locale)
        self.communities = KnownCommunities(
            self.store.communities, lambda: self.now, lambda: self.day, self.troubles.append, lambda: 60.0
        )
        self.metrics, self.matcher = Metrics(), Declining()
        self.statistics = Statistics(
            self.store.counts,
            counting(self.metrics.replies),
            counting(self.metrics.ratings),
            lambda: self.day,
            lambda: self.now,
        )
        self.responder = Responder(
            lambda: self.edition,
            self.communities.of,
            self.matcher,
            page_values,
            access=Access(lambda: self.now),
            counted=self.statistics.count,
            rate=self.statistics.rate,
            on_store_error=self.troubles.append,
        )
        self.moderation = moderation = SettingsCommand(
            lambda: self.edition, self.communities, lambda: datetime.fromtimestamp(self.now, UTC)
        )
        self.responder.learn("settings", moderation.settings)
        self.responder.learn("privacy", moderation.privacy)
        self.responder.learn("stats", self.statistics.stats)
        diagnosis = Diagnosis(self.store.pins, lambda: self.stale)
        self.responder.learn("diagnose", diagnosis.diagnose)

    async def reply(
        self,
        words: str,
        place: Place = GUILD,
        rights: Right = MODERATOR,
        *,
        member: str = "7",
        private: bool = False,
        patient: bool = True,
        bot_rights: Right = ~Right.NONE,
        press: str | None = None,
    ) -> Reply | None:
        """The reply to `/command words`, or to the press of the button with that id; `patient` waits first until nobody
        has to cool down.
        """
        self.now += 3600 if patient else 0
        command, _, text = words.removeprefix("/").partition(" ")
        request = Request(place, Member(member), command, text, None, None, private, rights, bot_rights)
        if button := pressed(press or ""):
            request = replace(request, command=button.command, text=button.text, confirms=button.confirms)
        return await self.responder.respond(request)

    async def forgets(self, place: Place = GUILD) -> str:
        """`/privacy forget`, and the press that confirms it; returns the words after that."""
        asked = await self.reply("/privacy forget", place)
        assert asked is not None
        return await self.says("", place, press=asked.buttons[0].id, patient=False)

    async def says(self, words: str, place: Place = GUILD, rights: Right = MODERATOR, **more: object) -> str:
        """The words of the reply."""
        reply = await self.reply(words, place, rights, **more)  # type: ignore[arg-type]  # handed on as given
        return "" if reply is None else flatten(reply.body)


def listed(said: str) -> list[str]:
    """The lines of a notice, without the signs of its lists."""
    return re.split(r"\n+(?:[•-] )?", said)


@asynccontextmanager
async def house(folder: Path, floor: Risk = Risk.GENERAL, locale: str = "en") -> AsyncIterator[House]:
    """A house over a new file in that folder."""
    async with open_store(address(None, folder)) as store:
        yield House(store, floor, locale)
