"""A real PostgreSQL server for the tests, started once a session where its binaries exist.

REQUIRE_POSTGRES=1 turns their absence from a skip into a failure.
"""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import URL

USER = "bot"
_FAST = (
    "-c listen_addresses='' -c fsync=off -c full_page_writes=off -c synchronous_commit=off"
    " -c shared_buffers=16MB -c max_connections=60"
)


def binaries() -> Path | None:
    """The folder of the newest server, wherever Debian or the PATH has it."""
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[4]))
    found = versions[-1] if versions else shutil.which("initdb")
    return Path(found).parent if found else None


class Server:
    """A running server that listens on a socket in `folder` alone."""

    def __init__(self, programs: Path, folder: Path) -> None:
        self._programs = programs
        self._folder = folder
        self._databases = 0

    def run(self, program: str, *args: str) -> None:
        """Run one of PostgreSQL's programs, as another user where we are root: the server refuses to run as root."""
        other = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        command = [*other, str(self._programs / program), *args]
        done = subprocess.run(command, cwd=self._folder, capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode == 0, f"{program}: {done.stdout}{done.stderr}"

    def start(self) -> None:
        """Make the cluster and start it."""
        data, log = str(self._folder / "data"), str(self._folder / "log")
        self.run("initdb", "-D", data, "-U", USER, "--auth=trust", "--no-sync", "--encoding=UTF8", "--locale=C")
        # pg_ctl's child must not hold our pipe, or `run` would wait for it: its words go to the log
        self.run("pg_ctl", "-D", data, "-w", "-l", log, "-o", f"-k {self._folder} {_FAST}", "start")

    def stop(self) -> None:
        """Stop it; the folder goes away anyway."""
        self.run("pg_ctl", "-D", str(self._folder / "data"), "-m", "immediate", "stop")

    def new_database(self) -> URL:
        """The address of an empty database, for a test of its own."""
        self._databases += 1
        name = f"test{self._databases}"
        self.run("createdb", "-h", str(self._folder), "-U", USER, name)
        return self.url(name)

    def url(self, name: str) -> URL:
        """The address of a database of that name."""
        return URL.create("postgresql+asyncpg", username=USER, database=name, query={"host": str(self._folder)})


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
        os.chown(folder, pwd.getpwnam("postgres").pw_uid, -1)
    server = Server(programs, folder)
    try:
        server.start()
        yield server
        server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
