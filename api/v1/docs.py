"""The API's own description: as a file and as a page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from drf_spectacular.views import SpectacularJSONAPIView

from api.v1.openapi import SETTINGS
from api.v1.permissions import Anyone


class OpenApi(SpectacularJSONAPIView):
    """The OpenAPI document of this version."""

    authentication_classes = []
    permission_classes = [Anyone]
    urlconf = "api.v1.urls"
    custom_settings = SETTINGS


def docs(request: HttpRequest) -> HttpResponse:
    return render(request, "api/docs.html")


urlpatterns = [
    path("openapi.json", OpenApi.as_view(), name="api-schema"),
    path("docs/", docs, name="api-docs"),
]
