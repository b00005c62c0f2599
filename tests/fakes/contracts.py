"""The platforms' own descriptions of their interfaces, held against every call a fake receives.

They lie outside the repository (the folder CONTRACTS names, or ../shared/contracts); where they are absent
nothing is checked, and one test says so by being skipped.
"""

import importlib.util
import json
import os
import re
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from pathlib import Path
from types import ModuleType

# Discord's OpenAPI file describes an object here; its documentation, its answers and discord.py have a string.
_KNOWN = "update_my_application: /description: "
ABSENT = "no contracts at hand: calls to the fakes were not held against them"


def folder() -> Path | None:
    """Where the contracts lie, or None."""
    beside = Path(__file__).resolve().parents[3] / "shared" / "contracts"
    told = os.environ.get("CONTRACTS")
    path = Path(told) if told else beside
    return path if (path / "check_telegram.py").is_file() else None


@cache
def _checker(name: str) -> ModuleType | None:
    where = folder()
    if where is None:
        return None
    spec = importlib.util.spec_from_file_location(f"contract_{name}", where / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def telegram_problems(method: str, params: Mapping[str, object], files: Iterable[str] = ()) -> list[str]:
    """What a Bot API call has wrong; `params` as sent, `files` the names of uploaded fields."""
    checker = _checker("check_telegram")
    return [] if checker is None else list(checker.check(method, dict(params), tuple(files)))


def discord_problems(method: str, path: str, body: object) -> list[str]:
    """What a Discord REST call has wrong; `path` without the /api/vN in front."""
    return [*_discord(method, re.sub("/[0-9]+", "/1", path), json.dumps(body))]


@lru_cache(1000)
def _discord(method: str, path: str, body: str) -> tuple[str, ...]:
    """Every bot registers the same commands, which take a tenth of a second to check."""
    checker = _checker("check_discord")
    found = [] if checker is None else checker.check(method, path, json.loads(body))
    return tuple(one for one in found if not one.startswith(_KNOWN))
