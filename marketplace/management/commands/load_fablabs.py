"""Load fab labs in the Open Know-Where record format as capacity listings."""

import json
from collections.abc import Iterator
from pathlib import Path

from marketplace.management.loading import Source, table
from marketplace.management.loading_command import LoadingCommand


class Command(LoadingCommand):
    help = "Load fab labs (Open Know-Where JSON) as capacity."
    party_name = "真实数据：创客空间名录"
    party_number = 2

    def sources(self, path: Path) -> Iterator[Source]:
        for file in self.files(path, "*okw_fac*.json"):
            rows = [_row(record) for record in json.loads(file.read_text(encoding="utf-8"))]
            yield Source(
                filename=f"{file.stem}.csv",
                content=table(rows),
                kind="listings",
                direction="capacity",
                mapping={},
                defaults={"a.process": "assembly.fablab", "unit": "piece"},
            )


def _row(record: dict[str, dict[str, str] | None]) -> dict[str, object]:
    facility, geocoding = record["facility"] or {}, record["geocoding"] or {}
    region, address = record["region"] or {}, record["address"] or {}
    parts = [address.get("extended"), region.get("city_town"), region.get("state_region"), region.get("country")]
    return {
        "name": facility.get("name", ""),
        "description": facility.get("description") or "",
        "address": ", ".join(part for part in parts if part),
        "latitude": geocoding.get("latitude", ""),
        "longitude": geocoding.get("longitude", ""),
    }
