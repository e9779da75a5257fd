"""What one participant needs in order to check its own deal, and nothing that would tell others' secrets.

What a need's owner may see of the price at a lot is the rule of `docs/matching.md`, "Check my own deal": the price at
an offer with a secret reserve is told only where competition made it, so that it would be the same at another reserve.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from matching.core import values
from matching.core.build import Part
from matching.core.check import Decided
from matching.core.market import Parameters, Section
from matching.core.mixed import MixedProblem
from matching.core.problem import Ints, ints
from matching.core.settle import first_of_deals, payments
from matching.core.terms import terms

# How many offers are kept back is told to the next lower multiple of this: an exact number would, asked from several
# needs with limits a little apart, find every reserve.
BAND = 5
# What the gain at an offer is compared with where a pair carries less than its two ends would allow.
UNBOUNDED = -1


@dataclass(frozen=True)
class Line:
    """One compared offer, in one week where it promises by the week, for one unit of the problem.

    Attributes:
        lot, leg: rows of the section.
        per: real units in one unit of the problem: the whole quantity where a need makes one deal.
        limit_fen, fit_bp, distance_m: per real unit, what the worth is made of.
        worth_fen, way_fen: limit times fit, and what the way costs, per real unit.
        bonus_fen: what the round counted beyond that, per real unit; nobody pays it.
        value_fen: worth less way, with the bonus, for `per` units; price_fen: what they cost, one's own deals as
            proposed (see `_prices`), others at the prices of the round; gain_fen: what is left.
        most_units: what the pair can carry, where that is less than its two ends would allow; else UNBOUNDED.
        units: what the plan takes here.
    """

    lot: int
    leg: int
    per: int
    limit_fen: int
    fit_bp: int
    distance_m: int
    worth_fen: int
    way_fen: int
    bonus_fen: int
    value_fen: int
    price_fen: int
    gain_fen: int
    most_units: int
    units: int


@dataclass(frozen=True)
class Deal:
    """What is proposed with one offer, in whichever weeks.

    Attributes:
        need, lot, leg: rows of the section; of several weeks the first lot.
        quantity: real units; unit_price_fen: per real unit; setup_fen: once.
        total_fen: what is paid.
        limit_fen: most the need pays for this part of it; of interest to its owner alone.
        round_fen: what it costs at the prices of its lines, before whole fen and make-whole.
        reserve_fen: least the provider takes per unit, for its own eyes; None where it was taken from the need's limit.
        terms: deals with equal ones have equal prices; empty where no other deal has the same.
    """

    need: int
    lot: int
    leg: int
    quantity: int
    unit_price_fen: int
    setup_fen: int
    total_fen: int
    limit_fen: int
    round_fen: int
    reserve_fen: int | None
    terms: str = ""


@dataclass(frozen=True)
class NeedCheck:
    """What the owner of a need can check.

    Attributes:
        kind: of the component; is_mixed: no prices need support its plan.
        wanted: units of the problem that the need wants; got: that it got.
        gain_fen: what a unit leaves the need that offers compete with: the least that any of its deals leaves, or 0
            while it got less than it wanted; 0 for mixed components.
        lines: the compared offers that may be told, the proposed first, then by falling gain.
        deals: what is proposed.
        withheld_at_least: how many more were compared, to the next lower multiple of BAND.
        kept_fen: what all its deals are worth to it, with bonuses, less what it pays.
        lost_fen: its term of the gap; None where the amount would tell a reserve. `is_lost` says that there is one.
        made_whole_fen: what its partners forgo so that it bears no loss.
        whole_limit_fen: for mixed components, most it pays for all that it wants; else 0.
        gap_fen: of the whole component.
    """

    kind: str
    is_mixed: bool
    wanted: int
    got: int
    gain_fen: int
    lines: tuple[Line, ...]
    deals: tuple[Deal, ...]
    withheld_at_least: int
    kept_fen: int
    lost_fen: int | None
    is_lost: bool
    made_whole_fen: int
    whole_limit_fen: int
    gap_fen: int


@dataclass(frozen=True)
class LotLine:
    """One lot of an offer: all of it, or one week.

    Attributes:
        lot: row of the section; week: calendar week, or -1.
        capacity, sold, left: units, or deals where a need makes one deal only.
        rent_fen: by how much the price of one of them is above the least that the provider takes, quota apart; None
            where that least is taken from the need's limit, so that the amount would tell it.
        lost_fen: rent times what is left, None likewise.
    """

    lot: int
    week: int
    capacity: int
    sold: int
    left: int
    rent_fen: int | None
    lost_fen: int | None


@dataclass(frozen=True)
class LotCheck:
    """What the owner of an offer can check.

    Attributes:
        one_deal_each: units are whole deals.
        is_mixed: some of it was decided without prices that support every deal.
        lines: its lots, in order of weeks; deals: what is proposed to it.
        revenue_fen: what all its deals pay.
        forgone_fen: what its deals pay less than the prices of the round, so that no buyer bears a loss.
    """

    one_deal_each: bool
    is_mixed: bool
    lines: tuple[LotLine, ...]
    deals: tuple[Deal, ...]
    revenue_fen: int
    forgone_fen: int


def need_check(section: Section, parameters: Parameters, one: Decided, row: int) -> NeedCheck:
    """Return what the owner of the need at `row` of the section can check.

    Args:
        one: the component that the need is in.
    """
    part, outcome, problem = one.part, one.outcome, one.part.problem
    units = ints(outcome.units)
    need = int(np.flatnonzero(part.needs == row)[0])
    edges = np.flatnonzero(problem.need == need)
    is_mixed = isinstance(problem, MixedProblem)
    shown = edges[_may_be_told(section, parameters, one, ints(edges))]
    lines = [_line(section, parameters, one, edge) for edge in shown.tolist()]
    lines.sort(key=lambda line: (-line.units, -line.gain_fen, line.lot))
    wanted, got = int(problem.quantity[need]), int(units[edges].sum())
    deals = tuple(_deals(section, parameters, one, ints(edges)))
    found = terms(part, outcome)
    lost, withheld = int(found.need_fen[need]), edges.size - shown.size
    return NeedCheck(
        kind=part.kind,
        is_mixed=is_mixed,
        wanted=wanted,
        got=got,
        gain_fen=0 if is_mixed or got < wanted else min(line.gain_fen for line in lines if line.units),
        lines=tuple(lines),
        # What the provider takes at least is for the provider.
        deals=tuple(
            replace(deal, reserve_fen=None, terms="") for deal in _deals(section, parameters, one, ints(edges))
        ),
        withheld_at_least=withheld // BAND * BAND,
        kept_fen=sum(line.value_fen * line.units for line in lines) - sum(deal.total_fen for deal in deals),
        lost_fen=None if lost and withheld else lost,
        is_lost=lost > 0,
        made_whole_fen=int(found.made_whole_fen[need]) if is_mixed else 0,
        whole_limit_fen=int(problem.limit_fen[need]) if isinstance(problem, MixedProblem) else 0,
        gap_fen=one.certificate.gap_fen,
    )


def lot_check(section: Section, parameters: Parameters, decided: list[Decided], rows: list[int]) -> LotCheck:
    """Return what the owner of the lots at `rows` of the section, all of one offer, can check.

    Args:
        decided: the section's components.
    """
    lines = {row: _alone(section, row) for row in rows}
    deals: list[Deal] = []
    forgone, is_mixed = 0, False
    for one in decided:
        part, problem = one.part, one.part.problem
        own = np.flatnonzero(np.isin(part.lots, rows))
        if not own.size:
            continue
        edges = ints(np.flatnonzero(np.isin(problem.lot, own)))
        made = list(_deals(section, parameters, one, edges))
        deals += made
        if isinstance(problem, MixedProblem):
            is_mixed = True
            is_stated = not any(deal.reserve_fen is None for deal in made)
            forgone += _forgone_fen(one, edges) if is_stated else 0
        for lot in own.tolist():
            lines[int(part.lots[lot])] = _lot_line(section, parameters, one, lot)
    return LotCheck(
        one_deal_each=section.one_deal_each,
        is_mixed=is_mixed,
        lines=tuple(lines[row] for row in sorted(rows, key=lambda row: lines[row].week)),
        deals=tuple(deals),
        revenue_fen=sum(deal.total_fen for deal in deals),
        forgone_fen=forgone,
    )


def leeway_fen(price_fen: int, *, low_fen: int, high_fen: int) -> int:
    """Return by how much a price may surely rise or fall inside its range, in whole yuan, down to one digit.

    The ends themselves are told to nobody: the lower one is the least that this provider takes or what the strongest
    other need would pay, the upper one follows from what the next provider takes or from this need's limit.
    """
    room = max(0, min(price_fen - low_fen, high_fen - price_fen))
    step: int = 10 ** max(2, len(str(room)) - 1)
    return room // step * step


def is_open_reserve(section: Section, parameters: Parameters, edges: Ints) -> np.ndarray:
    """Return (n,) whether the reserve at these edges of the section is no secret of the provider's.

    It is none where it is the listed price, or where it was taken from the need's own limit by the published share.
    """
    reserve = ints(section.edges.reserve_fen)[edges]
    asked = ints(section.lots.asked_fen)[ints(section.edges.lot)[edges]]
    return np.asarray((reserve == asked) | _is_assumed(section, parameters, edges))


def _is_assumed(section: Section, parameters: Parameters, edges: Ints) -> np.ndarray:
    """Return (n,) whether a reserve was taken from the need's limit, as that of offers by quote."""
    limit = ints(section.legs.limit_fen)[ints(section.edges.leg)[edges]]
    asked = ints(section.lots.asked_fen)[ints(section.edges.lot)[edges]]
    share = limit * parameters.quote_share_bp // values.BASIS_POINTS
    return np.asarray((asked < 0) & (ints(section.edges.reserve_fen)[edges] == share))


def _may_be_told(section: Section, parameters: Parameters, one: Decided, edges: Ints) -> np.ndarray:
    """Return (n,) whether the need's owner may see the price at each of its edges."""
    part, problem, outcome = one.part, one.part.problem, one.outcome
    used = ints(outcome.units)[edges] > 0
    told = used | is_open_reserve(section, parameters, ints(part.edges[edges]))
    if isinstance(problem, MixedProblem):
        return np.asarray(told)
    if section.one_deal_each:
        # Here a price holds the reserve as often as a deal has units: two needs of different size would tell it.
        return np.asarray(told)
    lot = problem.lot[edges]
    low = ints(outcome.lot_low_fen)[lot]
    # Competition made even the lowest price, and the need took part in it: neither would change with the reserve.
    worth_it = problem.surplus_fen[edges] >= low
    return np.asarray(told | ((low > 0) & (problem.group[lot] < 0) & worth_it))


def _line(section: Section, parameters: Parameters, one: Decided, edge: int) -> Line:
    part, problem = one.part, one.part.problem
    row, lot = int(part.edges[edge]), int(problem.lot[edge])
    leg, units = int(section.edges.leg[row]), int(one.outcome.units[edge])
    price_fen = int(_prices(section, one, ints([edge]))[0])
    limit = ints([section.legs.limit_fen[leg]])
    fit, way_m = ints([section.edges.fit_bp[row]]), ints([section.edges.distance_m[row]])
    worth = int(values.worth(limit, fit)[0])
    way = values.way(limit, way_m, scale_m=parameters.distance_scale_m, weight_bp=parameters.distance_weight_bp)
    per = int(part.deal_units[edge])
    bonus = int(part.bonus_fen[edge]) // per
    value = (worth - int(way[0]) + bonus) * per
    return Line(
        lot=int(part.lots[lot]),
        leg=leg,
        per=per,
        limit_fen=int(limit[0]),
        fit_bp=int(fit[0]),
        distance_m=int(way_m[0]),
        worth_fen=worth,
        way_fen=int(way[0]),
        bonus_fen=bonus,
        value_fen=value,
        price_fen=price_fen,
        gain_fen=value - price_fen,
        most_units=_most_units(part, edge),
        units=units,
    )


def _prices(section: Section, one: Decided, edges: Ints) -> Ints:
    """Return (n,) what a unit of the problem costs on these edges, as far as its need's owner may know.

    A deal that is made costs what is proposed: of a deal in several weeks the price of each would tell the least that
    the provider takes. A single deal is told before it is divided into whole fen per unit, but not above its listing.
    """
    part, problem, outcome = one.part, one.part.problem, one.outcome
    price = problem.floor_fen[edges] + ints(outcome.lot_fen)[problem.lot[edges]]
    is_made = ints(outcome.units)[edges] > 0
    if not section.one_deal_each:
        return ints(np.where(is_made, ints(outcome.unit_price_fen)[edges], price))
    asked = part.asked_fen[edges]
    listed = asked * part.deal_units[edges] + part.setup_fen[edges]
    return ints(np.where(is_made & (asked >= 0), np.minimum(price, listed), price))


def _forgone_fen(one: Decided, edges: Ints) -> int:
    """Return by how much deals pay less than the prices of the round on these edges, the provider's own knowledge."""
    part, outcome, units = one.part, one.outcome, ints(one.outcome.units)
    price = part.problem.floor_fen + ints(outcome.lot_fen)[part.problem.lot]
    return int(np.maximum((price - ints(outcome.unit_price_fen)) * units, 0)[edges].sum())


def _most_units(part: Part, edge: int) -> int:
    problem = part.problem
    if isinstance(problem, MixedProblem) or not problem.is_bounded[edge]:
        return UNBOUNDED
    return int(problem.max_units[edge])


def _deals(section: Section, parameters: Parameters, one: Decided, among: Ints) -> Iterator[Deal]:
    """Yield the deals that the plan makes on these edges of the component."""
    part, outcome, problem = one.part, one.outcome, one.part.problem
    units, unit_price = ints(outcome.units), ints(outcome.unit_price_fen)
    paid = payments(part, units, unit_price)
    is_mixed = isinstance(problem, MixedProblem)
    firsts = first_of_deals(part, units)
    for first in firsts[np.isin(firsts, among)].tolist():
        edges = np.flatnonzero((part.deal == part.deal[first]) & (units > 0))
        row = int(part.edges[first])
        leg, setup = int(section.edges.leg[row]), int(part.setup_fen[first])
        reserve = int(section.edges.reserve_fen[row])
        quantity = int((units * part.deal_units)[edges].sum())
        is_assumed = bool(_is_assumed(section, parameters, ints([row]))[0])
        lot = int(part.lots[problem.lot[first]])
        is_comparable = edges.size == 1 and not is_mixed and not is_assumed
        yield Deal(
            need=int(part.needs[problem.need[first]]),
            lot=lot,
            leg=leg,
            quantity=quantity,
            unit_price_fen=int(unit_price[first]),
            setup_fen=setup,
            total_fen=int(paid[edges].sum()),
            limit_fen=int(section.legs.limit_fen[leg]) * quantity,
            round_fen=int((_prices(section, one, ints(edges)) * units[edges]).sum()) + (setup if is_mixed else 0),
            reserve_fen=None if is_assumed else reserve,
            terms=f"{lot}/{part.deal_units[first]}/{reserve}/{setup}" if is_comparable else "",
        )


def _alone(section: Section, row: int) -> LotLine:
    """Return the line of a lot that no pair was worth anything with."""
    capacity = int(section.lots.capacity[row])
    return LotLine(row, _week(section, row), capacity, sold=0, left=capacity, rent_fen=0, lost_fen=0)


def _lot_line(section: Section, parameters: Parameters, one: Decided, lot: int) -> LotLine:
    part, outcome, problem = one.part, one.outcome, one.part.problem
    units = ints(outcome.units)
    used = np.flatnonzero((problem.lot == lot) & (units > 0))
    is_secret = bool(_is_assumed(section, parameters, ints(part.edges[used])).any())
    sold, capacity = int(units[used].sum()), int(problem.capacity[lot])
    own = ints(outcome.lot_fen) - np.append(ints(outcome.group_fen), 0)[problem.group]
    rent, row = int(own[lot]), int(part.lots[lot])
    return LotLine(
        lot=row,
        week=_week(section, row),
        capacity=capacity,
        sold=sold,
        left=capacity - sold,
        rent_fen=None if is_secret else rent,
        lost_fen=None if is_secret and rent * (capacity - sold) else rent * (capacity - sold),
    )


def _week(section: Section, row: int) -> int:
    weeks = section.lots.week
    return int(weeks[row]) if len(weeks) else -1
