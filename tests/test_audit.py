"""`make audit` fails for what is found, says plainly where nobody can be asked, and takes no silence for good news."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from tests.builders import ROOT

WEAK = {"vulns": [{"id": "GHSA-x"}]}


@asynccontextmanager
async def source(answer: object, status: int = 200) -> AsyncIterator[str]:
    """A server that answers every question so."""

    async def say(_: web.Request) -> web.Response:
        return web.json_response(answer, status=status)

    app = web.Application()
    app.router.add_post("/v1/query", say)
    async with TestServer(app) as server:
        yield str(server.make_url("/v1/query"))


async def audit(folder: Path, url: str, *, ends: int = 0, **environment: str) -> tuple[int, str]:
    """Run it with a stand-in for pip-audit, which ends with that status; returns its own, and what both said."""
    tool = folder / "pip-audit"
    tool.write_text(f'#!/bin/sh\necho "asked with $@"\nexit {ends}\n', "utf-8")
    tool.chmod(0o755)
    process = await asyncio.create_subprocess_exec(
        sys.executable, str(ROOT / ".ci" / "audit"), str(tool), "requirements/dev.txt",
        stdout=asyncio.subprocess.PIPE, env={"OSV_URL": url, **environment},
    )  # fmt: skip
    out, _ = await process.communicate()
    return process.returncode or 0, out.decode()


@pytest.mark.parametrize("ends", [0, 1])
async def test_what_is_found_is_a_failure_and_nothing_is_none(tmp_path: Path, ends: int) -> None:
    async with source(WEAK) as url:
        status, said = await audit(tmp_path, url, ends=ends)
    assert status == ends
    assert f"--osv-url {url}" in said
    assert "--requirement requirements/dev.txt" in said


@pytest.mark.parametrize(("answer", "status"), [({}, 200), ([], 200), (WEAK, 403), ("x", 200)])
async def test_a_source_that_knows_nothing_is_no_source(tmp_path: Path, answer: object, status: int) -> None:
    async with source(answer, status) as url:
        ended, said = await audit(tmp_path, url, ends=1)
    assert ended == 0
    assert "NOT AUDITED" in said
    assert "asked with" not in said


async def test_where_nobody_can_be_asked_that_is_said_and_is_a_failure_only_if_wanted(tmp_path: Path) -> None:
    nobody = "http://127.0.0.1:1/v1/query"
    assert (await audit(tmp_path, nobody))[0] == 0
    ended, said = await audit(tmp_path, nobody, REQUIRE_ADVISORIES="1")
    assert ended == 1
    assert said.startswith(f"NOT AUDITED: {nobody} cannot be used")
