"""Identity verification: hand in, follow, decide."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import path
from django.utils.translation import gettext
from drf_spectacular.types import OpenApiTypes
from rest_framework import serializers
from rest_framework.parsers import BaseParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.core.levels import CaseKind
from accounts.core.verification_states import VerificationState
from accounts.selectors import verification as cases
from accounts.services import documents, verification
from accounts.services.verification import Claim
from api.v1.fields import Day, one_of
from api.v1.files import StoredFile
from api.v1.pagination import paged
from api.v1.permissions import Reviewer
from api.v1.resource import Resource
from api.v1.schema import operation
from common.parsers import JSONBodyParser

KINDS = [kind.value for kind in CaseKind]


class VerificationDocumentOut(serializers.Serializer[Any]):
    code = serializers.UUIDField()
    media_type = serializers.CharField()
    size_bytes = serializers.IntegerField()
    uploaded_at = serializers.DateTimeField()


class VerificationCheckOut(serializers.Serializer[Any]):
    name = serializers.CharField()
    outcome = serializers.ChoiceField(choices=["passed", "warned", "failed", "unknown"])
    risk_percent = serializers.IntegerField()
    sentence = serializers.SerializerMethodField()
    round = serializers.IntegerField()

    def get_sentence(self, check: Any) -> str:
        return str(gettext(check.message) % check.params)


class VerificationStepOut(serializers.Serializer[Any]):
    move = serializers.CharField()
    source = one_of(VerificationState, or_none=True)  # type: ignore[assignment]  # a step's own word
    target = one_of(VerificationState)
    reason = serializers.CharField()
    at = serializers.DateTimeField()


class VerificationBrief(serializers.Serializer[Any]):
    code = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=KINDS)
    licence = serializers.CharField()
    state = one_of(VerificationState)
    organisation_name = serializers.CharField(source="organisation.name")
    submitted_at = serializers.DateTimeField()
    risk_percent = serializers.IntegerField(allow_null=True)
    is_sampled = serializers.BooleanField()
    valid_until = serializers.DateField(allow_null=True)


class VerificationOut(VerificationBrief):
    name = serializers.CharField()
    number = serializers.CharField(help_text="A person's number is kept only as its last four places.")
    reason = serializers.CharField()
    document_until = serializers.DateField(allow_null=True)
    decided_at = serializers.DateTimeField(allow_null=True)
    documents = VerificationDocumentOut(many=True)
    checks = VerificationCheckOut(many=True)
    steps = VerificationStepOut(many=True)
    moves = serializers.SerializerMethodField(help_text="The steps open to the caller.")

    def get_moves(self, case: Any) -> list[str]:
        return cases.open_moves(case, self.context["viewer"])


class FilesIn(serializers.Serializer[Any]):
    files = serializers.ListField(child=serializers.FileField(), min_length=1, max_length=6)


class VerificationIn(FilesIn):
    kind = serializers.ChoiceField(choices=KINDS)
    name = serializers.CharField(max_length=160, required=False, default="")
    number = serializers.CharField(max_length=64, required=False, default="")
    licence = serializers.SlugField(max_length=48, required=False, default="")
    representative = serializers.CharField(max_length=80, required=False, default="")
    document_until = Day(required=False, default=None)


class ApprovalIn(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=1000, allow_blank=True, default="")
    document_until = Day(required=False, allow_null=True, default=None)


class ReasonIn(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=1000, allow_blank=True, default="")


class _Case(Resource):
    def answer(self, code: UUID, status: int = 200) -> Response:
        case = cases.get(code, viewer=self.actor)
        return Response(VerificationOut(case, context={"viewer": self.actor}).data, status=status)


class Cases(_Case):
    parser_classes = [MultiPartParser]
    throttle_scope = "upload"

    @operation("List the cases of the party one acts for", ok=VerificationBrief, paged=True)
    def get(self, request: Request) -> Response:
        return paged(request, cases.of(self.actor), VerificationBrief)

    @operation(
        "Hand in documents",
        reads={"multipart/form-data": VerificationIn},
        ok=VerificationOut,
        status=201,
        problems=(409, 413),
    )
    def post(self, request: Request) -> Response:
        wish = self.read(VerificationIn)
        files = [file.read() for file in wish.pop("files")]
        claim = Claim(**{**wish, "kind": CaseKind(wish["kind"])})
        case = verification.submit(self.actor.own_organisation_id, claim, files, by=self.actor, at=self.at)
        return self.answer(case.code, status=201)


class Queue(Resource):
    permission_classes = [Reviewer]

    @operation("List what waits for a reviewer, oldest first", ok=VerificationBrief, paged=True)
    def get(self, request: Request) -> Response:
        return paged(request, cases.queue(self.actor), VerificationBrief)


class Case(_Case):
    @operation("Show a case with its checks, pages and steps", ok=VerificationOut, problems=(404,))
    def get(self, request: Request, code: UUID) -> Response:
        return self.answer(code)


class Withdrawal(_Case):
    @operation("Withdraw a case", ok=VerificationOut, problems=(404, 409))
    def post(self, request: Request, code: UUID) -> Response:
        verification.withdraw(code, by=self.actor, at=self.at)
        return self.answer(code)


class Resubmission(_Case):
    parser_classes: list[type[BaseParser]] = [MultiPartParser]
    throttle_scope = "upload"

    @operation(
        "Add pages that were asked for",
        reads={"multipart/form-data": FilesIn},
        ok=VerificationOut,
        problems=(404, 409, 413),
    )
    def post(self, request: Request, code: UUID) -> Response:
        files = [file.read() for file in self.read(FilesIn)["files"]]
        verification.resubmit(code, files, by=self.actor, at=self.at)
        return self.answer(code)


class Approval(_Case):
    permission_classes = [Reviewer]
    parser_classes = [JSONBodyParser]

    @operation("Approve a case", reads=ApprovalIn, ok=VerificationOut, problems=(404, 409))
    def post(self, request: Request, code: UUID) -> Response:
        verification.approve(code, **self.read(ApprovalIn), by=self.actor, at=self.at)
        return self.answer(code)


class _Decision(_Case):
    permission_classes = [Reviewer]
    move = ""

    def decide(self, code: UUID) -> Response:
        verification.decide(code, self.move, reason=self.read(ReasonIn)["reason"], by=self.actor, at=self.at)
        return self.answer(code)


class Refusal(_Decision):
    move = "refuse"

    @operation("Refuse a case", reads=ReasonIn, ok=VerificationOut, problems=(404, 409))
    def post(self, request: Request, code: UUID) -> Response:
        return self.decide(code)


class Asking(_Decision):
    move = "ask"

    @operation("Ask the applicant for more", reads=ReasonIn, ok=VerificationOut, problems=(404, 409))
    def post(self, request: Request, code: UUID) -> Response:
        return self.decide(code)


class Confirmation(_Decision):
    move = "confirm"

    @operation("Confirm what the machine passed", reads=ReasonIn, ok=VerificationOut, problems=(404, 409))
    def post(self, request: Request, code: UUID) -> Response:
        return self.decide(code)


class Revocation(_Decision):
    move = "revoke"

    @operation("Revoke an approval", reads=ReasonIn, ok=VerificationOut, problems=(404, 409))
    def post(self, request: Request, code: UUID) -> Response:
        return self.decide(code)


class Document(StoredFile):
    @operation("Fetch a stored page", ok={(200, "application/octet-stream"): OpenApiTypes.BINARY}, problems=(404,))
    def get(self, request: Request, code: UUID) -> HttpResponse:
        page = cases.document(code, viewer=self.actor)
        response = HttpResponse(documents.content_of(page), content_type="application/octet-stream")
        response["Content-Disposition"] = f'attachment; filename="{page.path.rsplit("/", 1)[-1]}"'
        response["Cache-Control"] = "private, no-store"
        return response


urlpatterns = [
    path("verifications", Cases.as_view()),
    path("verifications/queue", Queue.as_view()),
    path("verifications/<uuid:code>", Case.as_view()),
    path("verifications/<uuid:code>/withdraw", Withdrawal.as_view()),
    path("verifications/<uuid:code>/resubmit", Resubmission.as_view()),
    path("verifications/<uuid:code>/approve", Approval.as_view()),
    path("verifications/<uuid:code>/refuse", Refusal.as_view()),
    path("verifications/<uuid:code>/ask", Asking.as_view()),
    path("verifications/<uuid:code>/confirm", Confirmation.as_view()),
    path("verifications/<uuid:code>/revoke", Revocation.as_view()),
    path("verifications/documents/<uuid:code>", Document.as_view()),
]
