"""A `systemctl --user` for tests: it runs the commands of the units in ~/.config/systemd/user, and nothing else of it.

As a program: systemctl.py --user daemon-reload | start | stop | restart | enable --now | status UNIT
"""

import os
import re
import select
import shlex
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

HOME = Path.home()
UNITS = HOME / ".config" / "systemd" / "user"


def values(unit: str, name: str) -> list[str]:
    """What the unit says under that name, with its specifiers filled in."""
    text = (UNITS / unit).read_text("utf-8")
    filled = {"%h": str(HOME), "%%": "%"}
    return [re.sub("%.", lambda found: filled[found[0]], one) for one in re.findall(rf"(?m)^{name}=(.*)$", text)]


def start(unit: str) -> None:
    """Run a oneshot to its end, another in the background; a timer only has to have its service."""
    if unit.endswith(".timer"):
        assert (UNITS / unit.replace(".timer", ".service")).exists()
        return
    (folder,) = values(unit, "WorkingDirectory")
    for command in values(unit, "ExecStart"):
        if values(unit, "Type") == ["oneshot"]:
            subprocess.run(shlex.split(command), cwd=folder, check=True)
            continue
        with (HOME / f"{unit}.log").open("ab") as log:
            process = subprocess.Popen(
                shlex.split(command),
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        (HOME / f"{unit}.pid").write_text(str(process.pid), "utf-8")


def stop(unit: str) -> None:
    """End it, and wait until it has."""
    file = HOME / f"{unit}.pid"
    if not file.exists():
        return
    number = int(file.read_text("utf-8"))
    file.unlink()
    with suppress(ProcessLookupError):
        pidfd = os.pidfd_open(number)
        signal.pidfd_send_signal(pidfd, signal.SIGTERM)
        select.select([pidfd], [], [], 20)


if __name__ == "__main__":
    _, user, verb, *rest = sys.argv
    assert user == "--user"
    if verb != "daemon-reload":
        (unit,) = [one for one in rest if one != "--now"]
        if verb in ("stop", "restart"):
            stop(unit)
        if verb in ("start", "restart", "enable"):
            start(unit)
        if verb == "status":
            os.kill(int((HOME / f"{unit}.pid").read_text("utf-8")), 0)
