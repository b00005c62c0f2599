"""The fake Bot API of the benchmark: it brings every update once, and lets no wrong answer pass."""

import asyncio
from urllib.parse import urlencode

import orjson
import pytest

from tools.bench.telegram.api import GROUPS, BotApi, parameters, update
from tools.bench.telegram.wire import Caller, Connection


async def called(port: int, method: str, body: bytes) -> None:
    """One call over a connection of its own."""
    _, caller = await asyncio.get_running_loop().create_connection(Caller, "127.0.0.1", port)
    assert await caller.post(f"/bot1:a/{method}", "-", body) == 200
    caller.close()


async def answering(port: int, number: int, said: str, chat: int | None = None) -> None:
    """A bot that answers so many updates."""
    polls = asyncio.create_task(called(port, "getUpdates", b'{"timeout":3}'))
    for one in range(number):
        where = orjson.loads(update(one))["message"]["chat"]["id"] if chat is None else chat
        await called(port, "sendMessage", orjson.dumps({"chat_id": where, "text": said}))
    await polls


@pytest.mark.parametrize(
    ("said", "chat", "reason"),
    [
        ("right", None, None),
        ("wrong", None, "3 of 3 answers are not the right words, such as 'wrong'"),
        ("right", GROUPS[0], "not every question was answered once"),
    ],
)
async def test_an_answer_counts_where_it_says_the_right_words_in_the_right_group(
    said: str, chat: int | None, reason: str | None
) -> None:
    api = BotApi("right")
    port = await api.start()
    flow = asyncio.create_task(api.polled(3, 2))
    await asyncio.gather(flow, answering(port, 3, said, chat))
    assert api.wrong() == reason
    await api.close()
    await asyncio.sleep(0)


def test_a_call_is_read_as_json_and_as_a_form() -> None:
    said = {"chat_id": "-5", "text": "two words & ⚠️"}
    assert parameters(orjson.dumps(said)) == parameters(urlencode(said).encode()) == said


def test_a_request_that_comes_in_pieces_is_taken_once_it_is_whole() -> None:
    taken: list[tuple[str, bytes]] = []
    connection = Connection(lambda _, method, body: taken.append((method, body)))
    whole = b"POST /bot1:a/getMe HTTP/1.1\r\nContent-Length: 4\r\n\r\nbody" * 2
    for number in range(0, len(whole), 7):
        connection.data_received(whole[number : number + 7])
    assert taken == [("getMe", b"body")] * 2


async def test_questions_at_a_pace_tell_when_each_was_answered_and_edits_are_counted() -> None:
    api, worked = BotApi("right"), iter(range(100))
    port = await api.start()
    asking = asyncio.create_task(api.paced(3, 0.0, lambda: float(next(worked))))
    await called(port, "editMessageText", orjson.dumps({"chat_id": -5, "text": "right"}))
    await answering(port, 3, "right")
    told = await asking
    assert [seconds > 0 and cpu >= 1 for seconds, cpu in told] == [True] * 3
    assert (api.wrong(), api.edits) == (None, 1)
    await api.close()
    await asyncio.sleep(0)
