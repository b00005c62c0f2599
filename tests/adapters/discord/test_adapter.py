"""The adapter with the real client, against a pretend Discord over sockets."""

import asyncio
import logging

import pytest

from bot.adapters.discord.adapter import DiscordAdapter
from bot.core.buttons import Button, Rating
from bot.core.disclaimer import Reply, profile_of
from bot.core.errors import Forbidden, PlatformError, StoreError
from bot.core.model import Member, MessageRef, Place, Request, Right, Risk
from tests.adapters.discord.conftest import Running
from tests.adapters.discord.spoken import BUTTONS, WARNING, Remembered, SpokenResponder, answer, info, notice
from tests.adapters.discord.test_joins import Porch
from tests.builders import shipped
from tests.fakes.discord_rights import Right as Bit
from tests.fakes.discord_server import DiscordServer
from tests.fakes.told import ToldClock
from tests.waiting import until

COMMANDS_ROUTE = "/applications/[0-9]+/commands$"


async def test_a_slash_command_is_answered_in_public_with_the_warning(
    server: DiscordServer, running: Running, responder: SpokenResponder
) -> None:
    guild = server.guild()
    channel, ada = guild.channel(), guild.member("ada")
    async with running():
        message = await server.slash(channel, ada, "kusama-vs-polkadot", locale="es-419").message()
    assert message.content.startswith(f"**What is KSM?**\n**{WARNING}**\n\n")
    assert message.seen_by is None
    assert message.buttons == [("Risks", "v1:en:kusama-risks"), ("Kusama vs Polkadot", "v1:en:kusama-vs-polkadot")]
    (request,) = responder.requests
    assert request.place == Place("discord", str(guild.id), str(channel.id))
    assert (request.member, request.locale) == (Member(str(ada.id), "ada"), "es-419")
    assert (request.command, request.text, request.private) == ("kusama-vs-polkadot", "", False)


async def test_for_pings_that_member_and_nobody_else(server: DiscordServer, running: Running) -> None:
    guild = server.guild()
    channel, ada, bob = guild.channel(), guild.member("ada"), guild.member("@everyone <@1>")
    async with running():
        message = await server.slash(channel, ada, "whatisksm", {"for": bob}).message()
    assert message.content.startswith(f"<@{bob.id}>\n")
    assert message.pings.users == {bob.id}
    assert not message.pings.everyone


async def test_a_private_answer_is_seen_by_the_caller_alone(server: DiscordServer, running: Running) -> None:
    guild = server.guild()
    channel, ada = guild.channel(), guild.member("ada")
    async with running():
        message = await server.slash(channel, ada, "whatisksm", {"private": True}).message()
    assert message.seen_by == ada.id


async def test_a_press_answers_who_pressed_and_leaves_the_message_alone(
    server: DiscordServer, running: Running, responder: SpokenResponder
) -> None:
    guild = server.guild()
    channel, ada = guild.channel(), guild.member("ada")
    async with running() as adapter:
        place = Place("discord", str(guild.id), str(channel.id))
        ref = await adapter.post(place, answer(buttons=BUTTONS))
    async with running():  # a restart later
        pinned = channel.messages[int(ref.message)]
        message = await server.press(pinned, "v1:en:kusama-risks", ada, locale="tr").message()
    assert message.id != pinned.id
    assert message.seen_by == ada.id
    assert pinned.edits == 0
    assert responder.requests[-1].command == "kusama-risks"
    assert (responder.requests[-1].locale, responder.requests[-1].private) == ("tr", True)


async def test_a_rating_is_answered_to_the_presser_alone(
    server: DiscordServer, running: Running, responder: SpokenResponder
) -> None:
    responder.speak = lambda request: notice(f"rated-{request.rating}")
    ratings = tuple(Button(one.value, "whatisksm", "en", one) for one in Rating)
    guild = server.guild()
    channel, ada = guild.channel(), guild.member("ada")
    async with running() as adapter:
        ref = await adapter.post(Place("discord", str(guild.id), str(channel.id)), answer(buttons=BUTTONS + ratings))
        rated = channel.messages[int(ref.message)]
        message = await server.press(rated, "v1:en:whatisksm:helpful", ada, locale="tr").message()
    assert (message.content, message.seen_by) == ("notice: rated-helpful", ada.id)
    request = responder.requests[-1]
    assert (request.rating, request.text, request.locale) == (Rating.HELPFUL, "en", "tr")
    assert rated.edits == 0


@pytest.mark.parametrize(
    "forged",
    ["", "v1", "v0:en:whatisksm", "v1:en:what is", "v1:../x:y", "v1:en:a:bad", "v1:en:" + "a" * 90, "💥"],
)
async def test_a_forged_or_older_button_gets_a_private_notice(
    server: DiscordServer, running: Running, responder: SpokenResponder, forged: str
) -> None:
    guild = server.guild()
    channel, ada = guild.channel(), guild.member("ada")
    said = server.say(channel, ada, "hello")
    async with running():
        message = await server.press(said, forged, ada, forged=True).message()
    assert (message.content, message.seen_by) == ("notice: old-button", ada.id)
    assert responder.requests == []


async def test_explain_this_asks_about_the_message(
    server: DiscordServer, running: Running, responder: SpokenResponder
) -> None:
    guild = server.guild()
    channel, ada, bob = guild.channel(), guild.member("ada"), guild.member("bob")
    said = server.say(channel, bob, "what is ksm?")
    async with running():
        await server.message_menu(channel, ada, "Explain this", said).message()
    (request,) = responder.requests
    assert (request.command, request.text) == ("ask", "what is ksm?")
    assert request.about == MessageRef(request.place, str(said.id))


async def test_what_is_being_typed_is_completed_in_the_readers_language(
    server: DiscordServer, running: Running
) -> None:
    guild = server.guild()
    channel, ada = guild.channel(), guild.member("ada")
    async with running():
        typed = server.autocomplete(channel, ada, "ask", "question", {"question": "wha"}, locale="ru")
        assert await typed.choices() == [("wha in ru", "whatisksm")]


async def test_options_are_joined_in_the_order_the_command_declares(
    server: DiscordServer, running: Running, responder: SpokenResponder
) -> None:
    guild = server.guild()
    channel, mod = guild.channel(), guild.member("mod", permissions=Bit.MANAGE_GUILD)
    async with running():
        message = await server.slash(channel, mod, "settings", {"value": "es", "name": "language"}).message()
    assert responder.requests[0].text == "language es"
    assert message.seen_by == mod.id  # a moderator's business is shown only to the moderator


async def test_rights_come_with_the_interaction_and_pinning_is_its_own(
    server: DiscordServer, running: Running, responder: SpokenResponder
) -> None:
    guild = server.guild(permissions=Bit.VIEW_CHANNEL | Bit.SEND_MESSAGES | Bit.MANAGE_MESSAGES)
    channel = guild.channel()
    pinner = guild.member("pinner", permissions=Bit.PIN_MESSAGES)
    async with running():
        await server.slash(channel, pinner, "pin", {"topic": "whatisksm"}).response
    (request,) = responder.requests
    assert request.rights & Right.PIN
    assert not request.rights & Right.MANAGE
    assert not request.bot_rights & Right.PIN
    assert request.bot_rights & Right.DELETE


@pytest.mark.parametrize("joins", [True, False])
async def test_the_bot_is_told_of_joins_when_it_asked_for_them(
    server: DiscordServer, running: Running, responder: SpokenResponder, joins: bool
) -> None:
    guild = server.guild()
    channel, ada = guild.channel(), guild.member("ada")
    async with running(newcomers=Porch() if joins else None):
        await server.slash(channel, ada, "help").response
    assert bool(responder.requests[0].bot_rights & Right.JOINS) is joins


async def test_in_a_thread_the_channel_is_its_parent(
    server: DiscordServer, running: Running, responder: SpokenResponder
) -> None:
    guild = server.guild()
    channel, ada = guild.channel(), guild.member("ada")
    thread = guild.thread(channel)
    async with running():
        await server.slash(thread, ada, "whatisksm").response
    assert responder.requests[0].place == Place("discord", str(guild.id), str(channel.id), str(thread.id))
    assert responder.requests[0].bot_rights & Right.SEND


async def test_a_question_in_a_direct_chat_is_answered_there(
    server: DiscordServer, running: Running, responder: SpokenResponder
) -> None:
    grace = server.user("grace")
    direct = server.direct(grace)
    async with running():
        server.posts.add(direct, grace, {"content": "what is ksm?"})
        await server.wait_for("POST", f"/channels/{direct.id}/messages")
    (request,) = responder.requests
    assert (request.command, request.text, request.place) == (
        "ask",
        "what is ksm?",
        Place("discord", None, str(direct.id)),
    )


async def test_a_message_that_begins_with_the_bot_is_a_question_and_others_are_not(
    server: DiscordServer, running: Running, responder: SpokenResponder
) -> None:
    guild = server.guild()
    channel, ada = guild.channel(), guild.member("ada")
    async with running():
        server.say(channel, ada, f"hello <@{server.world.bot.id}>")
        server.say(channel, ada, "what is ksm?")
        server.say(channel, guild.member("other", bot=True), f"<@{server.world.bot.id}> loop")
        asked = server.say(channel, ada, f"<@{server.world.bot.id}>, what is ksm?")
        (call,) = await server.wait_for("POST", f"/channels/{channel.id}/messages")
    assert [one.text for one in responder.requests] == ["what is ksm?"]
    assert int(call.body["message_reference"]["message_id"]) == asked.id
    assert call.body["allowed_mentions"] == {"parse": []}


@pytest.mark.parametrize(
    ("said", "command", "text"),
    [
        ("/help", "help", ""),
        ("/whatisksm?", "whatisksm", ""),
        ("／Kusama vs Polkadot!", "kusama-vs-polkadot", ""),
        ("/ask: what is ksm?", "ask", "what is ksm?"),
        ("/foo bar", "foo", "bar"),
        ("`/help`", "ask", "`/help`"),
        ("24/7 staking?", "ask", "24/7 staking?"),
    ],
)
async def test_a_command_typed_as_text_in_a_direct_chat_is_a_command(
    server: DiscordServer, running: Running, responder: SpokenResponder, said: str, command: str, text: str
) -> None:
    grace = server.user("grace")
    direct = server.direct(grace)
    async with running():
        server.posts.add(direct, grace, {"content": said})
        await server.wait_for("POST", f"/channels/{direct.id}/messages")
    assert [(one.command, one.text) for one in responder.requests] == [(command, text)]


@pytest.mark.parametrize(
    ("said", "command", "text"),
    [
        ("?", "help", ""),
        (" — what is ksm?", "ask", "what is ksm?"),
        (", /whatisksm!", "whatisksm", ""),
        (" /pin whatisksm", "ask", "pin whatisksm"),
    ],
)
async def test_a_mention_is_read_with_its_punctuation_and_commands_but_never_as_a_moderators_command(
    server: DiscordServer, running: Running, responder: SpokenResponder, said: str, command: str, text: str
) -> None:
    guild = server.guild()
    channel, ada = guild.channel(), guild.member("ada")
    async with running():
        server.say(channel, ada, f"<@{server.world.bot.id}>{said}")
        await server.wait_for("POST", f"/channels/{channel.id}/messages")
    assert [(one.command, one.text) for one in responder.requests] == [(command, text)]


async def test_a_question_in_a_thread_is_the_parent_channels(
    server: DiscordServer, running: Running, responder: SpokenResponder
) -> None:
    guild = server.guild()
    channel, ada = guild.channel(), guild.member("ada")
    thread = guild.thread(channel)
    async with running():
        server.say(thread, ada, f"<@{server.world.bot.id}> what is ksm?")
        await server.wait_for("POST", f"/channels/{thread.id}/messages")
    assert responder.requests[0].place == Place("discord", str(guild.id), str(channel.id), str(thread.id))


async def test_however_often_the_bot_is_mentioned_the_channel_is_looked_up_once(
    server: DiscordServer, running: Running, responder: SpokenResponder
) -> None:
    guild = server.guild()
    channel, ada = guild.channel(), guild.member("ada")
    async with running():
        for count in (1, 2, 3):
            server.say(channel, ada, f"<@{server.world.bot.id}> what is ksm?")
            await server.wait_for("POST", f"/channels/{channel.id}/messages", count)
    assert len(server.done("GET", f"/channels/{channel.id}$")) == 1
    assert len(responder.requests) == 3


async def test_a_slow_answer_is_announced_and_then_put_in_its_place(
    server: DiscordServer, running: Running, responder: SpokenResponder
) -> None:
    guild = server.guild()
    channel, ada = guild.channel(), guild.member("ada")
    responder.gate = asyncio.Event()
    async with running(patience=0):
        asked = server.slash(channel, ada, "whatisksm", {"private": True})
        assert (await asked.response)["type"] == 5
        responder.gate.set()
        message = await asked.message()
    assert message.seen_by == ada.id
    assert WARNING in message.content


async def test_a_slow_answer_that_turns_out_private_does_not_stay_public(
    server: DiscordServer, running: Running, responder: SpokenResponder
) -> None:
    guild = server.guild()
    channel, ada = guild.channel(), guild.member("ada")
    responder.gate = asyncio.Event()

    def fail(request: Request) -> Reply:
        raise ValueError(request.text)

    responder.speak = fail
    async with running(patience=0):
        asked = server.slash(channel, ada, "whatisksm")
        await asked.response
        responder.gate.set()
        message = await asked.followup()
    assert (message.content, message.seen_by) == ("notice: something-went-wrong", ada.id)
    assert asked.original is None or asked.original.id not in channel.messages


async def test_silence_leaves_no_failed_interaction_behind(
    server: DiscordServer, running: Running, responder: SpokenResponder
) -> None:
    guild = server.guild()
    channel, ada = guild.channel(), guild.member("ada")
    responder.speak = lambda request: None
    async with running():
        asked = server.slash(channel, ada, "whatisksm")
        assert (await asked.response)["type"] == 5
        await server.wait_for("DELETE", "/webhooks/.*/messages/@original")
    assert asked.ephemeral


async def test_a_fault_is_told_privately_and_logged_once_without_words(
    server: DiscordServer, running: Running, responder: SpokenResponder, caplog: pytest.LogCaptureFixture
) -> None:
    guild = server.guild()
    channel, ada = guild.channel(), guild.member("ada")

    def fail(request: Request) -> Reply:
        raise ValueError(request.text)

    responder.speak = fail
    with caplog.at_level(logging.WARNING, "bot"):
        async with running():
            message = await server.slash(channel, ada, "ask", {"question": "my secret"}).message()
    assert (message.content, message.seen_by) == ("notice: something-went-wrong", ada.id)
    (record,) = caplog.records
    assert "ValueError" in record.getMessage()
    assert "my secret" not in record.getMessage()


async def test_one_failed_answer_does_not_keep_the_next_from_being_given(
    server: DiscordServer, running: Running
) -> None:
    guild = server.guild()
    channel, ada = guild.channel(), guild.member("ada")
    async with running():
        fault = server.fail_next("POST", "/interactions/.*/callback", status=404, code=10062)
        server.slash(channel, ada, "whatisksm")
        await fault.hit.wait()
        assert WARNING in (await server.slash(channel, ada, "whatisksm").message()).content


async def test_commands_are_offered_once_and_again_only_when_they_change(
    server: DiscordServer, running: Running, responder: SpokenResponder, offers: Remembered
) -> None:
    async with running():
        pass
    async with running():
        pass
    assert len(server.done("PUT", COMMANDS_ROUTE)) == 1
    responder.commands = (*responder.commands, info("stats", right=Right.MANAGE))
    async with running():
        pass
    assert len(server.done("PUT", COMMANDS_ROUTE)) == 2
    assert offers.calls == 2


async def test_a_menu_that_was_not_taken_is_offered_again_and_the_bot_serves_meanwhile(
    server: DiscordServer, running: Running, offers: Remembered
) -> None:
    server.fail_next("PUT", COMMANDS_ROUTE, status=400, code=50035)
    async with running():
        assert offers.calls == 0
    async with running():
        assert offers.calls == 1


async def test_a_store_that_cannot_be_read_at_login_keeps_no_explainer_back(
    server: DiscordServer, running: Running, offers: Remembered
) -> None:
    guild = server.guild()
    channel, ada = guild.channel(), guild.member("ada")
    async with running():
        pass  # so that Discord has the menu
    offers.error = StoreError("the database is damaged", "restore a backup")
    async with running() as adapter:
        assert WARNING in (await server.slash(channel, ada, "whatisksm").message()).content
        assert adapter.lacking == "the commands (the database is damaged)"


async def test_a_command_that_discord_refuses_is_named_stays_as_it_was_and_keeps_no_other_back(
    server: DiscordServer, running: Running, responder: SpokenResponder, offers: Remembered
) -> None:
    good, clock = responder.commands, ToldClock()
    async with running():
        pass
    old = server.commands.find("pin", 1, None)
    bad = info("pin", right=Right.PIN)
    bad.descriptions["en"] = "x" * 101
    responder.commands = (*(one for one in good if one.name != "pin"), bad, info("stats"))
    async with running(clock=clock, sleep=clock.sleep) as adapter:
        words = "/pin: description: Must be between 1 and 100 in length."
        assert adapter.lacking.startswith(f"the commands ({words}")
        now = server.commands.find("pin", 1, None)
        assert old
        assert now
        assert (now["id"], now["description"]) == (old["id"], old["description"])
        assert server.commands.find("stats", 1, None), "a new one is there all the same"
        for _ in range(24):
            await until(lambda: clock.sleepers)
            clock.pass_(3600)
        await until(lambda: clock.sleepers)
        assert len(server.done("PUT", COMMANDS_ROUTE)) <= 1 + 2 * 25
        responder.commands = (*good, info("stats"))
        clock.pass_(3600)
        await until(lambda: not adapter.lacking)
    assert offers.calls == 2
    server.problems.clear()  # the description that was too long on purpose


async def test_the_description_is_set_once_with_the_warning_and_again_after_a_refusal(
    server: DiscordServer, running: Running, offers: Remembered
) -> None:
    english, clock = shipped().languages["en"], ToldClock()
    route, profiles = "/applications/@me$", {"en": profile_of(english)}
    server.fail_next("PATCH", route, status=400, code=50035)
    async with running(clock=clock, sleep=clock.sleep, profiles=lambda: profiles) as adapter:
        assert adapter.lacking == "the description (Discord refused: HTTP 400, code 50035)"
        await until(lambda: clock.sleepers)
        clock.pass_(60)
        await until(lambda: not adapter.lacking)
    async with running(profiles=lambda: profiles) as adapter:
        assert adapter.lacking == ""
    assert [one.status for one in server.done("PATCH", route)] == [400, 200]
    assert server.rest.description.endswith(english.warnings[Risk.GENERAL])


async def test_after_two_hundred_new_commands_in_a_day_discord_is_asked_again_later(
    server: DiscordServer, running: Running, offers: Remembered
) -> None:
    clock = ToldClock()
    server.fail_next("PUT", COMMANDS_ROUTE, status=400, code=30034)
    async with running(clock=clock, sleep=clock.sleep) as adapter:
        assert "200 new commands a day" in adapter.lacking
        await until(lambda: clock.sleepers)
        clock.pass_(60)
        await until(lambda: not adapter.lacking)
    assert offers.calls == 1


async def test_a_wrong_token_is_a_lasting_refusal_with_a_clear_reason(
    server: DiscordServer, responder: SpokenResponder, offers: Remembered
) -> None:
    for token in ("wrong.token", "with\nline break"):
        with pytest.raises(PlatformError, match="token") as refused:
            await DiscordAdapter(token, responder, offers).run()
        assert refused.value.permanent
        assert token not in str(refused.value)


async def test_without_the_members_intent_it_serves_all_the_same_and_says_what_to_switch_on(
    server: DiscordServer, running: Running, responder: SpokenResponder, caplog: pytest.LogCaptureFixture
) -> None:
    guild = server.guild()
    channel, ada = guild.channel(), guild.member("ada")
    server.allow_intents(0)
    with caplog.at_level("WARNING"):
        async with running(newcomers=Porch()):
            await server.slash(channel, ada, "whatisksm").response
    assert Right.JOINS not in responder.requests[0].bot_rights
    told = [record.getMessage() for record in caplog.records if record.name.startswith("bot.")]
    assert len(told) == 1
    assert "Server Members Intent" in told[0]


async def test_a_server_that_is_away_is_worth_another_run(
    server: DiscordServer, responder: SpokenResponder, offers: Remembered
) -> None:
    await server.down()
    with pytest.raises(PlatformError) as refused:
        await DiscordAdapter(server.token, responder, offers).run()
    assert not refused.value.permanent


async def test_requests_in_hand_are_answered_before_it_stops(
    server: DiscordServer, running: Running, responder: SpokenResponder
) -> None:
    guild = server.guild()
    channel, ada = guild.channel(), guild.member("ada")
    responder.gate = asyncio.Event()
    async with running(patience=0):
        asked = server.slash(channel, ada, "whatisksm")
        await asked.response
        asyncio.get_running_loop().call_soon(responder.gate.set)
    assert WARNING in (await asked.message()).content


async def test_it_is_ready_while_connected(server: DiscordServer, running: Running) -> None:
    guild = server.guild()
    channel, ada = guild.channel(), guild.member("ada")
    async with running() as adapter:
        await server.slash(channel, ada, "whatisksm").message()
        assert adapter.ready
    assert not adapter.ready


async def test_rights_are_told_for_the_bot_and_for_members_it_has_not_seen(
    server: DiscordServer, running: Running
) -> None:
    guild = server.guild()
    channel = guild.channel()
    mod = guild.member("mod", permissions=Bit.MANAGE_GUILD)
    async with running(newcomers=Porch()) as adapter:
        place = Place("discord", str(guild.id), str(channel.id))
        await server.slash(channel, mod, "help").message()
        own = await adapter.rights(place, None)
        assert own & Right.PIN
        assert own & Right.JOINS
        theirs = await adapter.rights(place, Member(str(mod.id)))
        assert theirs & Right.MANAGE
        assert not theirs & Right.JOINS
        with pytest.raises(Forbidden):
            await adapter.rights(Place("discord", "1", "2"), None)


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
