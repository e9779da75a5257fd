"""Needs and offers held still while something is written about them."""

from collections.abc import Mapping
from dataclasses import dataclass

from marketplace.models import Demand, Listing


@dataclass(frozen=True)
class AsRead:
    """Ids of those that are still published in the version that was read."""

    demand_ids: frozenset[int]
    listing_ids: frozenset[int]


def published_as_read(demands: Mapping[int, int], listings: Mapping[int, int]) -> AsRead:
    """Lock needs and offers until the running transaction ends, and return those that are as they were read.

    Args:
        demands, listings: version that was read, by id.

    Notes:
        Needs are locked before offers, each in order of id, so that two callers never wait for each other.
    """
    rows = Demand.objects.published().select_for_update().filter(pk__in=demands).order_by("pk")
    same_demands = frozenset(pk for pk, version in rows.values_list("pk", "version") if version == demands[pk])
    offers = Listing.objects.published().select_for_update().filter(pk__in=listings).order_by("pk")
    same_listings = frozenset(pk for pk, version in offers.values_list("pk", "version") if version == listings[pk])
    return AsRead(same_demands, same_listings)
