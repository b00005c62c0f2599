"""A real PostgreSQL server for the tests, started once a session where its binaries exist.

REQUIRE_POSTGRES=1 turns their absence from a skip into a failure.
"""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import URL

USER = "bot"
OWNER = "postgres"  # the server refuses to run as root
_FAST = {
    "listen_addresses": "",
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "shared_buffers": "16MB",
    "max_connections": "60",
}


def binaries() -> Path | None:
    """The folder of the newest server, wherever Debian or the PATH has it."""
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[4]))
    found = versions[-1] if versions else shutil.which("initdb")
    return Path(found).parent if found else None


class Server:
    """A running server that listens on a socket in `folder` alone."""

    def __init__(self, programs: Path, folder: Path) -> None:
        self._programs = programs
        self.folder = folder
        self._databases = 0
        self._process: subprocess.Popen[bytes] | None = None

    def _try(self, program: str, *args: str) -> subprocess.CompletedProcess[str]:
        as_owner = ["runuser", "-u", OWNER, "--"] if os.geteuid() == 0 else []
        command = [*as_owner, str(self._programs / program), *args]
        return subprocess.run(command, cwd=self.folder, capture_output=True, text=True, timeout=120, check=False)

    def run(self, program: str, *args: str) -> None:
        """Run one of PostgreSQL's programs."""
        done = self._try(program, *args)
        assert done.returncode == 0, f"{program}: {done.stdout}{done.stderr}"

    def start(self) -> None:
        """Make the cluster, and begin."""
        data = self.folder / "data"
        self.run("initdb", "-D", str(data), "-U", USER, "--auth=trust", "--no-sync", "--encoding=UTF8", "--locale=C")
        self.begin()

    def begin(self) -> None:
        """Start it, again if it was stopped, and wait until it answers."""
        data, log = self.folder / "data", self.folder / "log"
        options = [f"-c{name}={value}" for name, value in _FAST.items()]
        command = [str(self._programs / "postgres"), "-D", str(data), "-k", str(self.folder), *options]
        with log.open("wb") as words:
            self._process = subprocess.Popen([*_mortal(), *command], stdout=words, stderr=words, cwd=self.folder)
        while self._try("pg_isready", "-h", str(self.folder)).returncode != 0:
            assert self._process.poll() is None, log.read_text()

    def stop(self) -> None:
        """Stop it at once (an immediate shutdown, which is what a crash leaves behind)."""
        if self._process:
            self._process.send_signal(signal.SIGQUIT)
            self._process.wait(timeout=60)

    def new_database(self, *, durable: bool = False) -> URL:
        """The address of an empty database, for a test of its own; what was committed to one that is `durable` outlives
        the server's being killed.
        """
        self._databases += 1
        name = f"test{self._databases}"
        self.run("createdb", "-h", str(self.folder), "-U", USER, name)
        if durable:
            keep = f"ALTER DATABASE {name} SET synchronous_commit = on"
            self.run("psql", "-h", str(self.folder), "-U", USER, "-c", keep, name)
        return self.url(name)

    def url(self, name: str) -> URL:
        """The address of a database of that name."""
        return URL.create("postgresql+asyncpg", username=USER, database=name, query={"host": str(self.folder)})


def _mortal() -> list[str]:
    """What lets the server end with us, even if we are killed (Linux), and run as its owner where we are root."""
    owner = [f"--reuid={OWNER}", f"--regid={OWNER}", "--clear-groups"] if os.geteuid() == 0 else []
    return ["setpriv", "--pdeathsig=QUIT", *owner] if shutil.which("setpriv") else []


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """The server, for all tests of the session."""
    programs = binaries()
    if programs is None:
        if os.environ.get("REQUIRE_POSTGRES") == "1":
            pytest.fail("REQUIRE_POSTGRES is set, and there is no PostgreSQL server here")
        pytest.skip("no PostgreSQL server here")
    folder = Path(tempfile.mkdtemp(prefix="pg-"))  # short: a socket's path has at most 107 characters
    if os.geteuid() == 0:
        os.chown(folder, pwd.getpwnam(OWNER).pw_uid, -1)
    server = Server(programs, folder)
    try:
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)
