"""No member's id, name or words ever reach the database: looked for in every column and in the file's very bytes."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Row, Table, select

from bot.content.loader import load
from bot.core.buttons import Rating
from bot.core.community import Community, Pin
from bot.core.errors import StoreError
from bot.core.model import (
    TELEGRAM,
    Draft,
    Match,
    Member,
    MessageRef,
    Notice,
    Outcome,
    Place,
    Request,
    Right,
    Suggestion,
)
from bot.core.sealed_catalog import SealedCatalog
from bot.core.spans import Span
from bot.features.answers import Responder
from bot.features.communities import KnownCommunities
from bot.features.pins import fingerprint
from bot.features.statistics import Statistics
from bot.store.backup import backup
from bot.store.store import Store, open_store
from bot.store.tables import metadata
from bot.store.url import address

MEMBER = Member("7712345678", "Distinctive-Zaphod")
WORDS = "my peculiar-question about velvetunicorns"
SECRETS = (MEMBER.id, "zaphod", "velvetunicorns", "peculiar")
GROUP = Place(TELEGRAM, "-1004001", "-1004001", "17")
DIRECT = Place(TELEGRAM, None, MEMBER.id)
DAY = date(2026, 11, 22)
FACTS: Mapping[str, tuple[Span, ...]] = defaultdict(tuple)


class NoMatch:
    """Finds nothing, so that every question is one "without a reviewed answer"."""

    async def match(self, text: str) -> Match:
        return Match(Outcome.NONE, None, self.suggest(text, 3), 0, "")

    def suggest(self, text: str, limit: int) -> tuple[Suggestion, ...]:
        return (Suggestion("whatisksm", "", 0),)


def untroubled(error: StoreError) -> None:
    raise error


async def live(store: Store) -> int:
    """One member uses every command, and one that does not exist, in a group and in a direct chat, and all that can
    be stored of it is stored; returns how many were answered."""
    catalog = load([Path(__file__).parents[2] / "responses"], {})
    communities = KnownCommunities(store.communities, lambda: 0.0, lambda: DAY, untroubled, lambda: 60.0)
    statistics = Statistics(store.counts, lambda *_: None, lambda *_: None, lambda: DAY, lambda: 0.0)
    responder = Responder(
        lambda: SealedCatalog(catalog), communities.of, NoMatch(), lambda *_: FACTS, rate=statistics.rate
    )

    async def settings(request: Request, community: Community) -> Draft:
        if community.id:
            greeting = MessageRef(request.place, "98")
            now = datetime(2026, 11, 22, tzinfo=UTC)
            await communities.change(
                request.place,
                lambda one: replace(
                    one,
                    locale="en",
                    last_greeting=greeting,
                    greeted_until=now,
                    languages={"5": "es"},
                    log=request.place,
                ),
            )
        return Notice("settings-saved")

    responder.learn("settings", settings)
    answered = 0
    for place in (GROUP, DIRECT):
        for command in [*(info.name for info in catalog.commands), "start", "peculiar-question"]:
            request = Request(place, MEMBER, command, WORDS, "es", MessageRef(place, "99"), rights=~Right.NONE)
            if reply := await responder.respond(request):
                answered += 1
                store.counts.count(place, reply.command, reply.outcome, DAY)
                if reply.outcome is Outcome.EXPLAINER:
                    rating = replace(request, command=reply.command, text=reply.locale, rating=Rating.WRONG)
                    assert await responder.respond(rating)
                if reply.outcome is Outcome.EXPLAINER and place.community:
                    await store.pins.record(Pin(MessageRef(place, "5"), reply.command, reply.locale, reply.digest))
    await store.counts.flush()
    await store.editions.leads(fingerprint(SealedCatalog(catalog)), datetime(2026, 11, 22, tzinfo=UTC))
    return answered


def found(text: str) -> list[str]:
    return [secret for secret in SECRETS if secret in text.lower()]


def _rows(table: Table, connection: Connection) -> Sequence[Row[Any]]:
    return connection.execute(select(table)).all()


async def test_no_column_holds_anything_of_a_member(store: Store) -> None:
    assert await live(store) > 50
    for table in metadata.sorted_tables:
        if table.name != "offers":
            rows = await store.database.read(partial(_rows, table))
            assert rows, table.name
            assert found(repr(rows)) == [], table.name


async def test_no_byte_of_the_file_its_log_or_a_backup_does(tmp_path: Path) -> None:
    async with open_store(address(None, tmp_path)) as store:
        await live(store)
        await backup(store, tmp_path / "backup")
        files = {path.name: path.read_bytes().decode("latin-1") for path in tmp_path.glob("b*")}  # noqa: ASYNC240 - a test may wait for its disk
    assert files.keys() == {"bot.sqlite3", "bot.sqlite3-wal", "bot.sqlite3-shm", "backup"}
    assert {name: found(text) for name, text in files.items()} == {name: [] for name in files}
    assert GROUP.community is not None
    assert GROUP.community in files["bot.sqlite3-wal"] + files["bot.sqlite3"], "it looks where things are stored"


@pytest.mark.parametrize("secret", SECRETS)
async def test_the_search_would_find_it(tmp_path: Path, secret: str) -> None:
    async with open_store(address(None, tmp_path)) as store:
        await store.offers.offer(TELEGRAM, "global", secret)
        files = [path.read_bytes().decode("latin-1") for path in tmp_path.glob("bot.*")]  # noqa: ASYNC240 - as above
    assert found("".join(files)) == [secret]


def test_every_column_was_looked_at_and_found_fit_to_be_kept() -> None:
    """A new column makes this fail: add it only if it cannot name, address or quote a member."""
    assert {table.name: " ".join(table.columns.keys()) for table in metadata.sorted_tables} == {
        "communities": "platform id locale risk_floor cooldown channels forums welcome_channel welcome_thread"
        " welcome_line welcome_quiet remove_greetings greeting_channel greeting_thread greeting_message greeting_media"
        " greeted_until log_channel log_thread left_on",
        "channel_settings": "platform community channel_id locale",
        "pins": "number platform community channel thread message media command locale digest state missing pinned",
        "counts": "platform community day command outcome times",
        "ratings": "platform community day command locale rating times",
        "offers": "platform scope hash",
        "editions": "name number used_at",
    }
