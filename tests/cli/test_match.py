"""`match --jsonl`: one JSON object a line for each line of any input, and nothing else."""

import asyncio
import json
import sys
from pathlib import Path

from tests.whole.process import environment

OUTCOMES = {"explainer", "suggest", "advice", "price", "scam", "none"}


async def matched(home: Path, given: bytes, *arguments: str) -> tuple[int | None, bytes, bytes]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "match", *arguments, cwd=home, env=environment(home),
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    out, err = await process.communicate(given)
    return process.returncode, out, err


async def test_every_line_gets_one_object_of_the_agreed_form(tmp_path: Path) -> None:
    given = [
        b'{"text": "what is ksm"}', b'{"text": "should i buy ksm"}', b'{"text": "when will ksm hit 100"}',
        b'{"text": "somebody asks for my seed phrase"}', b'{"text": "how long is unbonding"}',
        b'{"text": ""}', b'{"text": null}', b"[]", b"no json", b"\xff\xfe", b'{"text": "\\u0000\\ud800"}',
    ]  # fmt: skip
    status, out, err = await matched(tmp_path, b"\n".join(given), "--jsonl")
    rows = [json.loads(line) for line in out.splitlines()]
    assert (status, err, len(rows)) == (0, b"", len(given))
    assert [row["outcome"] for row in rows[:5]] == ["explainer", "advice", "price", "scam", "none"]
    assert rows[0]["command"] == "whatisksm"
    for row in rows:
        assert row.keys() == {"outcome", "command", "suggestions", "score", "ms"}
        assert row["outcome"] in OUTCOMES
        assert len(set(row["suggestions"])) == 3
        assert (row["command"] is not None) == (row["outcome"] == "explainer")


async def test_without_the_form_it_says_what_is_missing(tmp_path: Path) -> None:
    status, out, err = await matched(tmp_path, b"")
    assert (status, out) == (2, b"")
    assert b"--jsonl" in err
