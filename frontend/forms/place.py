"""Where something is: a point in the datum people have it in, an address, a division and an industry."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

DATUMS = [("wgs84", _("WGS-84 (GPS)")), ("gcj02", _("GCJ-02 (most maps in China)")), ("bd09", _("BD-09 (Baidu)"))]


class PlaceFields(forms.Form):
    """Fields that a listing and a demand share; the service converts the datum."""

    longitude = forms.FloatField(label=_("Longitude"), min_value=-180, max_value=180, required=False)
    latitude = forms.FloatField(label=_("Latitude"), min_value=-90, max_value=90, required=False)
    datum = forms.ChoiceField(label=_("Coordinates are"), choices=DATUMS, initial="wgs84")
    address = forms.CharField(label=_("Address"), max_length=240, required=False)
    division_code = forms.CharField(label=_("Division"), required=False)
    industry_code = forms.CharField(
        label=_("Industry"), max_length=8, required=False, help_text=_("GB/T 4754 code, for instance C3484.")
    )

    PLACE = ("address", "division_code", "industry_code")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, hook in (("longitude", "data-lon"), ("latitude", "data-lat"), ("datum", "data-datum")):
            self.fields[name].widget.attrs[hook] = ""
        for name in ("longitude", "latitude"):
            self.fields[name].widget.attrs["step"] = "any"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if (cleaned.get("longitude") is None) != (cleaned.get("latitude") is None):
            missing = "longitude" if cleaned.get("longitude") is None else "latitude"
            self.add_error(missing, _("Give both coordinates or neither."))
        return cleaned

    @property
    def place_words(self) -> list[forms.BoundField]:
        return [self[name] for name in self.PLACE]
