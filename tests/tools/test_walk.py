"""The walk counts what a command, a join and an edit really pass."""

import re

from tools.bench.process import run


def test_a_command_a_join_and_an_edit_pass_through_the_adapter_the_features_and_the_core() -> None:
    said = run(("-m", "tools.walk", "--list")).output
    table, *ways = said.split("\n\n")
    counts = {name: (int(modules), int(functions)) for name, modules, functions in _ROW.findall(table)}
    listed = {way.splitlines()[0]: way.splitlines()[1:] for way in ways}
    assert counts.keys() == listed.keys()
    assert {name: len(steps) for name, steps in listed.items()} == {name: many for name, (_, many) in counts.items()}
    for name, steps in listed.items():
        packages = {"telegram", "discord"} if "both" in name else {name.split()[-1].lower()}
        passed = {step.split(": ")[0].strip() for step in steps}
        for package in [f"bot.adapters.{one}" for one in packages] + ["bot.features", "bot.core"]:
            assert any(module.startswith(package) for module in passed), f"{name} passes nothing of {package}"
        assert any("disclaimer" in module for module in passed), f"{name} passes no warning"


_ROW = re.compile(r"^(\S.*?) +(\d+) +(\d+)$", re.MULTILINE)
