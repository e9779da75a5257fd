"""Who may do what with listings, demands, orders, quotes and messages: predicates over an actor and a row."""

from datetime import datetime
from zoneinfo import ZoneInfo

from accounts.core.actor import Actor, Role
from accounts.core.mending import Mend
from common.errors import Refused, gettext_noop
from common.state_machine import TransitionRefused
from marketplace.core.demand_states import DemandParty, DemandState
from marketplace.core.listing_states import ListingParty, ListingState
from marketplace.core.order_states import AWAITING, OrderParty
from marketplace.core.quote_states import QuoteParty
from marketplace.models import Demand, ImportRun, Inquiry, Listing, Order, Quote

SHANGHAI = ZoneInfo("Asia/Shanghai")


class MayNotBind(Refused):
    """The actor stands for no organisation, or not with the power to bind it."""


class NotOffered(Refused):
    """The listing cannot be ordered now."""


class AllottedInRounds(Refused):
    """Match rounds alone give the listing away."""


# Who may bind an organisation; members without this role carry out what was agreed.
_BINDING_ROLES = (Role.OWNER, Role.MANAGER)


def sides_of(actor: Actor, order: Order) -> frozenset[str]:
    """Return "consumer", "provider", both or none: the sides of `order` for which the actor's organisation stands."""
    if actor.organisation_id is None:
        return frozenset()
    sides = {"consumer": order.consumer_id, "provider": order.provider_id}
    return frozenset(side for side, organisation_id in sides.items() if organisation_id == actor.organisation_id)


def order_parties(actor: Actor, order: Order) -> frozenset[OrderParty]:
    """Return as what `actor` may move `order`; empty for strangers and for members who may not bind."""
    parties: set[OrderParty] = set()
    if actor.is_system:
        parties.add(OrderParty.SYSTEM)
    if oversees(actor, order):
        parties.add(OrderParty.OPERATOR)
    if not actor.has(*_BINDING_ROLES):
        return frozenset(parties)
    for side in sides_of(actor, order):
        parties.add(OrderParty(side))
        is_proposer = order.is_proposed_by_consumer == (side == "consumer")
        if is_proposer and order.parent_id is None:
            parties.add(OrderParty.PROPOSER)
        elif not is_proposer and order.state in AWAITING:
            parties.add(OrderParty.ANSWERER if order.parent_id is None else OrderParty.LEG)
    return frozenset(parties)


def oversees(actor: Actor, order: Order) -> bool:
    """Operators look after every deal, mediators after those that a complaint is open about; reviewers after none."""
    return actor.is_operator or (actor.has(Role.MEDIATOR) and order.is_disputed)


def part_parties(actor: Actor, order: Order) -> frozenset[str]:
    """Return as what `actor` may move the bookings, milestones and deliveries of `order`; any member may."""
    return sides_of(actor, order) | (frozenset({"system"}) if actor.is_system else frozenset())


def require_side(side: str, actor: Actor, order: Order) -> None:
    """Refuse whoever does not stand for `side` of `order`.

    Raises:
        TransitionRefused: `actor` is on the other side, or takes no part.
    """
    if side not in sides_of(actor, order):
        raise TransitionRefused(gettext_noop("This step is for another party to take."))


def require_party(actor: Actor) -> int:
    """Return the organisation that `actor` stands for, whatever their role there.

    Raises:
        MayNotBind: not signed in for an organisation.
    """
    if actor.organisation_id is None:
        raise MayNotBind(gettext_noop("Sign in first."))
    return actor.organisation_id


def require_binding(actor: Actor) -> int:
    """Return the organisation that `actor` may bind by a deal.

    Raises:
        MayNotBind: not signed in for an organisation, or a member without that power.
    """
    if actor.organisation_id is None or not actor.has(*_BINDING_ROLES):
        raise MayNotBind(
            gettext_noop("Only an owner or manager can bind the organisation."),
            fix=gettext_noop("Ask one of them, or act for yourself."),
            link=Mend.PARTIES,
        )
    return actor.organisation_id


def listing_parties(actor: Actor, listing: Listing) -> frozenset[ListingParty]:
    """Return as what `actor` may move `listing`."""
    parties = {ListingParty.SYSTEM} if actor.is_system else set()
    if actor.is_operator and listing.state != ListingState.DRAFT:
        parties.add(ListingParty.OPERATOR)
    if actor.organisation_id == listing.owner_id and actor.has(*_BINDING_ROLES):
        parties.add(ListingParty.PROVIDER)
    return frozenset(parties)


def demand_parties(actor: Actor, demand: Demand) -> frozenset[DemandParty]:
    """Return as what `actor` may move `demand`."""
    parties = {DemandParty.SYSTEM} if actor.is_system else set()
    if actor.is_operator and demand.state != DemandState.DRAFT:
        parties.add(DemandParty.OPERATOR)
    if actor.organisation_id == demand.owner_id and actor.has(*_BINDING_ROLES):
        parties.add(DemandParty.CONSUMER)
    return frozenset(parties)


def reviews_content(actor: Actor) -> bool:
    """Whether the actor looks at what was published: removed things, their history and papers that are not public."""
    return actor.has(Role.OPERATOR, Role.REVIEWER)


def may_see_limits(actor: Actor, thing: Listing | Demand) -> bool:
    """Reserve prices and budgets are for the party's own eyes; the system needs them to match."""
    return actor.is_system or (actor.organisation_id is not None and actor.organisation_id == thing.owner_id)


def may_run_import(actor: Actor, run: ImportRun) -> bool:
    """Whoever may bind the party that the rows are for."""
    return actor.organisation_id == run.owner_id and actor.has(*_BINDING_ROLES)


def require_offered(listing: Listing, *, at: datetime) -> None:
    """Refuse a listing that is not on offer.

    Raises:
        NotOffered: it is a draft, paused or closed, or what it rests on has expired.
    """
    expired = listing.valid_until is not None and listing.valid_until < at.astimezone(SHANGHAI).date()
    if listing.state != ListingState.PUBLISHED or expired:
        raise NotOffered(
            gettext_noop("This is not on offer at present."), fix=gettext_noop("Look for another provider.")
        )


def require_first_come(listing: Listing) -> None:
    """Refuse a listing that its owner lets match rounds give away, so that nobody gets it by being quicker.

    Raises:
        AllottedInRounds: it is such a one.
    """
    if listing.is_allotted:
        raise AllottedInRounds(
            gettext_noop("This is allotted in match rounds and cannot be ordered directly."),
            fix=gettext_noop("Post a need: the next round decides among all wishes together."),
        )


def may_see_order(actor: Actor, order: Order) -> bool:
    """Both sides, whoever asked for the bundle, the staff who look after it and the system."""
    return bool(sides_of(actor, order)) or oversees(actor, order) or actor.is_system


def inquiry_parties(actor: Actor, inquiry: Inquiry) -> frozenset[QuoteParty]:
    """Return as what `actor` may move `inquiry`."""
    if actor.is_system:
        return frozenset({QuoteParty.SYSTEM})
    is_own = actor.organisation_id == inquiry.consumer_id and actor.has(*_BINDING_ROLES)
    return frozenset({QuoteParty.CONSUMER}) if is_own else frozenset()


def is_sealed_at(inquiry: Inquiry, at: datetime) -> bool:
    """Tell whether the consumer may not read the quotes yet; only the closing time opens the seal."""
    return inquiry.is_sealed and at < inquiry.closes_at


def quote_parties(actor: Actor, quote: Quote, *, at: datetime) -> frozenset[QuoteParty]:
    """Return as what `actor` may move `quote`; the consumer only once the seal is open."""
    parties: set[QuoteParty] = set()
    if actor.is_system:
        parties.add(QuoteParty.SYSTEM)
    if actor.organisation_id is None or not actor.has(*_BINDING_ROLES):
        return frozenset(parties)
    if actor.organisation_id == quote.provider_id:
        parties.add(QuoteParty.PROVIDER)
    if actor.organisation_id == quote.inquiry.consumer_id and not is_sealed_at(quote.inquiry, at):
        parties.add(QuoteParty.CONSUMER)
    return frozenset(parties)


def may_see_quote(actor: Actor, quote: Quote, *, at: datetime) -> bool:
    """Its provider always, consumer and operators once the seal is open, the system; competitors never."""
    if actor.is_system or (actor.organisation_id is not None and actor.organisation_id == quote.provider_id):
        return True
    return not is_sealed_at(quote.inquiry, at) and (
        actor.is_operator or (actor.organisation_id is not None and actor.organisation_id == quote.inquiry.consumer_id)
    )
