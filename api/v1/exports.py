"""Everything a party owns, in one archive; and the address of its calendar."""

import tempfile
from typing import Any

from django.http import FileResponse
from django.urls import path, reverse
from drf_spectacular.types import OpenApiTypes
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.v1.fields import one_of
from api.v1.files import StoredFile
from api.v1.resource import Resource
from api.v1.schema import operation
from marketplace.services import calendar_feeds, exports
from marketplace.services.exports import ExportFormat


class ExportIn(serializers.Serializer[Any]):
    form = one_of(ExportFormat, default=ExportFormat.CSV.value)
    with_files = serializers.BooleanField(default=True, help_text="Photos and documents too.")


class CalendarOut(serializers.Serializer[Any]):
    address = serializers.CharField(help_text="Of the iCalendar feed. Secret: whoever knows it reads the bookings.")


class Exports(StoredFile):
    throttle_scope = "upload"

    @operation(
        "Fetch a zip with every table of the party one acts for",
        reads=ExportIn,
        ok={(200, "application/zip"): OpenApiTypes.BINARY},
        problems=(409,),
    )
    def post(self, request: Request) -> FileResponse:
        archive = tempfile.TemporaryFile()  # noqa: SIM115  closed by the answer
        at = self.at
        try:
            exports.write_archive(archive, **self.read(ExportIn), by=self.actor, at=at)
        except BaseException:
            archive.close()
            raise
        archive.seek(0)
        return FileResponse(
            archive, as_attachment=True, filename=f"yuli-{at:%Y%m%d}.zip", content_type="application/zip"
        )


class Calendar(Resource):
    @operation(
        "Make a new address of one's calendar, which ends the old one", ok=CalendarOut, status=201, problems=(409,)
    )
    def post(self, request: Request) -> Response:
        address = reverse("calendar-feed", args=[calendar_feeds.renew(by=self.actor, at=self.at)])
        return Response({"address": request.build_absolute_uri(address)}, status=201)

    @operation("End the address of one's calendar", ok=None, status=204)
    def delete(self, request: Request) -> Response:
        calendar_feeds.revoke(by=self.actor, at=self.at)
        return Response(status=204)


urlpatterns = [
    path("exports", Exports.as_view()),
    path("me/calendar", Calendar.as_view()),
]
