"""The front door, health, language and looks."""

from django.urls import path

from frontend.views import home

urlpatterns = [
    path("", home.home, name="home"),
    path("healthz", home.healthz, name="healthz"),
    path("looks", home.looks, name="looks"),
]
