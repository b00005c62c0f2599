"""Commands as Discord's menu takes them."""

import pytest

from bot.adapters.discord.menu import as_text, menu, overflow
from bot.core.model import Right
from tests.adapters.discord.spoken import COMMANDS, info, param
from tests.fakes import contracts


def test_an_explainer_takes_for_and_private() -> None:
    (command,) = menu([info("kusama-vs-polkadot", param("for", "member"), param("private", "flag"))])
    assert command["name"] == "kusama-vs-polkadot"
    assert [(option["name"], option["type"], option["required"]) for option in command["options"]] == [
        ("for", 6, False),
        ("private", 5, False),
    ]


def test_words_are_given_under_every_tag_discord_has_for_a_language() -> None:
    (command,) = menu([info("help")])
    assert command["description"] == "About help"
    assert command["description_localizations"] == {
        "en-US": "About help",
        "en-GB": "About help",
        "es-ES": "Sobre help",
        "es-419": "Sobre help",
        "zh-CN": "关于 help",
        "zh-TW": "关于 help",
    }


@pytest.mark.parametrize(("right", "bits"), [(Right.PIN, 1 << 51), (Right.MANAGE, 1 << 5)])
def test_a_moderators_command_is_offered_in_communities_to_those_with_the_right(right: Right, bits: int) -> None:
    (command,) = menu([info("pins", right=right)])
    assert (command["contexts"], command["default_member_permissions"]) == ([0], str(bits))
    assert command["integration_types"] == [0]


@pytest.mark.parametrize("kind", ["slash", "message"])
def test_everybodys_command_is_offered_in_every_chat_and_to_those_who_install_it_for_themselves(kind: str) -> None:
    (command,) = menu([info("help", kind=kind)])
    assert (command["contexts"], command["default_member_permissions"]) == ([0, 1, 2], None)
    assert command["integration_types"] == [0, 1]


def test_the_message_menu_shows_words_with_capitals_and_has_no_options() -> None:
    (command,) = menu([info("explain", kind="message", shown="Explain this")])
    assert (command["type"], command["name"]) == (3, "Explain this")
    assert not {"description", "options"} & command.keys()


def test_topics_and_the_question_are_completed_while_typing() -> None:
    ask, pin, settings = (one for one in menu(COMMANDS) if one["name"] in ("ask", "pin", "settings"))
    assert ask["options"][0]["autocomplete"]
    assert pin["options"][0]["autocomplete"]
    assert settings["options"][0]["choices"] == [
        {"name": "language", "value": "language"},
        {"name": "risk", "value": "risk"},
    ]
    assert "autocomplete" not in settings["options"][1]


def test_a_channel_is_chosen_from_those_that_the_command_can_use() -> None:
    where, channel = menu([info("post", param("where", "channel"), param("channel", "area"))])[0]["options"]
    assert (where["type"], where["channel_types"]) == (7, [0, 2, 5, 10, 11, 12])
    assert (channel["type"], channel["channel_types"]) == (7, [0, 2, 5, 10, 11, 12, 15])


def test_required_options_come_first() -> None:
    (command,) = menu(
        [info("welcome", param("text", "text"), param("action", "choice", required=True, choices=("on",)))]
    )
    assert [option["name"] for option in command["options"]] == ["action", "text"]


def test_a_language_discord_does_not_have_is_left_out() -> None:
    odd = info("help")
    odd.descriptions["eo"] = "Pri help"
    assert "eo" not in menu([odd])[0]["description_localizations"]


def test_the_text_changes_with_the_words_and_not_with_the_order() -> None:
    assert as_text(COMMANDS) == as_text(COMMANDS[::-1])
    changed = info("help")
    changed.descriptions["en"] = "Something else"
    assert as_text([info("help")]) != as_text([changed])


def test_what_discord_would_refuse_is_known_before() -> None:
    assert overflow(COMMANDS) == ()
    spaced, long = info("help"), info("help")
    spaced.names["es"] = "Ayuda ya"
    long.descriptions["ru"] = "д" * 101
    (told,) = overflow([spaced])
    assert "Ayuda ya" in told
    (told,) = overflow([long])
    assert "101" in told
    twice = info("topics")
    twice.names["en"] = "help"
    assert overflow([info("help"), twice]) == ("two commands are called “help” in en",)
    (told,) = overflow([info("x", *(param(f"p{n}", "text") for n in range(26)))])
    assert "25" in told


def test_the_menu_fits_discords_own_description_of_it() -> None:
    if contracts.folder() is None:
        pytest.skip(contracts.ABSENT)
    assert contracts.discord_problems("PUT", "/applications/1/commands", menu(COMMANDS)) == []
