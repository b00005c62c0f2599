"""`health`: asks the bot on this machine whether it is alive, for a container's health check."""

import argparse
from http.client import HTTPException

from bot.cli.doctor_running import ask
from bot.cli.problems import tell
from bot.config import settings


def main(_: argparse.Namespace) -> int:
    """0 if `/healthz` answers 200 at HOST and PORT, else 1 with the reason. No proxy is used."""
    given = settings()
    try:
        status = ask(given.host, given.port, "/healthz")[0]
    except (OSError, HTTPException) as error:
        tell(f"no bot answers at {given.host}:{given.port} ({str(error).strip() or type(error).__name__})")
        return 1
    if status != 200:
        tell(f"the answer at {given.host}:{given.port} is not that of a healthy bot (status {status})")
    return int(status != 200)
