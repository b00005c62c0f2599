"""Counts replies and ratings per community and day, never per member, and answers `/stats`."""

import secrets
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date, timedelta

from bot.core.buttons import Rating
from bot.core.community import Community, Count, RatingCount
from bot.core.errors import StoreError
from bot.core.join_window import RecentMembers
from bot.core.model import Draft, Notice, Outcome, Place, Request
from bot.core.notices import Chart
from bot.core.ports import Counts
from bot.core.spans import CommandRef

DAYS = 30
_MOST_ROWS, _MOST_RATED = 20, 10  # a message with this many rows still fits Discord's limit
_DECLINED = (Outcome.ADVICE, Outcome.PRICE, Outcome.SCAM)


class Statistics:
    """Counts replies and ratings for a community's moderators in `counts`, and for the operator's metrics.

    `replied` is called with the platform, command and outcome of each reply, `rated` with the platform, command and
    rating of each rating. `today` returns the day in UTC, `clock` monotonic seconds.
    """

    def __init__(
        self,
        counts: Counts,
        replied: Callable[[str, str, str], None],
        rated: Callable[[str, str, str], None],
        today: Callable[[], date],
        clock: Callable[[], float],
    ) -> None:
        self._counts, self._replied, self._rated, self._today = counts, replied, rated, today
        self._recent = RecentMembers(secrets.token_bytes(32), clock)

    def count(self, place: Place, command: str, outcome: Outcome) -> None:
        """Count a reply. Notices, which are about the bot itself, count only in the operator's metrics."""
        self._replied(place.platform, command, outcome.value)
        if outcome is not Outcome.NOTICE:
            self._counts.count(place, command, outcome, self._today())

    def rate(self, request: Request, rating: Rating) -> Notice:
        """Count a rating and return the notice for the member.

        Only a member's first rating of an answer within a day counts. Ratings in direct chats, of which nothing is
        stored, count only in the operator's metrics.
        """
        place, locale = request.place, request.text
        where = (place.platform, place.community or "")
        if self._recent.seen((*where, request.member.id, request.command, locale), renew=False):
            return Notice("rated-already")
        self._rated(place.platform, request.command, rating.value)
        self._counts.rate(place, request.command, locale, rating, self._today())
        return Notice(f"rated-{rating}")

    async def ratings(self) -> Sequence[RatingCount]:
        """Return the ratings of the last `DAYS` days in all communities together; empty if the store fails."""
        try:
            return await self._counts.ratings(None, self._first_day())
        except StoreError:
            return ()

    def _first_day(self) -> date:
        return self._today() - timedelta(days=DAYS - 1)

    def _charts(self, counts: Sequence[Count]) -> list[Notice]:
        """Return a chart of the requests per day, and one of those without an answer; neither if it would be empty."""
        days = [self._first_day() + timedelta(days=number) for number in range(DAYS)]
        rows = []
        for key, outcomes in (("stats-daily", frozenset(Outcome)), ("stats-daily-unanswered", {Outcome.NONE})):
            by_day = Counter[date]()
            for one in counts:
                by_day[one.day] += one.times if one.outcome in outcomes else 0
            if most := max(by_day.values(), default=0):
                rows.append(Notice(key, {"chart": Chart(tuple(by_day[day] for day in days)), "count": most}))
        return rows

    async def stats(self, request: Request, _: Community) -> Draft:
        """Show the community's last `DAYS` days: requests by outcome, the most requested explainers, and ratings.

        Raises StoreError.
        """
        counts = await self._counts.statistics(request.place, self._first_day())
        ratings = await self._counts.ratings(request.place, self._first_day())
        if not counts and not ratings:
            return Notice("stats-none", {"days": DAYS})
        total, explainers = Counter[Outcome](), Counter[str]()
        for one in counts:
            total[one.outcome] += one.times
            if one.outcome is Outcome.EXPLAINER:
                explainers[one.command] += one.times
        sums = {
            "total": total.total(),
            "answered": total[Outcome.EXPLAINER],
            "suggested": total[Outcome.SUGGEST],
            "declined": sum(total[one] for one in _DECLINED),
            "unanswered": total[Outcome.NONE],
        }
        asked = sorted(explainers.items(), key=lambda item: (-item[1], item[0]))[:_MOST_ROWS]
        rows = [Notice(f"stats-{key}", {"count": times}) for key, times in sums.items()]
        rows += self._charts(counts)
        rows += [Notice("stats-row", {"command": CommandRef(command), "count": times}) for command, times in asked]
        return Notice("stats", {"days": DAYS}, (*rows, *_rating_rows(ratings)))


def _rating_rows(ratings: Sequence[RatingCount]) -> list[Notice]:
    """Return a row for each rated answer, all languages together, those most often rated as wrong first."""
    times = Counter[tuple[str, Rating]]()
    for one in ratings:
        times[one.command, one.rating] += one.times
    rows = [
        (times[command, Rating.WRONG], times[command, Rating.HELPFUL], command) for command in {c for c, _ in times}
    ]
    return [
        Notice("stats-ratings", {"command": CommandRef(command), "helpful": helpful, "wrong": wrong})
        for wrong, helpful, command in sorted(rows, key=lambda row: (-row[0], -row[1], row[2]))[:_MOST_RATED]
    ]
