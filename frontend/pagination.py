"""Pages of a list, from the `page` of the address; an impossible page shows the nearest one."""

from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest

PER_PAGE = 20


def page_of(request: HttpRequest, things: Any, per_page: int = PER_PAGE) -> Page[Any]:
    """Return the asked page of `things`, carrying `elided`, the page numbers to offer."""
    paginator = Paginator(things, per_page)
    page = paginator.get_page(request.GET.get("page"))
    page.elided = list(paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1))  # type: ignore[attr-defined]  # read by _pagination.html
    return page
