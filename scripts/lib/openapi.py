"""Writes the OpenAPI files of both APIs from the code, or tells whether they still say what the code does."""

import argparse
import difflib
import json
import os
import sys
from importlib import import_module
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("YULI_DEBUG", "1")

import django  # noqa: E402

django.setup()

from django.urls import include, path  # noqa: E402
from django.utils import translation  # noqa: E402
from drf_spectacular.drainage import GENERATOR_STATS  # noqa: E402
from drf_spectacular.generators import SchemaGenerator  # noqa: E402
from drf_spectacular.settings import patched_settings  # noqa: E402
from drf_spectacular.validation import validate_schema  # noqa: E402

# package -> where config/urls.py hangs it
APIS = {"api.v1": "api/v1/", "supervision.api.v1": "supervision/v1/"}


def drawn(package: str, prefix: str) -> str:
    """Return the OpenAPI document of one API; `<package>.schema.SETTINGS` gives it its title and ways to sign in."""
    try:
        settings = import_module(f"{package}.schema").SETTINGS
    except ModuleNotFoundError as error:
        if error.name != f"{package}.schema":
            raise
        settings = {}
    with patched_settings(settings), translation.override("en"):
        generator = SchemaGenerator(patterns=[path(prefix, include(f"{package}.urls"))])
        document = generator.get_schema(request=None, public=True)
    validate_schema(document)
    return json.dumps(document, indent=2, ensure_ascii=False, default=str) + "\n"


def main() -> int:
    parser = argparse.ArgumentParser(prog="scripts/openapi", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; exit code 1 when a file is out of date")
    check = parser.parse_args().check
    stale = 0
    for package, prefix in APIS.items():
        file = ROOT.joinpath(*package.split(".")) / "openapi.json"
        new, old = drawn(package, prefix), file.read_text() if file.exists() else ""
        operations = sum(len(methods) for methods in json.loads(new)["paths"].values())
        name = file.relative_to(ROOT)
        if new == old:
            print(f"{name} is current ({operations} operations)")
        elif check:
            stale += 1
            print(f"{name} is out of date: run scripts/openapi and commit it")
            sys.stdout.writelines(list(difflib.unified_diff(old.splitlines(True), new.splitlines(True), n=1))[:40])
        else:
            file.write_text(new)
            print(f"{name} written ({operations} operations)")
    if GENERATOR_STATS:
        GENERATOR_STATS.emit_summary()
    return 1 if stale or GENERATOR_STATS else 0


if __name__ == "__main__":
    sys.exit(main())
