"""The editor of a listing: common columns, the direction's own attributes, hours and files."""

from datetime import time
from typing import Any

from django import forms
from django.utils.functional import lazystr
from django.utils.translation import gettext_lazy as _

from frontend.forms import attributes
from frontend.forms.fields import ClockField, DayField, MomentField, YuanField
from frontend.forms.place import PlaceFields
from marketplace.directions import UNITS, Direction
from marketplace.directions import direction as direction_of
from marketplace.directions import fields as schema_fields
from marketplace.services.contents import ListingContent

WEEKDAYS = [
    (0, _("Monday")),
    (1, _("Tuesday")),
    (2, _("Wednesday")),
    (3, _("Thursday")),
    (4, _("Friday")),
    (5, _("Saturday")),
    (6, _("Sunday")),
]


def unit_field(direction: Direction) -> forms.ChoiceField:
    """Return the field for one of the direction's units, named in the reader's language."""
    choices = [(code, lazystr(UNITS[code])) for code in direction.units]
    return forms.ChoiceField(label=_("Counted in"), choices=choices)


class ListingForm(attributes.AttributeFields, PlaceFields):
    """What every listing has, plus what its direction asks; `columns` and `attributes` give them apart."""

    title = forms.CharField(label=_("Title"), max_length=120, help_text=_("What a searcher would type."))
    summary = forms.CharField(label=_("In one sentence"), max_length=240, required=False)
    description = forms.CharField(
        label=_("Description"), max_length=8000, required=False, widget=forms.Textarea(attrs={"rows": 6})
    )
    unit = forms.ChoiceField(label=_("Counted in"))
    price_fen = YuanField(label=_("Price per unit, tax included"), required=False, help_text=_("Empty: by quote only."))
    reserve_price_fen = YuanField(
        label=_("Reserve price per unit"),
        required=False,
        help_text=_("The least you would take in a match. Nobody else sees it."),
    )
    setup_fee_fen = YuanField(label=_("Setting up, once per order"), required=False)
    minimum_lot = forms.IntegerField(label=_("Smallest lot"), min_value=1, initial=1)
    capacity_per_week = forms.IntegerField(
        label=_("Capacity per week"), min_value=1, required=False, help_text=_("Empty: opening hours alone decide.")
    )
    lead_time_days = forms.IntegerField(label=_("Lead time"), min_value=0, max_value=730, initial=0)
    valid_until = DayField(
        label=_("Licence or certificate valid until"),
        required=False,
        help_text=_("The listing pauses by itself after this day."),
    )
    is_allotted = forms.TypedChoiceField(
        label=_("Who gets it"),
        choices=[
            ("", _("First come, first served: whoever asks first is answered first.")),
            (
                "1",
                _(
                    "Allotted in rounds: wishes are collected, and the next match round decides among all of them at "
                    "once."
                ),
            ),
        ],
        coerce=bool,
        required=False,
        widget=forms.RadioSelect,
    )

    COMMERCE = (
        "unit",
        "price_fen",
        "reserve_price_fen",
        "setup_fee_fen",
        "minimum_lot",
        "capacity_per_week",
        "lead_time_days",
        "valid_until",
        "is_allotted",
    )
    WORDS = ("title", "summary", "description")

    def __init__(self, *args: Any, direction: Direction, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.add_attributes(direction.offer)
        self.fields["unit"] = unit_field(direction)
        self.fields["lead_time_days"].suffix = _("days")  # type: ignore[attr-defined]  # read by django/forms/field.html

    @property
    def words(self) -> list[forms.BoundField]:
        return [self[name] for name in self.WORDS]

    @property
    def commerce(self) -> list[forms.BoundField]:
        return [self[name] for name in self.COMMERCE]

    def content(self) -> ListingContent:
        """Return what was filled in, as the service takes it."""
        taken = {name: self.cleaned_data[name] for name in (*self.WORDS, *self.COMMERCE)}
        taken["setup_fee_fen"] = taken["setup_fee_fen"] or 0
        taken["is_allotted"] = bool(taken["is_allotted"])
        return ListingContent(
            **taken, **self.place_columns(), attributes=attributes.stored(self.specs, self.cleaned_data)
        )

    @classmethod
    def initial_of(cls, listing: Any) -> dict[str, Any]:
        """Return a stored listing as initial values."""
        kept = {name: getattr(listing, name) for name in (*cls.WORDS, *cls.COMMERCE)}
        kept["is_allotted"] = "1" if listing.is_allotted else ""
        specs = schema_fields(direction_of(listing.direction).offer)
        return kept | super().initial_of(listing) | attributes.initial(specs, listing.attributes)


def clock(minute: int) -> time:
    """Return minutes after midnight as an hour of the day; the end of the day shows as 00:00."""
    return time(minute // 60 % 24, minute % 60)


class HoursForm(forms.Form):
    """Opening hours that come back every week."""

    weekday = forms.TypedChoiceField(label=_("Day"), choices=WEEKDAYS, coerce=int)
    start = ClockField(label=_("Opens"))
    end = ClockField(label=_("Closes"), help_text=_("00:00 means midnight."))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "start" in cleaned and "end" in cleaned:
            cleaned["start_minute"] = cleaned["start"].hour * 60 + cleaned["start"].minute
            cleaned["end_minute"] = cleaned["end"].hour * 60 + cleaned["end"].minute or 24 * 60
            if cleaned["start_minute"] >= cleaned["end_minute"]:
                self.add_error("end", _("It must close after it opens."))
        return cleaned


class ExceptionForm(forms.Form):
    """A stretch of time that is closed, or open, whatever the weekly hours say."""

    start = MomentField(label=_("From"))
    end = MomentField(label=_("Until"))
    is_open = forms.BooleanField(label=_("Open then (else closed)"), required=False)
    reason = forms.CharField(label=_("Why"), max_length=120, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        start, end = cleaned.get("start"), cleaned.get("end")
        if start and end and start >= end:
            self.add_error("end", _("The end must be after the start."))
        return cleaned


HoursFormSet = forms.formset_factory(HoursForm, extra=0, max_num=100, can_delete=True)


class PhotoForm(forms.Form):
    file = forms.ImageField(label=_("Photo"), help_text=_("JPEG, PNG or WebP; re-encoded, place data removed."))
    caption = forms.CharField(label=_("What it shows"), max_length=120, required=False)


class DocumentForm(forms.Form):
    file = forms.FileField(label=_("Document"), help_text=_("PDF or a picture, up to 20 MB."))
    title = forms.CharField(label=_("Title"), max_length=120)
    is_public = forms.BooleanField(label=_("Everybody may read it"), required=False, initial=True)
