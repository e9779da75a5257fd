"""Where something is: a point in the datum people have it in, an address, a division and an industry."""

from typing import Any

from django import forms
from django.contrib.gis.geos import Point
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from common.reference import datum, divisions
from common.reference.datum import Degrees
from common.reference.divisions import Division
from frontend.forms.fields import IndustryField

DATUMS = [("wgs84", _("WGS-84 (GPS)")), ("gcj02", _("GCJ-02 (most maps in China)")), ("bd09", _("BD-09 (Baidu)"))]
ANY = ("", "—")
Choice = tuple[str, Any]


def cities() -> list[Choice]:
    """Return the provinces, each with its cities, as the groups of a select."""
    groups: list[Choice] = [ANY]
    for province in divisions.children():
        whole: Choice = (province.code, province.name)
        cities_of = [(city.code, _city_name(city, province)) for city in divisions.children(province.code)]
        groups.append((province.name, [whole, *cities_of]))
    return groups


def _city_name(city: Division, province: Division) -> str:
    """Name the collective rows of GB/T 2260, which say only "districts" or "counties", after their province."""
    return city.name if divisions.full_name(city.code).endswith(city.name) else f"{province.name}{city.name}"


def districts(city: str) -> list[Choice]:
    """Return the districts of a city; none for a province, whose children are cities."""
    if not city or city.endswith("0000"):
        return [ANY]
    return [ANY, *((district.code, district.name) for district in divisions.children(city))]


class PlaceFields(forms.Form):
    """Fields that a listing and a demand share; what is typed in another datum is stored as WGS-84."""

    longitude = forms.FloatField(label=_("Longitude"), min_value=-180, max_value=180, required=False)
    latitude = forms.FloatField(label=_("Latitude"), min_value=-90, max_value=90, required=False)
    datum = forms.ChoiceField(label=_("Coordinates are"), choices=DATUMS, initial="wgs84")
    address = forms.CharField(label=_("Address"), max_length=240, required=False)
    city = forms.ChoiceField(label=_("Province or city"), choices=cities, required=False)
    district = forms.ChoiceField(label=_("District"), required=False)
    industry_code = IndustryField()

    PLACE = ("address", "city", "district", "industry_code")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, hook in (("longitude", "data-lon"), ("latitude", "data-lat"), ("datum", "data-datum")):
            self.fields[name].widget.attrs[hook] = ""
        for name in ("longitude", "latitude"):
            self.fields[name].widget.attrs["step"] = "any"
        city = self.fields["city"]
        city.widget.attrs |= {
            "hx-get": reverse_lazy("divisions"),
            "hx-target": "#id_district",
            "hx-trigger": "change",
            "hx-swap": "innerHTML",
        }
        asked = self.data.get("city", "") if self.is_bound else self.initial.get("city", "")
        self.fields["district"] = forms.ChoiceField(label=_("District"), choices=districts(asked), required=False)

    @staticmethod
    def initial_of(thing: Any) -> dict[str, Any]:
        """Return the place of a listing or demand as initial values."""
        code = thing.division_code
        is_district = bool(code) and not code.endswith("00")
        return {
            "longitude": thing.place and thing.place.x,
            "latitude": thing.place and thing.place.y,
            "address": thing.address,
            "city": f"{code[:4]}00" if is_district else code,
            "district": code if is_district else "",
            "industry_code": thing.industry_code,
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if (cleaned.get("longitude") is None) != (cleaned.get("latitude") is None):
            missing = "longitude" if cleaned.get("longitude") is None else "latitude"
            self.add_error(missing, _("Give both coordinates or neither."))
        return cleaned

    def place_columns(self) -> dict[str, Any]:
        """Return point, address, division and industry as a listing's or demand's content has them."""
        cleaned = self.cleaned_data
        point = None
        if cleaned["longitude"] is not None:
            lat, lng = datum.to_wgs84(Degrees(cleaned["latitude"], cleaned["longitude"]), cleaned["datum"])
            point = Point(lng, lat, srid=4326)
        return {
            "place": point,
            "address": cleaned["address"],
            "division_code": cleaned["district"] or cleaned["city"],
            "industry_code": cleaned["industry_code"],
        }

    @property
    def place_words(self) -> list[forms.BoundField]:
        return [self[name] for name in self.PLACE]
