"""Counts replies by place, command, outcome and day, never by member, and answers `/stats`."""

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta

from bot.core.community import Community
from bot.core.model import Draft, Notice, Outcome, Place, Request
from bot.core.ports import Counts
from bot.core.spans import CommandRef

DAYS = 30
_MOST_ROWS = 20
_DECLINED = (Outcome.ADVICE, Outcome.PRICE, Outcome.SCAM)


class Statistics:
    """Counts replies for a community's moderators. `replied` counts them for the operator too, by platform, command and
    outcome; `today` gives the day in UTC.
    """

    def __init__(self, counts: Counts, replied: Callable[[str, str, str], None], today: Callable[[], date]) -> None:
        self._counts, self._replied, self._today = counts, replied, today

    def count(self, place: Place, command: str, outcome: Outcome) -> None:
        """Count a reply. Notices are about the bot itself and count only in the operator's metrics."""
        self._replied(place.platform, command, outcome.value)
        if outcome is not Outcome.NOTICE:
            self._counts.count(place, command, outcome, self._today())

    async def stats(self, request: Request, _: Community) -> Draft:
        """The community's last days: how all requests were answered, and its explainers, most asked for first."""
        counts = await self._counts.statistics(request.place, self._today() - timedelta(days=DAYS - 1))
        if not counts:
            return Notice("stats-none", {"days": DAYS})
        total: Counter[Outcome] = Counter()
        for one in counts:
            total[one.outcome] += one.times
        sums = {
            "total": total.total(),
            "answered": total[Outcome.EXPLAINER],
            "suggested": total[Outcome.SUGGEST],
            "declined": sum(total[one] for one in _DECLINED),
            "unanswered": total[Outcome.NONE],
        }
        explainers = [one for one in counts if one.outcome is Outcome.EXPLAINER][:_MOST_ROWS]
        rows = [Notice(f"stats-{key}", {"count": times}) for key, times in sums.items()]
        rows += [Notice("stats-row", {"command": CommandRef(one.command), "count": one.times}) for one in explainers]
        return Notice("stats", {"days": DAYS}, tuple(rows))
