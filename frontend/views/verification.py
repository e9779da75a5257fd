"""Proofs of identity: handing in and following them, and the reviewers' desk."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import policies
from accounts.core.levels import CaseKind, needed_to_deal
from accounts.selectors import organisations as parties
from accounts.selectors import verification as cases
from accounts.services import documents, verification
from common.errors import Refused
from frontend import refusals, words
from frontend.forms.verification import FORMS, ClaimForm, DecisionForm, MoreFilesForm, kinds_for
from frontend.pagination import page_of
from frontend.requests import actor, now
from marketplace.directions import LICENCES


@require_GET
@login_required
def index(request: HttpRequest) -> HttpResponse:
    by = actor(request)
    organisation = parties.by_id(by.own_organisation_id)
    mine = list(cases.of(by))
    offers = [(kind, *words.CASES[kind]) for kind in kinds_for(organisation.kind)]
    context = {
        "organisation": organisation,
        "cases": mine,
        "offers": offers,
        "level_word": words.LEVELS[organisation.verification_level],
        "enough": organisation.verification_level >= needed_to_deal(organisation.kind),
        "may_submit": policies.may_edit(by, organisation),
        "licences": LICENCES,
    }
    return render(request, "verification/index.html", context)


@require_http_methods(["GET", "POST"])
@login_required
def new(request: HttpRequest, kind: str) -> HttpResponse:
    by = actor(request)
    organisation = parties.by_id(by.own_organisation_id)
    if kind not in set(kinds_for(organisation.kind)):
        raise Http404
    asked = CaseKind(kind)
    form = _bound(FORMS[asked], request, {"name": organisation.name if asked is not CaseKind.CERTIFICATE else ""})
    if form.is_valid():
        try:
            case = verification.submit(organisation.pk, form.claim, form.cleaned_data["pages"], by=by, at=now())
        except Refused as error:
            refusals.at_form(form, error, _field(error))
        else:
            messages.success(request, _("Handed in. The machine looks first, then a person decides."))
            return redirect("verification-case", case.code)
    context = {"form": form, "organisation": organisation, "kind": words.CASES[asked][0], "asked": asked}
    return render(request, "verification/new.html", context)


def _bound(form: type[ClaimForm], request: HttpRequest, initial: dict[str, Any]) -> ClaimForm:
    return form(request.POST, request.FILES) if request.method == "POST" else form(initial=initial)


def _field(error: Refused) -> str:
    """Return the field of these forms that a refusal is about; uploads speak of files."""
    return "pages" if error.field in {"file", "files"} else error.field


@require_GET
@login_required
def page(request: HttpRequest, code: UUID) -> HttpResponse:
    return _page(request, code, MoreFilesForm(), DecisionForm())


def _page(
    request: HttpRequest, code: UUID, more: MoreFilesForm, decision: DecisionForm, status: int = 200
) -> HttpResponse:
    by = actor(request)
    case = cases.get(code, viewer=by)
    moves = cases.open_moves(case, by)
    checks = list(case.checks.all())
    last = max((check.round for check in checks), default=1)
    context = {
        "case": case,
        "kind_word": words.CASES[case.kind][0],
        "checks": [
            (
                words.CHECKS[check.name],
                *words.OUTCOMES[check.outcome],
                _(check.message) % check.params,
                check.risk_percent,
            )
            for check in checks
            if check.round == last or check.name == "number"
        ],
        "steps": case.steps.all(),
        "documents": [(page, page.media_type.startswith("image/")) for page in case.documents.all()],
        "licence_word": LICENCES.get(case.licence, case.licence),
        "is_reviewer": policies.may_review(by) and case.organisation_id != by.organisation_id,
        "decisions": [move for move in moves if move in {"approve", "refuse", "ask", "confirm", "revoke"}],
        "can_withdraw": "withdraw" in moves,
        "can_add": "resubmit" in moves,
        "more": more,
        "decision": decision,
    }
    return render(request, "verification/page.html", context, status=status)


@require_POST
@login_required
def withdraw(request: HttpRequest, code: UUID) -> HttpResponse:
    verification.withdraw(code, by=actor(request), at=now())
    messages.success(request, _("Withdrawn."))
    return redirect("verification-case", code)


@require_POST
@login_required
def resubmit(request: HttpRequest, code: UUID) -> HttpResponse:
    form = MoreFilesForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            verification.resubmit(code, form.cleaned_data["pages"], by=actor(request), at=now())
        except Refused as error:
            refusals.at_form(form, error, _field(error))
        else:
            return redirect("verification-case", code)
    return _page(request, code, form, DecisionForm(), status=422)


@require_POST
@login_required
def decide(request: HttpRequest, code: UUID, move: str) -> HttpResponse:
    by = actor(request)
    if not policies.may_review(by):
        raise PermissionDenied
    form = DecisionForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        try:
            if move == "approve":
                until = given["document_until"]
                verification.approve(code, reason=given["reason"], document_until=until, by=by, at=now())
            else:
                verification.decide(code, move, reason=given["reason"], by=by, at=now())
        except Refused as error:
            refusals.at_form(form, error)
        else:
            messages.success(request, _("Decided; the applicant has been told."))
            return redirect("desk-verification")
    return _page(request, code, MoreFilesForm(), form, status=422)


@require_GET
@login_required
def document(request: HttpRequest, code: UUID) -> HttpResponse:
    """Hand out one stored page: pictures as pictures, everything else only to be saved."""
    stored = cases.document(code, viewer=actor(request))
    response = HttpResponse(documents.content_of(stored), content_type=stored.media_type)
    shown = "inline" if stored.media_type.startswith("image/") else "attachment"
    response["Content-Disposition"] = f'{shown}; filename="{stored.path.rsplit("/", 1)[-1]}"'
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    return response


@require_GET
@login_required
def desk(request: HttpRequest) -> HttpResponse:
    by = actor(request)
    if not policies.may_review(by):
        raise PermissionDenied
    return render(request, "verification/desk.html", {"page": page_of(request, cases.queue(by))})
