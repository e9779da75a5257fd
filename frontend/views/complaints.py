"""Complaints: filing, following, taking steps, adding proof."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from common.errors import Refused
from frontend import governance_words, refusals
from frontend.forms.governance import ComplaintForm, EvidenceForm, StepForm
from frontend.pagination import page_of
from frontend.requests import actor, now
from governance.core.complaint_inputs import takes
from governance.selectors import complaints as select
from governance.selectors import limits
from governance.services import complaints, evidence
from marketplace.selectors import listings, orders

SHOWN = {
    "made": lambda rows, by: rows.filter(complainant_id=by.organisation_id),
    "received": lambda rows, by: rows.filter(respondent_id=by.organisation_id),
}


@require_GET
@login_required
def index(request: HttpRequest) -> HttpResponse:
    by, show = actor(request), request.GET.get("show", "")
    rows = select.visible_to(by)
    found = SHOWN[show](rows, by) if show in SHOWN else rows
    return render(request, "complaints/index.html", {"page": page_of(request, found), "show": show})


@require_http_methods(["GET", "POST"])
@login_required
def new(request: HttpRequest) -> HttpResponse:
    by = actor(request)
    order_code, listing_code = _uuid(request, "order"), _uuid(request, "listing")
    if (order_code is None) == (listing_code is None):
        return render(request, "complaints/choose.html", {"orders": orders.visible_to(by)[:20]})
    order = orders.get(order_code, viewer=by) if order_code else None
    listing = listings.get(listing_code, viewer=by) if listing_code else None
    form = ComplaintForm(request.POST, request.FILES) if request.method == "POST" else ComplaintForm()
    if form.is_valid():
        try:
            upload = form.cleaned_data["file"]
            made = complaints.file(
                form.words,
                order_code=order_code,
                listing_code=listing_code,
                proof=upload.read(evidence.LARGEST_BYTES + 1) if upload else b"",
                submit="draft" not in request.POST,
                by=by,
                at=now(),
            )
        except Refused as error:
            refusals.at_form(form, error)
        else:
            messages.success(request, _("Your complaint is recorded. You find every step here."))
            return redirect("complaint", made.code)
    context = {"form": form, "order": order, "listing": listing, "limits": limits.current(now())}
    return render(request, "complaints/new.html", context)


@require_GET
@login_required
def page(request: HttpRequest, code: UUID) -> HttpResponse:
    return _page(request, code)


@require_POST
@login_required
def move(request: HttpRequest, code: UUID, move: str) -> HttpResponse:
    form = StepForm(move, request.POST)
    if form.is_valid():
        try:
            complaints.move(code, move, words=form.words, by=actor(request), at=now())
        except Refused as error:
            if not form.fields:
                raise
            refusals.at_form(form, error)
        else:
            messages.success(request, _("Done: the other side has been told."))
            return redirect("complaint", code)
    return _page(request, code, failed=form, status=400)


@require_POST
@login_required
def add_evidence(request: HttpRequest, code: UUID) -> HttpResponse:
    form = EvidenceForm(request.POST, request.FILES)
    if form.is_valid():
        content = form.cleaned_data["file"].read(evidence.LARGEST_BYTES + 1)
        try:
            evidence.add(code, content, caption=form.cleaned_data["caption"], by=actor(request), at=now())
        except Refused as error:
            refusals.at_form(form, error)
        else:
            messages.success(request, _("The file has been added."))
            return redirect("complaint", code)
    return _page(request, code, proof=form, status=400)


@require_GET
@login_required
def evidence_file(request: HttpRequest, code: UUID) -> FileResponse:
    found = select.evidence(code, viewer=actor(request))
    return FileResponse(found.file.open("rb"), content_type=found.media_type)


def _page(
    request: HttpRequest,
    code: UUID,
    *,
    failed: StepForm | None = None,
    proof: EvidenceForm | None = None,
    status: int = 200,
) -> HttpResponse:
    by, at = actor(request), now()
    complaint = select.get(code, viewer=by)
    moves = select.open_moves(complaint, by, at=at)
    context = {
        "complaint": complaint,
        "forms": [failed if failed and failed.move == name else StepForm(name) for name in moves if takes(name)],
        "plain_moves": [name for name in moves if not takes(name)],
        "failed_move": failed.move if failed else "",
        "proof": proof or EvidenceForm(),
        "may_add": select.may_add_evidence(complaint, by),
        "turn": governance_words.TURNS.get(complaint.state, ""),
        "hard_stop": limits.in_force("complaint.hard_stop", complaint.accepted_at or at),
        "now": at,
    }
    return render(request, "complaints/page.html", context, status=status)


def _uuid(request: HttpRequest, name: str) -> UUID | None:
    value = request.GET.get(name, "")
    try:
        return UUID(value) if value else None
    except ValueError as error:
        raise Http404 from error
