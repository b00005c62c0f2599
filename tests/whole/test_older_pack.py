"""A pack that is older than the bot: what its first language lacks of the bot's words is lent to it, in English."""

import sys
from pathlib import Path
from types import CodeType

import pytest
import yaml

from bot.__main__ import main
from bot.content.default_texts import Words
from bot.content.loader import load
from bot.core.notices import SLOTS
from tests.builders import FITS, Folder

MISSING = [
    *(("notices", key) for key in SLOTS if key.startswith(("welcome-quiet", "settings-import"))),
    ("notices", "diagnose"),
    ("plurals", "settings-channels-here"),
    ("rights", "pin"),
    ("commands", "log"),
    ("explainer_params", "private"),
    ("welcome", "safety"),
    ("this_chat",),
]


@pytest.mark.parametrize("language", ["en", "es", "nl"])
@pytest.mark.parametrize("purpose", ["none", "health"])
def test_what_an_older_pack_lacks_of_the_bots_words_is_english_and_check_prints_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], language: str, purpose: str
) -> None:
    pack = tmp_path / "pack"
    reason = ["--reason", "Nobody is hurt."] if purpose == "none" else []
    order = ["new", str(pack), "--title", "Home bees", "--names", "", "--language", language]
    assert main([*order, "--purpose", purpose, *reason]) == 0, capsys.readouterr().err
    monkeypatch.setenv("RESPONSES_DIR", str(pack))
    whole = load([pack], FITS)
    assert whole.default.untranslated == {}
    path = pack / language / "interface.yaml"
    values = yaml.safe_load(path.read_text("utf-8"))
    for *above, key in MISSING:
        inner = values
        for one in above:
            inner = inner[one]
        del inner[key]
    path.write_text(yaml.safe_dump(values, allow_unicode=True), "utf-8")
    duties = pack / language / "duties.yaml"  # and the words of notices are just those of its own
    said, own = (
        yaml.safe_load(duties.read_text("utf-8")),
        path.read_text("utf-8").casefold().replace("’", "").replace("'", ""),
    )
    said["notices"] = " ".join(word for word in said["notices"].split() if "_" in word or word in own)
    duties.write_text(yaml.safe_dump(said, allow_unicode=True), "utf-8")
    capsys.readouterr()

    assert main(["check"]) == 0, capsys.readouterr().err
    shown = capsys.readouterr().err
    start = f"Warning: {language}/interface.yaml: {len(MISSING)} texts are missing and shown in English: "
    (line,) = [one for one in shown.splitlines() if one.startswith(start)]
    assert line.endswith("`bot check --missing` prints them for translation.")
    assert main(["check", "--missing"]) == 0
    printed = yaml.safe_load(capsys.readouterr().out.rpartition("The content")[0])
    assert "administrator" in printed["notices"]["welcome-quiet-needs-admin"]
    catalog = load([pack], FITS)
    assert set(catalog.default.notices) == set(whole.default.notices)
    assert [one.name for one in catalog.commands] == [one.name for one in whole.commands]
    assert all(one.descriptions[language] for one in catalog.commands if one.kind != "message")
    assert catalog.default.this_chat


def test_a_pack_that_lacks_nothing_costs_no_words_of_the_bots_own(tmp_path: Path) -> None:
    called, pack = set[CodeType](), Folder(tmp_path, "en", "es").path
    before = sys.getprofile()
    sys.setprofile(lambda frame, *_: called.add(frame.f_code))  # cProfile of 3.13 loses functions that are under way
    try:
        load([pack], FITS)
    finally:
        sys.setprofile(before)
    assert load.__code__ in called
    assert Words.swapped.__code__ not in called
