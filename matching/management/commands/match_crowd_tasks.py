"""Decide who does which task of a crowd-work project, and compare with greedy and with first come by start time."""

import csv
from argparse import ArgumentParser
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from django.core.management.base import BaseCommand

from common.reference import datum, divisions
from common.reference.datum import Degrees
from common.reference.divisions import distance_m
from marketplace.core import import_checks
from matching.core import baselines, flow
from matching.core.problem import Ints, MatchProblem, ints

GUANGZHOU = "440100"


@dataclass(frozen=True)
class Member:
    code: str
    place: Degrees
    quota: int
    start: str


@dataclass(frozen=True)
class Task:
    code: str
    place: Degrees
    price_fen: int


class Command(BaseCommand):
    help = "Match tasks.csv with members.csv (quota, place) and print matched, distance and price of three ways."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", type=Path)
        parser.add_argument("--radius-km", type=int, default=10)

    def handle(self, *args: Any, **options: Any) -> None:
        tasks = [_task(row) for row in _rows(options["path"] / "tasks.csv")]
        members, dirty = _members(options["path"] / "members.csv")
        self.stdout.write(f"{len(tasks)} tasks, {len(members)} members; left out as dirty: {', '.join(dirty)}")
        problem, metres = _problem(tasks, members, radius_m=options["radius_km"] * 1000)
        starts = {start: rank for rank, start in enumerate(sorted({member.start for member in members}))}
        rank = ints([starts[member.start] for member in members])
        best = flow.best_quantities(problem)
        self.stdout.write(f"{problem.n_edges} pairs within {options['radius_km']} km")
        self.stdout.write(f"{'':<28}matched  welfare CNY  distance km  price CNY  mean m")
        for name, units in (
            ("exact", best),
            ("greedy", baselines.greedy(problem)),
            ("first come by start time", _members_choose(problem, rank)),
        ):
            self._line(name, problem, units, metres)

    def _line(self, name: str, problem: MatchProblem, units: Ints, metres: Ints) -> None:
        matched = int(units.sum())
        self.stdout.write(
            f"{name:<28}{matched:>7}{int((units * problem.surplus_fen).sum()) / 100:>13,.2f}"
            f"{int((units * metres).sum()) / 1000:>13,.1f}{int((units * problem.ceiling_fen).sum()) / 100:>11,.2f}"
            f"{int((units * metres).sum()) // max(matched, 1):>8}"
        )


def _members_choose(problem: MatchProblem, start: Ints) -> Ints:
    """Return (n_edges,) units when members choose in the order they may begin, each the task worth most to them.

    This is how the real project ran: whoever begins earlier books first, up to their quota.
    """
    free_need = problem.quantity.tolist()
    free_lot = problem.capacity.tolist()
    needs, lots = problem.need.tolist(), problem.lot.tolist()
    units = np.zeros(problem.n_edges, dtype=np.int64)
    keys = (problem.need_key[problem.need], -problem.surplus_fen, problem.lot_key[problem.lot], start[problem.lot])
    for edge in np.lexsort(keys).tolist():
        if free_need[needs[edge]] and free_lot[lots[edge]]:
            units[edge] = 1
            free_need[needs[edge]] -= 1
            free_lot[lots[edge]] -= 1
    return ints(units)


def _problem(tasks: list[Task], members: list[Member], *, radius_m: int) -> tuple[MatchProblem, Ints]:
    """Return the market and (n_edges,) metres; a pair is worth the price less the way, nothing at the radius."""
    edges = [
        (i, j, round(away))
        for i, task in enumerate(tasks)
        for j, member in enumerate(members)
        if abs(task.place.lat - member.place.lat) * 110_000 <= radius_m
        if (away := distance_m(*task.place, *member.place)) <= radius_m
    ]
    need, lot, metres = (ints(column) for column in zip(*edges, strict=True))
    limit = ints([task.price_fen for task in tasks])[need]
    surplus = ints(limit * (radius_m - metres) // radius_m)
    kept = np.flatnonzero(surplus > 0)
    problem = MatchProblem(
        need=ints(need[kept]),
        lot=ints(lot[kept]),
        surplus_fen=ints(surplus[kept]),
        floor_fen=ints(np.zeros(kept.size, dtype=np.int64)),
        ceiling_fen=ints(limit[kept]),
        quantity=ints(np.ones(len(tasks), dtype=np.int64)),
        capacity=ints([member.quota for member in members]),
        need_key=ints(np.arange(len(tasks))),
        lot_key=ints(np.arange(len(members))),
    )
    return problem, ints(metres[kept])


def _members(path: Path) -> tuple[list[Member], list[str]]:
    """Return the members one can believe, and the codes of those whose place cannot be where they work."""
    city = divisions.find(GUANGZHOU)
    near = (city.lat, city.lng) if city and city.lat is not None and city.lng is not None else None
    members, dirty = [], []
    for row in _rows(path):
        given = Degrees(float(row["lat"]), float(row["lon"]))
        place = datum.to_wgs84(given, datum.Datum.GCJ02)
        wrong = abs(given.lat) > 90 or import_checks.place(*place, near=near) is not None
        if wrong:
            dirty.append(row["member_id"])
        elif int(row["quota"]) > 0:
            members.append(Member(row["member_id"], place, int(row["quota"]), row["start_time"]))
    return members, dirty


def _task(row: dict[str, str]) -> Task:
    place = datum.to_wgs84(Degrees(float(row["lat"]), float(row["lon"])), datum.Datum.GCJ02)
    return Task(row["task_id"], place, round(float(row["price_cny"]) * 100))


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))
