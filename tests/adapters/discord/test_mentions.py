"""Whoever an answer is announced for, its edits mention nobody but the one member it is for."""

import asyncio

import pytest

from tests.adapters.discord.conftest import Running
from tests.adapters.discord.spoken import SpokenResponder
from tests.fakes.discord_server import DiscordServer


@pytest.mark.parametrize("named", [False, True])
async def test_an_answer_that_was_announced_first_mentions_nobody_but_whom_it_is_for(
    server: DiscordServer, running: Running, responder: SpokenResponder, named: bool
) -> None:
    guild = server.guild()
    ada = guild.member("@everyone <@&1>")
    responder.gate = asyncio.Event()
    async with running(patience=0):
        asked = server.slash(guild.channel(), ada, "whatisksm", {"for": ada} if named else {})
        await asked.response
        responder.gate.set()
        await asked.message()
    (edit,) = server.done("PATCH", r"/messages/@original")
    allowed = edit.body["allowed_mentions"]
    assert allowed.get("parse") == []
    assert not allowed.get("roles")
    assert not allowed.get("replied_user")
    assert [int(one) for one in allowed.get("users") or []] == ([ada.id] if named else [])
