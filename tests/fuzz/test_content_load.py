"""Content of any size and shape is refused while the event loop goes on."""

import asyncio

import pytest

from bot.content.live_content import LiveContent
from bot.core.model import Risk
from bot.runtime.content_setup import read_content
from tests.builders import Folder
from tests.costs import held

WHATISKSM = "en/answers/whatisksm.yaml"
FILL = 190_000
BOMB = b"a: &a [x,x,x,x,x,x,x,x,x]\n" + b"".join(
    b"%c: &%c [%s]\n" % (98 + n, 98 + n, b",".join([b"*%c" % (97 + n)] * 9)) for n in range(9)
)
BAD = {
    "alias bomb": BOMB,
    "depth": b"[" * FILL,
    "deep maps": b"".join(b" " * n + b"a:\n" for n in range(600)),
    "one long word": b"title: a\nsummary: b\nbody: " + b"a" * FILL,
    "dots": b"title: a\nsummary: b\nbody: " + b"a." * (FILL // 2),
    "marks": b"title: a\nsummary: b\nbody: '" + b"*a " * (FILL // 3) + b"'",
    "slots": b"title: a\nsummary: b\nbody: '" + b"{" * FILL + b"'",
    "commands": b"title: a\nsummary: b\nbody: '" + b"/x " * (FILL // 3) + b"'",
    "keys": b"".join(b"k%d: v\n" % n for n in range(18_000)),
    "same key": b"k: v\n" * (FILL // 5),
    "facts": b"facts: [" + b"a," * (FILL // 2) + b"a]",
    "aliases": b"aliases:\n" + b"- whatisksm\n" * (FILL // 12),
    "quotes": b'title: "' + b"\\\\" * (FILL // 2) + b'"',
    "bytes": bytes(range(256)) * (FILL // 256),
}


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> tuple[Folder, LiveContent]:
    """A folder with English alone, and the shelf that holds it; each test writes one file of it anew."""
    folder = Folder(tmp_path_factory.mktemp("content"), "en")
    opened = LiveContent([folder.path], None, read_content, Risk.GENERAL)
    opened.open()
    return folder, opened


@pytest.fixture(scope="module")
def good(shelf: tuple[Folder, LiveContent]) -> float:
    """The work of a reload of content that is right."""
    folder, opened = shelf
    whole, found = folder.text(WHATISKSM), []
    for time_ in range(4):
        folder.write(WHATISKSM, f"{whole}\n# {time_}")
        found.append(asyncio.run(held(opened.reload)))
    assert not opened.problems
    return min(work for _, work in found)


@pytest.mark.parametrize("bad", BAD)
async def test_bad_content_is_refused_beside_the_event_loop(
    shelf: tuple[Folder, LiveContent], good: float, bad: str
) -> None:
    folder, opened = shelf
    longest, time_ = good, 0
    while longest >= good / 4 and (time_ := time_ + 1) <= 4:  # what disturbs only adds to it
        folder.write(WHATISKSM, BAD[bad] + b"\n# bad %d" % time_)
        longest, _ = await held(opened.reload)
        assert {problem.file for problem in opened.problems} == {WHATISKSM}
    assert longest < good / 4


async def test_a_file_of_a_hundred_megabytes_is_refused_unread(shelf: tuple[Folder, LiveContent], good: float) -> None:
    folder, opened = shelf
    with (folder.path / WHATISKSM).open("wb") as file:
        file.truncate(100 << 20)
    found = [await held(opened.reload) for _ in range(3)]
    assert any("larger than 200 kB" in problem.what for problem in opened.problems)
    assert min(work for _, work in found) < 2 * good
