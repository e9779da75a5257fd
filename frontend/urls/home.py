"""The front door, help, health, language and looks."""

from django.urls import path

from frontend.views import help_pages, home

urlpatterns = [
    path("", home.home, name="home"),
    path("healthz", home.healthz, name="healthz"),
    path("looks", home.looks, name="looks"),
    path("help", help_pages.index, name="help"),
    path("help/<slug:topic>", help_pages.topic, name="help-topic"),
    path("how-matching-works", help_pages.matching, name="how-matching-works"),
]
