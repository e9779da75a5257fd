"""The house rules that a linter cannot say: relations point down, writes stand in services, modules stay small."""

import ast
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

from marketplace.directions import DIRECTIONS

ROOT = Path(settings.BASE_DIR)
ORDER = ["common", "accounts", "credit", "marketplace", "governance", "matching", "supervision"]
# matching and governance stand side by side: neither may point at the other.
RANK = {"common": 0, "accounts": 1, "credit": 2, "marketplace": 3, "governance": 4, "matching": 4, "supervision": 5}
CLOCKS = {"timezone.now", "datetime.now", "datetime.utcnow", "date.today", "time.time"}
WRITES = {"create", "bulk_create", "update", "delete", "bulk_update", "get_or_create", "update_or_create"}
OURS = [*ORDER, "api", "frontend", "config"]


def _sources(*packages: str) -> list[Path]:
    found = (path for package in packages for path in sorted((ROOT / package).rglob("*.py")))
    return [path for path in found if not {"migrations", "node_modules"} & set(path.parts)]


def test_relations_point_down_the_order():
    upward = [
        f"{model._meta.label}.{field.name} -> {field.related_model._meta.label}"
        for model in apps.get_models()
        if model._meta.app_label in RANK
        for field in model._meta.get_fields()
        if field.is_relation and not field.auto_created and field.related_model
        if (target := field.related_model._meta.app_label) in RANK and target != model._meta.app_label
        if RANK[target] >= RANK[model._meta.app_label]
    ]

    assert upward == []


def _writes(path: Path) -> list[str]:
    found = []
    for node in ast.walk(ast.parse(path.read_text())):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        on_manager = "objects" in ast.unparse(node.func.value)
        if on_manager and node.func.attr in WRITES:
            found.append(f"{path.relative_to(ROOT)}:{node.lineno} {node.func.attr}")
    return found


def test_rows_are_written_only_by_services_and_models():
    allowed = re.compile(r"/(services|models)(/|\.py)|^common/audit\.py")
    paths = [path for path in _sources(*OURS) if not allowed.search(str(path.relative_to(ROOT)))]

    assert [line for path in paths for line in _writes(path)] == []


def test_no_module_is_longer_than_400_lines():
    long = {str(p.relative_to(ROOT)): n for p in _sources(*OURS) if (n := len(p.read_text().splitlines())) > 400}

    assert long == {}


def test_nobody_outside_directions_compares_a_direction_code():
    codes = {direction.code for direction in DIRECTIONS}
    found = []
    for path in _sources(*OURS):
        relative = str(path.relative_to(ROOT))
        if relative.startswith(("marketplace/directions/", "config/demo/")):
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.Compare):
                continue
            literals = {n.value for n in ast.walk(node) if isinstance(n, ast.Constant) and isinstance(n.value, str)}
            if literals & codes and "direction" in ast.unparse(node):
                found.append(f"{relative}:{node.lineno}")

    assert found == []


def test_rules_never_ask_the_clock():
    layers = re.compile(r"/(core|models|policies|selectors|services|directions)(/|\.py)")
    found = []
    for path in _sources(*ORDER):
        relative = str(path.relative_to(ROOT))
        if not layers.search(relative):
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.Call):
                continue
            name = ast.unparse(node.func)
            if name in CLOCKS or (name == "timezone.localdate" and not node.args):
                found.append(f"{relative}:{node.lineno}")

    assert found == []


def test_signals_carry_no_business_step():
    found = [
        str(p.relative_to(ROOT))
        for p in _sources(*OURS)
        if re.search(r"django\.db\.models\.signals|post_save|pre_save", p.read_text())
    ]

    assert found == []


@pytest.mark.parametrize("word", ["utils", "helpers", "manager", "handler"])
def test_no_file_hides_behind_a_vague_name(word):
    assert [str(p.relative_to(ROOT)) for p in _sources(*OURS) if p.stem == word] == []


def test_every_setting_from_the_environment_is_documented():
    names = set(re.findall(r'"(YULI_[A-Z_]+)"', (ROOT / "config/settings.py").read_text()))

    documented = (ROOT / "docs/operations.md").read_text()

    assert sorted(name for name in names if name not in documented) == []


def test_every_command_is_documented():
    commands = {p.stem for p in _sources(*OURS) if p.parent.name == "commands" and p.stem != "__init__"}
    pages = "".join(p.read_text() for p in [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))])

    assert sorted(name for name in commands if name not in pages) == []
