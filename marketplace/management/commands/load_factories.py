"""Load supplier disclosures (factories with address and coordinates) as capacity listings."""

from collections.abc import Iterator
from pathlib import Path

from marketplace.management.loading import Source
from marketplace.management.loading_command import LoadingCommand


class Command(LoadingCommand):
    help = "Load a folder of supplier disclosures (CSV: country, name, address, sector, lat, lng) as capacity."
    party_name = "真实数据：供应商披露"
    party_number = 1

    def sources(self, path: Path) -> Iterator[Source]:
        for file in self.files(path, "*.csv"):
            yield Source(
                filename=file.name,
                content=file.open("rb"),
                kind="listings",
                direction="capacity",
                mapping={"summary": ["sector"]},
                defaults={"a.process": "textile.sewing", "unit": "piece"},
            )
