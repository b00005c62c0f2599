"""Installs what requirements/ locks into a virtual environment; `make` and the Dockerfile call it.

    python tools/install.py [--into FOLDER] [--python COMMAND] [--replace] PART…

PART is the name of a file in requirements/. Whatever goes wrong is told in one sentence with what to do, and leaves
nothing half installed. It needs Python 3.11 or newer and nothing else.
"""

import argparse
import hashlib
import os
import platform
import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Mapping
from pathlib import Path

# What is said where a part cannot be had and the project does without it.
DISPENSABLE = {
    "semantic": "The encoder is left out, so free questions are matched by their words alone ('make semantic' tries"
    " again).",
    "fuzz": "The guided fuzzer is left out.",
}
# Printed by an environment's own Python: packages serve no other folder, Python or processor than they were built for.
IDENTITY = "import os, pip, sys, sysconfig; print(os.path.realpath(sys.prefix), sysconfig.get_config_var('EXT_SUFFIX'))"
EXTENSION = sysconfig.get_config_var("EXT_SUFFIX")  # such as .cpython-313-x86_64-linux-gnu.so
MADE, UNFINISHED = ".made", ".unfinished"  # files: the identity of a complete environment; pip is at work in it
ELSEWHERE = {"PIP_TARGET", "PIP_PREFIX", "PIP_ROOT"}  # would have pip install somewhere else, as PIP_USER would
LOGGED = re.compile(r"\d{4}-\d\d-\d\dT")  # how a line of pip's log begins
PROXIES = ("PIP_PROXY", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy")
INDEXES = ("PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL")

# Causes by what venv or pip says, the surest first. Numbers are those of errno.
NO_VENV = r"ensurepip is not available|No module named '?(?:venv|ensurepip)"
FULL = r"\[Errno (?:28|122)\]"
FORBIDDEN = r"(?<!connection: )(?<!connection error: )\[Errno (?:1|13|30)\]"
ALTERED = r"DO NOT MATCH THE HASHES"
NO_CERTIFICATES = r"CA certificate bundle, invalid path: (\S+)"
UNTRUSTED = r"CERTIFICATE_VERIFY_FAILED|SSLError|\[SSL"
BAD_PROXY = r"ProxyError|proxy connection error|Tunnel connection failed|InvalidProxyURL|dependencies for SOCKS"
REFUSED = r"\b(4(?:01|03|29)|5\d\d) (?:Client|Server) Error|too many (5\d\d) error|(401) Error"
NO_TLS = r"not a trusted or secure host"
UNREACHED = (
    r"NewConnectionError|NameResolutionError|TimeoutError|timed out|onnection (?:reset|aborted|broken)"
    r"|RemoteDisconnected|IncompleteRead|ProtocolError|connection error: "  # the last since pip 26.2
)
UNKNOWN = r"No matching distribution found for (\S+)"
REMEDIES = {
    NO_VENV: "Python {python} has no module that makes virtual environments. Install it (on Debian and Ubuntu: apt-get"
    " install python3-venv)",
    FULL: "the disk is full. Make room in {folder} and in {temporary}",
    FORBIDDEN: "{folder} cannot be written. Run this as the user whom the folder belongs to, or in a copy of it",
    ALTERED: "a file that was downloaded is not the one that {lock} names. A mirror or proxy must not change files:"
    " ask whoever runs it",
    NO_CERTIFICATES: "the file of certificates {found} does not exist. Correct PIP_CERT, REQUESTS_CA_BUNDLE or"
    " pip.conf",
    UNTRUSTED: "the certificate of the package index, or of a proxy before it, is not trusted. Let PIP_CERT name the"
    " file of the authority that signed it, and check this machine's date",
    BAD_PROXY: "the proxy in {proxy} cannot be used. Correct or unset it",
    REFUSED: "the package index answers with the error {found}. Check the address and password in {index}",
    NO_TLS: "the package index is asked without https. Let {index} begin with https://, or name its host in"
    " PIP_TRUSTED_HOST",
    UNREACHED: "the package index cannot be reached. {reach}",
    UNKNOWN: "the package index has no {found} for Python {python} on {machine}. If {index} names a mirror, that must"
    " have everything in {lock}",
}
# Another try may go well without a change of what is locked.
PASSING = "|".join((NO_CERTIFICATES, UNTRUSTED, BAD_PROXY, REFUSED, NO_TLS, UNREACHED))


class Failed(Exception):
    """It cannot be installed; the text says why and what to do."""


def main(arguments: list[str]) -> int:
    """Install the parts; returns the exit status."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--into", type=Path, default=Path(".venv"), help="the environment's folder (.venv unless set)")
    parser.add_argument("--python", default=sys.executable, help="what makes the environment (this Python unless set)")
    parser.add_argument("--replace", action="store_true", help="replace an environment of another version of Python")
    parser.add_argument("parts", nargs="+", metavar="PART")
    given = parser.parse_args(arguments)
    try:
        if not is_complete(given.into, this_python=given.replace):
            make(given.into, given.python)
        if [part for part in given.parts if install(given.into, part)]:
            compile_all(given.into)
    except (OSError, Failed) as error:
        print(error if isinstance(error, Failed) else sentence(str(error), given.into), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def is_complete(folder: Path, *, this_python: bool) -> bool:
    """Whether the environment is as it was made, and no installation in it was interrupted.

    `this_python` also asks that its packages are built for the Python that runs this script.
    """
    if (folder / UNFINISHED).exists() or not (folder / MADE).exists():
        return False
    now = identity(folder)
    return now == (folder / MADE).read_text("utf-8") and (not this_python or EXTENSION in now)


def identity(folder: Path) -> str:
    """What the environment's Python says of itself; "" if it cannot run or has no pip."""
    try:
        asked = run(folder / "bin/python", "-c", IDENTITY)
    except OSError:  # it is gone, or was made for another processor
        return ""
    return asked.stdout if asked.returncode == 0 else ""


def make(folder: Path, python: str) -> None:
    """Make the environment anew."""
    print(f"Making {folder} with Python {platform.python_version()} …", flush=True)
    if folder.is_file() or (folder.is_symlink() and not folder.exists()):
        folder.unlink()
    made = run(python, "-m", "venv", "--clear", folder)
    now = "" if made.returncode else identity(folder)
    if not now:
        discard(folder)
        raise Failed(sentence(made.stdout + made.stderr, folder))
    (folder / MADE).write_text(now, "utf-8")


def install(folder: Path, part: str) -> bool:
    """Install a part unless it is installed; returns whether anything was."""
    lock, stamp = Path("requirements", f"{part}.txt"), folder / f".stamp-{part}"
    wanted = hashlib.sha256(lock.read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text("ascii") == wanted:
        return False
    print(f"Installing {lock} …", flush=True)
    before = packages(folder)
    (folder / UNFINISHED).touch()
    said = pip(folder, lock)
    if not said:
        stamp.write_text(wanted, "ascii")
        (folder / UNFINISHED).unlink()
        return True
    changed = packages(folder) != before
    if changed or not any(folder.glob(".stamp-*")):
        discard(folder)
        raise Failed(sentence(said, folder, lock))
    (folder / UNFINISHED).unlink()
    if part not in DISPENSABLE:
        raise Failed(sentence(said, folder, lock))
    print(f"{sentence(said, folder, lock)} {DISPENSABLE[part]}", flush=True)
    if not re.search(PASSING, said):
        stamp.write_text(wanted, "ascii")
    return False


def pip(folder: Path, lock: Path) -> str:
    """Install what a lock file names; returns "" if that went well, else all that pip said."""
    with tempfile.TemporaryDirectory() as temporary:
        log = Path(temporary, "log")
        done = run(
            folder / "bin/python", "-m", "pip", "--disable-pip-version-check", "--no-input", "--log", log,
            "install", "--require-hashes", "--no-deps", "--prefer-binary", "--no-compile", "-r", lock,
            environment={**{key: os.environ[key] for key in os.environ.keys() - ELSEWHERE}, "PIP_USER": "0"},
        )  # fmt: skip
        logged = log.read_text("utf-8", "replace") if log.exists() else ""
    return logged + done.stdout + done.stderr if done.returncode else ""


def packages(folder: Path) -> set[str]:
    """What lies in the environment: the names of packages, and their versions."""
    return {path.name for path in folder.glob("lib/python*/site-packages/*")}


def compile_all(folder: Path) -> None:
    """Compile everything to bytecode. That only saves time at the first start, so a failure is none.

    Several processes need semaphores in /dev/shm; where these cannot be had, one process does it.
    """
    for jobs in ("0", "1"):
        if run(folder / "bin/python", "-m", "compileall", "-q", "-j", jobs, folder / "lib", "bot").returncode == 0:
            return


def discard(folder: Path) -> None:
    """Remove the environment, as far as that can be done; of a symbolic link, what it leads to."""
    shutil.rmtree(os.path.realpath(folder), ignore_errors=True)


def sentence(said: str, folder: Path, lock: Path | None = None) -> str:
    """Why it could not be installed and what to do. What is not understood is quoted before it."""
    for pattern, remedy in REMEDIES.items():
        if found := re.search(pattern, said):
            words = remedy.format(
                folder=folder.absolute(), lock=lock, temporary=tempfile.gettempdir(), reach=reach(),
                found=next(filter(None, found.groups()), ""), proxy=first_set(PROXIES), index=first_set(INDEXES),
                python=platform.python_version(), machine=platform.machine(),
            )  # fmt: skip
            return f"The packages could not be installed: {words}; then run this again."
    tail = [line for line in said.splitlines() if not LOGGED.match(line)][-15:]
    return "\n".join(tail) + "\nThe packages could not be installed; the lines above say why."


def reach() -> str:
    """What to check where the index cannot be reached."""
    for names in (PROXIES, INDEXES):
        if any(map(os.environ.get, names)):
            return f"Check the network, and the address in {first_set(names)}"
    return "Check the network; set HTTPS_PROXY where only a proxy leads out, PIP_INDEX_URL where there is a mirror"


def first_set(names: tuple[str, ...]) -> str:
    """The first of these variables that is set; else where such a setting may stand."""
    return next(filter(os.environ.get, names), f"{names[0]} or pip.conf")


def run(*command: str | Path, environment: Mapping[str, str] = os.environ) -> subprocess.CompletedProcess[str]:
    """Run a program to its end, with nobody to ask."""
    return subprocess.run(
        command,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
