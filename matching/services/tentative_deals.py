"""What a side of a tentative deal may do: have it proposed at once instead of waiting for something better."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from accounts.core.actor import Actor
from common import audit
from common.errors import Refused, gettext_noop
from marketplace.selectors import demands, listings
from matching import policies
from matching.models import TentativeDeal
from matching.services import tentative_rows


class PartnerChanged(Refused):
    """The two are no longer together in the best plan of this moment."""


@transaction.atomic
def propose_now(demand: UUID, listing: UUID, *, by: Actor, at: datetime) -> TentativeDeal:
    """Ask for an early proposal of what the live market holds best now; whoever asked first stands for it.

    Nothing is concluded: the live market proposes it within moments, by the rules of any proposal, if the two are
    still together then.

    Raises:
        TentativeDeal.DoesNotExist: `by` may speak for neither side of what the two codes name.
        PartnerChanged: a better partner has come, or the deal is gone.
    """
    if not policies.may_bind(by):
        raise TentativeDeal.DoesNotExist
    together = TentativeDeal.objects.select_for_update(of=("self",)).joined().of_organisation(by.organisation_id)
    deal = together.filter(demand__code=demand, listing__code=listing).first()
    if deal is None:
        if not (demands.own(by).filter(code=demand).exists() or listings.own(by).filter(code=listing).exists()):
            raise TentativeDeal.DoesNotExist
        raise PartnerChanged(
            gettext_noop("The two are no longer each other's best partners."),
            fix=gettext_noop("Look again: the page shows who is now."),
        )
    if deal.asked_at is None:
        deal.asked_at, deal.asked_by_id = at, by.organisation_id
        deal.save(update_fields=["asked_at", "asked_by"])
        tentative_rows.tell([deal])
        audit.record("tentative.propose_now", deal.demand, by=by, at=at, listing=str(deal.listing.code))
    return deal
