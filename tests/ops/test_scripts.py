"""Every command explains itself, and a start that cannot be says why in one sentence."""

import fcntl
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.ops.working_copy import CLEAN, ROOT, WorkingCopy

COMMANDS = sorted(file.name for file in (ROOT / "scripts").iterdir() if file.is_file())


@pytest.fixture
def bare(tmp_path: Path) -> WorkingCopy:
    """A copy in which nothing was ever set up."""
    return WorkingCopy(tmp_path / "yuli")


@pytest.mark.parametrize("name", COMMANDS)
def test_help_says_what_the_command_does_and_does_nothing(name, bare):
    told = bare.run(name, "--help")

    assert told.returncode == 0
    assert told.stderr == ""
    assert f"scripts/{name}" in told.stdout
    assert "set -eu" not in told.stdout
    assert not (bare.folder / ".yuli").exists()


@pytest.mark.parametrize("name", ["format", "openapi", "messages", "state-diagrams"])
def test_a_small_command_on_a_bare_copy_names_what_to_run_first(name, bare):
    refused = bare.run(name)

    assert refused.returncode == 1
    assert "Nothing is set up yet: run scripts/run" in refused.stderr


@pytest.mark.parametrize(("command", "lock"), [("run", "run.lock"), ("test", "test.lock")])
def test_a_second_start_names_the_first(command, lock, bare):
    (bare.folder / ".yuli").mkdir()
    with (bare.folder / ".yuli" / lock).open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        held.write("http://127.0.0.1:8000, process 42")
        held.flush()

        refused = bare.run(command)

    assert refused.returncode == 1
    assert "http://127.0.0.1:8000, process 42" in refused.stderr
    assert len(refused.stderr.strip().splitlines()) == 1


def _free_port(wish: str) -> subprocess.CompletedProcess[str]:
    code = "import running; print(running.free_port())"
    env = {**CLEAN, "PYTHONPATH": str(ROOT / "scripts" / "lib"), "YULI_PORT": wish}
    return subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=False)


def test_a_taken_port_is_stepped_over_and_said():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        found = _free_port(str(port))

    *told, chosen = found.stdout.split("\n")[:-1]
    assert int(chosen) > port
    assert told == [f"  Port {port} is taken by another program; this one goes to {chosen}."]


def test_a_port_that_is_no_number_is_one_sentence():
    refused = _free_port("web")

    assert refused.returncode == 1
    assert "YULI_PORT is 'web': set it to a number" in refused.stderr


def test_steps_run_again_only_when_what_they_read_changed(bare):
    (bare.folder / "source").write_text("one")
    code = (
        "from pathlib import Path; import sys; from steps import Steps; "
        "log = lambda path: print('ran'); "
        "steps = Steps(); steps.do('A step', log, reads=[Path(sys.argv[1])], makes=[Path(sys.argv[2])])"
    )
    made = bare.folder / "made"
    made.touch()

    def step() -> bool:
        words = [sys.executable, "-c", code, str(bare.folder / "source"), str(made)]
        env = {**CLEAN, "PYTHONPATH": str(bare.folder / "scripts" / "lib")}
        return "ran" in subprocess.run(words, env=env, capture_output=True, text=True, check=True).stdout

    assert [step(), step()] == [True, False]
    (bare.folder / "source").write_text("two")
    assert [step(), step()] == [True, False]
    made.unlink()
    assert step()


def test_every_command_is_executable():
    assert [name for name in COMMANDS if not os.access(ROOT / "scripts" / name, os.X_OK)] == []
