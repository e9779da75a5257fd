"""Raises alerts about rings of raters; a person confirms or lifts them."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from accounts.core.actor import Actor
from common import audit
from common.db import advisory_lock
from common.errors import Refused, gettext_noop
from credit import policies
from credit.core import rings
from credit.core.kinds import EventKind
from credit.models import CreditEvent, RingAlert, RingMember
from credit.selectors import rings as found_rings
from credit.services import standing


class AlertDecided(Refused):
    """Someone has decided on this alert before."""


@transaction.atomic
def search(*, at: datetime) -> list[RingAlert]:
    """Look for rings in the whole ledger and damp the ratings of those found.

    A rater in an alert that stands, or that a person has lifted, raises no new one.
    """
    advisory_lock("credit.rings", 0)
    seen = set(RingMember.objects.values_list("organisation_id", flat=True))
    alerts = []
    for ring in rings.find(found_rings.praise()):
        if fresh := ring - seen:
            alert = RingAlert.objects.create(found_at=at)
            RingMember.objects.bulk_create(RingMember(alert=alert, organisation_id=i) for i in sorted(fresh))
            _recompute_rated(fresh, at=at)
            alerts.append(alert)
    return alerts


@transaction.atomic
def decide(code: UUID, *, confirmed: bool, reason: str, by: Actor, at: datetime) -> RingAlert:
    """Confirm an alert, or lift it, which gives its members' ratings their full weight back.

    Raises:
        RingAlert.DoesNotExist: no such alert, or `by` may not decide.
        AlertDecided: someone has decided before.
    """
    alert = RingAlert.objects.select_for_update().get(code=code)
    members = set(alert.members.values_list("organisation_id", flat=True))
    if not all(policies.may_decide(by, member) for member in members):
        raise RingAlert.DoesNotExist
    if alert.confirmed_at or alert.lifted_at:
        raise AlertDecided(gettext_noop("Someone has decided on this alert before."))
    if confirmed:
        alert.confirmed_at = at
    else:
        alert.lifted_at = at
    alert.decided_by_id, alert.reason = by.user_id, reason
    alert.save()
    _recompute_rated(members, at=at)
    audit.record("decide_ring", alert, by=by, at=at, confirmed=confirmed)
    return alert


def _recompute_rated(raters: set[int] | frozenset[int], *, at: datetime) -> None:
    rated = CreditEvent.objects.filter(kind=EventKind.RATING_RECEIVED, counterparty_id__in=raters)
    for organisation_id in rated.order_by().values_list("organisation_id", flat=True).distinct():
        standing.recompute(organisation_id, at=at)
