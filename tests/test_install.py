"""What `make install` says where pip cannot work, and what it leaves: a real pip, against an index on loopback."""

import base64
import hashlib
import os
import shutil
import ssl
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from tests import unprivileged
from tests.builders import ROOT

NOBODY = "http://127.0.0.1:9"  # the port of the discard service: nothing listens there
SELF_SIGNED = ROOT / "tests/fakes/self_signed.pem"


def wheel(folder: Path, name: str) -> str:
    """Make a package that is one empty module, of version 1; returns its line for a lock file."""
    path = folder / f"{name}-1-py3-none-any.whl"
    files = {
        f"{name}.py": "",
        f"{name}-1.dist-info/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1\n",
        f"{name}-1.dist-info/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = "".join(
        f"{file},sha256={base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).decode().rstrip('=')},\n"
        for file, text in files.items()
    )
    with zipfile.ZipFile(path, "w") as archive:
        for file, text in {**files, f"{name}-1.dist-info/RECORD": record}.items():
            archive.writestr(file, text)
    return f"{name}==1 --hash=sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}\n"


# Copies an environment where `venv` would make one: what is tried here is pip, and `venv` takes some seconds each time.
QUICK_PYTHON = """#!/bin/sh
[ "$*" = "-m venv --clear .venv" ] || exec "{real}" "$@"
rm -rf .venv
exec cp -Rp "{environment}" .venv  # with the times by which Python knows its bytecode
"""


@pytest.fixture(scope="module")
def quick_python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Python that makes its virtual environments fast."""
    folder = tmp_path_factory.mktemp("python")
    subprocess.run([sys.executable, "-m", "venv", folder / "environment"], check=True)
    python = folder / "python3"
    python.write_text(QUICK_PYTHON.format(real=sys.executable, environment=folder / "environment"), "utf-8")
    python.chmod(0o755)
    return python


class Checkout:
    """A folder with the Makefile and small lock files. `index` is a folder with the packages that these name."""

    def __init__(self, folder: Path, python: Path) -> None:
        self.home, self.index, self.python = folder / "checkout", folder / "index", str(python)
        self.index.mkdir()
        shutil.copytree(ROOT / "tools", self.home / "tools")
        shutil.copy(ROOT / "Makefile", self.home)
        (self.home / "requirements").mkdir()
        for part, name in (("runtime", "needed"), ("semantic", "clever")):
            self.lock(part).write_text(wheel(self.index, name), "utf-8")

    def lock(self, part: str) -> Path:
        """A lock file."""
        return self.home / f"requirements/{part}.txt"

    def install(self, *before: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """`make install` with this environment alone, the command `before` it."""
        ordinary = {"PATH": os.environ["PATH"], "PIP_CONFIG_FILE": os.devnull, "PIP_RETRIES": "0"}
        return subprocess.run(
            [*before, "make", "install", f"PYTHON={self.python}"],
            cwd=self.home, env=ordinary | environment, capture_output=True, text=True, check=False,
        )  # fmt: skip

    def install_well(self) -> subprocess.CompletedProcess[str]:
        """`make install` where everything can be had."""
        return self.install(PIP_NO_INDEX="1", PIP_FIND_LINKS=str(self.index))

    def can_import(self, *modules: str) -> bool:
        """Whether the environment has these modules."""
        python = self.home / ".venv/bin/python"
        return subprocess.run([python, "-c", f"import {','.join(modules)}"], check=False).returncode == 0


@pytest.fixture
def checkout(tmp_path: Path, quick_python: Path) -> Checkout:
    return Checkout(tmp_path, quick_python)


@contextmanager
def index(status: int = 200, body: bytes = b"", *, tls: bool = False) -> Iterator[str]:
    """A package index that gives this answer to everything; gives its address."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_CONNECT = do_GET

        def log_message(self, *_: object) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        if tls:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(SELF_SIGNED)
            server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http{'s' if tls else ''}://localhost:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def refused(checkout: Checkout, *words: str, **environment: str) -> None:
    """It cannot be installed there: one line says so with these words, and nothing is left."""
    done = checkout.install(**environment)
    told = [line for line in done.stderr.splitlines() if not line.startswith("make: ")]
    assert done.returncode != 0
    assert len(told) == 1, done.stderr
    assert told[0].startswith("The packages could not be installed: ")
    assert told[0].endswith("; then run this again.")
    for word in words:
        assert word in told[0]
    assert not (checkout.home / ".venv").exists()


def test_where_nothing_is_reached_the_network_a_proxy_and_a_mirror_are_named_and_the_next_try_may_go_well(
    checkout: Checkout,
) -> None:
    settings = checkout.home / "pip.conf"
    settings.write_text(f"[global]\nindex-url = {NOBODY}/simple\n", "utf-8")
    refused(checkout, "the network", "HTTPS_PROXY", "PIP_INDEX_URL", PIP_CONFIG_FILE=str(settings))
    checkout.python = sys.executable  # which takes its time
    done = checkout.install_well()
    assert done.returncode == 0, done.stderr
    assert checkout.can_import("needed", "clever")


def test_a_mirror_that_is_not_reached_is_named(checkout: Checkout) -> None:
    refused(checkout, "cannot be reached", "the address in PIP_INDEX_URL", PIP_INDEX_URL=f"{NOBODY}/simple")


@pytest.mark.parametrize("variable", ["HTTPS_PROXY", "https_proxy"])
def test_a_dead_proxy_is_named_by_its_variable_and_not_by_its_password(checkout: Checkout, variable: str) -> None:
    proxy = {variable: "http://someone:s3cret@127.0.0.1:9"}
    refused(checkout, f" {variable} ", PIP_INDEX_URL="https://index.invalid/simple", **proxy)


def test_a_proxy_that_refuses_is_named(checkout: Checkout) -> None:
    with index(403) as proxy:
        refused(checkout, "HTTPS_PROXY", PIP_INDEX_URL="https://index.invalid/simple", HTTPS_PROXY=proxy)


def test_a_certificate_that_is_not_trusted_is_told_with_where_to_name_its_authority(checkout: Checkout) -> None:
    with index(tls=True) as address:
        refused(checkout, "certificate", "PIP_CERT", PIP_INDEX_URL=f"{address}/simple")


def test_a_file_of_certificates_that_is_not_there_is_named(checkout: Checkout) -> None:
    with index(tls=True) as address:
        refused(checkout, "/nowhere/ca.pem", "PIP_CERT", PIP_INDEX_URL=f"{address}/simple", PIP_CERT="/nowhere/ca.pem")


@pytest.mark.parametrize("status", [403, 503])
def test_a_mirror_that_refuses_is_told_with_its_error(checkout: Checkout, status: int) -> None:
    with index(status) as address:
        refused(checkout, f"the error {status}", "PIP_INDEX_URL", PIP_INDEX_URL=f"{address}/simple")


def test_a_mirror_that_lacks_a_package_is_told_which(checkout: Checkout) -> None:
    with index() as address:
        refused(checkout, "needed==1", "requirements/runtime.txt", PIP_INDEX_URL=f"{address}/simple")


def test_a_file_that_was_changed_on_its_way_is_not_installed(checkout: Checkout) -> None:
    wheel(checkout.index, "needed")
    with zipfile.ZipFile(checkout.index / "needed-1-py3-none-any.whl", "a") as archive:
        archive.writestr("more.py", "")
    refused(checkout, "not the one", "requirements/runtime.txt", PIP_NO_INDEX="1", PIP_FIND_LINKS=str(checkout.index))


def test_settings_that_let_pip_install_elsewhere_do_not_count(checkout: Checkout) -> None:
    elsewhere = str(checkout.home / "elsewhere")
    done = checkout.install(PIP_NO_INDEX="1", PIP_FIND_LINKS=str(checkout.index), PIP_USER="1", PIP_TARGET=elsewhere)
    assert done.returncode == 0, done.stderr
    assert checkout.can_import("needed", "clever")


def test_a_failed_upgrade_leaves_what_was_installed_as_it_was(checkout: Checkout) -> None:
    assert checkout.install_well().returncode == 0
    before = checkout.lock("runtime").read_text("utf-8")
    checkout.lock("runtime").write_text(before + wheel(checkout.index, "newer"), "utf-8")
    assert checkout.install(PIP_INDEX_URL=f"{NOBODY}/simple").returncode != 0
    assert checkout.can_import("needed", "clever")
    assert not checkout.can_import("newer")
    checkout.lock("runtime").write_text(before, "utf-8")
    done = checkout.install(PIP_INDEX_URL=f"{NOBODY}/simple")
    assert (done.returncode, done.stdout) == (0, "")


def test_what_the_bot_does_without_is_tried_again_where_only_the_network_kept_it_away(checkout: Checkout) -> None:
    (checkout.index / "clever-1-py3-none-any.whl").rename(checkout.home / "clever")
    done = checkout.install(PIP_FIND_LINKS=str(checkout.index), PIP_INDEX_URL=f"{NOBODY}/simple")
    assert done.returncode == 0, done.stderr
    assert "matched by their words alone" in done.stdout
    (checkout.home / "clever").rename(checkout.index / "clever-1-py3-none-any.whl")
    assert checkout.install_well().returncode == 0
    assert checkout.can_import("needed", "clever")


def test_what_the_bot_does_without_is_not_tried_again_where_the_index_has_none(checkout: Checkout) -> None:
    (checkout.index / "clever-1-py3-none-any.whl").unlink()
    assert checkout.install_well().returncode == 0
    assert checkout.install_well().stdout == ""


def test_a_checkout_that_cannot_be_written_is_named_and_works_once_it_can(checkout: Checkout) -> None:
    quick, checkout.python = checkout.python, sys.executable
    checkout.home.chmod(0o555)
    try:
        done = checkout.install(*unprivileged.BEFORE, PIP_NO_INDEX="1", PIP_FIND_LINKS=str(checkout.index))
    finally:
        checkout.home.chmod(0o755)
    assert done.returncode != 0
    assert f"{checkout.home}/.venv cannot be written" in done.stderr
    assert "apt-get" not in done.stderr
    assert "Traceback" not in done.stderr
    checkout.python = quick
    assert checkout.install_well().returncode == 0


def test_a_checkout_that_cannot_be_written_runs_what_is_installed_in_it(checkout: Checkout) -> None:
    assert checkout.install_well().returncode == 0
    for folder in (checkout.home, checkout.home / ".venv"):
        folder.chmod(0o555)
    try:
        done = checkout.install(*unprivileged.BEFORE)
    finally:
        for folder in (checkout.home, checkout.home / ".venv"):
            folder.chmod(0o755)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
