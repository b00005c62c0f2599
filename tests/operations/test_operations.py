"""What operators watch the bot by, held against the bot: no alert and no panel asks for what is not there."""

import json
import os
import re
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.cli.doctor_running import SIGNS, faults
from bot.core.faults import Fault, Finding, State
from bot.runtime.telemetry import GREETINGS, PARTS, PINS, READINGS, RESULTS, Metrics
from tests.builders import ROOT

HERE, DOCS = Path(__file__).parent, ROOT / "docs" / "operations"
METRIC = re.compile(r"\b(?:kusamabot|process)_[a-z_]+")


@cache
def promtool() -> str:
    """Prometheus's own checker; where it is missing the test is skipped, unless REQUIRE_PROMTOOL says it must not."""
    found = shutil.which("promtool")
    if found is None:
        assert not os.environ.get("REQUIRE_PROMTOOL"), "promtool is missing: on Debian, apt-get install prometheus"
        pytest.skip("promtool is not installed (Debian's package prometheus has it)")
    return found


def checked(*arguments: str, folder: Path) -> None:
    """Run promtool; what it says is the test's failure."""
    ended = subprocess.run([promtool(), *arguments], cwd=folder, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr


def rules() -> list[dict[str, Any]]:
    (group,) = yaml.safe_load((DOCS / "alerts.yml").read_text("utf-8"))["groups"]
    return list(group["rules"])


def expressions() -> dict[str, str]:
    """Every expression of the dashboard, by its panel and place."""
    dashboard = json.loads((DOCS / "dashboard.json").read_text("utf-8"))
    asked = {"annotations": dashboard["annotations"]["list"][0]["expr"]}
    for panel in dashboard["panels"]:
        for number, target in enumerate(panel.get("targets", [])):
            asked[f"{panel['title']} {number}"] = target["expr"]
    return asked


@cache
def known() -> frozenset[str]:
    """Every name under which a sample of ours can appear."""
    metrics = Metrics()
    for platform in ("discord", "telegram"):
        metrics.wire(platform)
    names = set()
    for family in metrics.registry.collect():
        suffixes = {"counter": ["_total"], "histogram": ["_bucket", "_count", "_sum"]}.get(family.type, [""])
        names |= {family.name + suffix for suffix in suffixes}
    return frozenset(names)


def rows(heading: str) -> list[list[str]]:
    """The cells of the table below that heading of README.md."""
    text = (DOCS / "README.md").read_text("utf-8").split(f"## {heading}")[1].split("\n## ")[0]
    lines = [line for line in text.splitlines() if line.startswith("| ")][1:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def test_the_rules_are_rules() -> None:
    checked("check", "rules", str(DOCS / "alerts.yml"), folder=ROOT)


def test_each_alert_fires_in_its_own_trouble_and_none_while_all_is_well(tmp_path: Path) -> None:
    for file in (DOCS / "alerts.yml", HERE / "alerts.test.yml"):
        shutil.copy(file, tmp_path)
    checked("test", "rules", "alerts.test.yml", folder=tmp_path)
    tests = yaml.safe_load((HERE / "alerts.test.yml").read_text("utf-8"))["tests"]
    fires = {one["name"] for one in tests if f'alertname="{one["name"]}"' in str(one["promql_expr_test"])}
    assert fires == {one["alert"] for one in rules()}


def test_every_alert_says_what_it_means_what_to_do_and_how_urgent_it_is() -> None:
    for one in rules():
        assert one["annotations"].keys() == {"summary", "action"}, one["alert"]
        assert all(20 < len(words) <= 260 for words in one["annotations"].values()), one["alert"]
        assert one["labels"]["severity"] in ("page", "ticket", "info")


def test_alerts_and_panels_ask_for_metrics_that_are_there() -> None:
    for name, asked in {**{one["alert"]: one["expr"] for one in rules()}, **expressions()}.items():
        found = set(METRIC.findall(asked))
        assert found or name == "annotations"
        assert found <= known(), name


def test_alerts_and_panels_ask_for_label_values_that_are_there() -> None:
    results = {*RESULTS, *PINS, *GREETINGS, *READINGS}
    values: dict[str, set[str]] = {"fault": set(Fault), "result": results, "part": set(PARTS)}
    for asked in [*(one["expr"] for one in rules()), *expressions().values()]:
        for label, said in re.findall(r'(\w+)(?:=|=~|!=|!~)"([^"]*)"', asked):
            assert label not in values or set(said.split("|")) <= values[label], asked


def test_every_metric_of_ours_is_on_the_dashboard() -> None:
    shown = " ".join(expressions().values())
    ours = {re.sub(r"_(bucket|count|sum|created)$", "", name) for name in known() if name.startswith("kusamabot_")}
    assert {name for name in ours if name not in shown} == set()


def test_every_expression_of_the_dashboard_can_be_evaluated(tmp_path: Path) -> None:
    plain = [
        re.sub(r"\$__rate_interval|\$__range", "5m", asked).replace("$instance", ".*")
        for asked in expressions().values()
    ]
    group = {"name": "panels", "rules": [{"record": f"panel:{n}", "expr": one} for n, one in enumerate(plain)]}
    (tmp_path / "panels.yml").write_text(yaml.safe_dump({"groups": [group]}), "utf-8")
    checked("check", "rules", "panels.yml", folder=tmp_path)


def test_no_two_panels_of_the_dashboard_lie_over_each_other() -> None:
    taken: dict[tuple[int, int], str] = {}
    for panel in json.loads((DOCS / "dashboard.json").read_text("utf-8"))["panels"]:
        spot = panel["gridPos"]
        assert spot["x"] + spot["w"] <= 24
        for x in range(spot["x"], spot["x"] + spot["w"]):
            for y in range(spot["y"], spot["y"] + spot["h"]):
                assert taken.setdefault((x, y), panel["title"]) == panel["title"]


def test_the_page_tells_every_fault_in_the_bots_own_words() -> None:
    told_there = {fault.strip("`"): (cause, fix) for _, fault, cause, fix, _ in rows("What can be wrong")}
    assert told_there == {fault.value: (fault.cause, fault.fix) for fault in Fault}


def test_every_alert_that_the_page_names_is_there() -> None:
    named = {row[-1] for heading in ("What can be wrong", "What happened") for row in rows(heading)}
    assert named <= {one["alert"] for one in rules()}


@pytest.mark.parametrize("row", rows("What happened"), ids=lambda row: row[0])
def test_everything_that_happens_is_counted_and_shown_by_doctor_or_in_the_community(row: list[str]) -> None:
    happened, shown, metric, _ = row
    name = metric.strip("`")
    assert {name, f"{name}_bucket"} & known(), happened
    if shown.startswith("`"):
        fault = next(one for one in Fault if one.value == shown.strip("`"))
        state = {"ready": False, "version": "1", "store": {}, "faults": [
            {"part": "telegram", "fault": fault, "reason": fault.cause, "fix": fault.fix, "since": "now"}
        ]}  # fmt: skip
        _, line = faults(json.dumps(state).encode())
        assert line.state is not State.FINE
        assert line.cause.startswith(fault.cause)
        assert line.fix == fault.fix
    elif shown == "a note of doctor":
        assert name == "kusamabot_requests_waiting" or name.replace("rate_limit_seconds", "platform_calls") in {
            sign.metric for sign in SIGNS
        }


def test_every_sign_that_doctor_knows_is_a_sample_that_is_counted() -> None:
    for sign in SIGNS:
        assert sign.metric in known()
        assert not sign.result or sign.result in {*RESULTS, *PINS, *GREETINGS, *READINGS}
        line = str(Finding("running telegram", State.NOTE, f"since the start, 3 {sign.cause}", sign.fix))
        assert "→" in line
        assert len(line) < 260
