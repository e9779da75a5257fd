"""Ask for quotes on a demand, and stop asking."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction

from accounts.core.actor import SYSTEM, Actor
from common import audit, events
from common.db import violated_constraint
from common.errors import Refused, gettext_noop
from marketplace import directions, policies
from marketplace.core.demand_states import DemandState
from marketplace.core.quote_states import INQUIRY, LIVE, InquiryState
from marketplace.models import Demand, Inquiry
from marketplace.services import quote_rows

UNLESS_SAID = timedelta(days=14)  # how long a demand without a deadline takes offers


class InquiryRefused(Refused):
    """Quotes cannot be asked for like this."""


@transaction.atomic
def open_for(
    demand_code: UUID, *, closes_at: datetime, quantity: int = 0, note: str = "", by: Actor, at: datetime
) -> Inquiry:
    """Call for quotes on one's own published demand until `closes_at`.

    Args:
        quantity: in the demand's unit; 0 for all of it.

    Raises:
        Demand.DoesNotExist: no such demand, or not `by`'s own.
        InquiryRefused: the demand is not published, asks already, or the time is too short.
    """
    consumer_id = policies.require_binding(by)
    demand = Demand.objects.get(code=demand_code, owner_id=consumer_id)
    if demand.state != DemandState.PUBLISHED:
        raise InquiryRefused(
            gettext_noop("Quotes can be asked for on a published demand only."),
            fix=gettext_noop("Publish the demand first."),
        )
    if closes_at <= at:
        raise InquiryRefused(gettext_noop("The closing time must lie in the future."), field="closes_at")
    inquiry = Inquiry(
        demand=demand,
        consumer_id=consumer_id,
        quantity=quantity or demand.quantity,
        unit=demand.unit,
        is_sealed=directions.direction(demand.direction).is_sealed,
        note=note,
        opened_at=at,
        closes_at=closes_at,
    )
    try:
        with transaction.atomic():
            inquiry.save()
    except IntegrityError as error:
        if violated_constraint(error) != "inquiry_one_open_per_demand":
            raise
        raise InquiryRefused(gettext_noop("Quotes are being asked for on this demand already.")) from error
    audit.record("inquiry.open", inquiry, by=by, at=at)
    events.publish("inquiry.opened", audience=(consumer_id,), inquiry=inquiry.code, demand=demand.code)
    return inquiry


@transaction.atomic
def for_offer(demand_code: UUID, *, by: Actor, at: datetime) -> Inquiry:
    """Return the open inquiry of a published demand; a demand that was only published becomes one, to its deadline.

    Raises:
        Demand.DoesNotExist: no such demand.
        InquiryRefused: it is not published, or its deadline has passed.
    """
    demand = Demand.objects.select_for_update().get(code=demand_code)
    found = demand.inquiries.filter(state=InquiryState.OPEN).first()
    if found is not None:
        return found
    closes_at = demand.deadline_at or at + UNLESS_SAID
    if demand.state != DemandState.PUBLISHED or closes_at <= at:
        raise InquiryRefused(gettext_noop("This demand takes no more offers."))
    inquiry = Inquiry.objects.create(
        demand=demand,
        consumer_id=demand.owner_id,
        quantity=demand.quantity,
        unit=demand.unit,
        is_sealed=directions.direction(demand.direction).is_sealed,
        opened_at=at,
        closes_at=closes_at,
    )
    audit.record("inquiry.open", inquiry, by=by, at=at)
    events.publish("inquiry.opened", audience=(demand.owner_id,), inquiry=inquiry.code, demand=demand.code)
    return inquiry


@transaction.atomic
def close(code: UUID, *, by: Actor, at: datetime) -> Inquiry:
    """Stop asking without an award; every quote that stands is declined, a sealed one unread.

    Raises:
        Inquiry.DoesNotExist: no such inquiry, or not `by`'s own.
        TransitionRefused: it is awarded or closed already.
    """
    inquiry = quote_rows.locked_inquiry(code, by=by)
    end(inquiry, "close", by=by, at=at)
    return inquiry


def end(inquiry: Inquiry, move: str, *, by: Actor, at: datetime) -> None:
    """Make the last move of an inquiry and decline every quote that still stands."""
    inquiry.state = INQUIRY.target(inquiry.state, move, policies.inquiry_parties(by, inquiry))
    inquiry.save()
    for quote in inquiry.quotes.filter(state__in=LIVE).select_related("provider"):
        quote.inquiry = inquiry
        quote_rows.move(quote, "decline", parties={"system"}, by=SYSTEM, at=at)
    audit.record(f"inquiry.{move}", inquiry, by=by, at=at)
