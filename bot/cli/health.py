"""`health`: checks whether the bot on this machine is alive, for a container's health check."""

import argparse
from http.client import HTTPException

from bot.cli.doctor_running import get
from bot.cli.problems import tell
from bot.config import load_settings


def main(_: argparse.Namespace) -> int:
    """Return 0 if `/healthz` answers 200 at HOST and PORT, else print the reason and return 1. Never uses a proxy."""
    settings = load_settings()
    try:
        status = get(settings.host, settings.port, "/healthz")[0]
    except (OSError, HTTPException) as error:
        tell(f"No bot answers at {settings.host}:{settings.port} ({str(error).strip() or type(error).__name__}).")
        return 1
    if status != 200:
        tell(f"No healthy bot answers at {settings.host}:{settings.port} (status {status}).")
    return int(status != 200)
