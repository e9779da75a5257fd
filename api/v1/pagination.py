"""Lists come in pages: `page` from 1, `page_size` up to 100; a page beyond the end is a 404."""

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers
from rest_framework.pagination import PageNumberPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from api.v1 import reading
from api.v1.fields import Whole

LARGEST = 100
USUAL = 20


class PageQuery(serializers.Serializer[Any]):
    page = Whole(min_value=1, default=1, help_text="A page beyond the last is a 404.")
    page_size = Whole(min_value=1, max_value=LARGEST, default=USUAL)


class Pages(PageNumberPagination):
    page_size = USUAL
    page_size_query_param = "page_size"
    max_page_size = LARGEST


def paged(
    request: Request, things: QuerySet[Any] | list[Any], serializer: Callable[..., BaseSerializer[Any]], **context: Any
) -> Response:
    """Answer one page of `things`, each shown by `serializer`."""
    reading.parameters(request, PageQuery)
    pages = Pages()
    page = pages.paginate_queryset(things, request)  # type: ignore[arg-type]  # lists do as well
    return pages.get_paginated_response(serializer(page, many=True, context={"request": request, **context}).data)
