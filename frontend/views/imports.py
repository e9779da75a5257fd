"""Imports: upload, say what the columns mean, dry run, commit, undo; and everything one owns as an archive."""

import csv
import tempfile
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from common import tables
from common.errors import Refused
from frontend.forms.imports import MappingForm, UploadForm
from frontend.pagination import page_of
from frontend.refusals import as_message, at_form
from frontend.requests import actor, now
from marketplace.core.import_states import CHOOSABLE, RUNNING, ImportState, RowState
from marketplace.selectors import imports as select
from marketplace.services import exports, imports
from marketplace.services.exports import ExportFormat

MAPPABLE = (ImportState.UPLOADED, ImportState.CHECKED, ImportState.FAILED)
MOST_CHOSEN = 5_000


@require_http_methods(["GET", "POST"])
@login_required
def home(request: HttpRequest) -> HttpResponse:
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            run = imports.upload(
                given["file"].read(tables.MOST_BYTES + 1),
                given["file"].name,
                kind=given["kind"],
                direction_code=given["direction"],
                by=actor(request),
                at=now(),
            )
            return redirect("import", run.code)
        except Refused as error:
            at_form(form, error)
    page = page_of(request, select.mine(actor(request)))
    return render(request, "imports/home.html", {"form": form, "page": page}, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@login_required
def page(request: HttpRequest, code: UUID) -> HttpResponse:
    run = select.get(code, viewer=actor(request))
    form = MappingForm(run, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            imports.set_mapping(
                code, form.mapping(), defaults=form.defaults(), datum=form.cleaned_data["datum"],
                by=actor(request), at=now(),
            )  # fmt: skip
            imports.start(code, "check", by=actor(request), at=now())
            return redirect("import", code)
        except Refused as error:
            at_form(form, error)
    chosen = request.GET.get("state", "")
    rows = page_of(request, select.rows(run, state=chosen))
    context = {
        "run": run,
        "form": form if run.state in MAPPABLE else None,
        "is_running": run.state in RUNNING,
        "n_done": imports.progress(run),
        "rows": [(row, select.sentences(row), row.state in CHOOSABLE and bool(row.values)) for row in rows],
        "page": rows,
        "chosen_state": chosen,
        "states": list(RowState),
        "moves_open": select.open_moves(run, actor(request)),
    }
    return render(request, "imports/page.html", context, status=422 if form.errors else 200)


@require_GET
@login_required
def progress(request: HttpRequest, code: UUID) -> HttpResponse:
    run = select.get(code, viewer=actor(request))
    context = {"run": run, "is_running": run.state in RUNNING, "n_done": imports.progress(run)}
    return render(request, "imports/_progress.html", context)


@require_POST
@login_required
def step(request: HttpRequest, code: UUID, move: str) -> HttpResponse:
    """Take step commit, undo or discard."""
    try:
        if move == "discard":
            imports.discard(code, by=actor(request), at=now())
            return redirect("imports")
        if move not in ("commit", "undo"):
            raise Http404
        rows = [int(n) for n in request.POST.getlist("row")[:MOST_CHOSEN] if n.isdecimal()]
        publish = move == "commit" and "publish" in request.POST
        imports.start(code, move, rows=rows, publish=publish, by=actor(request), at=now())
    except Refused as error:
        as_message(request, error)
    else:
        messages.success(request, _("It is being done; this page follows it."))
    return redirect("import", code)


@require_GET
@login_required
def errors(request: HttpRequest, code: UUID) -> StreamingHttpResponse:
    """Everything that is not ready, as a CSV that can be mended and imported again."""
    header, rows = select.error_file(select.get(code, viewer=actor(request)))
    response = StreamingHttpResponse(_csv(header, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="errors-{code}.csv"'
    return response


@require_http_methods(["GET", "POST"])
@login_required
def export(request: HttpRequest) -> HttpResponse | FileResponse:
    form = request.POST.get("format", "")
    if request.method == "POST" and form in set(ExportFormat):
        archive = tempfile.TemporaryFile()  # noqa: SIM115  closed by the response
        try:
            exports.write_archive(archive, form=form, by=actor(request), at=now())
        except Refused as error:
            archive.close()
            as_message(request, error)
            return redirect("exports")
        archive.seek(0)
        return FileResponse(archive, as_attachment=True, filename=f"yuli-{now():%Y%m%d}.zip")
    return render(request, "exports/page.html", {"formats": list(ExportFormat)})


class _Echo:
    """Gives back what a csv writer writes, so that it can be sent on at once."""

    def write(self, text: str) -> str:
        return text


def _csv(header: Any, rows: Any) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield "\ufeff" + writer.writerow(header)
    for row in rows:
        yield writer.writerow([tables.harmless(cell) for cell in row])
