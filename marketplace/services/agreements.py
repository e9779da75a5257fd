"""Write down what the parties agree to, and that they do."""

from datetime import datetime

from common.errors import Refused, gettext_noop
from marketplace.core import cancellation, clocks, terms
from marketplace.directions import UNITS
from marketplace.models import Agreement, AgreementAcceptance, Order


class TermsChanged(Refused):
    """The terms are not those that were read."""


def draw_up(order: Order, *, at: datetime) -> Agreement:
    """Store the next version of the terms of `order`, from its rows as they stand."""
    value = _terms_of(order, version=order.agreements.count() + 1)
    text, unit = terms.canonical(value), UNITS[order.unit]
    return Agreement.objects.create(
        order=order,
        version=value.version,
        terms=terms.plain(value),
        canonical=text,
        sha256=terms.sha256(text),
        text_zh=terms.text_zh(value, unit.zh),
        text_en=terms.text_en(value, unit.en),
        made_at=at,
    )


def accept(order: Order, *, organisation_id: int, user_id: int | None, at: datetime, read_sha256: str = "") -> None:
    """Record that one side accepts the newest terms of `order`.

    Args:
        read_sha256: hash of the terms that were shown; empty when the caller drew them up in the same step.

    Raises:
        TermsChanged: newer terms were drawn up since.
    """
    agreement = order.agreements.latest("version")
    if read_sha256 and read_sha256 != agreement.sha256:
        raise TermsChanged(
            gettext_noop("The terms have changed since you read them."),
            fix=gettext_noop("Reload the page and read them again."),
        )
    AgreementAcceptance.objects.create(agreement=agreement, organisation_id=organisation_id, by_user_id=user_id, at=at)


def _terms_of(order: Order, *, version: int) -> terms.Terms:
    listing, provider = order.listing, order.provider
    if listing is None or provider is None:
        raise TypeError("A bundle has no terms of its own, only its legs have.")
    return terms.Terms(
        order=str(order.code),
        version=version,
        direction=order.direction,
        title=order.title,
        consumer=terms.Side(str(order.consumer.code), order.consumer.name, order.consumer.credit_code or ""),
        provider=terms.Side(str(provider.code), provider.name, provider.credit_code or ""),
        listing=str(listing.code),
        listing_version=listing.version,
        specification=listing.attributes,
        quantity=order.quantity,
        unit=order.unit,
        unit_price_fen=order.unit_price_fen,
        setup_fen=order.setup_fen,
        total_fen=order.total_fen,
        period_start=terms.instant(order.period.lower) if order.period else "",
        period_end=terms.instant(order.period.upper) if order.period else "",
        parts=_parts(order),
        cancellation=cancellation.as_plain(cancellation.DEFAULT_STEPS),
        acceptance_days=clocks.ACCEPTANCE.days,
        note=order.note,
        bundle=str(order.parent.code) if order.parent else "",
    )


def _parts(order: Order) -> list[terms.PartTerms]:
    at = terms.instant
    return [
        *(
            terms.PartTerms("booking", at(b.period.lower), at(b.period.upper), quantity=b.hours)
            for b in order.bookings.order_by("period")
        ),
        *(
            terms.PartTerms("milestone", "", at(m.due_at), amount_fen=m.amount_fen, title=m.title)
            for m in order.milestones.order_by("ordinal")
        ),
        *(
            terms.PartTerms("delivery", at(d.period.lower), at(d.period.upper), quantity=d.quantity)
            for d in order.deliveries.order_by("ordinal")
        ),
    ]
