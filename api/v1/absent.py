"""Addresses that the API does not have, told as the API tells everything."""

from django.urls import path, register_converter
from django.urls.converters import PathConverter
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from api.v1.permissions import Anyone
from api.v1.resource import Resource


class Anything(PathConverter):
    """Matches also nothing, and line ends."""

    regex = r"(?s:.*)"


register_converter(Anything, "anything")


@extend_schema(exclude=True)
class Absent(Resource):
    """A 404 as problem+json; a code that is no UUID ends here too."""

    permission_classes = [Anyone]

    def initial(self, request: Request, *args: object, **kwargs: object) -> None:
        super().initial(request, *args, **kwargs)
        raise NotFound

    def get(self, request: Request, rest: str) -> Response:
        raise NotFound

    post = put = patch = delete = get


urlpatterns = [path("<anything:rest>", Absent.as_view())]
