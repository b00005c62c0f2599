"""Every door, with anything and with what is nearly right: a value or the refusal it names, in a moment."""

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.costs import ratio
from tests.fuzz.doors import DOORS
from tests.fuzz.seeds import SEEDS

BESIDE = {"content_file", "answer_text", "backup_file", "settings", "arguments"}  # at the start, or in a thread
ODD = [b"", b"\x00", b"null", b"[]", b"{}", b'"', b"\xff\xfe", b"-1", b"1e999", b"9" * 400, b"\\ud800", b"\n", b"&a *a"]

WORST = [
    b"[" * 4000 + b"]" * 4000,
    b'{"a":' * 2000 + b"1" + b"}" * 2000,
    b"a" * 16_000,
    b"/x " * 5000,
    b"*_`" * 5000,
    b"- " * 8000,
    b"a: &a [*a]\n" * 1000,
    ("a" + ": [" * 5000 + "“").encode(),
    "\u202e👩‍👩‍👧".encode() * 600,
]


def mutated(seed: bytes, chance: random.Random) -> bytes:
    """The good thing with some of it cut out, doubled, exchanged or made odd."""
    told = bytearray(seed)
    for _ in range(chance.randint(1, 6)):
        at, to = sorted((chance.randint(0, len(told)), chance.randint(0, len(told))))
        how = chance.randrange(4)
        if how == 0:
            del told[at:to]
        elif how == 1:
            told[at:at] = told[at:to]
        elif how == 2:
            told[at:to] = chance.choice(ODD)
        elif told:
            told[min(at, len(told) - 1)] = chance.randrange(256)
    return bytes(told)


def test_every_door_has_a_good_thing_to_begin_from() -> None:
    assert SEEDS.keys() == DOORS.keys()


@pytest.mark.parametrize("door", DOORS)
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.binary(max_size=2000))
def test_anything_at_all_is_taken_or_refused(door: str, data: bytes) -> None:
    DOORS[door](data)


@pytest.mark.parametrize("door", DOORS)
def test_what_is_nearly_right_is_taken_or_refused(door: str) -> None:
    chance = random.Random(door)
    for seed in SEEDS[door]:
        DOORS[door](seed)
        for _ in range(400):
            DOORS[door](mutated(seed, chance))


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("data", WORST, ids=range(len(WORST)))
def test_sixteen_kilobytes_of_the_worst_cost_little(door: str, data: bytes) -> None:
    """Beside a loop over 16 kB, which takes a fraction of a millisecond."""
    limit = 1_500 if door in BESIDE else 30
    assert ratio(lambda: DOORS[door](data), lambda: all(True for _ in bytes(16_000)), times=3) < limit
