"""Authorities, their officers and their clients."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.gis.geos import Point

from accounts.core.actor import SYSTEM, Actor
from accounts.models import Organisation
from accounts.selectors import actors
from governance.models import Complaint, Rating
from marketplace.models import Demand, Listing, Order
from matching.models import Claim, Round, RoundTerms
from matching.services import round_terms
from supervision.core.reader import Reader, Scope
from supervision.models import Agency
from supervision.selectors import agencies as agency_selectors
from supervision.services import agencies
from tests.make.accounts import MONDAY_9AM, _numbers, organisation, user
from tests.make.marketplace_orders import offer, order, wish
from tests.make.matching import fitting_offer, fitting_wish, run_round

ALL_SCOPES = tuple(Scope)


def agency(*division_codes: str, scopes: tuple[str, ...] = ALL_SCOPES, at: datetime = MONDAY_9AM) -> Agency:
    """An authority of Xiamen that may read everything there, unless told otherwise."""
    return agencies.create(
        name=f"测试监管机构{next(_numbers)}",
        level="city",
        division_codes=division_codes or ("350200",),
        scopes=scopes,
        legal_basis="测试依据",
        by=SYSTEM,
        at=at,
    )


def officer(agency_: Agency | None = None) -> Actor:
    """A new user who reads for the authority on the pages."""
    made = user()
    agencies.add_officer(agency_ or agency(), user_id=made.pk, by=SYSTEM, at=MONDAY_9AM)
    return actors.actor_for(made)


def agency_client(agency_: Agency | None = None) -> agencies.IssuedClient:
    """A new client of the authority, with its secret."""
    return agencies.issue_client(agency_ or agency(), label="测试客户端", by=SYSTEM, at=MONDAY_9AM)


def reader(agency_: Agency | None = None) -> Reader:
    """An officer of the authority, as the services take readers."""
    return agency_selectors.reader_for(officer(agency_))


@dataclass(frozen=True)
class Market:
    """One row of each supervised kind, all in one division, and what must never be read about them."""

    provider: Organisation
    consumer: Organisation
    listing: Listing
    demand: Demand
    order: Order
    rating: Rating
    complaint: Complaint
    round: Round


SECRETS = ("机密备注", "某某路1号", "投诉正文", "评价正文", "详细说明")


def market(division_code: str = "350203") -> Market:
    """A provider and a consumer with a deal that was rated and complained about, and a round."""
    place = Point(118.0894, 24.4793, srid=4326)
    provider = organisation(division_code=division_code, address=SECRETS[1], place=place)
    consumer = organisation(division_code=division_code, introduction=SECRETS[4])
    listing = offer(
        owner=provider, division_code=division_code, place=place, address=SECRETS[1], description=SECRETS[4],
        reserve_price_fen=8_000,
    )  # fmt: skip
    demand = wish(owner=consumer, division_code=division_code, description=SECRETS[4], budget_fen=77_777)
    made = order(listing, consumer=consumer)
    Order.objects.filter(pk=made.pk).update(note=SECRETS[0])
    rating = Rating.objects.create(
        order=made, rater=consumer, rated=provider, of_provider=True, stars=4, as_described=4, on_time=5, quality=4,
        conduct=5, text=SECRETS[3], written_by=user(), submitted_at=MONDAY_9AM, opens_at=MONDAY_9AM,
        revealed_at=MONDAY_9AM,
    )  # fmt: skip
    complaint = Complaint.objects.create(
        order=made, complainant=consumer, respondent=provider, category="late", title=SECRETS[2], text=SECRETS[2],
        remedy="refund", claim_fen=5_000, state="accepted", since_at=MONDAY_9AM, created_at=MONDAY_9AM,
        submitted_at=MONDAY_9AM, accepted_at=MONDAY_9AM,
    )  # fmt: skip
    return Market(provider, consumer, listing, demand, made, rating, complaint, match_round())


def claim(round_: Round, party: Organisation, **fields) -> Claim:
    """A claim of 5 yuan in Xiamen, of a need that got nothing, with the sums of the round that it alone makes."""
    RoundTerms.objects.update_or_create(
        round=round_,
        defaults={
            "n_claims": 1, "claims_fen": 500, "quotas_fen": 0, "n_rejected": 1, "rejected_fen": 500, "n_made_whole": 0,
            "made_whole_fen": 0,
        },
    )  # fmt: skip
    defaults = {
        "side": "need", "direction": "capacity", "division_code": "350203", "lost_fen": 500, "is_rejected": True,
        "made_whole_fen": 0,
    }  # fmt: skip
    return Claim.objects.create(round=round_, organisation=party, **(defaults | fields))


def scarce_market(*, at: datetime) -> str:
    """Twelve needs for ten offers in Xiamen, of as many parties, and a round at `at`; return their direction."""
    for _ in range(12):
        fitting_wish()
    for _ in range(10):
        fitting_offer(division_code="350203")
    found = run_round(directions=["instruments"])
    Round.objects.filter(pk=found.pk).update(at=at)
    round_terms.make(found.code)
    return "instruments"


def match_round() -> Round:
    """A small round with a certificate that holds."""
    numbers = {
        field.name: 0 for field in Round._meta.fields if field.name.endswith(("_fen", "_ms")) or field.name[:2] == "n_"
    }
    return Round.objects.create(
        at=MONDAY_9AM, trigger="command", directions=["equipment"], parameters={}, software={}, blocking=0, unfair=0,
        is_sound=True, is_exact=True, input_sha256="0" * 64, outcome_sha256="1" * 64, **numbers,
    )  # fmt: skip
