"""Where each page hangs: one module per area."""

from django.urls import include, path

urlpatterns = [
    path("", include("frontend.urls.home")),
    path("", include("frontend.urls.verification")),
    path("", include("frontend.urls.account")),
    path("", include("frontend.urls.search")),
    path("", include("frontend.urls.listings")),
    path("", include("frontend.urls.imports")),
    path("", include("frontend.urls.demands")),
    path("", include("frontend.urls.providers")),
    path("", include("frontend.urls.matching")),
    path("", include("frontend.urls.governance")),
    path("", include("frontend.urls.deals")),
]
