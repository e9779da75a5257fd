"""Tables as people send them, and an import of one up to its check or its commit."""

import csv
import io

import openpyxl

from marketplace.services import imports
from tests import make


def csv_bytes(*rows, encoding="utf-8", delimiter=","):
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(rows)
    return out.getvalue().encode(encoding)


def xlsx_bytes(*rows, title_row=None):
    book = openpyxl.Workbook()
    page = book.active
    if title_row:
        page.append([title_row])
        page.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(rows[0]))
    for row in rows:
        page.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def checked(content, *, owner=None, defaults=None, kind="listings", direction_code="equipment", **mapping):
    """Upload and check; `mapping` adds columns to what is guessed."""
    by = make.actor(owner or make.organisation())
    run = imports.upload(
        io.BytesIO(content), "表.csv", kind=kind, direction_code=direction_code, by=by, at=make.MONDAY_9AM
    )
    wanted = run.mapping | mapping
    imports.set_mapping(run.code, wanted, defaults=defaults, by=by, at=make.MONDAY_9AM)
    imports.start(run.code, "check", by=by, at=make.MONDAY_9AM)
    return imports.check(run.code, at=make.MONDAY_9AM), by


def committed(run, by, **more):
    imports.start(run.code, "commit", by=by, at=make.MONDAY_9AM, **more)
    return imports.commit(run.code, at=make.MONDAY_9AM, **more)


def codes(run, number):
    return [problem["code"] for problem in run.rows.get(number=number).problems]
