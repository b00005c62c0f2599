"""Installs the locked packages of requirements/ into a virtual environment. `make` and the Dockerfile call it.

    python tools/install.py [--into FOLDER] [--python COMMAND] [--replace] PART…

PART is the name of a file in requirements/, without `.txt`. A failure is reported in one sentence that says what to do,
and leaves nothing half installed. Needs only Python 3.11 or newer.
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

# Parts that the project works without, and what is printed if one cannot be installed.
OPTIONAL = {
    "semantic": "The encoder is left out, so free questions are matched by their words alone ('make semantic' tries"
    " again).",
    "fuzz": "The guided fuzzer is left out.",
}
# Run by an environment's own Python. Installed packages work only in the folder, with the Python version and on the
# processor that they were installed for.
IDENTITY = "import os, pip, sys, sysconfig; print(os.path.realpath(sys.prefix), sysconfig.get_config_var('EXT_SUFFIX'))"
EXTENSION = sysconfig.get_config_var("EXT_SUFFIX")  # such as .cpython-313-x86_64-linux-gnu.so
MADE = ".made"  # a file with the identity of a complete environment
UNFINISHED = ".unfinished"  # a file that exists while pip is running
ELSEWHERE = {"PIP_TARGET", "PIP_PREFIX", "PIP_ROOT"}  # these, like PIP_USER, make pip install into another folder
LOGGED = re.compile(r"\d{4}-\d\d-\d\dT")  # the start of a line of pip's log
PROXIES = ("PIP_PROXY", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy")
INDEXES = ("PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL")

# Patterns in the output of venv or pip, one for each cause, the most specific first. The numbers are those of errno.
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
    NO_VENV: "Python {python} has no module that creates virtual environments. Install it (on Debian and Ubuntu:"
    " apt-get install python3-venv)",
    FULL: "the disk is full. Free some space in {folder} and in {temporary}",
    FORBIDDEN: "{folder} cannot be written. Run this as the user who owns the folder, or in a copy of it",
    ALTERED: "a downloaded file is not the one that {lock} names. A mirror or proxy must not change files: ask its"
    " operator",
    NO_CERTIFICATES: "the file of certificates {found} does not exist. Correct PIP_CERT, REQUESTS_CA_BUNDLE or"
    " pip.conf",
    UNTRUSTED: "the certificate of the package index, or of a proxy in front of it, is not trusted. Set PIP_CERT to the"
    " certificate file of the authority that signed it, and check this machine's date",
    BAD_PROXY: "the proxy in {proxy} cannot be used. Correct or unset it",
    REFUSED: "the package index answers with the error {found}. Check the address and password in {index}",
    NO_TLS: "the address of the package index is not https. Make {index} start with https://, or set PIP_TRUSTED_HOST"
    " to its host",
    UNREACHED: "the package index cannot be reached. {reach}",
    UNKNOWN: "the package index has no {found} for Python {python} on {machine}. If {index} names a mirror, the mirror"
    " must have everything in {lock}",
}
# Causes after which another attempt may succeed although requirements/ is unchanged.
TEMPORARY = "|".join((NO_CERTIFICATES, UNTRUSTED, BAD_PROXY, REFUSED, NO_TLS, UNREACHED))


class Failed(Exception):
    """The packages cannot be installed. The text says why and what to do."""


def main(arguments: list[str]) -> int:
    """Install the parts; returns the exit status."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--into", type=Path, default=Path(".venv"), help="the environment's folder (default: .venv)")
    parser.add_argument("--python", default=sys.executable, help="creates the environment (default: this Python)")
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
    """Whether the environment still has the identity it was created with, and no installation in it was interrupted.

    With `this_python`, its packages must also be built for the Python version that runs this script.
    """
    if (folder / UNFINISHED).exists() or not (folder / MADE).exists():
        return False
    now = identity(folder)
    return now == (folder / MADE).read_text("utf-8") and (not this_python or EXTENSION in now)


def identity(folder: Path) -> str:
    """The environment's folder and the kind of its Python; "" if its Python cannot run or has no pip."""
    try:
        done = run(folder / "bin/python", "-c", IDENTITY)
    except OSError:  # Python is gone, or is for another processor
        return ""
    return done.stdout if done.returncode == 0 else ""


def make(folder: Path, python: str) -> None:
    """Create the environment, replacing an existing one."""
    print(f"Creating {folder} with Python {platform.python_version()} …", flush=True)
    if folder.is_file() or (folder.is_symlink() and not folder.exists()):
        folder.unlink()
    done = run(python, "-m", "venv", "--clear", folder)
    now = "" if done.returncode else identity(folder)
    if not now:
        discard(folder)
        raise Failed(sentence(done.stdout + done.stderr, folder))
    (folder / MADE).write_text(now, "utf-8")


def install(folder: Path, part: str) -> bool:
    """Install a part unless it is installed already; returns whether it was installed now.

    If that fails after packages changed, or in an empty environment, deletes the environment. Raises Failed unless the
    part is optional.
    """
    lock, stamp = Path("requirements", f"{part}.txt"), folder / f".stamp-{part}"
    wanted = hashlib.sha256(lock.read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text("ascii") == wanted:
        return False
    print(f"Installing {lock} …", flush=True)
    before = packages(folder)
    (folder / UNFINISHED).touch()
    output = pip(folder, lock)
    if not output:
        stamp.write_text(wanted, "ascii")
        (folder / UNFINISHED).unlink()
        return True
    changed = packages(folder) != before
    if changed or not any(folder.glob(".stamp-*")):
        discard(folder)
        raise Failed(sentence(output, folder, lock))
    (folder / UNFINISHED).unlink()
    if part not in OPTIONAL:
        raise Failed(sentence(output, folder, lock))
    print(f"{sentence(output, folder, lock)} {OPTIONAL[part]}", flush=True)
    if not re.search(TEMPORARY, output):  # do not try again until requirements/ changes
        stamp.write_text(wanted, "ascii")
    return False


def pip(folder: Path, lock: Path) -> str:
    """Install the packages of a lock file; returns "" on success, else all output of pip."""
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
    """The entries of site-packages, which include the names and versions of the packages."""
    return {path.name for path in folder.glob("lib/python*/site-packages/*")}


def compile_all(folder: Path) -> None:
    """Compile everything to bytecode. This only speeds up the first start, so failures are ignored.

    Falls back to a single process, because several need semaphores in /dev/shm, which some machines lack.
    """
    for jobs in ("0", "1"):
        if run(folder / "bin/python", "-m", "compileall", "-q", "-j", jobs, folder / "lib", "bot").returncode == 0:
            return


def discard(folder: Path) -> None:
    """Delete the environment, ignoring errors. Of a symbolic link, deletes the target."""
    shutil.rmtree(os.path.realpath(folder), ignore_errors=True)


def sentence(output: str, folder: Path, lock: Path | None = None) -> str:
    """Why the packages could not be installed and what to do. If the cause is unknown, the last lines of the output."""
    for pattern, remedy in REMEDIES.items():
        if found := re.search(pattern, output):
            reason = remedy.format(
                folder=folder.absolute(), lock=lock, temporary=tempfile.gettempdir(), reach=reach(),
                found=next(filter(None, found.groups()), ""), proxy=first_set(PROXIES), index=first_set(INDEXES),
                python=platform.python_version(), machine=platform.machine(),
            )  # fmt: skip
            return f"The packages could not be installed: {reason}; then run this again."
    tail = [line for line in output.splitlines() if not LOGGED.match(line)][-15:]
    return "\n".join(tail) + "\nThe packages could not be installed; the lines above say why."


def reach() -> str:
    """What to check if the package index cannot be reached."""
    for names in (PROXIES, INDEXES):
        if any(map(os.environ.get, names)):
            return f"Check the network, and the address in {first_set(names)}"
    return "Check the network; set HTTPS_PROXY if you need a proxy, or PIP_INDEX_URL if there is a mirror"


def first_set(names: tuple[str, ...]) -> str:
    """The name of the first of these variables that is set; if none is, where the setting may be."""
    return next(filter(os.environ.get, names), f"{names[0]} or pip.conf")


def run(*command: str | Path, environment: Mapping[str, str] = os.environ) -> subprocess.CompletedProcess[str]:
    """Run a program without input, and wait until it has ended."""
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
