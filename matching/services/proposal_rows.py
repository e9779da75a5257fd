"""From the used edges of an outcome to proposals, with everything that explains them."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import numpy as np
from django.contrib.gis.geos import Point

from matching.core.check import Decided
from matching.core.explain import next_best, rank_within
from matching.core.mixed import MixedProblem
from matching.core.problem import MatchProblem, ints
from matching.models import Component, Proposal, Round
from matching.selectors.problems import GatheredSection

ANSWER_TIME = timedelta(days=3)


def from_parts(
    round_: Round, section: GatheredSection, rows: Sequence[tuple[Component, Decided]], *, at: datetime
) -> Iterator[Proposal]:
    """Yield one proposal per used edge; parts whose certificate is not sound propose nothing."""
    bundle: dict[int, UUID] = {}
    for component, one in rows:
        if not one.certificate.is_sound:
            continue
        part, decided, problem = one.part, one.outcome, one.part.problem
        rank, size = rank_within(problem.need, problem.surplus_fen)
        following = _next_best(one)
        low, high = _price_range(one)
        for edge in np.flatnonzero(ints(decided.units)).tolist():
            need_row, lot_row = int(part.needs[problem.need[edge]]), int(part.lots[problem.lot[edge]])
            section_edge = int(part.edges[edge])
            need, lot = section.needs[need_row], section.lots[lot_row]
            leg = section.rows.edges.leg[section_edge]
            quantity = int(decided.units[edge]) * int(part.deal_units[edge])
            unit_price_fen, setup_fen = int(decided.unit_price_fen[edge]), int(part.setup_fen[edge])
            next_lot, next_missing_fen = following.get(int(problem.need[edge]), (None, None))
            surplus = int(problem.surplus_fen[edge]) * int(decided.units[edge])
            yield Proposal(
                round=round_,
                component=component,
                direction=section.direction,
                demand_id=need.id,
                demand_version=need.version,
                listing_id=lot.id,
                listing_version=lot.version,
                consumer_id=need.owner_id,
                provider_id=lot.owner_id,
                bundle=bundle.setdefault(need_row, uuid4()),
                is_whole=bool(section.rows.needs.whole[need_row]),
                leg=section.rows.legs.name[leg],
                quantity=quantity,
                unit=lot.unit,
                unit_price_fen=unit_price_fen,
                setup_fen=setup_fen,
                total_fen=quantity * unit_price_fen + setup_fen,
                low_unit_price_fen=min(low[edge], unit_price_fen),
                high_unit_price_fen=max(high[edge], unit_price_fen),
                limit_fen=section.rows.legs.limit_fen[leg],
                reserve_fen=section.rows.edges.reserve_fen[section_edge],
                gain_fen=max(surplus - (setup_fen if isinstance(problem, MixedProblem) else 0), 0),
                fit_bp=section.rows.edges.fit_bp[section_edge],
                fit_terms=section.fit_terms(section_edge),
                distance_m=None
                if lot.place is None or need.place is None
                else section.rows.edges.distance_m[section_edge],
                rank=int(rank[edge]),
                n_candidates=int(size[edge]),
                next_listing_id=None if next_lot is None else section.lots[next_lot].id,
                next_missing_fen=next_missing_fen,
                period=need.period,
                consumer_place=_rounded(need.place),
                provider_place=_rounded(lot.place),
                made_at=at,
                expires_at=at + ANSWER_TIME,
            )


def _next_best(one: Decided) -> dict[int, tuple[int, int]]:
    """Return, by need of the part, the section's row of the next best lot and its missing fen per real unit."""
    problem, decided = one.part.problem, one.outcome
    if not isinstance(problem, MatchProblem):
        return {}
    found = next_best(problem, ints(decided.units), need_fen=ints(decided.need_fen), lot_fen=ints(decided.lot_fen))
    units = dict(zip(problem.need.tolist(), one.part.deal_units.tolist(), strict=True))
    return {need: (int(one.part.lots[best.lot]), -(-best.missing_fen // units[need])) for need, best in found.items()}


def _price_range(one: Decided) -> tuple[list[int], list[int]]:
    """Return, by edge, the lowest and highest price of a real unit that supports the plan, in whole fen."""
    part, decided, problem = one.part, one.outcome, one.part.problem
    if not isinstance(problem, MatchProblem):
        return list(decided.unit_price_fen), list(decided.unit_price_fen)
    goods = problem.floor_fen - part.setup_fen
    low = -(-(goods + ints(decided.lot_low_fen)[problem.lot]) // part.deal_units)
    high = (goods + ints(decided.lot_high_fen)[problem.lot]) // part.deal_units
    return low.tolist(), high.tolist()


def _rounded(place: Point | None) -> Point | None:
    """Return the place to two decimals of a degree, about a kilometre, for the public map."""
    return None if place is None else Point(round(place.x, 2), round(place.y, 2), srid=4326)
