"""What the check of names and numbers makes of other languages' letters and signs."""

from pathlib import Path

import pytest

from bot.content.facts import FactCheck
from bot.content.schema import SourceFile
from tests.builders import Folder

SPANISH, TURKISH = "es/answers/whatisksm.yaml", "tr/answers/whatisksm.yaml"


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path, "en", "es", "tr")


def test_a_spanish_question_begins_behind_its_opening_mark(folder: Folder) -> None:
    folder.edit(SPANISH, "¿Qué es KSM?", "¿Cómo es KSM?")
    assert folder.problems() == ()


def test_a_foreign_name_behind_an_opening_mark_is_still_found(folder: Folder) -> None:
    folder.edit(SPANISH, "¿Qué es KSM?", "¿Binance es KSM?")
    assert [one.what for one in folder.problems()] == ["“Binance” reads like a name and is not in names of source.yaml"]


def test_a_turkish_sentence_may_begin_with_a_dotted_capital(folder: Folder) -> None:
    folder.edit(TURKISH, "Başlıca kullanımları şunlardır:", "İşlemleri şunlardır:")
    assert folder.problems() == ()


def test_a_turkish_number_with_a_dotted_capital_is_found(folder: Folder) -> None:
    folder.edit(TURKISH, "Başlıca kullanımları şunlardır:", "İki kullanımı vardır:")
    assert "“İki” is a number or date that no cited fact has" in [one.what for one in folder.problems()]


def german(text: str, **source: object) -> list[str]:
    known = SourceFile.model_validate(
        {"article": {"revision": "0" * 12}, "names": ("Kusama",), "menu": (), "sections": (), **source}
    )
    return [name for name, _, _ in FactCheck(known, "", None, nouns=True).mistakes(text, ())]


def test_german_nouns_are_no_names() -> None:
    assert (
        german("Das Netzwerk Kusama hat Regeln, und die Entwickler testen ihre Ideen. Fehler zeigen sich früh.") == []
    )


def test_in_a_language_of_capital_nouns_names_have_capitals_inside_or_are_known() -> None:
    said = "Das Netz nutzt MetaMask, NFTs und ethereum."
    assert german(said, other_names=("Ethereum",)) == ["MetaMask", "NFTs", "ethereum"]
    assert german("Das Kusama-Netzwerk hat keinen Kusama-ETF.") == ["Kusama-ETF"]


def test_a_translation_may_begin_a_sentence_with_any_word_but_not_name_others_inside(folder: Folder) -> None:
    folder.edit(SPANISH, "¿Qué es KSM?", "¿Quizás es Blorpo o KSM?")
    assert [one.what for one in folder.problems()] == ["“Blorpo” reads like a name and is not in names of source.yaml"]


def test_one_letter_is_a_word_where_a_sentence_begins_and_i_anywhere() -> None:
    known = SourceFile.model_validate(
        {"article": {"revision": "0" * 12}, "names": (), "menu": (), "sections": ()},
    )
    said = "I ask. May I ask? Я могу? Y no. On X nobody asks. X asks."
    assert [name for name, _, _ in FactCheck(known, "", ["on may nobody"]).mistakes(said, ())] == ["X"]
