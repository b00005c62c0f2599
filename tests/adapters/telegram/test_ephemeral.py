"""What concerns one member of a group is shown to that member alone, over the real python-telegram-bot."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest
from structlog.testing import capture_logs

from bot.core.commands import Shown
from bot.core.disclaimer import Reply, readdress
from bot.core.model import Notice, Request, Right
from tests.adapters.telegram.stage import KNOWN, Answering, at_once, draft, info, place, running, sealed
from tests.fakes.telegram import Chat, Member, TelegramServer, status

COMMANDS = (
    info("whatisksm"),
    info("kusama-risks"),
    info("help", shown=Shown.CALLER),
    info("settings", Right.MANAGE, Shown.SECRET),
)
DRAFTS = {**KNOWN, "help": draft(title="Help"), "settings": Notice("old-button"), "kusamarisks": draft(title="Risks")}
PIN = ("can_pin_messages",)
BURST = 40  # what one member may ask at once


@dataclass
class Waiting(Answering):
    """Has whoever asks for an explainer wait, as the cooldown does."""

    refused: list[str] = field(default_factory=list)

    async def respond(self, request: Request) -> Reply | None:
        if request.command != "whatisksm":
            return await super().respond(request)
        self.refused.append(request.member.id)
        return readdress(sealed(Notice("one-moment")), None, True)


@asynccontextmanager
async def serving(
    *, older: bool = False, answers: Answering | None = None, rights: tuple[str, ...] = ()
) -> AsyncIterator[tuple[TelegramServer, Chat, Member]]:
    """A server, a group with the bot in it, and a member. Time stands still."""
    answers = answers or Answering(DRAFTS, COMMANDS)
    async with TelegramServer(older=older) as server, running(server, answers, clock=lambda: 1000.0, sleep=at_once):
        yield server, server.chat(rights=rights), server.member()


async def pressed(server: TelegramServer, chat: Chat, member: Member, data: str = "v1:en:kusama-risks") -> str:
    """Press the button of an explainer that somebody else asked for."""
    server.send(chat, server.member(), "/kusama_vs_polkadot")
    await server.wait_for("sendMessage")
    return server.press(chat.said(server.bot)[-1], data, member, forged=True)


def seen(chat: Chat, member: Member) -> list[str]:
    """What that member alone has been shown."""
    shown = [one for one in chat.ephemeral.values() if one.shown()["receiver_user"]["id"] == member.id]
    return [one.text.partition("\n")[0] for one in shown]


async def test_a_press_is_answered_to_whoever_pressed() -> None:
    async with serving() as (server, chat, member):
        query = await pressed(server, chat, member)
        _, answer = await server.wait_for("sendMessage", 2)
        assert answer.params["ephemeral_message_parameters"] == {
            "receiver_user_id": member.id,
            "callback_query_id": query,
        }
        await server.wait_for("answerCallbackQuery")
        assert (seen(chat, member), len(chat.said(server.bot))) == (["Risks"], 1)
        (shown,) = chat.ephemeral.values()
        assert "⚠️ Crypto is high-risk." in shown.text
        server.press(shown, "v1:en:kusama-risks", member)
        await server.wait_for("sendMessage", 3)
        assert (seen(chat, member), len(chat.said(server.bot))) == (["Risks", "Risks"], 1)


async def test_a_press_in_a_topic_is_answered_in_the_topic() -> None:
    async with TelegramServer() as server, running(server, Answering(DRAFTS, COMMANDS)):
        chat, member = server.chat(forum=True), server.member()
        topic = chat.topic("Newcomers")
        server.send(chat, member, "/whatisksm", thread=topic)
        await server.wait_for("sendMessage")
        server.press(chat.said(server.bot)[-1], "v1:en:kusama-risks", member)
        _, answer = await server.wait_for("sendMessage", 2)
        assert answer.params["message_thread_id"] == topic


async def test_an_older_server_answers_a_press_to_all_and_is_asked_once() -> None:
    async with serving(older=True) as (server, chat, member):
        await pressed(server, chat, member)
        await server.wait_for("sendMessage", 2)
        server.press(chat.said(server.bot)[0], "v1:en:kusama-risks", server.member())
        *_, answer = await server.wait_for("sendMessage", 3)
        assert answer.params["reply_parameters"]["message_id"] == chat.said(server.bot)[0].id
        assert "ephemeral_message_parameters" not in answer.params
        assert len(chat.said(server.bot)) == 3
        assert len(server.of("deleteEphemeralMessage")) == 1


async def test_a_press_that_telegram_will_not_answer_alone_is_answered_to_all() -> None:
    async with serving() as (server, chat, member):
        server.send(chat, member, "/whatisksm")
        await server.wait_for("sendMessage")
        server.fail_next("sendMessage", status(400, "Bad Request: MESSAGE_NOT_COMMAND"))
        server.press(chat.said(server.bot)[-1], "v1:en:kusama-risks", member)
        await server.wait_for("sendMessage", 3)
        assert [one.text.partition("\n")[0] for one in chat.said(server.bot)] == ["What is KSM?", "Risks"]


async def test_a_press_whose_answer_may_have_arrived_is_answered_no_second_time() -> None:
    async with serving() as (server, chat, member):
        server.send(chat, member, "/whatisksm")
        await server.wait_for("sendMessage")
        server.fail_next("sendMessage", status(500, "Internal Server Error"))
        server.press(chat.said(server.bot)[-1], "v1:en:kusama-risks", member)
        await server.wait_for("sendMessage", 2)
        server.send(chat, member, "/whatisksm")
        await server.wait_for("sendMessage", 3)
        assert [one.text.partition("\n")[0] for one in chat.said(server.bot)] == ["What is KSM?"] * 2


@pytest.mark.parametrize("command", ["/help", "/settings", "/HELP@kusama_test_bot"])
async def test_an_ephemeral_command_is_answered_to_its_author_alone(command: str) -> None:
    async with serving() as (server, chat, member):
        asked = server.send(chat, member, command, ephemeral=True)
        (answer,) = await server.wait_for("sendMessage")
        assert answer.params["ephemeral_message_parameters"] == {"receiver_user_id": member.id}
        assert answer.params["reply_parameters"] == {"ephemeral_message_id": asked.id}
        assert answer.ok
        assert chat.said(server.bot) == []


async def test_an_ephemeral_question_needs_no_mention() -> None:
    async with serving(answers=Answering({"ask": draft()}, COMMANDS)) as (server, chat, member):
        server.send(chat, member, "what is ksm?", ephemeral=True)
        await server.wait_for("sendMessage")
        assert (seen(chat, member), chat.said(server.bot)) == (["What is KSM?"], [])


@pytest.mark.parametrize("command", ["/help", "/settings"])
async def test_an_administrator_answers_a_plain_command_to_its_author_alone(command: str) -> None:
    async with serving(rights=PIN) as (server, chat, member):
        server.send(chat, member, command)
        (answer,) = await server.wait_for("sendMessage")
        assert answer.ok
        assert len(seen(chat, member)) == 1
        assert chat.said(server.bot) == []


@pytest.mark.parametrize("older", [True, False])
async def test_where_nobody_can_be_shown_it_alone_help_is_for_all_and_settings_for_nobody(older: bool) -> None:
    async with serving(older=older, rights=PIN if older else ()) as (server, chat, member):
        server.send(chat, member, "/settings")
        server.send(chat, member, "/help")
        (answer,) = await server.wait_for("sendMessage")
        await server.until_polling()
        assert answer.text.startswith("Help")
        assert "ephemeral_message_parameters" not in answer.params
        assert len(server.of("sendMessage")) == 1


async def test_somebody_who_posts_as_the_group_is_shown_no_settings() -> None:
    async with serving(rights=PIN) as (server, chat, member):
        server.send(chat, member, "/settings", sender_chat=chat)
        server.send(chat, member, "/whatisksm")
        (answer,) = await server.wait_for("sendMessage")
        assert answer.text.startswith("What is KSM?")


async def test_settings_that_a_server_showed_to_all_are_removed_and_not_shown_again() -> None:
    async with serving(rights=PIN) as (server, chat, member):
        server.world.ephemeral.known = False
        server.fail_next("deleteEphemeralMessage", status(400, "Bad Request: chat not found"))  # as 10.2 answers
        server.send(chat, member, "/settings")
        await server.wait_for("deleteMessage")
        server.send(chat, member, "/settings")
        server.send(chat, member, "/help")
        *_, last = await server.wait_for("sendMessage", 2)
        assert last.text.startswith("Help")
        assert [one.text.partition("\n")[0] for one in chat.said(server.bot)] == ["Help"]


async def test_while_it_is_unknown_what_the_server_can_do_nothing_private_is_sent_and_it_is_asked_again() -> None:
    async with serving(rights=PIN) as (server, chat, member):
        server.fail_next("deleteEphemeralMessage", status(502, "Bad Gateway"), times=2)
        server.send(chat, member, "/settings")
        await server.wait_for("deleteEphemeralMessage", 2)
        server.send(chat, member, "/settings")
        (answer,) = await server.wait_for("sendMessage")
        assert "ephemeral_message_parameters" in answer.params


async def test_help_is_answered_though_it_cannot_be_found_out_what_the_bot_may() -> None:
    async with serving(rights=PIN) as (server, chat, member):
        server.fail_next("getChatMember", status(502, "Bad Gateway"))
        server.send(chat, member, "/help")
        await server.wait_for("sendMessage")
        assert [one.text.partition("\n")[0] for one in chat.said(server.bot)] == ["Help"]


async def test_a_refused_press_says_so_in_its_bubble_to_each_presser() -> None:
    async with serving(answers=Waiting(DRAFTS, COMMANDS)) as (server, chat, member):
        first = await pressed(server, chat, member, "v1:en:whatisksm")
        message = chat.said(server.bot)[-1]
        second = server.press(message, "v1:en:whatisksm", server.member(), forged=True)
        await server.wait_for("answerCallbackQuery", 2)
        told = [server.answer_to(query) for query in (first, second)]
        assert [one and one["text"] for one in told] == ["One moment, please."] * 2
        assert len(server.of("sendMessage")) == 1


async def test_a_refused_command_says_so_to_its_author_alone_or_not_at_all() -> None:
    answers = Waiting(DRAFTS, COMMANDS)
    async with serving(answers=answers, rights=PIN) as (server, chat, member):
        server.send(chat, member, "/whatisksm")
        await server.wait_for("sendMessage")
        assert (seen(chat, member), chat.said(server.bot)) == (["One moment, please."], [])
        plain = server.chat()
        server.send(plain, member, "/whatisksm")
        server.send(plain, member, "/kusama_vs_polkadot")
        await server.wait_for("sendMessage", 2)
        assert len(answers.refused) == 2
        assert [one.text.partition("\n")[0] for one in plain.said(server.bot)] == ["Kusama and Polkadot"]


async def test_one_who_asks_too_much_is_told_alone() -> None:
    async with serving(rights=PIN) as (server, chat, member):
        for _ in range(BURST + 5):
            server.send(chat, member, "/whatisksm")
        await server.wait_for("sendMessage", BURST + 1)
        await server.until_polling()
        assert seen(chat, member) == ["One moment, please."] * (BURST + 1 - 20)
        assert len(chat.said(server.bot)) == 20


async def test_a_button_of_an_explainer_that_is_gone_says_so_to_whoever_pressed() -> None:
    async with serving() as (server, chat, member):
        query = await pressed(server, chat, member, "v1:en:withdrawn")
        await server.wait_for("answerCallbackQuery")
        told = server.answer_to(query)
        assert told is not None
        assert told["text"] == "This button is too old."
        assert len(server.of("sendMessage")) == 1


async def test_the_menu_marks_in_groups_what_is_for_the_caller_alone() -> None:
    async with serving() as (server, _, _):
        await server.until(lambda: '{"type": "all_chat_administrators"}' in str(server.world.commands) or None)
        marked = {
            scope: [one["command"] for one in commands if one.get("is_ephemeral")]
            for (scope, _), commands in server.world.commands.items()
        }
    assert marked['{"type": "all_group_chats"}'] == ["help"]
    assert marked['{"type": "all_private_chats"}'] == []
    assert marked['{"type": "all_chat_administrators"}'] == ["help", "settings"]


async def test_nothing_that_is_shown_alone_is_logged() -> None:
    with capture_logs() as logs:
        async with serving() as (server, chat, member):
            server.fail_next("sendMessage", status(400, "Bad Request: user 12345678 is not here"))
            server.send(chat, member, "/settings", ephemeral=True)
            await server.wait_for("sendMessage")
            await server.until_polling()
    assert str(member.id) not in str(logs)
    assert "12345678" not in str(logs)


async def test_a_direct_chat_and_a_message_to_it_need_no_ephemeral_messages() -> None:
    async with serving() as (server, _, member):
        chat = server.private(member)
        server.send(chat, member, "/help")
        await server.wait_for("sendMessage")
        server.press(chat.said(server.bot)[-1], "v1:en:kusama-risks", member)
        await server.wait_for("sendMessage", 2)
        assert server.of("deleteEphemeralMessage") == []
        assert place(chat).channel == str(member.id)
        assert len(chat.said(server.bot)) == 2
