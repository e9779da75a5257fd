"""Carries demo orders to every state through the same services that people use, at instants that have passed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from accounts.core.actor import Actor
from governance.core.complaint_inputs import StepWords
from governance.core.complaint_terms import Category, Finding, Remedy
from governance.services import complaints, ratings
from governance.services.complaints import ComplaintWords
from governance.services.ratings import RatingWords
from marketplace.core.deal import Line
from marketplace.core.parts import Slot
from marketplace.directions import Lifecycle, direction
from marketplace.selectors import orders as order_reads
from marketplace.services import bookings, deliveries, milestones, order_ending, orders

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class OnOffer:
    """A published demo listing, and who may answer for it."""

    code: UUID
    direction: str
    unit: str
    minimum_lot: int
    lead_time_days: int
    provider: Actor


@dataclass(frozen=True)
class Asked:
    """An order that was asked for, by whom, of whom and when; a bundle has several answerers."""

    code: UUID
    answers: Sequence[tuple[UUID, Actor]]
    consumer: Actor
    at: datetime


def ask(offers: Sequence[OnOffer], consumer: Actor, *, at: datetime, turn: int) -> Asked:
    """Ask for one listing, or for several at once where the direction sells bundles.

    Args:
        turn: shifts the hours asked for, so that no two demo deals want the same ones.
    """
    lines = [_line(offer, at, turn) for offer in offers]
    if len(lines) > 1:
        order = orders.request_bundle(lines, by=consumer, at=at)
        legs = order_reads.deal(order.code, viewer=consumer).legs
        by_organisation = {offer.provider.organisation_id: offer.provider for offer in offers}
        return Asked(order.code, [(leg.code, by_organisation[leg.provider_id]) for leg in legs], consumer, at)
    line = lines[0]
    order = orders.request(
        line.listing_code,
        quantity=line.quantity,
        start=line.start,
        end=line.end,
        slots=line.slots,
        by=consumer,
        at=at,
    )
    return Asked(order.code, [(order.code, offers[0].provider)], consumer, at)


def _line(offer: OnOffer, at: datetime, turn: int) -> Line:
    first = (at + (offer.lead_time_days + 1 + turn % 5) * DAY).replace(hour=1, minute=0, second=0, microsecond=0)
    if direction(offer.direction).lifecycle == Lifecycle.SLOTS and offer.unit == "machine_hour":
        start = first + (turn % 4) * 2 * HOUR
        return Line(offer.code, 2, 0, slots=(Slot(start, start + 2 * HOUR),))
    return Line(offer.code, offer.minimum_lot, 0, start=first, end=first + 21 * DAY)


def accept(asked: Asked) -> None:
    for code, provider in asked.answers:
        orders.accept(code, by=provider, at=asked.at + 2 * HOUR)


def refuse(asked: Asked) -> None:
    code, provider = asked.answers[0]
    orders.refuse(code, reason="演示：档期已满", by=provider, at=asked.at + 3 * HOUR)


def withdraw(asked: Asked) -> None:
    orders.withdraw(asked.code, reason="演示：需求有变", by=asked.consumer, at=asked.at + HOUR)


def begin(asked: Asked) -> None:
    accept(asked)
    for code, provider in asked.answers:
        orders.start(code, by=provider, at=asked.at + 3 * HOUR)


def cancel(asked: Asked) -> None:
    accept(asked)
    order_ending.cancel(asked.code, reason="演示：项目延期", by=asked.consumer, at=asked.at + 5 * HOUR)


def finish(asked: Asked) -> None:
    """Use, hand in or ship every part, and accept it."""
    accept(asked)
    for code, provider in asked.answers:
        _finish_parts(code, provider, asked)


def _finish_parts(code: UUID, provider: Actor, asked: Asked) -> None:
    deal = order_reads.deal(code, viewer=provider)
    for booking in deal.bookings:
        bookings.start(booking.code, by=provider, at=booking.period.lower)
        bookings.finish(booking.code, by=provider, at=booking.period.upper)
    done = asked.at + 4 * DAY
    for milestone in deal.milestones:
        milestones.submit(milestone.code, note="演示：成果说明", by=provider, at=done)
        milestones.accept(milestone.code, by=asked.consumer, at=done + 3 * HOUR)
    for delivery in deal.deliveries:
        deliveries.ship(delivery.code, waybill=f"DEMO{delivery.pk:06d}", by=provider, at=done)
        deliveries.accept(delivery.code, by=asked.consumer, at=done + 3 * HOUR)


def close(asked: Asked, *, stars: int = 5) -> None:
    """Finish, and let both sides rate, which opens both ratings and closes the order."""
    finish(asked)
    for code, provider in asked.answers:
        rate(code, asked.consumer, stars=stars, at=asked.at + 12 * DAY)
        rate(code, provider, stars=5, at=asked.at + 12 * DAY + HOUR)


def rate(code: UUID, by: Actor, *, stars: int, at: datetime) -> None:
    text = {5: "演示：按时交付，沟通顺畅。", 4: "演示：总体满意。", 3: "演示：交付晚了一天。"}.get(
        stars, "演示：与描述有出入。"
    )
    ratings.submit(code, RatingWords(stars, stars, stars, stars, stars, text), by=by, at=at)


def dispute(asked: Asked, mediator: Actor, *, until: str) -> None:
    """Complain about a deal under way and carry the complaint to `until`."""
    begin(asked)
    code, provider = asked.answers[0]
    at = asked.at + DAY
    words = ComplaintWords(Category.QUALITY, "演示：尺寸超差", "演示：首件三处尺寸超出图纸公差。", Remedy.REDO)
    complaint = complaints.file(words, order_code=code, by=asked.consumer, at=at)
    steps: tuple[tuple[str, Actor, StepWords | None], ...] = (
        ("acknowledge", mediator, None),
        ("accept", mediator, None),
        ("reply", provider, StepWords(text="演示：同意复检。")),
        ("mediate", asked.consumer, None),
        ("propose", mediator, StepWords(text="演示：免费返工三件，五日内完成。", finding=Finding.SHARED)),
        ("agree", asked.consumer, None),
        ("agree", provider, None),
        ("perform", provider, StepWords(text="演示：已返工并复检合格。")),
        ("confirm", asked.consumer, StepWords(satisfaction=4)),
    )
    for hours, (name, by, said) in enumerate(steps, start=1):
        if until == "file":
            return
        complaints.move(complaint.code, name, words=said, by=by, at=at + hours * HOUR)
        if name == until:
            return


# What becomes of demo orders, and how many days ago they were asked for.
FATES: tuple[tuple[str, int, Callable[[Asked], None] | None], ...] = (
    ("proposed", 1, None),
    ("agreed", 1, accept),
    ("in_progress", 2, begin),
    ("refused", 20, refuse),
    ("withdrawn", 21, withdraw),
    ("expired", 25, None),
    ("cancelled", 18, cancel),
    ("completed", 13, finish),
    ("closed", 45, close),
)
