"""The editor of a demand: how much, when, where, at most for how much, and what the direction asks."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from frontend.forms import attributes
from frontend.forms.fields import MomentField, YuanField
from frontend.forms.listings import unit_field
from frontend.forms.place import PlaceFields
from marketplace.directions import Direction, narrowing
from marketplace.directions import direction as direction_of
from marketplace.directions import fields as schema_fields
from marketplace.services.contents import DemandContent, LegContent

METRES = 1000


class DemandForm(attributes.AttributeFields, PlaceFields):
    """What every demand has, plus what its direction asks; `columns` and `attributes` give them apart."""

    title = forms.CharField(label=_("Title"), max_length=120, help_text=_("What you need, in a few words."))
    description = forms.CharField(
        label=_("Description"), max_length=8000, required=False, widget=forms.Textarea(attrs={"rows": 6})
    )
    quantity = forms.IntegerField(label=_("Quantity"), min_value=1, initial=1)
    unit = forms.ChoiceField(label=_("Counted in"))
    budget_fen = YuanField(
        label=_("At most per unit"),
        required=False,
        help_text=_("Your limit. Suppliers never see it; empty means open to quotes."),
    )
    is_whole = forms.BooleanField(label=_("All of it or nothing"), required=False)
    max_suppliers = forms.IntegerField(label=_("At most so many suppliers"), min_value=1, initial=1)
    start = MomentField(label=_("Not before"), required=False)
    end = MomentField(label=_("All done by"), required=False)
    deadline_at = MomentField(label=_("Answers until"), required=False)
    radius_km = forms.IntegerField(
        label=_("Within"),
        min_value=1,
        max_value=6000,
        required=False,
        help_text=_("Around the place; empty: anywhere."),
    )

    WORDS = ("title", "description")
    COMMERCE = ("quantity", "unit", "budget_fen", "max_suppliers", "is_whole")
    TIMES = ("start", "end", "deadline_at", "radius_km")

    def __init__(self, *args: Any, direction: Direction, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.add_attributes(direction.need)
        self.fields["unit"] = unit_field(direction)
        self.fields["radius_km"].suffix = _("km")  # type: ignore[attr-defined]  # read by django/forms/field.html
        most = self.fields["max_suppliers"]
        if direction.most_suppliers == 1:
            most.widget = forms.HiddenInput()

    @property
    def words(self) -> list[forms.BoundField]:
        return [self[name] for name in self.WORDS]

    @property
    def commerce(self) -> list[forms.BoundField]:
        return [self[name] for name in self.COMMERCE]

    @property
    def times(self) -> list[forms.BoundField]:
        return [self[name] for name in self.TIMES]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        start, end = cleaned.get("start"), cleaned.get("end")
        if start and end and start >= end:
            self.add_error("end", _("The end must be after the start."))
        if bool(start) != bool(end) and not self.errors:
            self.add_error("end" if start else "start", _("Give both times or neither."))
        if cleaned.get("radius_km") and cleaned.get("longitude") is None:
            self.add_error("radius_km", _("A distance needs a place: pick one below."))
        return cleaned

    def content(self, legs: Sequence[LegContent] = ()) -> DemandContent:
        """Return what was filled in, as the service takes it."""
        cleaned = self.cleaned_data
        radius_km = cleaned["radius_km"]
        return DemandContent(
            **{name: cleaned[name] for name in (*self.WORDS, *self.COMMERCE, "deadline_at")},
            **self.place_columns(),
            period=(cleaned["start"], cleaned["end"]) if cleaned["start"] else None,
            radius_m=radius_km * METRES if radius_km else None,
            attributes=attributes.stored(self.specs, cleaned),
            legs=legs,
        )

    @classmethod
    def initial_of(cls, demand: Any) -> dict[str, Any]:
        """Return a stored demand as initial values."""
        kept = {name: getattr(demand, name) for name in (*cls.WORDS, *cls.COMMERCE, "deadline_at")}
        period = demand.period
        times = {"start": period and period.lower, "end": period and period.upper}
        radius = {"radius_km": demand.radius_m and demand.radius_m // METRES}
        specs = schema_fields(direction_of(demand.direction).need)
        return kept | times | radius | super().initial_of(demand) | attributes.initial(specs, demand.attributes)


def like(listing: Any) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Return a need that a listing would serve as initial values, and those of its part where the direction has parts.

    What is wanted of it beyond its class is for the one who needs it to say.
    """
    kind = direction_of(listing.direction)
    name = narrowing(kind)
    one = {"unit": listing.unit, "quantity": listing.minimum_lot}
    wanted = one | {attributes.PREFIX + name: listing.attributes.get(name)}
    title = {"title": listing.title}
    return (title, [title | wanted]) if kind.has_legs else (title | wanted, [])


class LegForm(attributes.AttributeFields):
    """One part of a bundle; its own attributes are added from the direction's leg schema."""

    title = forms.CharField(label=_("Part"), max_length=64)
    quantity = forms.IntegerField(label=_("Quantity"), min_value=1, initial=1)
    unit = forms.ChoiceField(label=_("Counted in"))
    budget_fen = YuanField(label=_("At most per unit"), required=False)

    def __init__(self, *args: Any, direction: Direction, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if direction.leg:
            self.add_attributes(direction.leg)
        self.fields["unit"] = unit_field(direction)

    def leg(self) -> LegContent:
        """Return the part as the service takes it."""
        own = {name: self.cleaned_data[name] for name in ("title", "quantity", "unit", "budget_fen")}
        return LegContent(**own, attributes=attributes.stored(self.specs, self.cleaned_data))

    @staticmethod
    def initial_of(leg: Any, direction: Direction) -> dict[str, Any]:
        """Return a stored part as initial values."""
        own = {name: getattr(leg, name) for name in ("title", "quantity", "unit", "budget_fen")}
        specs = schema_fields(direction.leg) if direction.leg else ()
        return own | attributes.initial(specs, leg.attributes)


LegFormSet = forms.formset_factory(LegForm, extra=0, min_num=1, max_num=20, can_delete=True)
