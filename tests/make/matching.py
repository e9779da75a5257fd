"""Needs and offers that a round can bring together, rounds, and proposals."""

from datetime import datetime, timedelta
from typing import Any

from psycopg.types.range import TimestamptzRange

from accounts.core.actor import SYSTEM
from accounts.models import Organisation
from marketplace.directions import Lifecycle, direction
from marketplace.models import Demand, DemandLeg, Listing
from matching.models import Proposal, Round
from matching.services import rounds
from tests.make.accounts import MONDAY_9AM, XIAMEN
from tests.make.marketplace_orders import offer, wish

FORTNIGHT = TimestamptzRange(MONDAY_9AM + timedelta(days=1), MONDAY_9AM + timedelta(days=15))
# Attributes under which offer and need of a direction fit in full.
OFFERED: dict[str, dict[str, Any]] = {
    "instruments": {"category": "analytical.electron"},
    "skills": {"field": "design", "specialities": ["design.structure"]},
    "equipment": {"machine": "cutting.cnc_lathe"},
    "resources": {"leg": "logistics", "services": ["logistics.ftl"]},
    "capacity": {"process": "plastic.injection"},
}
WANTED = {
    "instruments": {"category": "analytical.electron"},
    "skills": {"field": "design", "speciality": "design.structure"},
    "equipment": {"machine": "cutting.cnc_lathe"},
    "resources": {},
    "capacity": {"process": "plastic.injection"},
}


def fitting_offer(code: str = "instruments", *, owner: Organisation | None = None, **fields) -> Listing:
    """A published offer in Xiamen that any `fitting_wish` of the direction fits; asked 100, taken 60 yuan."""
    defaults = {"attributes": OFFERED[code], "place": XIAMEN, "reserve_price_fen": 6_000}
    if direction(code).lifecycle == Lifecycle.QUANTITY:
        defaults["capacity_per_week"] = 100
    return offer(code, owner=owner, **(defaults | fields))


def fitting_wish(code: str = "instruments", *, owner: Organisation | None = None, **fields) -> Demand:
    """A published need in Xiamen for two weeks from Tuesday, at most 90 yuan a unit."""
    defaults = {
        "attributes": WANTED[code],
        "place": XIAMEN,
        "radius_m": 50_000,
        "period": FORTNIGHT,
        "budget_fen": 9_000,
    }
    return wish(code, owner=owner, **(defaults | fields))


def leg(demand: Demand, *, attributes: dict, ordinal: int = 1, **fields) -> DemandLeg:
    """One leg of a bundle, one trip for at most 90 yuan."""
    defaults = {"title": f"环节{ordinal}", "quantity": 1, "unit": "trip", "budget_fen": 9_000}
    return DemandLeg.objects.create(demand=demand, ordinal=ordinal, attributes=attributes, **(defaults | fields))


def run_round(*, at: datetime = MONDAY_9AM, **fields) -> Round:
    """A round over everything that is published, run by the clock."""
    return rounds.run(by=SYSTEM, at=at, **fields)


def proposal(
    code: str = "instruments", *, consumer: Organisation | None = None, provider: Organisation | None = None
) -> Proposal:
    """The proposal that a round makes for one fitting need and offer."""
    demand = fitting_wish(code, owner=consumer)
    fitting_offer(code, owner=provider)
    return Proposal.objects.joined().get(round=run_round(directions=[code]), demand=demand)
