"""From the used edges of an outcome to proposals, with everything that explains them."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from uuid import UUID, uuid4

import numpy as np
from django.contrib.gis.geos import Point

from marketplace.selectors.candidates import Degrees
from matching.core.build import Part
from matching.core.check import Decided
from matching.core.components import edges_by_component
from matching.core.explain import next_best, rank_within
from matching.core.problem import Ints, MatchProblem, ints
from matching.core.settle import of_deal, payments
from matching.models import Component, Proposal, Round
from matching.selectors.gathered import GatheredSection
from matching.services.round_aids import Aid

ANSWER_TIME = timedelta(days=3)


def from_parts(
    round_: Round,
    section: GatheredSection,
    rows: Sequence[tuple[Component, Decided]],
    *,
    aid: Aid | None = None,
    at: datetime,
) -> Iterator[Proposal]:
    """Yield one proposal per deal; parts whose certificate is not sound propose nothing.

    Args:
        aid: the section's bonuses, where there are any.
    """
    bundle: dict[int, UUID] = {}
    for component, one in rows:
        if not one.certificate.is_sound:
            continue
        part, decided, problem = one.part, one.outcome, one.part.problem
        units, price = decided.units, decided.unit_price_fen
        paid, gain = payments(part, units, price), _gains(one)
        rank, size = _ranks(one)
        following = _next_best(one)
        low, high = _price_range(one)
        for edges in _deals(one):
            edge = int(edges[0])
            need_row, lot_row = int(part.needs[problem.need[edge]]), int(part.lots[problem.lot[edge]])
            section_edge = int(part.edges[edge])
            need, lot = section.needs[need_row], section.lots[lot_row]
            leg = int(section.rows.edges.leg[section_edge])
            unit_price_fen, setup_fen = int(price[edge]), int(part.setup_fen[edge])
            next_lot, next_missing_fen = following.get(int(problem.need[edge]), (None, None))
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
                quantity=int((units[edges] * part.deal_units[edges]).sum()),
                unit=lot.unit,
                unit_price_fen=unit_price_fen,
                setup_fen=setup_fen,
                total_fen=int(paid[edges].sum()),
                low_unit_price_fen=min(int(low[edge]), unit_price_fen),
                high_unit_price_fen=max(int(high[edge]), unit_price_fen),
                limit_fen=int(section.rows.legs.limit_fen[leg]),
                reserve_fen=int(section.rows.edges.reserve_fen[section_edge]),
                gain_fen=max(int(gain[edges].sum()), 0),
                entrant_bonus_bp=int(aid.entrant_bp[section_edge]) if aid else 0,
                memory_bonus_bp=int(aid.memory_bp[section_edge]) if aid else 0,
                is_by_bonus=aid is not None and (leg, lot.id) not in aid.made,
                fit_bp=int(section.rows.edges.fit_bp[section_edge]),
                fit_terms=section.fit_terms(section_edge),
                distance_m=None
                if lot.place is None or need.place is None
                else int(section.rows.edges.distance_m[section_edge]),
                rank=int(rank[edge]),
                n_candidates=int(size[edge]),
                next_listing_id=None if next_lot is None else section.lots[next_lot].id,
                next_missing_fen=next_missing_fen,
                period=need.period,
                weeks=_weeks(section, part, units, edges),
                consumer_place=_rounded(need.place),
                provider_place=_rounded(lot.place),
                made_at=at,
                expires_at=at + ANSWER_TIME,
            )


def _deals(one: Decided) -> Iterator[Ints]:
    """Yield the used edges of each deal that was made, in the order of their first ones."""
    used = ints(np.flatnonzero(one.outcome.units))
    component = one.part.deal[used]
    _, first, number = np.unique(component, return_index=True, return_inverse=True)
    rank = np.empty(first.size, dtype=np.int64)
    rank[np.argsort(first)] = np.arange(first.size)
    for positions in edges_by_component(ints(rank[number])):
        yield ints(used[positions])


def _gains(one: Decided) -> Ints:
    """Return (n_edges,) the surplus of both sides in fen without bonuses, a deal's setup taken off where it is paid."""
    problem, units = one.part.problem, one.outcome.units
    gross = (problem.surplus_fen - one.part.bonus_fen) * units
    if isinstance(problem, MatchProblem):
        return ints(gross)
    return ints(gross - payments(one.part, units, ints(np.zeros_like(units))))


def _ranks(one: Decided) -> tuple[Ints, Ints]:
    """Return for each edge the place of its deal among its need's candidates, by surplus, and their number."""
    problem, deal = one.part.problem, one.part.deal
    _, first, of = np.unique(deal, return_index=True, return_inverse=True)
    rank, size = rank_within(ints(problem.need[first]), ints((problem.surplus_fen - one.part.bonus_fen)[first]))
    return ints(rank[of]), ints(size[of])


def _weeks(section: GatheredSection, part: Part, units: Ints, edges: Ints) -> list[list[int]]:
    """Return [calendar week, quantity] of a deal, the earliest first; nothing where no week is promised."""
    weeks = section.rows.lots.week[part.lots[part.problem.lot[edges]]].tolist()
    return [[week, quantity] for week, quantity in sorted(zip(weeks, units[edges].tolist(), strict=True)) if week >= 0]


def _next_best(one: Decided) -> dict[int, tuple[int, int]]:
    """Return, by need of the part, the section's row of the next best lot and its missing fen per real unit."""
    problem, decided = one.part.problem, one.outcome
    if not isinstance(problem, MatchProblem):
        return {}
    found = next_best(
        problem,
        decided.units,
        deal=one.part.deal,
        need_fen=decided.need_fen,
        lot_fen=decided.lot_fen,
    )
    units = dict(zip(problem.need.tolist(), one.part.deal_units.tolist(), strict=True))
    return {need: (int(one.part.lots[best.lot]), -(-best.missing_fen // units[need])) for need, best in found.items()}


def _price_range(one: Decided) -> tuple[Ints, Ints]:
    """Return, by edge, the lowest and highest price of a real unit that supports the plan, in whole fen."""
    part, decided, problem, units = one.part, one.outcome, one.part.problem, one.outcome.units
    if not isinstance(problem, MatchProblem):
        return decided.unit_price_fen, decided.unit_price_fen
    goods = problem.floor_fen - part.setup_fen
    low = -(-(goods + decided.lot_low_fen[problem.lot]) // part.deal_units)
    high = (goods + decided.lot_high_fen[problem.lot]) // part.deal_units
    return of_deal(part, units, ints(low)), of_deal(part, units, ints(high))


def _rounded(place: Degrees | None) -> Point | None:
    """Return the place to two decimals of a degree, about a kilometre, for the public map."""
    return None if place is None else _point(round(place[0], 2), round(place[1], 2))


@lru_cache(maxsize=65_536)
def _point(longitude: float, latitude: float) -> Point:
    return Point(longitude, latitude, srid=4326)
