"""Complaints about orders and listings, with evidence and steps, and reports of unlawful listings."""

from typing import Any
from uuid import UUID

from django.http import FileResponse
from django.urls import path
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from api.v1.deal_parts import PartyOut
from api.v1.fields import Fen, one_of
from api.v1.files import SHOWN, StoredFile
from api.v1.pagination import paged
from api.v1.resource import Resource
from api.v1.schema import operation
from governance.core.complaint_inputs import StepWords
from governance.core.complaint_states import COMPLAINT, ComplaintParty, ComplaintState
from governance.core.complaint_terms import Category, Finding, Outlet, Remedy
from governance.core.report_states import REPORT, ReportCategory, ReportState
from governance.selectors import complaints as complaint_reads
from governance.selectors import reports as report_reads
from governance.services import complaints, evidence, reports
from governance.services.complaints import ComplaintWords

# Steps that somebody takes; the others come with time.
COMPLAINT_MOVES = tuple(dict.fromkeys(m.name for m in COMPLAINT.moves if m.parties != {ComplaintParty.SYSTEM}))
REPORT_MOVES = tuple(m.name for m in REPORT.moves)


class StepOut(serializers.Serializer[Any]):
    move = serializers.CharField()
    source = one_of(ComplaintState)  # type: ignore[assignment]  # the state the step began in
    target = one_of(ComplaintState)
    party = one_of(ComplaintParty)
    text = serializers.CharField()
    offer_fen = serializers.IntegerField(allow_null=True)
    at = serializers.DateTimeField()


class EvidenceOut(serializers.Serializer[Any]):
    code = serializers.UUIDField()
    party = one_of(ComplaintParty)
    caption = serializers.CharField()
    media_type = serializers.CharField()
    size = serializers.IntegerField(help_text="Bytes.")
    sha256 = serializers.CharField()
    added_at = serializers.DateTimeField()


class ComplaintOut(serializers.Serializer[Any]):
    code = serializers.UUIDField()
    order = serializers.UUIDField(source="order.code", allow_null=True, default=None)
    listing = serializers.UUIDField(source="listing.code", allow_null=True, default=None)
    complainant = PartyOut()
    respondent = PartyOut()
    category = one_of(Category)
    title = serializers.CharField()
    text = serializers.CharField()
    remedy = one_of(Remedy)
    claim_fen = serializers.IntegerField(allow_null=True)
    state = one_of(ComplaintState)
    since_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField(
        allow_null=True, help_text="Null also while the working days of that year are not known at all."
    )
    is_due_provisional = serializers.BooleanField(
        help_text="Counted before the State Council's notice of that year; it is counted again then."
    )
    hard_stop_at = serializers.DateTimeField(allow_null=True, help_text="The law's outer limit for mediation.")
    is_hard_stop_provisional = serializers.BooleanField(help_text="As is_due_provisional.")
    created_at = serializers.DateTimeField()
    submitted_at = serializers.DateTimeField(allow_null=True)
    accepted_at = serializers.DateTimeField(allow_null=True)
    closed_at = serializers.DateTimeField(allow_null=True)
    offer = serializers.CharField()
    offer_fen = serializers.IntegerField(allow_null=True)
    finding = one_of(Finding, or_none=True)
    outlet = one_of(Outlet, or_none=True)


class ComplaintDetailOut(ComplaintOut):
    complainant_agreed_at = serializers.DateTimeField(allow_null=True)
    respondent_agreed_at = serializers.DateTimeField(allow_null=True)
    moves = serializers.SerializerMethodField(help_text="Open to the caller now.")
    steps = StepOut(many=True)
    evidence = EvidenceOut(many=True)

    def get_moves(self, complaint: Any) -> list[str]:
        moves: list[str] = self.context["moves"]
        return moves


class DraftIn(serializers.Serializer[Any]):
    category = one_of(Category)
    title = serializers.CharField(max_length=80)
    text = serializers.CharField(max_length=5000)
    remedy = one_of(Remedy)
    claim_fen = Fen(required=False, allow_null=True)


class ComplaintIn(DraftIn):
    order = serializers.UUIDField(required=False, help_text="Either this or `listing`.")
    listing = serializers.UUIDField(required=False)
    submit = serializers.BooleanField(default=True, help_text="False keeps it as a draft.")


class StepIn(serializers.Serializer[Any]):
    text = serializers.CharField(max_length=5000, allow_blank=True, default="")
    offer_fen = Fen(required=False, allow_null=True, help_text="With reply, propose, decide.")
    finding = one_of(Finding, required=False, help_text="With propose, decide, end_mediation.")
    outlet = one_of(Outlet, required=False, help_text="With escalate: one of the six.")
    satisfaction = serializers.IntegerField(min_value=1, max_value=5, required=False, help_text="With confirm.")


class EvidenceIn(serializers.Serializer[Any]):
    file = serializers.FileField(help_text="JPEG, PNG, WebP or PDF, judged by content.")
    caption = serializers.CharField(max_length=120, allow_blank=True, default="")


class ReportIn(serializers.Serializer[Any]):
    listing = serializers.UUIDField(required=False, help_text="Either this or `demand`.")
    demand = serializers.UUIDField(required=False)
    category = one_of(ReportCategory)
    text = serializers.CharField(max_length=5000)


class ReportOut(serializers.Serializer[Any]):
    code = serializers.UUIDField()
    listing = serializers.UUIDField(source="listing.code", allow_null=True, default=None)
    demand = serializers.UUIDField(source="demand.code", allow_null=True, default=None)
    category = one_of(ReportCategory)
    text = serializers.CharField()
    state = one_of(ReportState)
    measure = serializers.CharField()
    created_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField(allow_null=True)
    is_due_provisional = serializers.BooleanField(help_text="As of a complaint.")


class ReportDetailOut(ReportOut):
    moves = serializers.SerializerMethodField(help_text="Open to the caller now.")

    def get_moves(self, report: Any) -> list[str]:
        moves: list[str] = self.context["moves"]
        return moves


class ReportStepIn(serializers.Serializer[Any]):
    text = serializers.CharField(max_length=2000, allow_blank=True, default="")


class _OneComplaint(Resource):
    def shown(self, code: UUID) -> dict[str, Any]:
        complaint = complaint_reads.get(code, viewer=self.actor)
        moves = complaint_reads.open_moves(complaint, self.actor, at=self.at)
        return ComplaintDetailOut(complaint, context={"moves": moves}).data


class Complaints(_OneComplaint):
    @operation("List the complaints one may see, newest first", ok=ComplaintOut, paged=True)
    def get(self, request: Request) -> Response:
        return paged(request, complaint_reads.visible_to(self.actor), ComplaintOut)

    @operation(
        "File a complaint",
        reads=ComplaintIn,
        ok=ComplaintDetailOut,
        status=201,
        problems=(404, 409),
        idempotent=True,
    )
    def post(self, request: Request) -> Response:
        wish = self.read(ComplaintIn)
        subject = {"order_code": wish.pop("order", None), "listing_code": wish.pop("listing", None)}
        submit = wish.pop("submit")
        words = _words(wish)
        made = complaints.file(words, **subject, submit=submit, by=self.actor, at=self.at)
        return Response(self.shown(made.code), status=201)


class Complaint(_OneComplaint):
    @operation("Show a complaint with its steps, evidence and open moves", ok=ComplaintDetailOut, problems=(404,))
    def get(self, request: Request, code: UUID) -> Response:
        return Response(self.shown(code))

    @operation("Change a draft", reads=DraftIn, ok=ComplaintDetailOut, problems=(404, 409))
    def put(self, request: Request, code: UUID) -> Response:
        complaints.edit(code, _words(self.read(DraftIn)), by=self.actor, at=self.at)
        return Response(self.shown(code))


class ComplaintMove(_OneComplaint):
    @operation(
        "Take a step",
        reads=StepIn,
        path={"move": COMPLAINT_MOVES},
        ok=ComplaintDetailOut,
        problems=(404, 409),
        idempotent=True,
    )
    def post(self, request: Request, code: UUID, move: str) -> Response:
        words = self.read(StepIn)
        finding, outlet = words.pop("finding", None), words.pop("outlet", None)
        step = StepWords(
            **words, finding=Finding(finding) if finding else None, outlet=Outlet(outlet) if outlet else None
        )
        complaints.move(code, move, words=step, by=self.actor, at=self.at)
        return Response(self.shown(code))


class ComplaintEvidence(Resource):
    parser_classes = [MultiPartParser]

    @operation(
        "Add a file",
        reads=EvidenceIn,
        ok=EvidenceOut,
        status=201,
        problems=(404, 409),
    )
    def post(self, request: Request, code: UUID) -> Response:
        wish = self.read(EvidenceIn)
        content = wish["file"].read(evidence.LARGEST_BYTES + 1)
        made = evidence.add(code, content, caption=wish["caption"], by=self.actor, at=self.at)
        return Response(EvidenceOut(made).data, status=201)


class EvidenceFile(StoredFile):
    @operation("Fetch a file", ok=SHOWN, problems=(404,))
    def get(self, request: Request, code: UUID) -> FileResponse:
        found = complaint_reads.evidence(code, viewer=self.actor)
        return self.sent(found.file, kind=found.media_type)


class Reports(Resource):
    @operation("List what one has reported, newest first", ok=ReportOut, paged=True)
    def get(self, request: Request) -> Response:
        return paged(request, report_reads.own(self.actor), ReportOut)

    @operation(
        "Report a listing or a demand; who reports stays secret",
        reads=ReportIn,
        ok=ReportOut,
        status=201,
        problems=(404, 409),
        idempotent=True,
    )
    def post(self, request: Request) -> Response:
        wish = self.read(ReportIn)
        subject = {"listing_code": wish.get("listing"), "demand_code": wish.get("demand")}
        category = ReportCategory(wish["category"])
        made = reports.file(**subject, category=category, text=wish["text"], by=self.actor, at=self.at)
        return Response(ReportOut(made).data, status=201)


class ReportQueue(Resource):
    @operation("List the open reports, the most urgent first (staff)", ok=ReportOut, paged=True)
    def get(self, request: Request) -> Response:
        return paged(request, report_reads.queue(self.actor), ReportOut)


class Report(Resource):
    @operation("Show a report: one's own, or any to staff", ok=ReportDetailOut, problems=(404,))
    def get(self, request: Request, code: UUID) -> Response:
        return Response(_report(code, self))


class ReportMove(Resource):
    @operation(
        "Take a step of a report (staff)",
        reads=ReportStepIn,
        path={"move": REPORT_MOVES},
        ok=ReportDetailOut,
        problems=(404, 409),
        idempotent=True,
    )
    def post(self, request: Request, code: UUID, move: str) -> Response:
        reports.move(code, move, **self.read(ReportStepIn), by=self.actor, at=self.at)
        return Response(_report(code, self))


def _report(code: UUID, resource: Resource) -> dict[str, Any]:
    report = report_reads.get(code, viewer=resource.actor)
    return ReportDetailOut(report, context={"moves": report_reads.open_moves(report, resource.actor)}).data


def _words(wish: dict[str, Any]) -> ComplaintWords:
    return ComplaintWords(
        category=Category(wish["category"]),
        title=wish["title"],
        text=wish["text"],
        remedy=Remedy(wish["remedy"]),
        claim_fen=wish.get("claim_fen"),
    )


urlpatterns = [
    path("complaints", Complaints.as_view()),
    path("complaints/<uuid:code>", Complaint.as_view()),
    path("complaints/<uuid:code>/evidence", ComplaintEvidence.as_view()),
    path("complaints/<uuid:code>/<slug:move>", ComplaintMove.as_view()),
    path("evidence/<uuid:code>", EvidenceFile.as_view()),
    path("reports", Reports.as_view()),
    path("reports/queue", ReportQueue.as_view()),
    path("reports/<uuid:code>", Report.as_view()),
    path("reports/<uuid:code>/<slug:move>", ReportMove.as_view()),
]
