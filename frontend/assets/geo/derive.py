"""Derive china.json and cities.json from the outlines in the npm package echarts 4.9.0; needs shapely.

Run: `npm pack echarts@4.9.0 && tar xzf echarts-4.9.0.tgz && python derive.py package/map/json`.
"""

import json
import re
import sys
from pathlib import Path

import shapely  # type: ignore[import-untyped]  # this script's own need, no dependency of ours
from shapely.geometry import mapping, shape  # type: ignore[import-untyped]
from shapely.geometry.base import BaseGeometry  # type: ignore[import-untyped]

HERE = Path(__file__).resolve().parent
PROVINCE_TOLERANCE_DEG = 0.03
CITY_TOLERANCE_DEG = 0.025
# Islets below some 4 km2 are left out of the city outlines; the province outlines keep all.
SMALLEST_ISLAND_DEG2 = 0.0004
# ECharts draws the islands of the South China Sea as an inset box whose upper left corner is here.
INSET_AT = (126.0, 25.0)
DIAOYU_DAO = [[[123.4517, 25.7353], [123.4973, 25.7353], [123.4973, 25.7507], [123.4517, 25.7507], [123.4517, 25.7353]]]


def decode(ring: str, offset: list[int], scale: int) -> list[tuple[float, float]]:
    """Undo the zigzag delta coding of ECharts' map files."""
    points, (x, y) = [], offset
    for i in range(0, len(ring), 2):
        dx, dy = ord(ring[i]) - 64, ord(ring[i + 1]) - 64
        x += (dx >> 1) ^ -(dx & 1)
        y += (dy >> 1) ^ -(dy & 1)
        points.append((x / scale, y / scale))
    return points


def outlines(path: Path) -> list[tuple[dict, BaseGeometry]]:
    """Return (properties, geometry) of every area in one file."""
    file = json.loads(path.read_text())
    scale = file.get("UTF8Scale", 1024)
    found = []
    for feature in file["features"]:
        geometry = feature["geometry"]
        coded, offsets = geometry["coordinates"], geometry.get("encodeOffsets")
        if geometry["type"] == "Polygon":
            coded, offsets = [coded], [offsets]
        rings = [
            [decode(r, offsets[p][i], scale) if isinstance(r, str) else r for i, r in enumerate(polygon)]
            for p, polygon in enumerate(coded)
            if polygon
        ]
        whole = shapely.union_all([shapely.make_valid(shape({"type": "Polygon", "coordinates": r})) for r in rings])
        found.append((feature["properties"] | {"id": feature.get("id", "")}, whole))
    return found


def _areas_only(geometry: BaseGeometry) -> BaseGeometry:
    parts = [g for g in getattr(geometry, "geoms", [geometry]) if g.geom_type in {"Polygon", "MultiPolygon"}]
    return shapely.union_all(parts)


def _without_islets(geometry: BaseGeometry) -> BaseGeometry:
    parts = list(getattr(geometry, "geoms", [geometry]))
    return shapely.union_all([g for g in parts if g.area > SMALLEST_ISLAND_DEG2] or parts)


def _rounded(value: object) -> object:
    if isinstance(value, dict):
        return {key: _rounded(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(item) for item in value]
    return round(value, 3) if isinstance(value, float) else value


def inset(file: Path) -> dict:
    """Return the South China Sea inset as one feature, read from ECharts' own drawing."""
    found = re.search(r"var points = (\[\[\[.*?\]\]\]);", file.read_text())
    if found is None:
        raise SystemExit(f"{file} does not hold the drawing of the inset.")
    left, top = INSET_AT
    rings = [[(left + x / 10.5, top - y / 14) for x, y in ring] for ring in json.loads(found[1])]
    geometry = {"type": "MultiPolygon", "coordinates": _rounded([[ring] for ring in rings])}
    return {"type": "Feature", "properties": {"code": "", "name": "南海诸岛", "inset": True}, "geometry": geometry}


def write(path: Path, areas: list[tuple[dict, BaseGeometry]], tolerance_deg: float, extra: list[dict]) -> None:
    """Simplify neighbours together, so that shared borders stay shared, and write 3 decimals (about 100 m)."""
    areas = [(p, a) for p, g in areas if not (a := _areas_only(g)).is_empty]
    shapes = shapely.coverage_simplify([g for _, g in areas], tolerance_deg)
    features = []
    for (properties, original), simple in zip(areas, shapes, strict=True):
        kept = simple if not simple.is_empty else original
        geometry = _rounded(mapping(kept))
        features.append({"type": "Feature", "properties": properties, "geometry": geometry})
    collection = {"type": "FeatureCollection", "features": features + extra}
    path.write_text(json.dumps(collection, ensure_ascii=False, separators=(",", ":")) + "\n")


def main(folder: Path) -> None:
    provinces = [
        ({"code": p["id"], "name": p["name"], "at": p["cp"]}, g)
        for p, g in outlines(folder / "china.json")
        if p["name"]
    ]
    diaoyu_dao = shape({"type": "Polygon", "coordinates": DIAOYU_DAO})
    provinces = [(p, shapely.union(g, diaoyu_dao) if p["name"] == "台湾" else g) for p, g in provinces]
    write(
        HERE / "china.json",
        provinces,
        PROVINCE_TOLERANCE_DEG,
        [inset(folder.parent.parent / "lib/coord/geo/fix/nanhai.js")],
    )
    cities = []
    for file in sorted((folder / "province").glob("*.json")):
        cities += [({"name": p["name"]}, _without_islets(g)) for p, g in outlines(file) if p["name"]]
    write(HERE / "cities.json", cities, CITY_TOLERANCE_DEG, [])


if __name__ == "__main__":
    main(Path(sys.argv[1]))
