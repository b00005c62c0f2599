"""A picture's words in the YAML are held by the same checks as the answer's own."""

from pathlib import Path

import pytest

from bot.core.catalog import without_pictures
from bot.core.model import Risk
from bot.core.picture import Comparison, Diagram
from bot.core.sealed_catalog import SealedCatalog
from tests.builders import Folder, shipped

VERSUS = "en/answers/kusama-vs-polkadot.yaml"


def test_two_answers_have_a_picture_in_every_language() -> None:
    for language in shipped().languages.values():
        pictures = {name: entry.picture for name, entry in language.entries.items() if entry.picture}
        assert {name: type(one) for name, one in pictures.items()} == {
            "how-kusama-works": Diagram,
            "kusama-vs-polkadot": Comparison,
        }
        assert all(one.alt for one in pictures.values())


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("expand here later", "expand to Ethereum later", "“Ethereum” reads like a name"),
        ("expand here later", "expand here in 2027", "the number “2027” is in no cited fact"),
        ("expand here later", "see kusama.network", "looks like a link"),
        ('    - label: "Projects"', '    - lable: "Projects"', "lable"),
        ("kind: comparison", "kind: painting", "painting"),
        ('"expand here later"]', '"expand here later", "third"]', "3 cells, but there are 2 columns"),
        ('columns: ["Kusama", "Polkadot"]', 'columns: ["Kusama"]', "columns"),
    ],
)
def test_what_an_answer_may_not_say_its_picture_may_not_either(tmp_path: Path, old: str, new: str, what: str) -> None:
    folder = Folder(tmp_path, "en")
    line = folder.edit(VERSUS, old, new)
    found = [one for one in folder.problems() if one.file == VERSUS]
    assert any(what in one.what and abs(one.line - line) <= 1 for one in found), found


def test_a_translation_draws_the_same_parts_or_none(tmp_path: Path) -> None:
    folder = Folder(tmp_path, "en", "es")
    name = "es/answers/kusama-vs-polkadot.yaml"
    text = folder.text(name)
    folder.write(name, text[: text.index('    - label: "Un equipo puede"')])
    assert [one.what for one in folder.problems()] == ["does not have the parts of the picture in the first language"]
    folder.write(name, text[: text.index("picture:")])
    assert folder.load().languages["es"].entries["kusama-vs-polkadot"].picture is None


def test_pictures_can_be_left_out_as_a_whole() -> None:
    plain = without_pictures(shipped())
    assert all(not entry.picture for one in plain.languages.values() for entry in one.entries.values())
    with_, without = (
        SealedCatalog(catalog).explainer("kusama-vs-polkadot", catalog.default, Risk.HIGH)
        for catalog in (shipped(), plain)
    )
    assert with_ is not None
    assert without is not None
    assert (with_.body, with_.warning) == (without.body, without.warning)
    assert with_.digest != without.digest
