"""Our own answers and commands on Discord: every one of them, at every level of warning."""

from functools import cache
from pathlib import Path

import pytest

from bot.adapters.discord.menu import menu
from bot.adapters.discord.menu import overflow as overflow_of_menu
from bot.adapters.discord.render import overflow, render
from bot.content.loader import load
from bot.core.catalog import Catalog
from bot.core.disclaimer import readdress
from bot.core.model import Member, Risk
from bot.core.sealed_catalog import SealedCatalog
from tests.adapters.discord.reader import read
from tests.fakes import contracts

RESPONSES = Path(__file__).resolve().parents[3] / "responses"


@cache
def catalog() -> Catalog:
    return load([RESPONSES], {})


@pytest.mark.parametrize("floor", Risk)
def test_every_explainer_has_its_whole_warning_right_under_the_title_and_fits(floor: Risk) -> None:
    edition = SealedCatalog(catalog())
    for language in catalog().languages.values():
        for command in catalog().explainers:
            reply = edition.explainer(command, language, floor)
            assert reply is not None
            assert overflow(reply) is None
            for_somebody = render(readdress(reply, Member("9" * 20), False)).content.splitlines()
            seen = [read(line).words for line in for_somebody]
            assert seen[1] == reply.title
            assert seen[2] == reply.warning
            assert seen[3] == ""


def test_our_menu_fits_discords_own_description_of_it() -> None:
    offered = menu(catalog().commands)
    assert overflow_of_menu(catalog().commands) == ()
    if contracts.folder() is None:
        pytest.skip(contracts.ABSENT)
    assert contracts.discord_problems("PUT", "/applications/1/commands", offered) == []
