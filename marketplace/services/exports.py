"""Hand a party everything it owns, in one archive."""

import io
import json
import zipfile
from datetime import datetime
from enum import StrEnum
from typing import IO

from accounts.core.actor import Actor
from accounts.selectors import organisations
from common import audit, tables
from marketplace.models import ListingDocument, ListingPhoto
from marketplace.policies import require_binding
from marketplace.selectors import exports
from marketplace.selectors.exports import ExportTable


class ExportFormat(StrEnum):
    CSV = "csv"
    XLSX = "xlsx"
    JSON = "json"


def write_archive(out: IO[bytes], *, form: str, by: Actor, at: datetime, with_files: bool = True) -> list[str]:
    """Write a zip with every table of the party `by` acts for, and its photos and documents; return what is in it.

    Rows are read and written one by one, so memory does not grow with them.

    Raises:
        MayNotBind: `by` may not speak for the party.
    """
    owner_id = require_binding(by)
    found = exports.tables_of(by)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        if ExportFormat(form) == ExportFormat.XLSX:
            with archive.open("yuli.xlsx", "w", force_zip64=True) as file:
                tables.write_xlsx(file, [(table.name, table.header, table.rows) for table in found])
        for table in found if form != ExportFormat.XLSX else ():
            with archive.open(f"{table.name}.{form}", "w", force_zip64=True) as file:
                _write(table, ExportFormat(form), file)
        if with_files:
            _add_files(archive, owner_id)
        names = archive.namelist()
    audit.record("export.archive", organisations.by_id(owner_id), by=by, at=at, form=str(form), files=len(names))
    return names


def _write(table: ExportTable, form: ExportFormat, file: IO[bytes]) -> None:
    text = io.TextIOWrapper(file, encoding="utf-8-sig" if form == ExportFormat.CSV else "utf-8", newline="")
    if form == ExportFormat.CSV:
        tables.write_csv(text, table.header, table.rows)
    else:
        text.write("[\n")
        for number, row in enumerate(table.rows):
            text.write(",\n" if number else "")
            text.write(json.dumps(dict(zip(table.header, row, strict=True)), ensure_ascii=False))
        text.write("\n]\n")
    text.flush()
    text.detach()


def _add_files(archive: zipfile.ZipFile, owner_id: int) -> None:
    for model, folder in ((ListingPhoto, "photos"), (ListingDocument, "documents")):
        for row in model.objects.filter(listing__owner_id=owner_id).order_by("id").iterator():
            with row.file.open("rb") as stored, archive.open(f"{folder}/{row.file.name.split('/')[-1]}", "w") as file:
                for block in stored.chunks():
                    file.write(block)
