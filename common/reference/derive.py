"""Rewrite divisions.csv and industries.csv from a folder of public tables; see SOURCES.md.

python -m common.reference.derive FOLDER
"""

import csv
import json
import sys
from pathlib import Path
from statistics import fmean, median

from common.reference import datum
from common.reference.datum import Degrees

HERE = Path(__file__).parent
# Not in the tables; the name from GB/T 2260, the point by hand.
BEYOND = (
    ("710000", "台湾省", 23.70, 121.00),
    ("810000", "香港特别行政区", 22.32, 114.17),
    ("820000", "澳门特别行政区", 22.19, 113.55),
)
FAR_DEGREES = 6.0  # a district this far from its province's median is a fault of the source
Names = tuple[str, str, str]


def main(folder: Path) -> None:
    _write("divisions.csv", ["code", "name", "parent", "lat", "lng"], _divisions(folder))
    with (folder / "gbt4754_2017.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = [[row["code"], row["name"], row["parent"]] for row in csv.DictReader(file)]
    _write("industries.csv", ["code", "name", "parent"], rows)


def _divisions(folder: Path) -> list[list[str]]:
    provinces = {row["code"]: row["name"] for row in _read(folder / "provinces.csv")}
    cities = {row["code"]: row for row in _read(folder / "cities.csv")}
    centres = _centres(folder / "city_geo_centroids_bd09.json")
    found: dict[str, tuple[str, str, Degrees | None]] = {}
    for code, name in provinces.items():
        found[f"{code}0000"] = (
            name,
            "",
            _middle([p for names, p in centres.items() if names[0] == name and not names[2]]),
        )
    for code, city in cities.items():
        province = provinces[city["provinceCode"]]
        found[f"{code}00"] = (city["name"], f"{code[:2]}0000", centres.get((province, city["name"], "")))
    for area in _read(folder / "areas.csv"):
        city = cities[area["cityCode"]]
        if area["code"] == f"{area['cityCode']}00":
            continue  # a city without districts stands for itself
        names = (provinces[area["provinceCode"]], city["name"], area["name"])
        found[area["code"]] = (area["name"], f"{area['cityCode']}00", centres.get(names))
    for code, name, lat, lng in BEYOND:
        found[code] = (name, "", Degrees(lat, lng))
    return [
        [code, name, parent, *([f"{p.lat:.4f}", f"{p.lng:.4f}"] if p else ["", ""])]
        for code, (name, parent, p) in sorted(found.items())
    ]


def _centres(path: Path) -> dict[Names, Degrees]:
    found: dict[Names, Degrees] = {}
    for row in json.loads(path.read_text(encoding="utf-8")):
        if row["lat"] and row["lng"]:
            place = datum.bd09_to_wgs84(Degrees(float(row["lat"]), float(row["lng"])))
            found[(row["province"], row["city"], row["area"])] = place
    medians = {
        province: Degrees(
            median(p.lat for names, p in found.items() if names[0] == province),
            median(p.lng for names, p in found.items() if names[0] == province),
        )
        for province in {names[0] for names in found}
    }
    wide = {"新疆维吾尔自治区", "内蒙古自治区", "西藏自治区", "青海省", "甘肃省", "黑龙江省", "四川省"}
    return {
        names: p
        for names, p in found.items()
        if abs(p.lat - medians[names[0]].lat) < FAR_DEGREES * (2 if names[0] in wide else 1)
        and abs(p.lng - medians[names[0]].lng) < FAR_DEGREES * (3 if names[0] in wide else 1)
    }


def _middle(places: list[Degrees]) -> Degrees | None:
    return Degrees(fmean(p.lat for p in places), fmean(p.lng for p in places)) if places else None


def _read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def _write(name: str, header: list[str], rows: list[list[str]]) -> None:
    with (HERE / name).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
