"""Let an ordinary round decide who does which task of a crowd-work project, and compare with simpler ways."""

import csv
import zlib
from argparse import ArgumentParser
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
from django.core.management.base import BaseCommand
from django.db import transaction
from django.db.models import F, Sum
from django.utils import timezone

from accounts.core.actor import SYSTEM
from marketplace.core.import_states import RowState
from marketplace.management import loading
from marketplace.management.commands import load_crowd_tasks
from matching.core import baselines, build
from matching.core.market import Market, Parameters
from matching.core.problem import Ints, MatchProblem, ints
from matching.models import Proposal, Round, RoundRecord
from matching.services import rounds

PARTIES = (("真实数据：众包任务发布方", 6), ("真实数据：众包任务成员", 7))
# How a plan comes about: from a component, with the order in which each of its lots may choose.
Way = Callable[[MatchProblem, Ints], Ints]


@dataclass(frozen=True)
class Reached:
    """What one way of deciding came to."""

    matched: int
    welfare_fen: int
    distance_m: int
    price_fen: int


class Command(BaseCommand):
    help = "Import tasks.csv and members.csv, run one round over them and print matched, distance and price."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", type=Path)
        parser.add_argument("--radius-km", type=int, default=10)
        parser.add_argument("--keep", action="store_true", help="keep what was imported and proposed")

    def handle(self, *args: Any, **options: Any) -> None:
        radius_m = options["radius_km"] * 1000
        # The way eats the price up at the radius; every member within it is compared.
        parameters = Parameters(
            radius_m=radius_m, distance_scale_m=radius_m, distance_weight_bp=10_000, nearest=1_000_000
        )
        with transaction.atomic():
            at = timezone.now()
            start_of_listing = self._load(options["path"], at)
            found = rounds.run(
                by=SYSTEM, at=at, directions=["skills"], parameters=parameters, trigger=Round.Trigger.COMMAND
            )
            self._report(found, start_of_listing, options["radius_km"])
            transaction.set_rollback(not options["keep"])

    def _load(self, path: Path, at: datetime) -> dict[str, str]:
        """Import both tables, each for a party of its own; return the start time of each member by listing code."""
        runs = []
        for source, (name, number) in zip(load_crowd_tasks.Command().sources(path), PARTIES, strict=True):
            by = loading.party("", name=name, number=number, at=at)
            runs.append(loading.load(source, by=by, publish=True, at=at))
        loading.report(runs, self.stdout)
        title = runs[1].headers.index("title")
        dirty = runs[1].rows.filter(state=RowState.SUSPICIOUS).order_by("number").values_list("cells", flat=True)
        self.stdout.write(f"left out as dirty: {', '.join(cells[title] for cells in dirty)}")
        with (path / "members.csv").open(encoding="utf-8-sig", newline="") as file:
            starts = {load_crowd_tasks.title_of(row): row["start_time"] for row in csv.DictReader(file)}
        listed = runs[1].rows.exclude(code=None).values_list("code", "cells")
        # Hundreds begin at the same minute; by name, since public codes are drawn anew and would decide anew.
        return {str(code): f"{starts[cells[title]]} {cells[title]}" for code, cells in listed}

    def _report(self, found: Round, start_of_listing: Mapping[str, str], radius_km: int) -> None:
        verdict = "exact: no gap, nobody would rather leave" if found.is_exact else f"gap {found.gap_fen} fen"
        self.stdout.write(f"{found.n_edges} pairs within {radius_km} km in {found.n_components} components; {verdict}")
        self.stdout.write(f"{'':<28}matched  welfare CNY  distance km  price CNY  mean m")
        self._line("this round", _proposed(found))
        self._line("greedy", _reached(found, start_of_listing, lambda problem, _: baselines.greedy(problem)))
        self._line("first come by start time", _reached(found, start_of_listing, _members_choose))

    def _line(self, name: str, reached: Reached) -> None:
        self.stdout.write(
            f"{name:<28}{reached.matched:>7}{reached.welfare_fen / 100:>13,.2f}{reached.distance_m / 1000:>13,.1f}"
            f"{reached.price_fen / 100:>11,.2f}{reached.distance_m // max(reached.matched, 1):>8}"
        )


def _proposed(found: Round) -> Reached:
    """Return what the round's proposals, as they were written, come to."""
    rows = Proposal.objects.filter(round=found)
    sums = rows.aggregate(
        gain=Sum("gain_fen", default=0),
        distance=Sum("distance_m", default=0),
        price=Sum(F("limit_fen") * F("quantity"), default=0),
    )
    return Reached(rows.count(), sums["gain"], sums["distance"], sums["price"])


def _reached(found: Round, start_of_listing: Mapping[str, str], way: Way) -> Reached:
    """Return what another way would have come to on the round's own pairs, from its stored input."""
    market = Market.from_bytes(zlib.decompress(RoundRecord.objects.get(round=found).input))
    matched = welfare_fen = distance_m = price_fen = 0
    for section in market.sections:
        starts = ints(np.unique([start_of_listing.get(code, "") for code in section.lots.code], return_inverse=True)[1])
        metres = section.edges.distance_m
        for part in build.parts(section, market.parameters):
            if not isinstance(part.problem, MatchProblem):
                continue
            units = way(part.problem, ints(starts[part.lots]))
            matched += int(units.sum())
            welfare_fen += int((units * part.problem.surplus_fen).sum())
            distance_m += int((units * metres[part.edges]).sum())
            price_fen += int((units * part.problem.ceiling_fen).sum())
    return Reached(matched, welfare_fen, distance_m, price_fen)


def _members_choose(problem: MatchProblem, start: Ints) -> Ints:
    """Return (n_edges,) units when members choose in the order they may begin, each the task worth most to them.

    This is how the real project ran: whoever begins earlier books first, up to their quota.
    """
    keys = (
        problem.need_key[problem.need],
        -problem.surplus_fen,
        problem.lot_key[problem.lot],
        start[problem.lot],
    )
    return baselines.in_order(problem, np.lexsort(keys))
