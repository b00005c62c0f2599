"""Each picture is drawn once, away from the event loop, and one that fails takes nothing with it."""

import asyncio
import logging
import threading

import pytest

from bot.core.disclaimer import Reply, seal
from bot.core.model import Answer, Outcome, Risk
from bot.core.picture import Bars, Comparison, Row
from bot.pictures.gallery import Gallery
from tests.builders import shipped
from tests.waiting import PATIENCE


def sealed(name: str, *, pictured: bool = True) -> Reply:
    """An answer with a picture of that name."""
    picture = Comparison("alt", (name, "b"), (Row("c", ("d", "e")),)) if pictured else None
    answer = Answer("x", Outcome.EXPLAINER, "Title", (), Risk.GENERAL, picture=picture)
    return seal(answer, shipped().default, Risk.GENERAL)


def chart(number: int) -> Reply:
    """A notice with a picture of that number."""
    answer = Answer("", Outcome.NOTICE, "", (), Risk.GENERAL, picture=Bars("alt", (number,)))
    return seal(answer, shipped().default, Risk.GENERAL)


class Painter:
    """Writes down what it draws, and where."""

    def __init__(self) -> None:
        self.drawn: list[str] = []
        self.threads: set[int] = set()

    def paint(self, reply: Reply) -> bytes | None:
        self.threads.add(threading.get_ident())
        self.drawn.append(reply.digest)
        return reply.digest.encode()


async def test_a_picture_is_drawn_once_however_many_ask_and_never_on_the_loop() -> None:
    painter = Painter()
    gallery, reply = Gallery(painter.paint), sealed("a")
    pngs = await asyncio.gather(*(gallery.png(reply) for _ in range(5)))
    assert set(pngs) == {reply.digest.encode()}
    assert painter.drawn == [reply.digest]
    assert threading.get_ident() not in painter.threads


async def test_only_so_many_are_kept_those_asked_for_last() -> None:
    painter = Painter()
    gallery, (a, b, c) = Gallery(painter.paint, size=2), map(sealed, "abc")
    for reply in (a, b, a, c, a, b):
        await gallery.png(reply)
    assert painter.drawn == [a.digest, b.digest, c.digest, b.digest]


async def test_statistics_push_no_answer_out_and_let_no_drawn_one_wait() -> None:
    painter, drawing = Painter(), threading.Event()
    gallery, answer = Gallery(painter.paint, size=1), sealed("a")
    charts = [chart(number) for number in range(20)]
    await gallery.png(answer)
    for one in charts:
        await gallery.png(one)
    gallery._paint = lambda _: b"late" if drawing.wait(PATIENCE) else None
    slow = asyncio.create_task(gallery.png(charts[0]))
    await asyncio.sleep(0)
    try:
        async with asyncio.timeout(PATIENCE):
            assert await gallery.png(answer) == answer.digest.encode()
        assert not slow.done()
    finally:
        drawing.set()
    assert await slow == b"late"


async def test_an_answer_without_a_picture_is_not_drawn() -> None:
    painter = Painter()
    assert await Gallery(painter.paint).png(sealed("a", pictured=False)) is None
    assert painter.drawn == []


@pytest.mark.parametrize("error", [ImportError("no such package"), ValueError("no such colour")])
async def test_what_cannot_be_drawn_is_told_once_and_is_no_picture(
    error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(reply: Reply) -> bytes | None:
        raise error

    gallery = Gallery(fails)
    with caplog.at_level(logging.ERROR):
        assert [await gallery.png(sealed("a")) for _ in range(3)] == [None] * 3
    assert [str(error) in record.getMessage() for record in caplog.records] == [True]
