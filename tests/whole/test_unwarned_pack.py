"""A pack of the purpose none has no warnings, and does not speak of their level."""

from pathlib import Path

import pytest

from bot.__main__ import main

LEVEL = {
    "en": "warning",
    "es": "aviso",
    "ru": "предупрежд",
    "tr": "uyarı",
    "vi": "cảnh báo",
    "zh": "警告",
    "nl": "warning",
}


@pytest.mark.parametrize("language", LEVEL)
def test_help_does_not_speak_of_a_level(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], language: str
) -> None:
    pack, title = tmp_path / "pack", "蜜蜂" if language == "zh" else "bees"
    order = ["new", str(pack), "--title", title, "--names", "", "--purpose", "none", "--reason", "It hurts nobody."]
    assert main([*order, "--language", language]) == 0
    monkeypatch.setenv("RESPONSES_DIR", str(pack))
    capsys.readouterr()
    assert main(["ask", "/help", "--locale", language]) == 0
    said = capsys.readouterr().out
    assert "/settings" in said
    assert LEVEL[language] not in said.casefold()
