"""Tags for the pages of complaints, reports and ratings."""

from datetime import datetime, timedelta

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from frontend import governance_words, words
from frontend.templatetags.yuli import duration, when

register = template.Library()


@register.filter
def named(value: str, kind: str) -> words.Word:
    """Name a value of a closed list: `{{ complaint.category|named:"category" }}`."""
    return governance_words.label(value, kind)


@register.filter
def move_label(name: str, machine: str) -> words.Word:
    """Name a move."""
    return words.move_word(name, machine)[0]


@register.simple_tag
def clock(due_at: datetime | None, now: datetime | None = None) -> SafeString | str:
    """Draw how long is left until a deadline, or how long ago it passed."""
    if due_at is None:
        return ""
    left = due_at - (now or timezone.now())
    tone = "bad" if left < timedelta() else "wait" if left < timedelta(days=1) else ""
    said = _("%(time)s late") if left < timedelta() else _("%(time)s left")
    return format_html(
        '<span class="state {}">{}</span> <span class="small muted">{}</span>',
        tone,
        said % {"time": duration(abs(left))},
        when(due_at),
    )
