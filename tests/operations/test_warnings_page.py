"""docs/warnings.md says of each warning what the bot really shows, and by when it is to be reviewed."""

from datetime import date

from tests.builders import ROOT, shipped

PAGE = (ROOT / "docs" / "warnings.md").read_text("utf-8")


def _rows() -> dict[str, list[str]]:
    lines = PAGE.partition("## The lines")[2].partition("##")[0].splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("|")]
    return {level.strip("`"): rest for level, *rest in rows[2:]}


def test_the_page_quotes_each_warning_as_it_is_shown() -> None:
    shown = {risk.name.lower(): text for risk, text in shipped().default.warnings.items()}
    assert {level: rest[0] for level, rest in _rows().items() if level != "/risk"} == shown


def test_each_warning_has_its_rule_and_is_reviewed_within_a_year() -> None:
    assert set(_rows()) == {"general", "elevated", "high", "/risk"}
    for _, rules, checked, review in _rows().values():
        assert rules
        assert 0 < (date.fromisoformat(review) - date.fromisoformat(checked)).days <= 366
