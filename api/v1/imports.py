"""Imports: send a table, say what its columns mean, see what would become of every row, carry it out, undo it."""

from typing import Any
from uuid import UUID

from django.urls import path
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from api.v1.fields import Whole, one_of
from api.v1.pagination import paged
from api.v1.resource import Resource
from api.v1.schema import operation
from common.reference.datum import Datum
from marketplace.core.import_states import ImportKind, ImportState, RowState
from marketplace.directions import CODES
from marketplace.selectors import imports as reads
from marketplace.services import imports

MOST_CHOSEN = 100_000


class RunOut(serializers.Serializer[Any]):
    code = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=[kind.value for kind in ImportKind])
    direction = serializers.ChoiceField(choices=CODES)
    state = serializers.ChoiceField(choices=[state.value for state in ImportState])
    filename = serializers.CharField()
    file_format = serializers.CharField()
    encoding = serializers.CharField()
    sheet = serializers.CharField()
    header_row = serializers.IntegerField()
    headers = serializers.ListField(child=serializers.CharField(allow_blank=True))
    mapping = serializers.DictField(child=serializers.IntegerField(), help_text="Target -> position of its column.")
    defaults = serializers.DictField(child=serializers.CharField(), help_text="Target -> text where a cell is empty.")
    datum = one_of(Datum)
    n_rows = serializers.IntegerField()
    n_ready = serializers.IntegerField()
    n_faulty = serializers.IntegerField()
    n_suspicious = serializers.IntegerField()
    n_duplicate = serializers.IntegerField()
    n_loaded = serializers.IntegerField(help_text="After undo: how many were closed because others refer to them.")
    n_done = serializers.IntegerField(help_text="Rows that the running step has passed.")
    failure = serializers.SerializerMethodField(help_text="Why the last step did not come to its end, and what to do.")
    created_at = serializers.DateTimeField()

    def get_failure(self, run: Any) -> str:
        return reads.failure(run)


class ProblemOut(serializers.Serializer[Any]):
    column = serializers.IntegerField(allow_null=True, help_text="From 1; null when no single cell is at fault.")
    sentence = serializers.CharField()


class RowOut(serializers.Serializer[Any]):
    number = serializers.IntegerField()
    head = serializers.IntegerField(allow_null=True, help_text="First row of the demand that this row is a leg of.")
    state = serializers.ChoiceField(choices=[state.value for state in RowState])
    cells = serializers.ListField(child=serializers.CharField(allow_blank=True))
    problems = serializers.SerializerMethodField()
    code = serializers.UUIDField(allow_null=True, help_text="Of the listing or demand that came of it.")

    def get_problems(self, row: Any) -> list[dict[str, Any]]:
        return [{"column": column, "sentence": sentence} for column, sentence in reads.sentences(row)]


class UploadIn(serializers.Serializer[Any]):
    file = serializers.FileField(help_text="CSV, XLSX or XLS, at most 20 MB.")
    kind = serializers.ChoiceField(choices=[kind.value for kind in ImportKind], default=ImportKind.LISTINGS.value)
    direction = serializers.ChoiceField(choices=CODES)
    sheet = serializers.CharField(max_length=64, default="", allow_blank=True)


class MappingIn(serializers.Serializer[Any]):
    mapping = serializers.DictField(child=Whole(max_value=1_000))
    defaults = serializers.DictField(child=serializers.CharField(max_length=200, allow_blank=True), default=dict)
    datum = serializers.ChoiceField(choices=[datum.value for datum in Datum], default=Datum.WGS84.value)


class CommitIn(serializers.Serializer[Any]):
    rows = serializers.ListField(
        child=Whole(max_value=1_000_000), default=list, max_length=MOST_CHOSEN,
        help_text="Suspicious or duplicate rows to take along with the ready ones; a leg brings its demand's others.",
    )  # fmt: skip
    publish = serializers.BooleanField(default=False)


class UndoIn(serializers.Serializer[Any]):
    rest_only = serializers.BooleanField(
        default=False, help_text="Take back what nobody has ordered; the rest is closed, and its orders go on."
    )


class RowsQuery(serializers.Serializer[Any]):
    state = serializers.ChoiceField(choices=[state.value for state in RowState], required=False, default="")


class Runs(Resource):
    parser_classes = [MultiPartParser]

    @operation("List the imports of the party one acts for", ok=RunOut, paged=True)
    def get(self, request: Request) -> Response:
        return paged(request, reads.mine(self.actor), RunOut)

    @operation("Send a table", reads={"multipart/form-data": UploadIn}, ok=RunOut, status=201, problems=(409,))
    def post(self, request: Request) -> Response:
        wish = self.read(UploadIn)
        run = imports.upload(
            wish["file"], wish["file"].name, kind=wish["kind"], direction_code=wish["direction"],
            sheet=wish["sheet"], by=self.actor, at=self.at,
        )  # fmt: skip
        return Response(RunOut(run).data, status=201)


class One(Resource):
    @operation("Show an import", ok=RunOut, problems=(404,))
    def get(self, request: Request, code: UUID) -> Response:
        run = reads.get(code, viewer=self.actor)
        run.n_done = imports.progress(run)
        return Response(RunOut(run).data)

    @operation("Forget an import that was not carried out", ok=None, status=204, problems=(404, 409))
    def delete(self, request: Request, code: UUID) -> Response:
        imports.discard(code, by=self.actor, at=self.at)
        return Response(status=204)


class Mapping(Resource):
    @operation("Say what the columns mean", reads=MappingIn, ok=RunOut, problems=(404, 409))
    def put(self, request: Request, code: UUID) -> Response:
        return Response(RunOut(imports.set_mapping(code, **self.read(MappingIn), by=self.actor, at=self.at)).data)


class Rows(Resource):
    @operation("List the rows with what is wrong with each", ok=RowOut, query=RowsQuery, paged=True)
    def get(self, request: Request, code: UUID) -> Response:
        run = reads.get(code, viewer=self.actor)
        return paged(request, reads.rows(run, **self.query(RowsQuery)), RowOut)


class Check(Resource):
    @operation("Check every row; a job does it", ok=RunOut, status=202, problems=(404, 409))
    def post(self, request: Request, code: UUID) -> Response:
        return Response(RunOut(imports.start(code, "check", by=self.actor, at=self.at)).data, status=202)


class Undo(Resource):
    @operation("Take an import back", reads=UndoIn, ok=RunOut, status=202, problems=(404, 409))
    def post(self, request: Request, code: UUID) -> Response:
        run = imports.start(code, "undo", **self.read(UndoIn), by=self.actor, at=self.at)
        return Response(RunOut(run).data, status=202)


class Commit(Resource):
    @operation("Write the ready and the chosen rows", reads=CommitIn, ok=RunOut, status=202, problems=(404, 409))
    def post(self, request: Request, code: UUID) -> Response:
        run = imports.start(code, "commit", **self.read(CommitIn), by=self.actor, at=self.at)
        return Response(RunOut(run).data, status=202)


urlpatterns = [
    path("imports", Runs.as_view()),
    path("imports/<uuid:code>", One.as_view()),
    path("imports/<uuid:code>/mapping", Mapping.as_view()),
    path("imports/<uuid:code>/rows", Rows.as_view()),
    path("imports/<uuid:code>/check", Check.as_view()),
    path("imports/<uuid:code>/commit", Commit.as_view()),
    path("imports/<uuid:code>/undo", Undo.as_view()),
]
