"""Insert the made-up listings, demands and past orders of the demo, many at a time; all say that they are a demo."""

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import TypeVar

from django.db import transaction

from common.db import copy_in
from marketplace.core.demand_states import DemandState
from marketplace.core.listing_states import ListingState
from marketplace.core.order_states import OrderState
from marketplace.directions import Lifecycle, direction
from marketplace.models import AvailabilityRule, Demand, DemandLeg, Listing, Order
from marketplace.services import demands, listings
from marketplace.services.contents import DemandContent, ListingContent

BATCH = 2_000
# Every day of the week, so that the demo has free hours whatever the day it is loaded.
OPEN_FROM_MINUTE, OPEN_UNTIL_MINUTE = 8 * 60, 22 * 60

Row = TypeVar("Row")


@dataclass(frozen=True)
class DemoListing:
    code: uuid.UUID
    owner_id: int
    direction: str
    content: ListingContent
    published_at: datetime


@dataclass(frozen=True)
class DemoDemand:
    code: uuid.UUID
    owner_id: int
    direction: str
    content: DemandContent
    published_at: datetime


@dataclass(frozen=True)
class DemoOrder:
    """An order of one demo listing that was closed long ago."""

    listing_code: uuid.UUID
    consumer_id: int
    quantity: int
    unit_price_fen: int
    agreed_at: datetime


@transaction.atomic
def insert_listings(rows: Iterable[DemoListing]) -> int:
    """Insert published listings, open from 8 to 22 o'clock every day; return how many."""
    count = 0
    for batch in _batches(rows):
        made = [_listing(row) for row in batch]
        copy_in(made)
        copy_in(
            [
                AvailabilityRule(
                    listing=listing, weekday=weekday, start_minute=OPEN_FROM_MINUTE, end_minute=OPEN_UNTIL_MINUTE
                )
                for listing in made
                for weekday in range(7)
            ]
        )
        count += len(made)
    return count


@transaction.atomic
def insert_demands(rows: Iterable[DemoDemand]) -> int:
    """Insert published demands with their legs; return how many."""
    count = 0
    for batch in _batches(rows):
        pairs = [_demand(row) for row in batch]
        copy_in([demand for demand, _ in pairs])
        legs = [leg for _, legs in pairs for leg in legs]
        for leg in legs:
            leg.demand_id = leg.demand.pk
        copy_in(legs)
        count += len(pairs)
    return count


@transaction.atomic
def insert_orders(rows: Iterable[DemoOrder]) -> int:
    """Insert closed orders without parts; return how many."""
    count = 0
    for batch in _batches(rows):
        found = Listing.objects.defer("search", "search_text").in_bulk(
            {row.listing_code for row in batch}, field_name="code"
        )
        copy_in([_order(row, found[row.listing_code]) for row in batch])
        count += len(batch)
    return count


def _listing(row: DemoListing) -> Listing:
    listing = listings.prepared(row.direction, row.content, owner_id=row.owner_id, at=row.published_at)
    listing.code, listing.lottery = row.code, row.code.int % listings.LOTTERY
    listing.state, listing.published_at, listing.is_demo = ListingState.PUBLISHED, row.published_at, True
    return listing


def _demand(row: DemoDemand) -> tuple[Demand, list[DemandLeg]]:
    demand, legs = demands.prepared(row.direction, row.content, owner_id=row.owner_id, at=row.published_at)
    demand.code, demand.state, demand.published_at, demand.is_demo = (
        row.code,
        DemandState.PUBLISHED,
        row.published_at,
        True,
    )
    return demand, legs


def _order(row: DemoOrder, listing: Listing) -> Order:
    lifecycle = direction(listing.direction).lifecycle_for(listing.unit)
    return Order(
        direction=listing.direction,
        # What is sold as part of a bundle is handed in like a task.
        lifecycle=Lifecycle.MILESTONES if lifecycle == Lifecycle.BUNDLE else lifecycle,
        state=OrderState.CLOSED,
        listing=listing,
        consumer_id=row.consumer_id,
        provider_id=listing.owner_id,
        title=listing.title,
        quantity=row.quantity,
        unit=listing.unit,
        unit_price_fen=row.unit_price_fen,
        setup_fen=listing.setup_fee_fen,
        total_fen=row.quantity * row.unit_price_fen + listing.setup_fee_fen,
        note="演示：往期订单",
        source=Order.Source.REQUEST,
        proposed_at=row.agreed_at - timedelta(hours=2),
        agreed_at=row.agreed_at,
        completed_at=row.agreed_at + timedelta(days=10),
        ended_at=row.agreed_at + timedelta(days=20),
    )


def _batches(rows: Iterable[Row]) -> Iterator[list[Row]]:
    iterator = iter(rows)
    while batch := list(islice(iterator, BATCH)):
        yield batch
