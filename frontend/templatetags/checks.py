"""Numbers that the reader's browser recomputes: each under a name, exact, beside how it reads."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from frontend.templatetags.yuli import money

register = template.Library()


@register.simple_tag
def fen(name: str, amount_fen: int) -> SafeString:
    """Show an amount that is checked under `name`."""
    return format_html('<data class="money" data-n="{}" value="{}">{}</data>', name, amount_fen, money(amount_fen))


@register.simple_tag
def exact(name: str, number: int, shown: object = None) -> SafeString:
    """Show a number that is checked under `name`; `shown` where it reads otherwise, as kilometres or percent do."""
    return format_html(
        '<data class="figures" data-n="{}" value="{}">{}</data>', name, number, number if shown is None else shown
    )


@register.simple_tag
def kept(name: str, number: int) -> SafeString:
    """Carry a number that is checked under `name` and that the words beside it say already."""
    return format_html('<data hidden data-n="{}" value="{}"></data>', name, number)
