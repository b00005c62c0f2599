"""What is locked, how it is installed, and how the container is closed: the files around the bot keep their word."""

import os
import re
import subprocess
import tomllib
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from bot import config
from bot.config import Settings

ROOT = Path(__file__).parent.parent
LOCKS = ("runtime", "semantic", "dev", "bench")
TOOLS = ("audit", "fuzz")  # each from a file of its own, beside the project's packages
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
PLATFORMS = (
    {"sys_platform": "linux", "platform_system": "Linux", "os_name": "posix"},
    {"sys_platform": "darwin", "platform_system": "Darwin", "os_name": "posix"},
)


def environments() -> Iterator[dict[str, str]]:
    """Every Python and system the locks are made for, as markers see them."""
    for python in PYTHONS:
        for platform in PLATFORMS:
            yield {"python_version": python, "python_full_version": f"{python}.0", **platform}


def locked(name: str) -> list[tuple[Requirement, list[str]]]:
    """Each pinned requirement of a lock file, with its hashes."""
    text = (ROOT / "requirements" / f"{name}.txt").read_text("utf-8")
    lines = re.sub(r"\s*\\\n", " ", re.sub(r"(?m)^\s*#.*\n", "", text)).splitlines()
    return [(Requirement(line.split(" --hash=")[0]), re.findall(r"--hash=(\S+)", line)) for line in lines if line]


def pins(name: str, environment: dict[str, str]) -> dict[str, str]:
    """What a lock file installs in one environment: name and version."""
    return {
        canonicalize_name(pin.name): str(pin.specifier).removeprefix("==")
        for pin, _ in locked(name)
        if pin.marker is None or pin.marker.evaluate(dict(environment))
    }


def project() -> dict[str, Any]:
    """The [project] table of pyproject.toml."""
    table: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return table


def declared(name: str) -> list[Requirement]:
    """What pyproject.toml asks for in one lock file."""
    extra = project()["optional-dependencies"].get(name, [])
    return [Requirement(line) for line in [*project()["dependencies"], *extra]]


@pytest.mark.parametrize("name", [*LOCKS, *TOOLS])
def test_every_locked_package_has_one_version_and_a_hash(name: str) -> None:
    packages = locked(name)
    assert len(packages) > (20 if name in LOCKS else 0)
    for pin, hashes in packages:
        assert re.fullmatch(r"==[^,*]+", str(pin.specifier)), pin
        assert hashes, pin
        assert all(re.fullmatch(r"sha256:[0-9a-f]{64}", each) for each in hashes), pin


@pytest.mark.parametrize("name", [*LOCKS, *TOOLS])
def test_no_lock_file_names_where_packages_come_from(name: str) -> None:
    text = (ROOT / "requirements" / f"{name}.txt").read_text("utf-8")
    assert "://" not in text
    assert not re.search(r"(?m)^\s*(-i|-f|--index|--extra-index|--find-links|--trusted-host)", text)


@pytest.mark.parametrize("name", LOCKS)
def test_what_the_project_asks_for_is_in_the_lock_at_a_version_it_allows(name: str) -> None:
    for environment in environments():
        versions = pins(name, environment)
        for wish in declared(name):
            if wish.marker is None or wish.marker.evaluate(dict(environment)):
                assert wish.specifier.contains(versions[canonicalize_name(wish.name)]), (wish, environment)


@pytest.mark.parametrize("name", ["semantic", "dev"])
def test_an_extra_never_moves_a_package_the_bot_runs_on(name: str) -> None:
    for environment in environments():
        runtime = pins("runtime", environment)
        assert runtime.items() <= pins(name, environment).items(), environment


def test_the_tools_check_the_same_numpy_that_the_encoder_runs_on() -> None:
    for environment in environments():
        assert pins("semantic", environment)["numpy"] == pins("dev", environment)["numpy"]


@pytest.mark.parametrize("name", ["runtime", "dev"])
def test_a_lock_is_whole_since_nothing_is_resolved_when_it_is_installed(name: str) -> None:
    extras: dict[str, set[str]] = {canonicalize_name(wish.name): wish.extras for wish in declared(name)}
    for environment in environments():
        versions = pins(name, environment)
        for package in versions.keys() & pins(name, {}).keys():
            for line in metadata.requires(package) or []:
                need = Requirement(line)
                asked = {"", *extras.get(package, set())}
                if any(need.marker is None or need.marker.evaluate({**environment, "extra": e}) for e in asked):
                    assert canonicalize_name(need.name) in versions, (package, line, environment)


# --- what runs before a commit


def test_a_commit_and_a_push_are_checked_as_make_test_checks_and_nothing_is_fetched() -> None:
    repos = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text("utf-8"))["repos"]
    assert [repo["repo"] for repo in repos] == ["local"]
    entries = [hook["entry"].removeprefix(".venv/bin/python -m ") for repo in repos for hook in repo["hooks"]]
    checks = re.findall(r"(?m)^\t\$\(PY\) -m (.+?)(?: \.)?(?: \$\(ARGS\))?$", (ROOT / "Makefile").read_text("utf-8"))
    assert [entry.replace("pytest -q", "pytest") for entry in entries] == checks


# --- the example of the settings


def example() -> dict[str, str]:
    """Every setting that .env.example names, with the value it shows."""
    text = (ROOT / ".env.example").read_text("utf-8")
    return dict(re.findall(r"(?m)^#?([A-Z_]+)=(.*)$", text))


def test_the_example_names_every_setting_and_nothing_else_but_the_database_containers() -> None:
    settings = {name.upper() for name in Settings.model_fields}
    assert set(example()) == settings | {"POSTGRES_PASSWORD"}


def test_the_example_shows_each_default_as_it_is() -> None:
    shown = example()
    for name, one in Settings.model_fields.items():
        if one.default is not None:
            default = str(one.default)
            assert shown[name.upper()] == (default.lower() if isinstance(one.default, bool) else default)


def test_what_the_example_shows_is_accepted() -> None:
    shown = {name.lower(): value for name, value in example().items() if value}
    assert config.settings_from(shown).database_url is not None


def test_the_example_sets_nothing_until_it_is_filled_in() -> None:
    lines = (ROOT / ".env.example").read_text("utf-8").splitlines()
    assert [line for line in lines if line and not line.startswith("#")] == []


# --- the container


def compose() -> dict[str, Any]:
    """The services of docker-compose.yml."""
    services: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))["services"]
    return services


def dockerfile() -> list[tuple[str, str]]:
    """The Dockerfile's instructions, each with its words on one line."""
    text = re.sub(r"\\\n\s*", "", re.sub(r"(?m)^#.*\n", "", (ROOT / "Dockerfile").read_text("utf-8")))
    return [(line.split(" ", 1)[0], line.split(" ", 1)[1]) for line in text.splitlines() if line.strip()]


def test_several_processes_clash_over_no_port_no_name_and_no_folder() -> None:
    more = compose()["more"]
    assert more["profiles"] == ["many"]
    assert more["deploy"]["replicas"] == 2
    assert more["ports"] == []
    assert "container_name" not in more
    assert [str(mount).rpartition(":")[2] for mount in more["volumes"]] == ["ro"]
    assert more["environment"].keys() == compose()["bot"]["environment"].keys()


@pytest.mark.parametrize("name", ["bot", "more", "postgres"])
def test_a_container_has_a_read_only_root_and_no_rights(name: str) -> None:
    service = compose()[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert str(service["user"]).split(":")[0] not in ("0", "root")
    assert not service.get("privileged")
    assert "healthcheck" in service
    assert any(str(mount).startswith("/tmp") for mount in service["tmpfs"])


def test_the_bot_has_longer_to_stop_than_it_needs_and_is_published_to_this_machine_alone() -> None:
    bot = compose()["bot"]
    assert bot["stop_grace_period"] == "15s"
    assert bot["restart"] == "unless-stopped"
    assert all(port.startswith("127.0.0.1:") for port in bot["ports"])


def test_postgres_starts_only_when_it_is_asked_for() -> None:
    services = compose()
    assert services["postgres"]["profiles"] == ["postgres", "many"]
    assert "profiles" not in services["bot"]
    assert services["bot"]["depends_on"]["postgres"]["required"] is False


def test_the_image_runs_as_the_user_that_compose_names() -> None:
    users = [words for what, words in dockerfile() if what == "USER"]
    assert users == [compose()["bot"]["user"]]
    assert re.fullmatch(r"[1-9]\d+:[1-9]\d+", users[0])


def test_the_image_installs_nothing_without_a_hash() -> None:
    told = [words for what, words in dockerfile() if what == "RUN"]
    assert [words for words in told if "tools/install.py --into /opt/venv runtime semantic" in words]
    assert not [words for words in told if "pip" in words]


def test_the_image_asks_the_builder_for_nothing_that_docker_20_10_and_buildah_do_not_know() -> None:
    text = (ROOT / "Dockerfile").read_text("utf-8")
    for newer in ("--start-interval", "--chmod", "--mount", "--link", "<<", "# syntax"):
        assert newer not in text


def test_what_a_checkout_with_any_umask_brings_can_be_read_by_the_bots_user() -> None:
    told = dockerfile()
    [opened] = [number for number, (_, words) in enumerate(told) if "chmod -R a+rX,go-w /opt/venv /app" in words]
    last_stage = max(number for number, (what, _) in enumerate(told) if what == "FROM")
    assert opened < last_stage
    copies = [words for what, words in told[last_stage:] if what == "COPY"]
    assert all(words.startswith("--from=built") for words in copies)


def test_the_profile_with_postgres_makes_the_bot_use_it_and_does_not_start_without_a_password() -> None:
    services = compose()
    password = services["postgres"]["environment"]["POSTGRES_PASSWORD"]
    assert password == services["bot"]["environment"]["PGPASSWORD"] == "${POSTGRES_PASSWORD:-}"
    assert "POSTGRES_PASSWORD:+postgresql://bot@postgres/bot}" in services["bot"]["environment"]["DATABASE_URL"]
    *shell, script = services["postgres"]["entrypoint"]
    done = subprocess.run(
        [*shell, script.replace("$$", "$")],
        env={"PATH": os.environ["PATH"]}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (1, "Set POSTGRES_PASSWORD in .env\n")


def test_the_oldest_compose_that_reads_it_is_named() -> None:
    for name in ("README.md", "docker-compose.yml"):
        assert "Compose 2.24" in (ROOT / name).read_text("utf-8")


def test_what_the_containers_set_are_settings() -> None:
    image = re.findall(r"\b([A-Z_]+)=", dict(dockerfile())["ENV"])
    ours = {*image, *compose()["bot"]["environment"]} - {"PATH", "PYTHONUNBUFFERED", "PGPASSWORD"}
    assert {name.lower() for name in ours} <= set(Settings.model_fields)
    assert "DATA_DIR" in ours


def test_the_image_asks_the_bot_for_its_health_and_starts_it() -> None:
    told = dict(dockerfile())
    assert told["HEALTHCHECK"].endswith('CMD ["python", "-m", "bot", "health"]')
    assert compose()["bot"]["healthcheck"]["test"] == ["CMD", "python", "-m", "bot", "health"]
    assert told["ENTRYPOINT"] == '["python", "-m", "bot"]'
    assert told["CMD"] == '["run"]'


def test_what_the_image_copies_is_let_through_to_the_builder_and_secrets_are_not() -> None:
    lines = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    let_through = {line.removeprefix("!") for line in lines if line.startswith("!")}
    copied = {
        source
        for what, words in dockerfile()
        if what == "COPY" and not words.startswith("--from")
        for source in words.split(" ")[:-1]
    }
    assert "*" in lines
    assert copied == let_through
