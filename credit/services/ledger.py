"""Writes facts into the ledger, and hears those who dispute one."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from accounts.core.actor import Actor
from common import audit, events
from common.errors import Refused, gettext_noop
from credit import policies
from credit.core.kinds import EventKind, ObjectionState, Source
from credit.models import CreditEvent, Objection
from credit.selectors import rules
from credit.services import standing


class ObjectionRefused(Refused):
    """The fact cannot be objected to, or the objection is already decided."""


@transaction.atomic
def record(
    *,
    organisation_id: int,
    kind: EventKind,
    source: Source,
    source_code: str,
    occurred_at: datetime,
    at: datetime,
    value: float | None = None,
    amount_fen: int | None = None,
    counterparty_id: int | None = None,
    effect_until: datetime | None = None,
    basis: str = "",
) -> CreditEvent:
    """Add one fact about a party and compute its standing anew.

    The same fact from the same source may be reported again: the first stays and is returned.

    Args:
        value: 0 (bad) to 1 (good), for ratings only.
        amount_fen: the order's value, from which the rules make the weight of a rating.
        counterparty_id: who rated; repeats of the same pair count less.
        effect_until: where the effect ends by itself; without it the effect fades.
        basis: rule, law or document number behind it.
    """
    weight = 1.0 if amount_fen is None else rules.in_force(at).order_weight(amount_fen)
    event, is_new = CreditEvent.objects.get_or_create(
        organisation_id=organisation_id,
        kind=kind,
        source=source,
        source_code=source_code,
        defaults={
            "value": value,
            "weight": weight,
            "counterparty_id": counterparty_id,
            "occurred_at": occurred_at,
            "effect_until": effect_until,
            "basis": basis,
            "recorded_at": at,
        },
    )
    if is_new:
        standing.recompute(organisation_id, at=at)
        events.publish("credit.recorded", audience=(organisation_id,), event=event.code)
    return event


@transaction.atomic
def contest(event_code: UUID, *, reason: str, by: Actor, at: datetime) -> Objection:
    """File an objection against a fact about one's own party.

    Raises:
        CreditEvent.DoesNotExist: no such fact about the party that `by` may speak for.
        ObjectionRefused: an objection was filed before.
    """
    event = CreditEvent.objects.select_for_update().get(code=event_code)
    if not policies.may_object(by, event.organisation_id) or by.user_id is None:
        raise CreditEvent.DoesNotExist
    if Objection.objects.filter(event=event).exists():
        raise ObjectionRefused(
            gettext_noop("An objection to this fact was filed before."),
            fix=gettext_noop("Its answer stands beside the fact."),
        )
    objection = Objection.objects.create(event=event, reason=reason, filed_by_id=by.user_id, filed_at=at)
    audit.record("contest", event, by=by, at=at)
    return objection


@transaction.atomic
def decide(objection_code: UUID, *, upheld: bool, answer: str, by: Actor, at: datetime) -> Objection:
    """Uphold or reject an objection; upheld, the fact stays in the ledger and loses its effect.

    Raises:
        Objection.DoesNotExist: no such objection, or `by` may not decide on it.
        ObjectionRefused: it is decided already.
    """
    objection = Objection.objects.select_for_update(of=("self",)).select_related("event").get(code=objection_code)
    if not policies.may_decide(by, objection.event.organisation_id):
        raise Objection.DoesNotExist
    if objection.state != ObjectionState.OPEN:
        raise ObjectionRefused(gettext_noop("This objection is already decided."))
    objection.state = ObjectionState.UPHELD if upheld else ObjectionState.REJECTED
    objection.answer = answer
    objection.decided_by_id = by.user_id
    objection.decided_at = at
    objection.save()
    standing.recompute(objection.event.organisation_id, at=at)
    audit.record("decide_objection", objection, by=by, at=at, upheld=upheld)
    events.publish("credit.objection_decided", audience=(objection.event.organisation_id,), objection=objection.code)
    return objection
