"""Tags every template may use: money, quantities, places, times, states, moves."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Any

from django import template
from django.template.context import RequestContext
from django.templatetags.static import static
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from common.reference import divisions, industries
from frontend import words
from marketplace.directions import UNITS, direction

register = template.Library()

_KILOMETRE_M = 1000


@register.simple_tag
def icon(name: str, extra: str = "") -> SafeString:
    """Draw one sign of the sprite; it repeats what the words beside it say, so screen readers skip it."""
    address = static("built/icons.svg")
    return format_html('<svg class="icon {}" aria-hidden="true"><use href="{}#{}"></use></svg>', extra, address, name)


@register.filter
def money(fen: int | None) -> str:
    """Show fen as yuan; whole yuan without decimals."""
    if fen is None:
        return "—"
    sign, rest = ("-", -fen) if fen < 0 else ("", fen)
    yuan, cents = divmod(rest, 100)
    return f"{sign}¥{yuan:,}" + (f".{cents:02d}" if cents else "")


@register.filter
def whole_yuan(fen: int | None) -> str:
    """Show fen as whole yuan, for figures that are read at a glance."""
    return "—" if fen is None else money(round(fen, -2))


@register.filter
def count(number: int | None) -> str:
    """Show a whole number with a comma every three digits."""
    return "—" if number is None else f"{number:,}"


@register.filter
def distance(metres: float | None) -> str:
    """Show metres as people say them."""
    if metres is None:
        return "—"
    if metres < _KILOMETRE_M:
        return _("%(count)s m") % {"count": round(metres)}
    kilometres = metres / _KILOMETRE_M
    return _("%(count)s km") % {"count": f"{kilometres:.1f}" if kilometres < 100 else f"{kilometres:,.0f}"}


@register.filter
def percent(share: float | None, digits: int = 0) -> str:
    """Show a share between 0 and 1 as a percentage."""
    return "—" if share is None else f"{share * 100:.{digits}f}%"


@register.filter
def percent_of_bp(basis_points: int) -> str:
    """Show basis points as a percentage."""
    return f"{basis_points / 100:.2f}".rstrip("0").rstrip(".") + "%"


@register.filter
def duration(seconds: float | timedelta | None) -> str:
    """Show a duration in its largest fitting unit."""
    if seconds is None:
        return "—"
    total = seconds.total_seconds() if isinstance(seconds, timedelta) else float(seconds)
    if total < 60:
        return _("%(count)s s") % {"count": f"{total:.1f}" if total < 10 else round(total)}
    if total < 3600:
        return _("%(count)s min") % {"count": round(total / 60)}
    if total < 48 * 3600:
        return _("%(count)s h") % {"count": f"{total / 3600:.1f}".removesuffix(".0")}
    return _("%(count)s days") % {"count": round(total / 86400)}


def _in_chinese() -> bool:
    return (get_language() or "zh").startswith("zh")


def _day(at: datetime | date, *, year: bool) -> str:
    if _in_chinese():
        return date_format(at, "Y年n月j日" if year else "n月j日")
    return date_format(at, "j M Y" if year else "j M")


@register.filter
def when(at: datetime | None) -> SafeString | str:
    """Show an instant in Shanghai time; the year only when it is not this one."""
    if at is None:
        return "—"
    local = timezone.localtime(at)
    shown = f"{_day(local, year=local.year != timezone.localdate().year)} {local:%H:%M}"
    return format_html('<time datetime="{}">{}</time>', local.isoformat(), shown)


@register.filter
def day(at: datetime | date | None) -> SafeString | str:
    """Show a day with its year."""
    if at is None:
        return "—"
    local = timezone.localtime(at) if isinstance(at, datetime) else at
    iso = local.date().isoformat() if isinstance(local, datetime) else local.isoformat()
    return format_html('<time datetime="{}">{}</time>', iso, _day(local, year=True))


@register.filter
def period(span: Any) -> SafeString | str:
    """Show a half-open range of instants or days: the day once when both ends share it."""
    if span is None or (span.lower is None and span.upper is None):
        return "—"
    start, end = span.lower, span.upper
    if not isinstance(start or end, datetime):
        last = end - timedelta(days=1) if end else None
        return format_html("{}–{}", day(start) if start else "", day(last) if last else "")
    if start is None or end is None:
        return format_html("{}–{}", when(start) if start else "", when(end) if end else "")
    first, last_at = timezone.localtime(start), timezone.localtime(end)
    if first.date() == last_at.date():
        return format_html('{}–<time datetime="{}">{}</time>', when(start), last_at.isoformat(), f"{last_at:%H:%M}")
    return format_html("{} – {}", when(start), when(end))


@register.simple_tag
def state(value: str, machine: str = "") -> SafeString:
    """Draw the badge of a state; name the machine where its word differs from the common one."""
    word, tone = words.state_word(value, machine)
    return format_html('<span class="state {}">{}</span>', tone, word)


@register.filter
def state_label(value: str, machine: str = "") -> words.Word:
    """Name a state without its badge."""
    return words.state_word(value, machine)[0]


@register.inclusion_tag("components/_moves.html", takes_context=True)
def moves(
    context: RequestContext, names: Collection[str], url: str, *, machine: str = "", leave_out: str = ""
) -> dict[str, Any]:
    """Draw one button per open move; each posts to `url`/<move>.

    Args:
        names: what `open_moves` gave for this viewer.
        url: the thing's own address.
        machine: whose words to use where they differ from the common ones.
        leave_out: moves, separated by blanks, that the page offers with a form of its own.
    """
    skipped = set(leave_out.split())
    buttons = [(name, *words.move_word(name, machine)) for name in names if name not in skipped]
    return {"buttons": buttons, "url": url.rstrip("/"), "csrf_token": context.get("csrf_token")}


@register.filter
def get(mapping: Any, key: Any) -> Any:
    """Look `key` up in a mapping; None when it is not there."""
    return mapping.get(key) if mapping else None


@register.filter
def grade_label(grade: str) -> words.Word:
    """Say what a grade means."""
    return words.GRADES.get(str(grade), str(grade))


@register.filter
def fact_label(kind: str) -> words.Word:
    """Name a kind of fact of the credit ledger."""
    return words.FACTS.get(str(kind), str(kind))


@register.filter
def fact_source_label(source: str) -> words.Word:
    """Say who reported a fact of the credit ledger."""
    return words.FACT_SOURCES.get(str(source), str(source))


@register.filter
def level_label(level: int) -> words.Word:
    """Name a level of verification."""
    return words.LEVELS.get(level, str(level))


@register.filter
def kind_label(kind: str) -> words.Word:
    """Name a kind of party."""
    return words.KINDS.get(str(kind), str(kind))


@register.filter
def size_label(size: str) -> words.Word:
    """Name a size of enterprise."""
    return words.SIZES.get(str(size), "")


@register.filter
def stars(value: float) -> SafeString:
    """Draw a value from 1 to 5 as filled stars, with the number for those who do not see them."""
    share = max(0.0, min(1.0, (value - 1) / 4)) if value else 0.0
    return format_html(
        '<span class="stars"><svg class="star-bar" viewBox="0 0 100 20" aria-hidden="true"><rect class="star-off" '
        'width="100" height="20"/><rect class="star-on" width="{}" height="20"/></svg>'
        '<span class="figures">{}</span></span>',
        round(20 + 80 * share) if value else 0,
        f"{value:.1f}",
    )


@register.filter
def weekday(at: date) -> str:
    """Show a day as weekday and date."""
    return f"{date_format(at, 'D').replace('星期', '周')} {_day(at, year=False)}"


@register.filter
def cell_label(state: str) -> words.Word:
    """Name the state of one hour of a calendar."""
    return words.HOURS.get(state, state)


@register.filter
def direction_label(code: str) -> str:
    """Name a direction."""
    return str(direction(code).label)


@register.filter
def direction_sign(code: str) -> str:
    """Return the sign of a direction, as `icon` takes it."""
    return direction(code).icon


@register.filter
def unit_label(code: str) -> str:
    """Name a unit of quantity."""
    return str(UNITS.get(code, code))


@register.filter
def lifecycle_label(lifecycle: str) -> words.Word:
    """Name how an order is performed."""
    return words.LIFECYCLE_NAMES.get(str(lifecycle), str(lifecycle))


@register.filter
def order_source_label(source: str) -> words.Word:
    """Name where an order came from."""
    return words.ORDER_SOURCES.get(str(source), str(source))


@register.filter
def division_label(code: str) -> str:
    """Name a division with what it lies in, the province first."""
    return divisions.full_name(code) if code else ""


@register.filter
def industry_label(code: str) -> str:
    """Name an industry of GB/T 4754."""
    found = industries.find(code)
    return f"{code} {found.name}" if found else code


@register.filter
def role_label(role: str) -> words.Word:
    """Name a role in an organisation or among the staff."""
    return words.ROLES.get(role, role)


@register.filter
def case_label(kind: str) -> words.Word:
    """Name what a verification is about."""
    return words.CASES[kind][0]


@register.filter
def step_label(move: str) -> words.Word:
    """Name what happened in a verification."""
    return words.STEPS.get(move, move)


@register.filter
def decision_label(move: str) -> words.Word:
    """Name what a reviewer may decide."""
    return words.DECISIONS[move]


@register.filter
def single_checkbox(input_type: str | None, use_fieldset: bool) -> bool:
    """Tell one box to tick, whose label stands behind it, from a group of boxes."""
    return input_type == "checkbox" and not use_fieldset
