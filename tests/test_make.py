"""What `make` installs and when, seen with a stand-in for Python that writes down what it is asked."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.builders import ROOT

STAND_IN = """#!/bin/sh
echo "$@" >> "$CALLS"
case "$*" in
  *"$FAILS"*) echo "$SAYS" >&2; exit 1 ;;
  *"$KILLS"*) kill -9 $PPID ;;
  tools/install.py*) exec "$REAL" "$@" ;;
  "-m venv"*) rm -rf .venv; mkdir -p .venv/bin; cp "$0" .venv/bin/python ;;
  *"EXT_SUFFIX"*) echo "$PWD $VERSION" ;;
esac
"""


class Machine:
    """A folder with the Makefile and locks, on a machine with nothing but make, sh and (perhaps) a Python."""

    def __init__(self, folder: Path) -> None:
        self.home = folder / "a folder"
        self.tools = folder / "tools"
        self.calls = folder / "calls"
        self.fails = self.kills = "no call has this"  # which call fails with the words `says`, or kills its caller
        self.says = "no such package"
        self.version = "3.11"  # of its Python
        shutil.copytree(ROOT / "requirements", self.home / "requirements")
        shutil.copytree(ROOT / "tools", self.home / "tools")
        shutil.copy(ROOT / "Makefile", self.home)
        self.tools.mkdir()
        for tool in ("sh", "make", "touch", "rm", "mkdir", "cp", "awk"):
            found = shutil.which(tool)
            assert found, f"{tool} is missing on this machine"
            (self.tools / tool).symlink_to(found)
        self.calls.touch()

    def has(self, command: str, script: str = STAND_IN) -> None:
        """Puts a command on the machine's path."""
        (self.tools / command).write_text(script, "utf-8")
        (self.tools / command).chmod(0o755)

    def make(self, *goals: str) -> subprocess.CompletedProcess[str]:
        """Runs make with that path alone."""
        return self.run("make", *goals)

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Runs any command in the folder with that path alone."""
        environment = {
            "PATH": str(self.tools),
            "LC_ALL": "C.UTF-8",
            "REAL": sys.executable,
            "CALLS": str(self.calls),
            "FAILS": self.fails,
            "SAYS": self.says,
            "KILLS": self.kills,
            "VERSION": self.version,
        }
        return subprocess.run(
            command, cwd=self.home, env=environment, capture_output=True, text=True, check=False, timeout=60
        )

    def asked(self) -> list[str]:
        """What was asked of the stand-ins since the last time, oldest first."""
        lines = self.calls.read_text("utf-8").splitlines()
        self.calls.write_text("", "utf-8")
        return lines


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def installed_files(calls: list[str]) -> list[str]:
    """The lock files that pip was given, in order."""
    return [call.rsplit(" ", 1)[-1] for call in calls if " install " in call and "--require-hashes" in call]


WHOLE = ["requirements/runtime.txt", "requirements/semantic.txt"]


def test_make_alone_lists_what_it_can_do(machine: Machine) -> None:
    done = machine.make()
    assert done.returncode == 0
    assert {"install", "run", "test", "check", "lock"} <= set(re.findall(r"make (\w+)", done.stdout))
    assert machine.asked() == []


def test_run_installs_with_hashes_and_then_starts_the_bot(machine: Machine) -> None:
    machine.has("python3")
    done = machine.make("run", "ARGS=--port 1")
    calls = machine.asked()
    assert done.returncode == 0, done.stderr
    assert installed_files(calls) == WHOLE
    assert calls[-1] == "-m bot run --port 1"


def test_a_second_run_installs_nothing(machine: Machine) -> None:
    machine.has("python3")
    machine.make("install")
    machine.asked()
    done = machine.make("run")
    assert done.returncode == 0
    assert done.stdout == ""
    assert [call for call in machine.asked() if call.startswith("-m")] == ["-m bot run"]


def test_a_changed_lock_is_installed_again(machine: Machine) -> None:
    machine.has("python3")
    machine.make("install")
    machine.asked()
    with (machine.home / "requirements/runtime.txt").open("a", encoding="utf-8") as lock:
        lock.write("# changed\n")
    machine.make("install")
    assert installed_files(machine.asked()) == ["requirements/runtime.txt"]


def test_the_bot_starts_where_the_semantic_extra_cannot_be_had(machine: Machine) -> None:
    machine.has("python3")
    machine.fails = "semantic.txt"
    done = machine.make("run")
    assert done.returncode == 0
    assert "matched by their words alone" in done.stdout
    assert machine.asked()[-1] == "-m bot run"


def test_a_failed_install_starts_nothing_and_is_tried_again(machine: Machine) -> None:
    machine.has("python3")
    machine.fails = "runtime.txt"
    done = machine.make("run")
    assert done.returncode != 0
    assert "could not be installed" in done.stderr
    assert "-m bot run" not in machine.asked()
    machine.fails = "no call fails"
    assert machine.make("run").returncode == 0
    assert machine.asked()[-1] == "-m bot run"


@pytest.mark.parametrize("old", [None, "#!/bin/sh\nexit 1\n"], ids=["no Python", "an old Python"])
def test_without_a_new_enough_python_one_line_says_what_is_needed(machine: Machine, old: str | None) -> None:
    if old:
        machine.has("python3", old)
    done = machine.make("run")
    assert done.returncode != 0
    assert "needs Python 3.11 or newer" in done.stderr
    assert not (machine.home / ".venv").exists()


def test_a_python_that_is_asked_for_and_cannot_be_used_is_named(machine: Machine) -> None:
    machine.has("python3")
    done = machine.make("install", "PYTHON=/nowhere/python3")
    assert done.returncode != 0
    assert "/nowhere/python3 is none" in done.stderr
    assert machine.asked() == []


@pytest.mark.parametrize(
    "says",
    [
        "The virtual environment was not created successfully because ensurepip is not available.  On Debian/Ubuntu",
        "/usr/bin/python3: No module named venv",
        "ModuleNotFoundError: No module named 'ensurepip'",
    ],
)
def test_a_python_without_venv_is_told_which_package_to_install(machine: Machine, says: str) -> None:
    machine.has("python3")
    machine.fails, machine.says = "-m venv", says
    done = machine.make("install")
    assert done.returncode != 0
    assert "apt-get install python3-venv" in done.stderr
    assert says not in done.stderr
    assert not (machine.home / ".venv").exists()


@pytest.mark.parametrize("reason", ["[Errno 13] Permission denied", "[Errno 30] Read-only file system"])
def test_a_folder_that_cannot_be_written_is_named_and_no_package_is_advised(machine: Machine, reason: str) -> None:
    machine.has("python3")
    machine.fails, machine.says = "-m venv", f"Error: {reason}: '{machine.home}/.venv'"
    done = machine.make("install")
    assert done.returncode != 0
    assert f"{machine.home}/.venv cannot be written" in done.stderr
    assert "apt-get" not in done.stderr


def test_where_bytecode_cannot_be_made_by_several_processes_one_makes_it_and_nothing_is_shown(machine: Machine) -> None:
    machine.has("python3")
    machine.fails, machine.says = "-j 0", "Traceback: [Errno 13] Permission denied: /dev/shm"
    done = machine.make("run")
    assert done.returncode == 0
    assert "Traceback" not in done.stdout + done.stderr
    assert any("compileall -q -j 1" in call for call in machine.asked())


# --- a virtual environment that is of no use any more is made anew, by itself


def spoilt(machine: Machine, how: str) -> None:
    """Does that to a machine whose .venv is complete."""
    venv = machine.home / ".venv"
    match how:
        case "its Python is gone":
            (venv / "bin/python").unlink()
        case "its Python leads nowhere":
            (venv / "bin/python").unlink()
            (venv / "bin/python").symlink_to("/nowhere/python3")
        case "its Python is for another processor":
            (venv / "bin/python").write_bytes(b"\x7fELF of another machine")
        case "its Python became another version":
            machine.version = "3.13"
        case "it was copied from another folder":
            copy = machine.home.with_name("another folder")
            shutil.copytree(machine.home, copy)
            machine.home = copy
        case "it was begun and not finished":
            (venv / ".made").unlink()
        case "it is a file":
            shutil.rmtree(venv)
            venv.touch()
        case "it leads nowhere":
            shutil.rmtree(venv)
            venv.symlink_to(machine.home / "nowhere")


@pytest.mark.parametrize(
    "how",
    [
        "its Python is gone",
        "its Python leads nowhere",
        "its Python is for another processor",
        "its Python became another version",
        "it was copied from another folder",
        "it was begun and not finished",
        "it is a file",
        "it leads nowhere",
    ],
)
def test_an_environment_is_made_anew_if(machine: Machine, how: str) -> None:
    machine.has("python3")
    machine.make("install")
    machine.asked()
    spoilt(machine, how)
    done = machine.make("run")
    calls = machine.asked()
    assert done.returncode == 0, done.stderr
    assert "Creating .venv" in done.stdout
    assert installed_files(calls) == WHOLE
    assert calls[-1] == "-m bot run"


def test_an_environment_in_which_pip_was_killed_is_made_anew(machine: Machine) -> None:
    machine.has("python3")
    machine.make("install")
    (machine.home / "requirements/runtime.txt").write_text("another==1", "utf-8")
    machine.kills = "runtime.txt"
    assert machine.make("run").returncode != 0
    machine.kills = "no call has this"
    machine.asked()
    done = machine.make("run")
    assert done.returncode == 0
    assert "Creating .venv" in done.stdout
    assert installed_files(machine.asked()) == WHOLE


def test_another_python_is_taken_if_it_is_asked_for_and_else_the_one_that_is_there_is_kept(machine: Machine) -> None:
    machine.has("python3")
    machine.version = "no version of the Python that runs the tests"
    machine.make("install")
    assert "Creating" not in machine.make("install").stdout
    assert "Creating" in machine.make("install", "PYTHON=python3").stdout


def test_the_whole_test_run_covers_format_lint_types_content_and_tests(machine: Machine) -> None:
    machine.has("python3")
    assert machine.make("test").returncode == 0
    tools = [call.removeprefix("-m ") for call in machine.asked() if re.match(r"-m (ruff|mypy|bot|pytest)", call)]
    assert tools == [
        "ruff format --check .",
        "ruff check .",
        "mypy",
        "bot check",
        "pytest --numprocesses auto --dist loadfile",
    ]


@pytest.mark.parametrize("failing", ["ruff format", "ruff check", "mypy", "bot check", "pytest"])
def test_each_check_that_fails_fails_the_whole(machine: Machine, failing: str) -> None:
    machine.has("python3")
    machine.fails = f"-m {failing}"
    assert machine.make("test").returncode != 0


def test_continuous_integration_installs_what_is_missing_and_lets_nothing_be_skipped(machine: Machine) -> None:
    switches = "$REQUIRE_POSTGRES$REQUIRE_BROWSER$REQUIRE_SEMANTIC$REQUIRE_IMAGE$REQUIRE_DEBIAN13"
    says = f'#!/bin/sh\necho "$(basename "$0") $* {switches}" >> "$CALLS"\n'
    (machine.home / ".ci").mkdir()
    shutil.copy(ROOT / ".ci/run", machine.home / ".ci/run")
    for script in ("image", "debian13"):
        (machine.home / ".ci" / script).write_text(says, "utf-8")
        (machine.home / ".ci" / script).chmod(0o755)
    for tool in ("bash", "env", "dirname", "basename", "id"):
        (machine.tools / tool).symlink_to(shutil.which(tool) or "")
    (machine.tools / "make").unlink()
    for command in ("make", "apt-get", "chromium"):
        machine.has(command, says)
    machine.has("sudo", '#!/bin/sh\nexec "$@"\n')
    done = machine.run(str(machine.home / ".ci/run"))
    calls = machine.asked()
    assert done.returncode == 0, done.stderr
    assert calls[0].startswith("apt-get update")
    assert "chromium-driver" in calls[1]
    assert "chromium " not in calls[1]
    assert calls[-3:] == ["image  11111", "make test 11111", "debian13  11111"]


@pytest.mark.parametrize(("required", "status"), [("", 0), ("1", 1)])
def test_where_no_image_can_be_built_that_is_said_and_is_a_failure_only_if_wanted(
    tmp_path: Path, required: str, status: int
) -> None:
    environment = {"PATH": str(tmp_path), "REQUIRE_IMAGE": required}  # no tools at all, and nothing that installs them
    done = subprocess.run(
        [sys.executable, ROOT / ".ci/image"], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == status, done.stderr
    assert done.stdout.startswith("NOT BUILT: ")


@pytest.mark.parametrize(("required", "status"), [("", 0), ("1", 1)])
def test_where_no_debian_can_be_made_that_is_said_and_is_a_failure_only_if_wanted(
    tmp_path: Path, required: str, status: int
) -> None:
    for tool in ("bash", "dirname", "id"):  # no debootstrap
        (tmp_path / tool).symlink_to(shutil.which(tool) or "")
    environment = {"PATH": str(tmp_path), "REQUIRE_DEBIAN13": required}
    done = subprocess.run(["bash", ROOT / ".ci/debian13"], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == status
    assert done.stdout == ""
    assert re.fullmatch(r"The tests were not run on Debian 13: .*(root rights|debootstrap).*\.\n", done.stderr)
