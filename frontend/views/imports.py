"""Imports: upload, say what the columns mean, dry run, commit, undo; and everything one owns as an archive."""

import csv
import io
import tempfile
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from common import tables
from common.errors import Refused
from frontend.forms.imports import MappingForm, UploadForm
from frontend.pagination import page_of
from frontend.refusals import as_message, at_form
from frontend.requests import actor, now
from marketplace.core.import_states import RUNNING, ImportKind, ImportState, RowState
from marketplace.directions import CODES, DIRECTIONS
from marketplace.selectors import imports as select
from marketplace.services import exports, import_template, imports
from marketplace.services.exports import ExportFormat

MAPPABLE = (ImportState.UPLOADED, ImportState.CHECKED, ImportState.FAILED)
KEPT_OUT = (RowState.SUSPICIOUS, RowState.DUPLICATE)
MOST_CHOSEN = 5_000
FORMATS = {
    ExportFormat.CSV: gettext_lazy("One file for each table; opens in Excel and WPS, and can be imported again."),
    ExportFormat.XLSX: gettext_lazy("One workbook with a sheet for each table."),
    ExportFormat.JSON: gettext_lazy("For programs: one file for each table."),
}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_http_methods(["GET", "POST"])
@login_required
def home(request: HttpRequest) -> HttpResponse:
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            run = imports.upload(
                given["file"], given["file"].name, kind=given["kind"], direction_code=given["direction"],
                by=actor(request), at=now(),
            )  # fmt: skip
            return redirect("import", run.code)
        except Refused as error:
            at_form(form, error)
    context = {"form": form, "page": page_of(request, select.mine(actor(request))), "directions": DIRECTIONS}
    return render(request, "imports/home.html", context, status=422 if form.errors else 200)


@require_GET
@login_required
def template(request: HttpRequest, kind: str, direction: str) -> HttpResponse:
    """An empty table of a direction, with what each column means."""
    if kind not in set(ImportKind) or direction not in CODES:
        raise Http404
    out = io.BytesIO()
    import_template.write(out, kind=kind, code=direction)
    response = HttpResponse(out.getvalue(), content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="yuli-{kind}-{direction}.xlsx"'
    return response


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
            if run.state not in MAPPABLE:  # another tab went on, so that there is no form to show it at
                as_message(request, error)
                return redirect("import", code)
            at_form(form, error)
    chosen = request.GET.get("state", "")
    rows = page_of(request, select.rows(run, state=chosen))
    loadable, moves = select.loadable(run), select.open_moves(run, actor(request))
    context = {
        "run": run,
        "failure": select.failure(run),
        "form": form if run.state in MAPPABLE else None,
        "is_running": run.state in RUNNING,
        "n_done": imports.progress(run),
        "rows": [select.shown(run, row) for row in rows],
        "page": rows,
        "chosen_state": chosen,
        "counts": select.counts(run),
        "kept_out": [(state, n) for state, n in loadable.items() if state in KEPT_OUT],
        "can_commit": "commit" in moves and bool(loadable),
        "has_orders": run.state == ImportState.COMMITTED and select.orders(run).exists(),
        "moves_open": moves,
    }
    return render(request, "imports/page.html", context, status=422 if form.errors else 200)


@require_GET
@login_required
def progress(request: HttpRequest, code: UUID) -> HttpResponse:
    """The progress alone; once the step is done, the page is asked to show its result."""
    run = select.get(code, viewer=actor(request))
    context = {"run": run, "is_running": run.state in RUNNING, "n_done": imports.progress(run)}
    response = render(request, "imports/_progress.html", context)
    if run.state not in RUNNING:
        response["HX-Refresh"] = "true"
    return response


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
        for state in request.POST.getlist("all"):
            if state in KEPT_OUT:
                rows += select.numbers(select.get(code, viewer=actor(request)), state=state)
        publish = move == "commit" and "publish" in request.POST
        imports.start(
            code, move, rows=rows, publish=publish, rest_only="rest_only" in request.POST, by=actor(request), at=now()
        )
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
    return render(request, "exports/page.html", {"formats": FORMATS.items()})


class _Echo:
    """Gives back what a csv writer writes, so that it can be sent on at once."""

    def write(self, text: str) -> str:
        return text


def _csv(header: Any, rows: Any) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield "\ufeff" + writer.writerow(header)
    for row in rows:
        yield writer.writerow([tables.harmless(cell) for cell in row])
