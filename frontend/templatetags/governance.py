"""Tags for the pages of complaints, reports and ratings."""

from datetime import datetime, time, timedelta

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from credit.core.kinds import Cause
from credit.core.restrictions import Restriction
from credit.core.rules import RestrictionRule
from frontend import governance_words, words
from frontend.templatetags.yuli import day, duration, money, when

register = template.Library()


@register.filter
def named(value: str, kind: str) -> words.Word:
    """Name a value of a closed list: `{{ complaint.category|named:"category" }}`."""
    return governance_words.label(value, kind)


@register.filter
def move_label(name: str, machine: str) -> words.Word:
    """Name a move."""
    return words.move_word(name, machine)[0]


@register.filter
def deadline(due_at: datetime) -> SafeString | str:
    """Show an instant until which something may be done; midnight as the end of the day before, as people say it."""
    local = timezone.localtime(due_at)
    if local.time() != time.min:
        return when(due_at)
    return format_html("{} 24:00", day(due_at - timedelta(seconds=1)))


@register.simple_tag
def clock(due_at: datetime | None, now: datetime | None = None, *, is_provisional: bool = False) -> SafeString | str:
    """Draw how long is left until a deadline, or how long ago it passed, and whether it may still change."""
    if due_at is None:
        return ""
    left = due_at - (now or timezone.now())
    tone = "bad" if left < timedelta() else "wait" if left < timedelta(days=1) else ""
    said = _("%(time)s late") if left < timedelta() else _("%(time)s left")
    return format_html(
        '<span class="state {}">{}</span> <span class="small muted">{}</span>{}',
        tone,
        said % {"time": duration(abs(left))},
        deadline(due_at),
        provisional() if is_provisional else "",
    )


@register.filter
def restriction_words(rule: Restriction | RestrictionRule) -> str:
    """Say what a restriction of deals allows."""
    if rule.cause is Cause.OFFICIAL_LIST:
        return _("A party on an official list may not order or accept until the list ends.")
    return _("With grade D a single order comes to at most %(amount)s.") % {"amount": money(rule.most_order_fen)}


@register.simple_tag
def provisional() -> SafeString:
    """Draw that a deadline was counted before the State Council's notice of that year."""
    return format_html(
        ' <span class="state wait">{}</span> <span class="small muted">{}</span>',
        _("provisional"),
        _("until the State Council publishes that year's holidays"),
    )
