"""What was asked, in numbers: the tally of replies, and /stats. Its law: places, commands, outcomes and days are
counted, never members.
"""

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from typing import final

from bot.core.community import Community
from bot.core.model import Draft, Notice, Outcome, Place, Request, Right
from bot.core.permission import require
from bot.core.ports import Counts
from bot.core.spans import CommandRef
from bot.runtime.telemetry import Metrics

DAYS = 30
_MOST_ROWS = 20
_DECLINED = (Outcome.ADVICE, Outcome.PRICE, Outcome.SCAM)


@final
class Tally:
    """Counts replies, for a community's moderators and for the operator. `today` tells the day, in UTC."""

    def __init__(self, counts: Counts, metrics: Metrics, today: Callable[[], date]) -> None:
        self._counts, self._metrics, self._today = counts, metrics, today

    def count(self, place: Place, command: str, outcome: Outcome) -> None:
        """One more reply. Notices speak of the bot alone: the operator's counter has them, no community has."""
        self._metrics.replies.labels(place.platform, command, outcome.value).inc()
        if outcome is not Outcome.NOTICE:
            self._counts.count(place, command, outcome, self._today())

    async def stats(self, request: Request, _: Community) -> Draft:
        """The last days of the community: its explainers, most wanted first, and what became of all requests."""
        require(request, Right.MANAGE)
        counts = await self._counts.statistics(request.place, self._today() - timedelta(days=DAYS - 1))
        if not counts:
            return Notice("stats-none", {"days": DAYS})
        total: Counter[Outcome] = Counter()
        for one in counts:
            total[one.outcome] += one.times
        explainers = [one for one in counts if one.outcome is Outcome.EXPLAINER]
        rows = [
            Notice("stats-total", {"count": total.total()}),
            Notice("stats-answered", {"count": total[Outcome.EXPLAINER]}),
            Notice("stats-suggested", {"count": total[Outcome.SUGGEST]}),
            Notice("stats-declined", {"count": sum(total[one] for one in _DECLINED)}),
            Notice("stats-unanswered", {"count": total[Outcome.NONE]}),
        ]
        rows += [
            Notice("stats-row", {"command": CommandRef(one.command), "count": one.times})
            for one in explainers[:_MOST_ROWS]
        ]
        return Notice("stats", {"days": DAYS}, tuple(rows))
