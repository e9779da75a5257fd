"""Load government purchase intentions as demands; rows that a scraper shifted stay outside."""

from collections.abc import Iterator
from pathlib import Path

from marketplace.management.loading import Source
from marketplace.management.loading_command import LoadingCommand


class Command(LoadingCommand):
    help = "Load a folder of purchase intention workbooks (XLSX) as demands."
    party_name = "真实数据：政府采购意向"
    party_number = 4

    def sources(self, path: Path) -> Iterator[Source]:
        for file in self.files(path, "*.xlsx"):
            # Every one of these workbooks counts money in 万元, also where the header does not say so.
            yield Source(
                filename=file.name,
                content=file.open("rb"),
                kind="demands",
                direction="skills",
                mapping={"title": ["采购项目名称", "项目名称"], "total_10k_fen": ["预算金额(万元)", "金额"]},
                defaults={"a.field": "consulting", "unit": "task"},
            )
