"""What an answer takes from `Request` to `Reply`, and to be rendered, in microseconds of the thread's CPU."""

import asyncio
import sys
from collections.abc import Callable
from statistics import median
from time import thread_time_ns
from typing import Any

from sqlalchemy import event

from bot.adapters.discord import render as discord
from bot.adapters.telegram import render as telegram
from bot.core.disclaimer import Reply
from bot.core.model import Request
from tools.bench.child import tell
from tools.bench.inside.house import House, house, request, stored
from tools.bench.watch import Watch

_COMMUNITIES = 50


class Spy:
    """Counts queries and opened files while it looks."""

    def __init__(self, home: House) -> None:
        self.looking, self.queries, self.opened = False, 0, 0
        event.listen(home.store.database._engine.sync_engine, "before_cursor_execute", self._asked)
        sys.addaudithook(self._heard)

    def _asked(self, *_: Any) -> None:
        self.queries += self.looking

    def _heard(self, name: str, _: Any) -> None:
        self.opened += self.looking and name in ("open", "sqlite3.connect", "socket.connect")


async def main(times: int) -> None:
    """Each explainer in turn, each asked by another member, in communities that are known already."""
    async with house() as home, Watch() as watch:
        await stored(home.store, home.shelf.edition, range(_COMMUNITIES))
        commands = tuple(home.shelf.edition.catalog.explainers)
        asked = [request(number, commands[number % len(commands)], number % _COMMUNITIES) for number in range(times)]
        spy = Spy(home)
        await _answered(home, asked[:1000], spy)
        spy.queries = spy.opened = 0  # until then communities were read and answers were sealed for the first time
        spent, replies = await _answered(home, asked, spy)
        right = sum(reply.command == one.command for reply, one in zip(replies, asked, strict=True) if reply)
        shown = [reply for reply in replies if reply]
        tell(
            answer=median(spent) / 1000,
            discord=_rendering(discord.render, shown),
            telegram=_rendering(telegram.render, shown),
            right=right,
            asked=times,
            queries=spy.queries,
            opened=spy.opened,
            held=watch.longest,
        )


async def _answered(home: House, asked: list[Request], spy: Spy) -> tuple[list[int], list[Reply | None]]:
    """Nanoseconds and replies, while the spy looks."""
    spent, replies = list[int](), list[Reply | None]()
    for one in asked:
        spy.looking = True
        before = thread_time_ns()
        reply = await home.parts.responder.respond(one)
        spent.append(thread_time_ns() - before)
        spy.looking = False
        replies.append(reply)
        if len(replies) % 100 == 0:
            await asyncio.sleep(0)
    return spent, replies


def _rendering(render: Callable[[Reply], object], replies: list[Reply]) -> float:
    """Microseconds of a rendering, as it is done for each message that is sent."""
    spent = list[int]()
    for reply in replies:
        before = thread_time_ns()
        render(reply)
        spent.append(thread_time_ns() - before)
    return median(spent) / 1000


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
