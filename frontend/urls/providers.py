"""Who provides: the public page of a party."""

from django.urls import path

from frontend.views import providers

urlpatterns = [
    path("providers/<uuid:code>", providers.page, name="provider"),
]
