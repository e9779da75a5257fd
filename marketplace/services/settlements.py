"""Record what is due, that it was paid elsewhere, and that an invoice is wanted."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from accounts.core.actor import Actor
from common import audit, events
from common.errors import Refused, gettext_noop
from marketplace import policies
from marketplace.core.order_states import BINDING, OrderParty
from marketplace.models import InvoiceRequest, Order, Settlement
from marketplace.services import payments


class SettlementRefused(Refused):
    """The settlement is not at this point, or it is for the other side to say."""


def record_due(order: Order, *, amount_fen: int, items: list[dict[str, object]], at: datetime) -> Settlement:
    """Write down what the consumer owes the provider for `order`; nothing is collected."""
    settlement, _ = Settlement.objects.update_or_create(
        order=order, defaults={"amount_fen": amount_fen, "items": items, "due_from": at}
    )
    return settlement


@transaction.atomic
def report_paid(order_code: UUID, *, channel: str, reference: str, by: Actor, at: datetime) -> Settlement:
    """The consumer says that it was paid, through `channel` under `reference`.

    Raises:
        Order.DoesNotExist: no such order.
        SettlementRefused: nothing is due, it was reported before, or `by` is not the consumer.
    """
    settlement, order = _locked(order_code, OrderParty.CONSUMER, by)
    if settlement.state != Settlement.State.DUE:
        raise SettlementRefused(gettext_noop("This payment was reported before."))
    receipt = payments.port(channel).look_up(reference, amount_fen=settlement.amount_fen)
    settlement.state = Settlement.State.REPORTED
    settlement.channel, settlement.reference, settlement.reported_at = channel, receipt.reference, at
    settlement.save()
    audit.record("settlement.report_paid", settlement, by=by, at=at, channel=channel)
    events.publish("order.changed", audience=order.party_ids(), order=order.code)
    return settlement


@transaction.atomic
def confirm_paid(order_code: UUID, *, by: Actor, at: datetime) -> Settlement:
    """The provider says that the money arrived.

    Raises:
        Order.DoesNotExist: no such order.
        SettlementRefused: nobody reported a payment, or `by` is not the provider.
    """
    settlement, order = _locked(order_code, OrderParty.PROVIDER, by)
    if settlement.state != Settlement.State.REPORTED:
        raise SettlementRefused(gettext_noop("The consumer has not reported a payment yet."))
    settlement.state, settlement.confirmed_at = Settlement.State.CONFIRMED, at
    settlement.save()
    audit.record("settlement.confirm_paid", settlement, by=by, at=at)
    events.publish("order.changed", audience=order.party_ids(), order=order.code)
    return settlement


@transaction.atomic
def request_invoice(
    order_code: UUID, *, kind: str, title: str, tax_code: str, email: str, by: Actor, at: datetime
) -> InvoiceRequest:
    """The consumer asks the provider for an invoice over what is due.

    Raises:
        Order.DoesNotExist: no such order.
        SettlementRefused: the order binds nobody, one was asked for before, or `by` is not the consumer.
    """
    order = _order(order_code, OrderParty.CONSUMER, by)
    if order.state not in BINDING or order.is_bundle:
        raise SettlementRefused(gettext_noop("An invoice can be asked for once the order is agreed."))
    if InvoiceRequest.objects.filter(order=order).exists():
        raise SettlementRefused(gettext_noop("An invoice was asked for already."))
    due = Settlement.objects.filter(order=order).first()
    invoice = InvoiceRequest.objects.create(
        order=order,
        kind=kind,
        title=title,
        tax_code=tax_code,
        email=email,
        amount_fen=due.amount_fen if due else order.total_fen,
        requested_at=at,
    )
    audit.record("invoice.request", invoice, by=by, at=at)
    events.publish("order.changed", audience=order.party_ids(), order=order.code)
    return invoice


@transaction.atomic
def record_invoice(order_code: UUID, *, number: str, by: Actor, at: datetime) -> InvoiceRequest:
    """The provider writes down the number of the invoice that they issued elsewhere.

    Raises:
        Order.DoesNotExist, InvoiceRequest.DoesNotExist: no such order, or none was asked for.
        SettlementRefused: it was issued before, or `by` is not the provider.
    """
    order = _order(order_code, OrderParty.PROVIDER, by)
    invoice = InvoiceRequest.objects.get(order=order)
    if invoice.state == InvoiceRequest.State.ISSUED:
        raise SettlementRefused(gettext_noop("The invoice was issued before."))
    invoice.state, invoice.number, invoice.issued_at = InvoiceRequest.State.ISSUED, number, at
    invoice.save()
    audit.record("invoice.issue", invoice, by=by, at=at)
    events.publish("order.changed", audience=order.party_ids(), order=order.code)
    return invoice


def _locked(order_code: UUID, party: OrderParty, by: Actor) -> tuple[Settlement, Order]:
    order = _order(order_code, party, by)
    settlement = Settlement.objects.filter(order=order).first()
    if settlement is None:
        raise SettlementRefused(gettext_noop("Nothing is due for this order yet."))
    return settlement, order


def _order(order_code: UUID, party: OrderParty, by: Actor) -> Order:
    """Lock the order for the side that `party` names; Order.DoesNotExist hides it from strangers."""
    order = Order.objects.select_for_update().get(code=order_code)
    if not policies.may_see_order(by, order):
        raise Order.DoesNotExist
    if party not in policies.order_parties(by, order):
        raise SettlementRefused(gettext_noop("This step is for another party to take."))
    return order
