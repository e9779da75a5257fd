"""The filters of the search page, in the units people think in; `params` gives them as the selector reads them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from django import forms
from django.forms.utils import flatatt
from django.http import QueryDict
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import format_lazy
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from frontend.forms.fields import FEN_PER_YUAN, MomentField, YuanField
from frontend.forms.place import Choice, cities
from marketplace.core.search import Sort

KILOMETRE_M = 1000
RADII_KM = (5, 10, 20, 50, 100, 200, 500)
ORDERS = [
    (Sort.NEUTRAL, _("Neutral (the same for everybody)")),
    (Sort.DISTANCE, _("Nearest")),
    (Sort.PRICE, _("Cheapest")),
    (Sort.STANDING, _("Best standing")),
    (Sort.NEWEST, _("Newest")),
]


@cache
def _cities() -> list[Choice]:
    return cities()


@cache
def _divisions() -> SafeString:
    _nothing, *provinces = _cities()
    groups = ((name, format_html_join("", '<option value="{}">{}</option>', within)) for name, within in provinces)
    return format_html_join("", '<optgroup label="{}">{}</optgroup>', groups)


class DivisionSelect(forms.Select):
    """A select of all provinces and cities; drawn option by option it would cost as much as the rest of the page."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        chosen = format_html('value="{}"', value or "")
        # Safe: an option of our own is found, or nothing is replaced.
        places = mark_safe(_divisions().replace(chosen, f"{chosen} selected", 1))  # noqa: S308
        options = format_html('<option value="">{}</option>', _("anywhere")) + places
        own = flatatt(self.build_attrs(self.attrs, {**(attrs or {}), "name": name}))
        return format_html("<select{}>{}</select>", own, options)


class SearchForm(forms.Form):
    words = forms.CharField(label=_("Words"), max_length=100, required=False)
    order = forms.ChoiceField(label=_("Sort by"), choices=ORDERS, required=False)
    division = forms.ChoiceField(label=_("Province or city"), choices=_cities, required=False, widget=DivisionSelect)
    lng = forms.FloatField(label=_("Longitude"), min_value=-180, max_value=180, required=False)
    lat = forms.FloatField(label=_("Latitude"), min_value=-90, max_value=90, required=False)
    radius_m = forms.TypedChoiceField(
        label=_("Within"),
        choices=[
            ("", _("any distance")),
            *((km * KILOMETRE_M, format_lazy(_("{count} km"), count=km)) for km in RADII_KM),
        ],
        coerce=int,
        empty_value=None,
        required=False,
    )
    price_from = YuanField(label=_("at least"), required=False)
    price_to = YuanField(label=_("at most"), required=False)
    free_from = MomentField(label=_("Free from"), required=False)
    free_until = MomentField(label=_("Free until"), required=False)

    def __init__(self, asked: QueryDict) -> None:
        super().__init__(_as_typed(asked), label_suffix="")
        self.fields["words"].widget.input_type = "search"
        for name in ("lng", "lat"):
            self.fields[name].widget.attrs["step"] = "any"
        for name in ("lng", "lat", "price_from", "price_to"):
            self.fields[name].widget.attrs["placeholder"] = self.fields[name].label

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        for low, high, fault in (
            ("price_from", "price_to", _("The least must not exceed the most.")),
            ("free_from", "free_until", _("The end must come after the start.")),
        ):
            least, most = found.get(low), found.get(high)
            if least is not None and most is not None and least > most:
                self.add_error(high, fault)
        return found

    def params(self, asked: Mapping[str, Sequence[str]]) -> dict[str, Sequence[str]]:
        """Return what was asked with money in fen and times with their zone; what is invalid restricts nothing."""
        self.is_valid()
        found = {name: values for name, values in asked.items() if name not in self.fields or name in self.cleaned_data}
        for name in ("price_from", "price_to"):
            found.pop(name, None)
            if self.cleaned_data.get(name) is not None:
                found[f"{name}_fen"] = [str(self.cleaned_data[name])]
        for name in ("free_from", "free_until"):
            if self.cleaned_data.get(name):
                found[name] = [self.cleaned_data[name].isoformat()]
        return found


def _as_typed(asked: QueryDict) -> QueryDict:
    """Return the address as a person would have typed it: a saved search has its money in fen and times with a zone."""
    typed = asked.copy()
    for name in ("price_from", "price_to"):
        fen = typed.get(f"{name}_fen", "")
        if name not in typed and fen.isascii() and fen.isdigit() and len(fen) < 18:
            typed[name] = f"{int(fen) // FEN_PER_YUAN}.{int(fen) % FEN_PER_YUAN:02d}"
    for name in ("free_from", "free_until"):
        try:
            at = datetime.fromisoformat(typed.get(name, ""))
        except ValueError:
            continue
        if at.tzinfo is not None:
            typed[name] = f"{localtime(at):%Y-%m-%dT%H:%M}"
    return typed
