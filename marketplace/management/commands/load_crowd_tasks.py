"""Load a crowd-work project: its tasks as demands for field surveys, its members as offers."""

import csv
from collections.abc import Iterator
from pathlib import Path

from marketplace.management.loading import Source, table
from marketplace.management.loading_command import LoadingCommand


class Command(LoadingCommand):
    help = "Load tasks.csv as skill demands and members.csv as skill offers with their quota."
    party_name = "真实数据：众包任务平台"
    party_number = 5

    def sources(self, path: Path) -> Iterator[Source]:
        yield Source(
            filename="tasks.csv",
            content=(path / "tasks.csv").open("rb"),
            kind="demands",
            direction="skills",
            mapping={"title": ["task_id"], "budget_fen": ["price_cny"]},
            defaults={"a.field": "operations", "a.speciality": "operations.survey", "unit": "task", "radius_km": "20"},
            datum="gcj02",
        )
        with (path / "members.csv").open(encoding="utf-8-sig", newline="") as file:
            members = [_member(row) for row in csv.DictReader(file)]
        yield Source(
            filename="members.csv",
            content=table(members),
            kind="listings",
            direction="skills",
            mapping={},
            defaults={
                "a.field": "operations",
                "a.specialities": "operations.survey",
                "a.work_modes": "on_site",
                "unit": "task",
                "reserve_price_fen": "0",
                "division_code": "440100",
            },
            datum="gcj02",
        )


def title_of(member: dict[str, str]) -> str:
    """Return the title under which a row of members.csv is listed."""
    return f"成员 {member['member_id']}"


def _member(row: dict[str, str]) -> dict[str, object]:
    return {
        "title": title_of(row),
        "latitude": row["lat"],
        "longitude": row["lon"],
        "tasks_at_once": row["quota"],
        "summary": f"每日 {row['start_time']} 起可接单，信誉值 {row['credit']}",
    }
