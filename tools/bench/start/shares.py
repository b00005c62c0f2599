"""What a start is made of: `python -m tools.bench.start.shares` imports one part after another, writes what each adds.

Its law: the order is that of the bot's own imports, so that what two parts share is counted with the first.
"""

import gc
import json
import os
from pathlib import Path
from statistics import median

from tools.bench.child import child, cpu, resident, tell
from tools.bench.report import HERE

SHARES = HERE / "shares.json"
PARTS = (
    ("discord.py", "import discord"),
    ("python-telegram-bot", "import telegram.ext"),
    ("aiohttp.web, PyYAML", "import aiohttp.web, yaml"),
    ("logs and counters", "import bot.runtime.telemetry"),
    ("SQLAlchemy", "import sqlalchemy"),
    ("our store", "import bot.store.store"),
    ("all else of ours", "import bot.runtime.service, bot.cli.run, uvloop"),
    ("content of six languages, checked", "from bot.runtime.content import read_content; from pathlib import Path; "
     "kept = read_content(Path('responses'))"),
)  # fmt: skip
_ROUNDS = 7


def main() -> None:
    """Milliseconds and MiB of each part, medians of several processes."""
    told = [child("tools.bench.start.shares", settings={"ONE": "1"})["parts"] for _ in range(_ROUNDS)]
    rows = {
        name: [round(median(one[number][unit] for one in told), 1) for unit in (0, 1)]
        for number, (name, _) in enumerate(PARTS)
    }
    SHARES.write_text(json.dumps(rows, indent=1) + "\n", "utf-8")
    print(table())


def one() -> None:
    """In a process of its own: import and tell."""
    gc.disable()
    known: dict[str, object] = {}
    parts = list[tuple[float, float]]()
    for _, code in PARTS:
        before, held = cpu(), resident()
        exec(code, known)
        parts.append(((cpu() - before) * 1000, resident() - held))
    tell(parts=parts)


def table(path: Path = SHARES) -> str:
    """The same as Markdown; nothing where it was never measured."""
    if not path.exists():
        return ""
    found: dict[str, list[float]] = json.loads(path.read_text("utf-8"))
    rows = [f"| {name} | {spent:.0f} | {held:.1f} |" for name, (spent, held) in found.items()]
    return "\n".join(["| part | CPU, ms | memory, MiB |", "|---|--:|--:|", *rows])


if __name__ == "__main__":
    one() if os.environ.get("ONE") else main()
