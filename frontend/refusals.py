"""Expected refusals on pages: at the field when there is one, else above the form or as a passing message."""

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext as _

from common.errors import Refused


def at_form(form: forms.Form, error: Refused, field: str | None = None) -> None:
    """Put the refusal where the person looks: at its field (or `field`), or above the form."""
    at = error.field if field is None else field
    form.add_error(at if at in form.fields else None, ValidationError(_sentence(error)))


def as_message(request: HttpRequest, error: Refused) -> None:
    """Tell the refusal on the next page, for steps that have no form."""
    messages.error(request, _sentence(error))


def _sentence(error: Refused) -> str:
    """Return what the refusal says, with the way to where it can be mended."""
    if not error.link:
        return error.sentence(_)
    return format_html('{} <a href="{}">{}</a>', error.sentence(_), error.link, _("Go there"))
