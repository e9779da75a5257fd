"""The addresses of the supervision API."""

from django.urls import path

from supervision.api.v1 import token

app_name = "supervision_v1"
urlpatterns = [
    path("token", token.Token.as_view(), name="token"),
]
