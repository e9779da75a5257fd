"""Saved searches: keep the filters of a search, with alerts or without."""

from typing import Any
from uuid import UUID

from django.urls import path
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.v1.pagination import paged
from api.v1.resource import Resource
from api.v1.schema import operation
from marketplace.selectors import saved_searches as reads
from marketplace.selectors import search
from marketplace.services import saved_searches


class SavedSearchOut(serializers.Serializer[Any]):
    code = serializers.UUIDField()
    name = serializers.CharField()
    filters = serializers.JSONField(help_text="Parameters of /search, each with its values.")
    wants_alerts = serializers.BooleanField()
    created_at = serializers.DateTimeField()


class SavedSearchIn(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=80)
    filters = serializers.DictField(
        child=serializers.ListField(child=serializers.CharField(max_length=200), max_length=20)
    )
    wants_alerts = serializers.BooleanField(default=True)


class AlertsIn(serializers.Serializer[Any]):
    wants_alerts = serializers.BooleanField()


class SavedSearches(Resource):
    @operation("List one's saved searches", ok=SavedSearchOut, paged=True)
    def get(self, request: Request) -> Response:
        return paged(request, reads.of(self.actor), SavedSearchOut)

    @operation("Save a search", reads=SavedSearchIn, ok=SavedSearchOut, status=201, problems=(409,))
    def post(self, request: Request) -> Response:
        wish = self.read(SavedSearchIn)
        saved = saved_searches.save(
            wish["name"], search.read(wish["filters"]), wants_alerts=wish["wants_alerts"], by=self.actor, at=self.at
        )
        return Response(SavedSearchOut(saved).data, status=201)


class One(Resource):
    @operation("Switch alerts on or off", reads=AlertsIn, ok=SavedSearchOut, problems=(404,))
    def patch(self, request: Request, code: UUID) -> Response:
        saved = saved_searches.set_alerts(code, **self.read(AlertsIn), by=self.actor, at=self.at)
        return Response(SavedSearchOut(saved).data)

    @operation("Forget a saved search", ok=None, status=204, problems=(404,))
    def delete(self, request: Request, code: UUID) -> Response:
        saved_searches.delete(code, by=self.actor, at=self.at)
        return Response(status=204)


urlpatterns = [
    path("saved-searches", SavedSearches.as_view()),
    path("saved-searches/<uuid:code>", One.as_view()),
]
