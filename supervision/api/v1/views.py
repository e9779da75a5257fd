"""Reads over HTTP: parse, one call of a service, render."""

from dataclasses import asdict
from typing import Any, ClassVar, cast
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import ChoiceField, Serializer
from rest_framework.views import APIView

from common.errors import gettext_noop
from marketplace.directions import DIRECTIONS
from matching.core.scarcity import METHOD
from matching.selectors.supervised import RECENT
from supervision.api.v1 import problems, shapes
from supervision.api.v1.auth import AgencyToken, Caller, ClientThrottle, HasAnyScope, HasScope
from supervision.core import months
from supervision.core.fields import Resource
from supervision.core.indicators import INDICATORS
from supervision.core.reader import Reader, Scope
from supervision.core.resources import RESOURCES
from supervision.models import ReadLog
from supervision.services import feeds, quality, reads, rounds, statistics
from supervision.services.feeds import Page, Query

REFUSALS = problems.documented(400, 401, 403, 406, 429)
FEED_REFUSALS = {**REFUSALS, **problems.documented(409)}


class Supervised(APIView):
    """A read for an agency's client with the scope that the view names."""

    authentication_classes = (AgencyToken,)
    permission_classes: tuple[Any, ...] = (HasScope,)
    throttle_classes = (ClientThrottle,)
    scope: ClassVar[Scope | None] = None

    @property
    def reader(self) -> Reader:
        return cast(Caller, self.request.user).reader

    def parsed(self, shape: type[Serializer[Any]]) -> dict[str, Any]:
        # A plain dict: as a form, an empty parameter would count as left out, which the document does not say.
        parameters = shape(data=self.request.query_params.dict())
        parameters.is_valid(raise_exception=True)
        values: dict[str, Any] = parameters.validated_data
        return values


def _page(page: Page) -> Response:
    return Response(asdict(page))


class DirectionParameters(shapes.FeedParameters):
    """How to page through a feed whose rows have a direction."""

    direction = ChoiceField(choices=[d.code for d in DIRECTIONS], required=False, default="")


def feed_of(resource: Resource) -> type[Supervised]:
    """Return the view of the feed of one resource."""
    parameters = DirectionParameters if resource.has_direction else shapes.FeedParameters
    page = shapes.page_of(shapes.row_of(resource), resource.kind.title())

    class Feed(Supervised):
        scope = resource.scope

        @extend_schema(
            operation_id=resource.name,
            summary=resource.en,
            description=f"{resource.zh}. Level {resource.level}. Every row once, at its latest change; the cursor "
            "continues the feed with exactly what changed since.",
            tags=["rows"],
            parameters=[parameters],
            responses={200: page, **FEED_REFUSALS},
        )
        def get(self, request: Request) -> Response:
            query = Query(**self.parsed(parameters))
            return _page(feeds.read(self.reader, resource.name, query, at=timezone.now()))

    return Feed


class Changes(Supervised):
    """Which rows changed."""

    permission_classes = (HasAnyScope,)

    @extend_schema(
        operation_id="changes",
        summary=gettext_noop("What changed, over all resources that the token may read"),
        tags=["rows"],
        parameters=[shapes.FeedParameters],
        responses={200: shapes.page_of(shapes.Notice, "Change"), **FEED_REFUSALS},
    )
    def get(self, request: Request) -> Response:
        query = Query(**self.parsed(shapes.FeedParameters))
        return _page(feeds.changes(self.reader, query, at=timezone.now()))


class Statistics(Supervised):
    """One protected table."""

    scope = Scope.STATS

    @extend_schema(
        operation_id="statistics",
        summary=gettext_noop("One indicator in one month, by division and direction"),
        description="Level D3: at least 10 persons and 3 organisations in every figure shown, none with more than "
        "70 % of it, further figures withheld so that none can be worked out, all rounded. The same question always "
        "gets the same answer.",
        tags=["statistics"],
        parameters=[shapes.StatisticsParameters],
        responses={200: shapes.StatisticsTable, **REFUSALS, **problems.documented(404)},
    )
    def get(self, request: Request) -> Response:
        asked = self.parsed(shapes.StatisticsParameters)
        try:
            table = statistics.read(
                self.reader, asked["indicator"], months.first_day(asked["month"]), at=timezone.now()
            )
        except statistics.NotPublished as error:
            raise NotFound(error.sentence(_)) from error
        return Response(
            {
                "indicator": table.indicator.code,
                "month": f"{table.month:%Y-%m}",
                "unit": table.indicator.unit,
                "method": table.method,
                "made_at": table.made_at,
                "cells": [{**cell, "is_withheld": cell["value"] is None} for cell in table.cells],
            }
        )


class Claims(Supervised):
    """The gap of a round, term by term."""

    scope = Scope.MARKET

    @extend_schema(
        operation_id="claims",
        summary=gettext_noop("What the gap of a round is made of, and the largest claims in the territory"),
        description="Level D1. The sums are the country's and add up to the round's certificate; rows are parties "
        "under pseudonyms, within the agency's territory.",
        tags=["rows"],
        responses={200: shapes.Claims, **problems.documented(401, 403, 404, 406, 429)},
    )
    def get(self, request: Request, code: UUID) -> Response:
        found = rounds.terms(self.reader, code, at=timezone.now())
        return Response({"round": code, "sums": found.sums and asdict(found.sums), "largest": found.largest})


class Scarcity(Supervised):
    """Where more was wanted than there was."""

    scope = Scope.MARKET

    @extend_schema(
        operation_id="scarcity",
        summary=gettext_noop("How far competition raised prices above what providers take at least, by class and city"),
        description="Level D3: at least 10 parties and offers, 3 on each side, none with more than 70 % of one; "
        "further cells withheld so that none can be worked out, counts and shares rounded. "
        "Cells not listed are withheld.",
        tags=["statistics"],
        parameters=[shapes.ScarcityParameters],
        responses={200: shapes.Scarcity, **REFUSALS},
    )
    def get(self, request: Request) -> Response:
        direction = self.parsed(shapes.ScarcityParameters)["direction"]
        found = rounds.scarcity(self.reader, direction, at=timezone.now())
        cells = [{"class_code": class_code, **asdict(figure)} for class_code, figure in found]
        return Response({"direction": direction, "days": RECENT.days, "method": asdict(METHOD), "cells": cells})


class Quality(Supervised):
    """What the platform says of its own data."""

    permission_classes = (HasAnyScope,)

    @extend_schema(
        operation_id="quality",
        summary=gettext_noop("Completeness, timeliness and plausibility of what the token may read"),
        tags=["statistics"],
        responses={200: shapes.QualityReport, **problems.documented(401, 403, 406, 429)},
    )
    def get(self, request: Request) -> Response:
        as_of, resources = quality.read(self.reader, at=timezone.now())
        return Response({"as_of": as_of, "resources": [asdict(resource) for resource in resources]})


class Reads(Supervised):
    """The agency's own read log."""

    scope = Scope.LOG

    @extend_schema(
        operation_id="reads",
        summary=gettext_noop("What the agency itself has read, newest first"),
        tags=["log"],
        parameters=[shapes.ReadParameters],
        responses={200: shapes.ReadPage, **FEED_REFUSALS},
    )
    def get(self, request: Request) -> Response:
        asked = self.parsed(shapes.ReadParameters)
        page = reads.own(self.reader, before=asked["before"], limit=asked["limit"], at=timezone.now())
        return Response({"rows": [_read(row) for row in page.rows], "older": page.older})


def _read(row: ReadLog) -> dict[str, Any]:
    return {
        "code": row.code,
        "at": row.at,
        "via": row.via,
        "client": row.client.label if row.client else None,
        "resource": row.resource,
        "level": row.level,
        "query": row.query,
        "territory": row.territory,
        "rows": row.rows,
    }


class Catalogue(APIView):
    """What authorities can read, open to everybody: it tells about fields, not about anyone."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    @extend_schema(
        operation_id="catalogue",
        summary=gettext_noop("Every field of every resource, and why an authority needs it"),
        tags=["catalogue"],
        auth=[],
        responses={200: shapes.Catalogue, **problems.documented(406)},
    )
    def get(self, request: Request) -> Response:
        return Response({"resources": [_resource(resource) for resource in RESOURCES]})


def _resource(resource: Resource) -> dict[str, Any]:
    return {
        "name": resource.name,
        "scope": resource.scope,
        "level": resource.level,
        "zh": resource.zh,
        "en": resource.en,
        "resource_fields": [
            {
                "name": field.name,
                "type": field.kind,
                "pseudonym_of": field.of,
                "may_lack": field.may_lack,
                "zh": field.zh,
                "en": field.en,
            }
            for field in resource.fields
        ],
    }


class Indicators(APIView):
    """What the statistics count, open to everybody."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    @extend_schema(
        operation_id="indicators",
        summary=gettext_noop("Every indicator with its definition and protection"),
        tags=["catalogue"],
        auth=[],
        responses={200: shapes.Indicators, **problems.documented(406)},
    )
    def get(self, request: Request) -> Response:
        return Response({"indicators": [{**asdict(i), "method": asdict(i.method)} for i in INDICATORS]})
