"""`ask` shows an answer in a terminal."""

import json

import pytest

from bot.__main__ import main
from bot.adapters.discord.markdown import seen
from bot.adapters.discord.render import render
from bot.core.model import Risk
from bot.core.sealed_catalog import SealedCatalog
from tests.adapters.discord.reader import read
from tests.builders import shipped


def test_an_answer_is_printed_as_people_see_it_and_the_json_keeps_what_is_sent(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["ask", "/privacy"]) == 0
    printed = capsys.readouterr().out
    assert main(["ask", "--json", "/privacy"]) == 0
    sent = json.loads(capsys.readouterr().out)["discord"]["text"]
    assert "**" in sent
    assert "**" not in printed
    assert "\\" not in printed


def test_escapes_go_and_what_they_guarded_stays() -> None:
    assert seen(r"**At 19\:00\_x**: https\://berlin\.example \\ _so_" "\n-# 1\\. \\- \\*") == (
        r"At 19:00_x: https://berlin.example \ so" "\n1. - *"
    )


def test_every_explainer_is_printed_with_the_words_on_a_screen() -> None:
    edition = SealedCatalog(shipped())
    for language in edition.catalog.languages.values():
        for command in edition.catalog.explainers:
            reply = edition.explainer(command, language, Risk.GENERAL)
            assert reply
            content = render(reply).content
            words = [line.removeprefix("- ") for line in seen(content).split("\n")]
            assert words == [
                line.removeprefix("\u2060") for line in read(content).words.replace("\u2060", "").split("\n")
            ]
