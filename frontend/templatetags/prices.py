"""Tags for pages that tell what capacity costs."""

from datetime import date

from django import template
from django.utils.translation import gettext as _

from marketplace.core.quarters import first_day

register = template.Library()


@register.filter
def quarter(named: date | str) -> str:
    """Name a quarter, given by its first day or as 2026-Q1."""
    first = first_day(named) if isinstance(named, str) else named
    return _("Q%(number)s %(year)s") % {"year": first.year, "number": (first.month + 2) // 3}
