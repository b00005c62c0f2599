"""What every twin is asked to do, by its arguments."""

import argparse
from pathlib import Path


def options() -> argparse.Namespace:
    """The address of the Bot API, the token, the file with the text to answer, how many updates at once; and the port,
    path and secret of the webhook where updates are brought.
    """
    known = argparse.ArgumentParser()
    known.add_argument("--api", required=True)
    known.add_argument("--token", required=True)
    known.add_argument("--text", type=Path, required=True)
    known.add_argument("--at-once", type=int, default=1)
    known.add_argument("--port", type=int)
    known.add_argument("--path")
    known.add_argument("--secret")
    return known.parse_args()
