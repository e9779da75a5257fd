"""Rows that can be read and still are probably wrong: shifted, swapped, at a country's middle, there twice."""

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from common.errors import gettext_noop
from common.reference.divisions import distance_m
from common.tables import normal
from marketplace.core.import_cells import CellError, Reader, looks_like_flag

# What geocoders answer when they find only the country: its middle, in WGS-84 degrees (lat, lng).
COUNTRY_MIDDLES = (
    (35.86166, 104.195397), (22.396428, 114.109497), (23.69781, 120.960515), (36.204824, 138.252924),
    (35.907757, 127.766922), (20.593684, 78.96288), (23.684994, 90.356331), (14.058324, 108.277199),
    (12.565679, 104.990963), (-0.789275, 113.921327), (15.870032, 100.992541), (30.375321, 69.345116),
    (7.873054, 80.771797), (4.210484, 101.975766), (12.879721, 121.774017), (38.963745, 35.243322),
    (37.09024, -95.712891), (51.165691, 10.451526), (46.227638, 2.213749), (41.87194, 12.56738),
    (55.378051, -3.435973), (40.463667, -3.74922), (39.399872, -8.224454), (-25.274398, 133.775136),
    (23.634501, -102.552784), (-14.235004, -51.92528), (-9.189967, -75.015152), (26.820553, 30.802498),
    (30.585164, 36.238414), (15.199999, -86.241905), (13.794185, -88.89653), (12.865416, -85.207229),
    (15.783471, -90.230759), (61.52401, 105.318756), (56.130366, -106.346771),
)  # fmt: skip
CLOSE_DEGREES = 0.0005
FAR_M = 300_000
SAME_M = 5_000
MOST_PLACES = 100  # of one name that are compared, so that a table of one name costs no more than another
_FORMS = re.compile(
    r"\b(co|ltd|limited|company|corp|corporation|inc|llc|gmbh|sas|sa|srl|pvt|private|plc|factory|the)\b|有限责任公司|股份有限公司|有限公司"
)
_SHIFTED = gettext_noop("The row seems shifted: from column %(column)s on, values stand beside their column.")
_HEADER = gettext_noop("This is the header row again, not data.")
_SWAPPED = gettext_noop("Latitude and longitude seem to be swapped.")
_MIDDLE = gettext_noop("The place is the middle of a country, as a geocoder gives it for want of an address.")
_NOWHERE = gettext_noop("The place is 0, 0: in the sea off Africa.")
_FAR = gettext_noop("The place lies %(km)s km from the division that the row names.")
_TWICE = gettext_noop("Row %(number)s is the same, or nearly.")
_THERE = gettext_noop("You have this one already.")


def header_again(cells: Sequence[str], own: Collection[str], known: Collection[str]) -> CellError | None:
    """Find a row that holds header texts: this table's again, or another one's.

    Args:
        own: the headers of this table, normalised.
        known: every header that would be understood, normalised.
    """
    filled = [normal(cell) for cell in cells if cell]
    is_own = sum(cell in own for cell in filled) * 2 > len(filled)
    if len(filled) >= 2 and (is_own or sum(cell in known for cell in filled) >= 2):
        return CellError("header_again", _HEADER)
    return None


def shifted(cells: Sequence[str], readers: Mapping[int, Reader], wrong: Collection[int]) -> CellError | None:
    """Find a row whose values stand one or two columns beside their column.

    Args:
        readers: column -> what a value of it must be read as; columns that take any text left out, and yes or no.
        wrong: those of these columns whose cell could not be read.
    """
    if not wrong:
        return None
    if flags := [column for column in wrong if looks_like_flag(cells[column])]:
        return CellError("shifted", _SHIFTED, {"column": min(flags) + 1})
    fits = sum(column < len(cells) and bool(cells[column]) for column in readers) - len(wrong)
    for by in (1, -1, 2, -2):
        moved = {
            column
            for column, read in readers.items()
            if 0 <= column + by < len(cells) and cells[column + by] and _reads(read, cells[column + by])
        }
        # As good as in place says something only where it mends every fault and several columns agree.
        if len(moved) > fits or (len(moved) == fits >= 3 and moved.issuperset(wrong)):
            return CellError("shifted", _SHIFTED, {"column": min(wrong) + 1})
    return None


def place(lat: float, lng: float, *, near: tuple[float, float] | None) -> CellError | None:
    """Find a place (WGS-84) that is probably not where the thing is.

    Args:
        near: the middle of the division that the row names, if it names one.
    """
    if abs(lat) < CLOSE_DEGREES and abs(lng) < CLOSE_DEGREES:
        return CellError("nowhere", _NOWHERE)
    if _in_china(lng, lat) and not _in_china(lat, lng):
        return CellError("swapped", _SWAPPED)
    if any(abs(lat - a) < CLOSE_DEGREES and abs(lng - b) < CLOSE_DEGREES for a, b in COUNTRY_MIDDLES):
        return CellError("country_middle", _MIDDLE)
    if near is not None:
        away = distance_m(lat, lng, *near)
        if away > FAR_M:
            swapped = abs(lng) <= 90 and distance_m(lng, lat, *near) <= FAR_M
            return CellError("swapped", _SWAPPED) if swapped else CellError("far", _FAR, {"km": round(away / 1000)})
    return None


_Place = tuple[int, float | None, float | None]  # row number, latitude, longitude


@dataclass
class Seen:
    """The rows read so far, by name; finds the ones that come again."""

    # One tuple for each name, since most come once: a table of 200,000 rows is to stay small.
    _by_name: dict[str, tuple[_Place, ...]] = field(default_factory=dict)

    def remember_own(self, name: str, lat: float | None, lng: float | None) -> None:
        """Add something that the party has already."""
        self._remember(same_name(name), (0, lat, lng))

    def again(self, number: int, name: str, lat: float | None, lng: float | None) -> CellError | None:
        """Tell whether a row of this name, here or without a place, came before; remember it."""
        key = same_name(name)
        for before, other_lat, other_lng in self._by_name.get(key, ()):
            if lat is None or lng is None or other_lat is None or other_lng is None:
                is_same = True
            else:
                is_same = distance_m(lat, lng, other_lat, other_lng) <= SAME_M
            if is_same:
                return CellError("twice", _TWICE, {"number": before}) if before else CellError("there", _THERE)
        self._remember(key, (number, lat, lng))
        return None

    def _remember(self, key: str, place: _Place) -> None:
        before = self._by_name.get(key, ())
        if len(before) < MOST_PLACES:
            self._by_name[key] = (*before, place)


def same_name(name: str) -> str:
    """Return a name as duplicates are found by: small letters, no signs, no form of company."""
    bare = _FORMS.sub(" ", unicodedata.normalize("NFKC", name).casefold().replace(".", " "))
    return "".join(c for c in bare if c.isalnum()) or name


def _reads(read: Reader, text: str) -> bool:
    try:
        read(text)
    except CellError:
        return False
    return True


def _in_china(lat: float, lng: float) -> bool:
    return 17.5 <= lat <= 54 and 73 <= lng <= 136
