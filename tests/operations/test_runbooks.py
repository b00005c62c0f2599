"""The pages about running the bot: every command in them is run, and every file beside them is used."""

import base64
import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import aiohttp
import pytest

from bot import config
from bot.features.statistics import DAYS
from bot.runtime.maintenance import KEPT
from bot.store.tables import metadata
from tests.builders import ROOT, Folder
from tests.postgres import Server, binaries, postgres
from tests.whole.process import running
from tools.training.evaluate import Tally, summary

__all__ = ["postgres"]

DOCS = ROOT / "docs" / "operations"
PAGES = ("systemd.md", "backups.md", "upgrade.md", "proxies.md", "postgresql.md")  # in the order in which they are run
ADDRESS = "postgresql://kusama:a-long-password@localhost/kusama"


def tool(name: str, package: str) -> str:
    """The program's path; where it is missing the test is skipped, unless REQUIRE_ and its name say it must not."""
    found = shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin")
    if found is None:
        switch = f"REQUIRE_{name.upper().replace('-', '_')}"
        assert not os.environ.get(switch), f"{name} is missing: on Debian, apt-get install {package}"
        pytest.skip(f"{name} is not installed (Debian's package {package} has it)")
    return found


def blocks(page: str, language: str) -> list[str]:
    """The blocks of that language in a page."""
    return re.findall(rf"(?ms)^```{language}\n(.*?)^```$", (DOCS / page).read_text("utf-8"))


def test_every_page_with_commands_is_run() -> None:
    assert {page.name for page in DOCS.glob("*.md") if blocks(page.name, "(?:sh|bash|shell|console)")} == set(PAGES)


class Account:
    """An account of its own with a checkout of the bot, a `systemctl --user`, and nothing of root's."""

    def __init__(self, home: Path, server: Server) -> None:
        self.home, self._server = home, server
        self.checkout, programs = home / "kusama-bot", home / "programs"
        upstream = home / "upstream"
        upstream.mkdir()
        Folder(upstream, "en")
        for name in ("bot", "docs", "tools", "Makefile", "pyproject.toml", "CHANGELOG.md", ".gitignore"):
            (shutil.copytree if (ROOT / name).is_dir() else shutil.copy)(ROOT / name, upstream / name)
        programs.mkdir()
        shims = {
            "systemctl": f'exec {sys.executable} {Path(__file__).with_name("systemctl.py")} "$@"',
            "sudo": 'shift 2; exec "$@"',  # sudo -u postgres …
            "loginctl": '[ "$*" = enable-linger ]',
            "journalctl": 'cat "$HOME/$3.log"',
            "make": 'exec /usr/bin/env -i PATH=/usr/bin:/bin make --dry-run "$@" >/dev/null',  # tested elsewhere
        }
        for name, line in shims.items():
            (programs / name).write_text(f"#!/bin/sh\n{line}\n", "utf-8")
            (programs / name).chmod(0o755)
        self.environment = {
            "HOME": str(home),
            "PATH": f"{programs}:{binaries()}:{os.environ['PATH']}",
            "PGHOST": str(server.folder),
            "PGUSER": "bot",
            "PGDATABASE": "postgres",
            "GIT_CONFIG_GLOBAL": "/dev/null",
        } | {f"GIT_{who}_{what}": "x@example.org" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
        self.run("cd ~/upstream; git init -q -b main; git add -A; git commit -qm first; git clone -q . ~/kusama-bot")
        (self.checkout / ".venv").symlink_to(Path(sys.prefix))
        (self.checkout / ".git" / "info" / "exclude").write_text(".venv\n.env*\ndata*\n*.backup\n", "utf-8")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            (self.checkout / ".env").write_text(f"PORT={free.getsockname()[1]}\n", "utf-8")

    def run(self, script: str) -> str:
        """Run a shell script as an operator would type it; what it says, both streams."""
        own = script.replace(ADDRESS, f"postgresql://kusama@/kusama?host={self._server.folder}")
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", own],
            cwd=self.home, env=self.environment, text=True, timeout=120, check=False,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
        )  # fmt: skip
        assert done.returncode == 0, f"{script}\n{done.stdout}"
        return done.stdout

    def page(self, name: str) -> str:
        """Run every command of a page."""
        return "".join(map(self.run, blocks(name, "sh")))

    def stored(self) -> str:
        """All that is stored, as a backup has it."""
        self.run("cd ~/kusama-bot; .venv/bin/python -m bot backup ~/look.backup")
        return (self.home / "look.backup").read_text("utf-8")


@pytest.fixture
def account(tmp_path: Path, postgres: Server) -> Iterator[Account]:
    tool("git", "git")
    made = Account(tmp_path, postgres)
    yield made
    made.run("systemctl --user stop kusama-bot.service")


KEEP = """
import asyncio, dataclasses
from bot.config import load_settings
from bot.store.url import address
from bot.core.model import Place
from bot.store.store import open_store
async def keep():
    async with open_store(address(*load_settings().storage)) as store:
        await store.communities.change(Place("telegram", "-100{0}"), lambda one: dataclasses.replace(one, cooldown=11))
asyncio.run(keep())
"""


def test_every_command_of_the_pages_does_what_they_say(account: Account) -> None:
    def keep(number: int) -> None:
        account.run(f"cd ~/kusama-bot; .venv/bin/python -c {shlex.quote(KEEP.format(number))}")

    assert "ok     settings" in account.page("systemd.md")
    keep(1)
    account.run("cd ~/kusama-bot; .venv/bin/python -m bot backup ~/before.backup")
    said = account.page("backups.md")
    assert len(list((account.home / "backups").glob("kusama-bot-*.backup"))) == 1
    assert "Rows restored from" in said
    assert "-1001" in account.stored()
    account.run("cd ~/upstream; echo '- new' >> CHANGELOG.md; git commit -qam second")
    account.page("upgrade.md")
    assert (account.checkout / "data-after-upgrade").is_dir()
    assert "-1001" in account.stored()
    assert "second" in account.run("cd ~/kusama-bot; git log -1 --format=%s")
    assert "reached directly" not in account.page("proxies.md")  # no token is set, so no platform is asked
    to, back = blocks("postgresql.md", "sh")[:2], blocks("postgresql.md", "sh")[2:]
    assert "ok     storage: PostgreSQL" in "".join(map(account.run, to))
    keep(2)
    account.run("; ".join(back))
    stored = account.stored()
    assert "-1001" in stored
    assert "-1002" in stored
    assert (account.checkout / "data" / "bot.sqlite3").exists()
    log = (account.home / "kusama-bot.service.log").read_text("utf-8")
    assert "listening on port" in log
    assert "Traceback" not in log


def test_the_settings_that_the_pages_show_are_accepted() -> None:
    for page in DOCS.glob("*.md"):
        for block in blocks(page.name, "ini"):
            config.settings_from({name.lower(): value for name, value in re.findall(r"(?m)^(\w+)=(.*)$", block)})


def test_systemd_accepts_the_units(tmp_path: Path) -> None:
    program = tool("systemd-analyze", "systemd")
    home = tmp_path / "home"
    (home / "kusama-bot" / ".venv").parent.mkdir(parents=True)
    (home / "kusama-bot" / ".venv").symlink_to(Path(sys.prefix))
    units = [str(shutil.copy(unit, tmp_path)) for unit in sorted((DOCS / "systemd").iterdir())]
    checked = subprocess.run(
        [program, "verify", "--user", "--man=no", *units],
        env={"HOME": str(home), "PATH": os.environ["PATH"], "XDG_RUNTIME_DIR": str(tmp_path)},
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    said = [line for line in checked.stderr.splitlines() if "kusama-bot" in line]
    assert (checked.returncode, said) == (0, []), checked.stderr


def certificate(folder: Path) -> dict[str, str]:
    """A certificate and a file of passwords, by the names that nginx.conf has for them."""
    key, public, users = (str(folder / name) for name in ("key.pem", "certificate.pem", "users"))
    make = (tool("openssl", "openssl"), "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=bot")
    subprocess.run([*make, "-keyout", key, "-out", public], check=True, capture_output=True, timeout=60)
    (folder / "users").write_text("jo:{PLAIN}sesame\n", "utf-8")
    letsencrypt = "/etc/letsencrypt/live/bot.example.org"
    return {
        f"{letsencrypt}/fullchain.pem": public,
        f"{letsencrypt}/privkey.pem": key,
        "/etc/nginx/kusama-bot.htpasswd": users,
    }


@contextmanager
def nginx(folder: Path, changed: dict[str, str]) -> Iterator[None]:
    """The nginx of the page, with these changes; it listens when this begins."""
    server = (DOCS / "nginx.conf").read_text("utf-8")
    for there, here in changed.items():
        assert there in server
        server = server.replace(there, here)
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    places = "".join(f"{kind}_temp_path {folder}/{kind};" for kind in kinds)
    head = f"pid {folder}/pid; error_log {folder}/log; events {{}}" + ("user root;" if os.geteuid() == 0 else "")
    (folder / "nginx.conf").write_text(f"{head} http {{ access_log off; {places} {server} }}", "utf-8")
    options = (tool("nginx", "nginx-light"), "-c", str(folder / "nginx.conf"), "-p", str(folder))
    for more in (("-t",), ()):
        started = subprocess.run([*options, *more], stderr=subprocess.PIPE, text=True, timeout=60, check=False)
        assert started.returncode == 0, started.stderr
    try:
        yield
    finally:
        subprocess.run([*options, "-s", "stop"], check=True, timeout=60)


async def test_nginx_passes_on_the_webhook_and_the_page_and_nothing_else(tmp_path: Path) -> None:
    changed = certificate(tmp_path)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    (shown,) = [block for block in blocks("proxies.md", "ini") if "WEBHOOK_URL" in block]
    given = dict(re.findall(r"(?m)^(\w+)=(.*)$", shown))
    given |= {"TELEGRAM_TOKEN": "1:abc", "TELEGRAM_API_URL": "http://127.0.0.1:1"}
    async with running(tmp_path, module=("bot",), **given) as bot:
        changed |= {"listen 443": f"listen 127.0.0.1:{port}", "http://127.0.0.1:8080": f"http://127.0.0.1:{bot.port}"}
        with nginx(tmp_path, changed):
            await _asked(port)


async def _asked(port: int) -> None:
    """What the world gets to see of a bot behind that nginx."""
    base, own = f"https://127.0.0.1:{port}", {"Host": "bot.example.org"}
    jo = own | {"Authorization": "Basic " + base64.b64encode(b"jo:sesame").decode()}
    browser = jo | {"Origin": "https://bot.example.org", "Sec-Fetch-Site": "same-origin"}
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=False)) as session:
        async with session.post(f"{base}/telegram", headers=own, data=b"{}") as answer:
            assert answer.status in (403, 503)  # the bot's: without the secret, or not connected yet
        for path in ("/healthz", "/readyz", "/metrics"):
            async with session.get(base + path, headers=jo) as answer:
                assert answer.status == 404
        async with session.get(f"{base}/", headers=own) as answer:
            assert answer.status == 401
        async with session.get(f"{base}/", headers=jo) as answer:
            assert answer.status == 200
        asked = {"text": "/whatisksm"}
        async with session.post(f"{base}/api/ask", headers=browser, json=asked) as answer:
            assert (answer.status, (await answer.json())["command"]) == (200, "whatisksm")


def test_the_readme_shows_the_five_figures_that_make_evaluate_prints_first() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    shown = re.findall(r"(?m)^\| (.*) \| [.\d]+ \|$", text)
    printed = re.findall(r"\| (.*) \| – \|", summary(Tally(), Tally()))
    assert [row for row in shown if row in printed] == printed
    assert "`make evaluate`" in text


def test_what_a_writer_is_told_to_run_can_be_run_in_a_plain_clone() -> None:
    text = (ROOT / "responses" / "README.md").read_text("utf-8")
    commands = re.findall(r"`([^`]*python -m bot[^`]*)`", text)
    assert [command.split()[:4] for command in commands] == [
        [".venv/bin/python", "-m", "bot", name] for name in ("ask", "review", "ask", "ask")
    ]
    assert set(re.findall(r"`make (\w+)`", text)) == {"run", "check"}


def test_the_privacy_policy_tells_of_every_table_and_for_how_long() -> None:
    text = (ROOT / "docs" / "privacy-policy.md").read_text("utf-8")
    rows = dict(re.findall(r"(?m)^\| `(\w+)` \| .* \| (.*) \|$", text))
    assert set(rows) == set(metadata.tables)
    assert f"{KEPT.days} days" in rows["communities"]
    assert f"{DAYS} days" in rows["counts"]


@pytest.mark.parametrize("page", sorted((ROOT / "docs").rglob("*.md")), ids=lambda page: page.name)
def test_every_link_to_another_file_leads_somewhere(page: Path) -> None:
    linked = re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text("utf-8"))
    assert [one for one in linked if not (page.parent / one).exists()] == []
