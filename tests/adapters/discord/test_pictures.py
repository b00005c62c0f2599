"""Pictures on Discord's wire: beside unchanged words, described, only where the bot may attach, and never outlived by
their words."""

import asyncio
import logging

import pytest

from bot.core.disclaimer import Reply, seal
from bot.core.model import Answer, Notice, Outcome, Place, Risk
from bot.core.notices import Chart
from bot.core.picture import Comparison, Row
from bot.core.spans import Paragraph, Text
from bot.pictures.gallery import Gallery
from tests.adapters.discord.conftest import Running
from tests.adapters.discord.spoken import ENGLISH, WARNING, SpokenResponder, answer
from tests.builders import shipped
from tests.fakes.discord_rights import Right as Bit
from tests.fakes.discord_server import DiscordServer

PICTURE = Comparison("Alt “words”.", ("a", "b"), (Row("c", ("d", "e")),))
MESSAGE = r"/channels/\d+/messages/\d+$"


def pictured() -> Reply:
    """A sealed answer with a picture."""
    body = (Paragraph((Text("Words."),)),)
    answer = Answer("kusama-vs-polkadot", Outcome.EXPLAINER, "Title", body, Risk.HIGH, picture=PICTURE)
    return seal(answer, ENGLISH, Risk.GENERAL)


class Drawn:
    """Draws the digest; `gate` holds it back until set."""

    def __init__(self, *, nothing: bool = False) -> None:
        self.nothing = nothing
        self.gate: asyncio.Event | None = None

    async def png(self, reply: Reply) -> bytes | None:
        if self.gate:
            await self.gate.wait()
        return None if self.nothing else reply.digest.encode()


@pytest.fixture
def responder() -> SpokenResponder:
    return SpokenResponder(speak=lambda request: pictured())


async def test_an_answer_has_its_picture_with_the_description_and_the_same_words(
    server: DiscordServer, running: Running
) -> None:
    guild = server.guild()
    channel, ada = guild.channel(), guild.member("ada")
    async with running():
        plain = await server.slash(channel, ada, "kusama-vs-polkadot").message()
    async with running(pictures=Drawn()):
        message = await server.slash(channel, ada, "kusama-vs-polkadot").message()
    assert plain.attachments == []
    assert message.content == plain.content
    assert WARNING in message.content
    assert [one["filename"] for one in message.attachments] == ["kusama-vs-polkadot.png"]
    call = server.done("POST", "/callback")[-1]
    assert call.files == {"kusama-vs-polkadot.png": pictured().digest.encode()}
    assert [one["description"] for one in call.body["data"]["attachments"]] == [PICTURE.alt]


async def test_statistics_have_their_chart_as_a_picture_for_the_moderator_alone_and_in_words(
    server: DiscordServer, running: Running, responder: SpokenResponder
) -> None:
    chart = Chart((0, 3, 12))
    rows = (Notice("stats-daily", {"chart": chart, "count": 12}),)
    responder.speak = lambda request: seal(Notice("stats", {"days": 3}, rows), shipped().default, Risk.GENERAL)
    guild = server.guild()
    channel, boss = guild.channel(), guild.member("boss", permissions=Bit.MANAGE_GUILD)
    async with running(pictures=Gallery()):
        asked = server.slash(channel, boss, "kusama-vs-polkadot")
        message = await asked.message()
    assert "Day by day: ·▂█" in message.content
    (call,) = server.done("POST", "/callback")
    assert call.files["chart.png"].startswith(b"\x89PNG")
    (attached,) = call.body["data"]["attachments"]
    assert attached["description"] == "Replies on each of the last 3 days, the oldest first: 0, 3, 12"


async def test_an_answer_that_took_long_has_its_picture_too(server: DiscordServer, running: Running) -> None:
    guild = server.guild()
    channel, ada = guild.channel(), guild.member("ada")
    drawn = Drawn()
    drawn.gate = asyncio.Event()
    async with running(pictures=drawn, patience=0):
        asked = server.slash(channel, ada, "kusama-vs-polkadot")
        assert (await asked.response)["type"] == 5
        drawn.gate.set()
        message = await asked.message()
    assert WARNING in message.content
    assert [one["filename"] for one in message.attachments] == ["kusama-vs-polkadot.png"]


async def test_where_the_bot_may_not_attach_the_words_go_out_alone(server: DiscordServer, running: Running) -> None:
    guild = server.guild()
    guild.bot_permissions(Bit.VIEW_CHANNEL | Bit.SEND_MESSAGES | Bit.READ_MESSAGE_HISTORY)
    channel, ada = guild.channel(), guild.member("ada")
    async with running(pictures=Drawn()) as adapter:
        message = await server.slash(channel, ada, "kusama-vs-polkadot").message()
        ref = await adapter.post(Place("discord", str(guild.id), str(channel.id)), pictured())
    assert message.attachments == []
    assert WARNING in message.content
    assert channel.messages[int(ref.message)].attachments == []


async def test_a_picture_that_cannot_be_drawn_takes_no_words_with_it(
    server: DiscordServer, running: Running, caplog: pytest.LogCaptureFixture
) -> None:
    guild = server.guild()
    channel, ada = guild.channel(), guild.member("ada")
    with caplog.at_level(logging.WARNING):
        async with running(pictures=Drawn(nothing=True)):
            message = await server.slash(channel, ada, "kusama-vs-polkadot").message()
    assert message.attachments == []
    assert WARNING in message.content
    assert caplog.records == []


async def test_an_edit_exchanges_the_picture_with_the_words(server: DiscordServer, running: Running) -> None:
    guild = server.guild()
    channel, ada = guild.channel(), guild.member("ada")
    async with running(pictures=Drawn()) as adapter:
        await server.slash(channel, ada, "help").message()  # by then the gateway has told of the guild
        ref = await adapter.post(Place("discord", str(guild.id), str(channel.id)), pictured())
        message = channel.messages[int(ref.message)]
        (first,) = message.attachments
        await adapter.edit(ref, pictured())
        (second,) = message.attachments
        assert first["id"] != second["id"], "kept, it might show yesterday's warning"
        await adapter.edit(ref, answer("now words alone"))
        assert message.attachments == []
    described, none = server.done("PATCH", MESSAGE)
    assert [one["description"] for one in described.body["attachments"]] == [PICTURE.alt]
    assert none.body["attachments"] == []


async def test_an_edit_without_the_right_to_attach_takes_the_old_picture_away(
    server: DiscordServer, running: Running
) -> None:
    guild = server.guild()
    channel, ada = guild.channel(), guild.member("ada")
    place = Place("discord", str(guild.id), str(channel.id))
    async with running(pictures=Drawn()) as adapter:
        await server.slash(channel, ada, "help").message()  # by then the gateway has told of the guild
        ref = await adapter.post(place, pictured())
    message = channel.messages[int(ref.message)]
    assert len(message.attachments) == 1
    guild.bot_permissions(Bit.VIEW_CHANNEL | Bit.SEND_MESSAGES | Bit.READ_MESSAGE_HISTORY)
    async with running(pictures=Drawn()) as adapter:
        await server.slash(channel, ada, "help").message()
        await adapter.edit(ref, pictured())
    assert message.attachments == []
    assert WARNING in message.content
