"""What the check of names and numbers makes of other languages' letters and signs."""

from pathlib import Path

import pytest

from tests.builders import Folder

SPANISH, TURKISH = "es/answers/whatisksm.yaml", "tr/answers/whatisksm.yaml"


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


def test_a_spanish_question_begins_behind_its_opening_mark(folder: Folder) -> None:
    folder.edit(SPANISH, "¿Qué es KSM?", "¿Cómo es KSM?")
    assert folder.problems() == ()


def test_a_foreign_name_behind_an_opening_mark_is_still_found(folder: Folder) -> None:
    folder.edit(SPANISH, "¿Qué es KSM?", "¿Binance es KSM?")
    assert [one.what for one in folder.problems()] == ["“Binance” reads like a name that the article does not have"]


def test_a_turkish_sentence_may_begin_with_a_dotted_capital(folder: Folder) -> None:
    folder.edit(TURKISH, "Başlıca kullanımları şunlardır:", "İşlemleri şunlardır:")
    assert folder.problems() == ()


def test_a_turkish_number_with_a_dotted_capital_is_found(folder: Folder) -> None:
    folder.edit(TURKISH, "Başlıca kullanımları şunlardır:", "İki kullanımı vardır:")
    assert "“İki” is a number or date that no cited fact has" in [one.what for one in folder.problems()]
