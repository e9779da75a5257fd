"""A start with a missing or wrong setting stops with its name; production mode is as Django's deploy check wants it."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.ops.working_copy import CLEAN, ROOT

PRODUCTION = {
    "YULI_SECRET_KEY": "k3J8-wq0ZrPz5V1mXc7TtYb2NnUu9LhSsGgFfDdAaEeRrWwQq4MmKk6Oo",
    "YULI_DATABASE_URL": "postgresql://yuli:secret@database/yuli",
    "YULI_REDIS_URL": "redis://redis:6379/0",
    "YULI_ALLOWED_HOSTS": "yuli.example",
}


def _manage(*words: str, **settings: str) -> subprocess.CompletedProcess[str]:
    env = {**CLEAN, **settings}
    env.pop("DJANGO_SETTINGS_MODULE", None)
    return subprocess.run(
        [sys.executable, "manage.py", *words], cwd=ROOT, env=env, capture_output=True, text=True, check=False
    )


def test_production_mode_passes_the_deploy_check():
    checked = _manage("check", "--deploy", "--fail-level=WARNING", **PRODUCTION)

    assert checked.returncode == 0, checked.stderr


@pytest.mark.parametrize("name", ["YULI_SECRET_KEY", "YULI_DATABASE_URL", "YULI_REDIS_URL", "YULI_ALLOWED_HOSTS"])
def test_a_missing_setting_stops_the_start_with_its_name(name):
    stopped = _manage("check", **{k: v for k, v in PRODUCTION.items() if k != name})

    assert stopped.returncode != 0
    assert f"Set the environment variable {name}" in stopped.stderr


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("YULI_DATABASE_URL", "mysql://here/yuli", "must start with postgresql://"),
        ("YULI_DATABASE_POOL", "many", "must be a whole number"),
        ("YULI_HTTPS", "perhaps", "must be 1 or 0"),
    ],
)
def test_a_malformed_setting_stops_the_start_with_its_name(name, value, told):
    stopped = _manage("check", **{**PRODUCTION, name: value})

    assert stopped.returncode != 0
    assert f"{name} {told}" in stopped.stderr


def names_read(*sources: Path) -> set[str]:
    """Return the settings that the sources name."""
    found: set[str] = set()
    for source in sources:
        for node in ast.walk(ast.parse(source.read_text())):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found |= set(re.findall(r"^YULI_[A-Z_]+$", node.value))
    return found


def test_every_setting_is_in_the_table_of_the_operations_page():
    page = (ROOT / "docs" / "operations.md").read_text()
    names = names_read(ROOT / "config" / "settings.py", *(ROOT / "scripts" / "lib").glob("*.py"))

    assert len(names) > 20
    assert {name for name in names if f"`{name}`" not in page} == set()
