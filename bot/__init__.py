"""A community bot for Discord and Telegram that explains a subject in reviewed texts, each with its warning."""

import subprocess
from functools import cache
from importlib import metadata
from pathlib import Path


@cache
def version() -> str:
    """The version of the image or the package that this is, else what git says of the checkout; `unknown` without."""
    here = Path(__file__).parent
    if (in_image := here / "VERSION").is_file():
        return in_image.read_text("utf-8").strip()
    try:
        return metadata.version("kusama-community-bot")
    except metadata.PackageNotFoundError:
        return _described(here.parent)


def _described(checkout: Path) -> str:
    if not (checkout / ".git").exists():
        return "unknown"
    command = ["git", "-C", str(checkout), "describe", "--tags", "--always", "--dirty"]
    try:
        said = subprocess.run(command, capture_output=True, text=True, check=True, timeout=5).stdout
    except (OSError, subprocess.SubprocessError):
        return "unknown"
    return said.strip().removeprefix("v")
