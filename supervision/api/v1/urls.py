"""The addresses of the supervision API."""

from django.urls import path

from supervision.api.v1 import docs, token, views
from supervision.core.resources import RESOURCES

app_name = "supervision_v1"
urlpatterns = [
    path("token", token.Token.as_view(), name="token"),
    *(path(r.name, views.feed_of(r).as_view(), name=r.name) for r in RESOURCES),
    path("changes", views.Changes.as_view(), name="changes"),
    path("statistics", views.Statistics.as_view(), name="statistics"),
    path("rounds/<uuid:code>/claims", views.Claims.as_view(), name="claims"),
    path("scarcity", views.Scarcity.as_view(), name="scarcity"),
    path("quality", views.Quality.as_view(), name="quality"),
    path("reads", views.Reads.as_view(), name="reads"),
    path("catalogue", views.Catalogue.as_view(), name="catalogue"),
    path("indicators", views.Indicators.as_view(), name="indicators"),
    path("openapi.json", docs.openapi, name="openapi"),
    path("docs/", docs.page, name="docs"),
]
