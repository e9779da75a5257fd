"""Imports and the archive of everything one owns."""

from django.urls import path

from frontend.views import imports

urlpatterns = [
    path("imports", imports.home, name="imports"),
    path("imports/templates/<slug:kind>/<slug:direction>.xlsx", imports.template, name="import-template"),
    path("imports/<uuid:code>", imports.page, name="import"),
    path("imports/<uuid:code>/progress", imports.progress, name="import-progress"),
    path("imports/<uuid:code>/errors.csv", imports.errors, name="import-errors"),
    path("imports/<uuid:code>/<slug:move>", imports.step, name="import-step"),
    path("exports", imports.export, name="exports"),
]
