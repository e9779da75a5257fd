"""From filters to rows: each filter as one condition that an index serves."""

from collections.abc import Sequence
from datetime import timedelta

from django.contrib.gis.geos import Point
from django.contrib.gis.measure import D
from django.contrib.postgres.search import SearchQuery
from django.db.models import Exists, OuterRef, Q
from psycopg.types.range import TimestamptzRange

from common import segmentation
from marketplace.core import booking_states
from marketplace.core.opening import SHANGHAI
from marketplace.core.search import Filters
from marketplace.directions import DIRECTIONS, Kind, Lifecycle, direction, field_of
from marketplace.models import AvailabilityException, AvailabilityRule, Booking, Listing
from marketplace.models.listing import ListingQuerySet

_DAY = timedelta(days=1)


def of_words(words: Sequence[str]) -> SearchQuery:
    """Return the text query that wants all `words`, as `search_text` holds them."""
    query = SearchQuery(words[0], config="simple")
    for word in words[1:]:
        query &= SearchQuery(word, config="simple")
    return query


def matching(filters: Filters) -> ListingQuerySet:
    """Return the published listings that pass every filter, in no order yet."""
    listings = Listing.objects.published().filter(_columns(filters))
    if words := segmentation.words_of_query(filters.words):
        listings = listings.filter(search=of_words(words))
    elif filters.words:
        return listings.none()
    if filters.direction:
        listings = listings.filter(direction=filters.direction)
        listings = listings.filter(*(_facet(filters.direction, name, values) for name, values in filters.facets))
    if filters.has_place and filters.radius_m:
        listings = listings.filter(place__dwithin=(point_of(filters), D(m=filters.radius_m)))
    if filters.has_period:
        listings = _free(listings, filters)
    return listings


def point_of(filters: Filters) -> Point:
    return Point(filters.lng, filters.lat, srid=4326)


def _columns(filters: Filters) -> Q:
    wanted = Q()
    if filters.division:
        wanted &= Q(division_code__startswith=filters.division.removesuffix("00").removesuffix("00"))
        # The index on (direction, division) serves no search without a direction.
        wanted &= Q(direction__in=[entry.code for entry in DIRECTIONS])
    if filters.industry:
        wanted &= Q(industry_code__startswith=filters.industry)
    if filters.unit:
        wanted &= Q(unit=filters.unit)
    if filters.price_from_fen is not None:
        wanted &= Q(price_fen__gte=filters.price_from_fen)
    if filters.price_to_fen is not None:
        wanted &= Q(price_fen__lte=filters.price_to_fen)
    return wanted


def _facet(code: str, name: str, values: Sequence[str]) -> Q:
    several = field_of(direction(code).offer, name).kind in (Kind.CHOICES, Kind.TEXTS)
    wanted = Q()
    for value in values:
        wanted |= Q(attributes__contains={name: [value] if several else value})
    return wanted


def _free(listings: ListingQuerySet, filters: Filters) -> ListingQuerySet:
    """Keep what is open and not taken: throughout a period within one day, at some time of a longer one."""
    start, end = filters.free_from, filters.free_until
    if start is None or end is None:
        return listings
    period = TimestamptzRange(start, end)
    taken = Booking.objects.filter(listing=OuterRef("pk"), state__in=sorted(booking_states.OCCUPYING))
    closed = AvailabilityException.objects.filter(listing=OuterRef("pk"), is_open=False)
    opened = AvailabilityException.objects.filter(listing=OuterRef("pk"), is_open=True, period__contains=period)
    rules = AvailabilityRule.objects.filter(listing=OuterRef("pk"))
    first = start.astimezone(SHANGHAI)
    last = (end - timedelta(microseconds=1)).astimezone(SHANGHAI)
    if first.date() == last.date():
        minute, until = first.hour * 60 + first.minute, last.hour * 60 + last.minute + 1
        hours = rules.filter(weekday=first.weekday(), start_minute__lte=minute, end_minute__gte=until)
        taken, closed = taken.filter(period__overlap=period), closed.filter(period__overlap=period)
    else:
        days = min((last.date() - first.date()).days + 1, 7)
        hours = rules.filter(weekday__in={(first.weekday() + n) % 7 for n in range(days)})
        taken, closed = taken.filter(period__contains=period), closed.filter(period__contains=period)
    hours = hours.exclude(from_date__gt=last.date()).exclude(until_date__lt=first.date())
    by_the_hour = [entry.code for entry in DIRECTIONS if entry.lifecycle == Lifecycle.SLOTS]
    is_open = ~Exists(rules) | Exists(hours) | Exists(opened)
    is_free = is_open & ~Exists(taken) & (~Exists(closed) | Exists(opened))
    return listings.filter(~Q(direction__in=by_the_hour) | Q(is_free))
