"""Where each interface hangs."""

from django.urls import include, path

urlpatterns = [
    path("api/v1/", include("api.v1.urls")),
    path("supervision/v1/", include("supervision.api.v1.urls")),
    path("supervision/", include("supervision.pages.urls")),
    path("", include("frontend.urls")),
]

handler404 = "config.errors.not_found"
handler500 = "config.errors.server_error"
