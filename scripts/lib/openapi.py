"""Writes the OpenAPI files of both APIs from the code, or tells whether they still say what the code does."""

import argparse
import difflib
import json
import os
import sys
from dataclasses import dataclass
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


@dataclass(frozen=True)
class Document:
    """One committed file; the SETTINGS of the module `settings` describe it, `prefix` begins its paths."""

    file: str
    settings: str
    urls: str
    prefix: str


DOCUMENTS = (
    Document("api/v1/openapi.json", "api.v1.openapi", "api.v1.urls", ""),  # its SERVERS say /api/v1
    Document(
        "supervision/api/v1/openapi.json", "supervision.api.v1.schema", "supervision.api.v1.urls", "supervision/v1/"
    ),
)


def drawn(document: Document) -> str:
    """Return what the code says now."""
    with patched_settings(import_module(document.settings).SETTINGS), translation.override("en"):
        generator = SchemaGenerator(  # type: ignore[no-untyped-call]
            patterns=[path(document.prefix, include(document.urls))]
        )
        schema = generator.get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    validate_schema(schema)  # type: ignore[no-untyped-call]
    return json.dumps(schema, indent=2, ensure_ascii=False, default=str) + "\n"


def main() -> int:
    parser = argparse.ArgumentParser(prog="scripts/openapi", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; exit code 1 when a file is out of date")
    check = parser.parse_args().check
    stale = 0
    for document in DOCUMENTS:
        file = ROOT / document.file
        new, old = drawn(document), file.read_text() if file.exists() else ""
        operations = sum(len(methods) for methods in json.loads(new)["paths"].values())
        if new == old:
            print(f"{document.file} is current ({operations} operations)")
        elif check:
            stale += 1
            print(f"{document.file} is out of date: run scripts/openapi and commit it")
            sys.stdout.writelines(list(difflib.unified_diff(old.splitlines(True), new.splitlines(True), n=1))[:40])
        else:
            file.write_text(new)
            print(f"{document.file} written ({operations} operations)")
    if GENERATOR_STATS:
        GENERATOR_STATS.emit_summary()
    return 1 if stale or GENERATOR_STATS else 0


if __name__ == "__main__":
    sys.exit(main())
