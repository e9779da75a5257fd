"""Words of deals: what is due, what happened, what a step is called, where an order stands."""

from django import template
from django.utils.translation import gettext_lazy as _

from frontend import words

register = template.Library()

DUE: dict[str, words.Word] = {
    "booked": _("Booked hours"),
    "metered": _("Metered hours"),
    "accepted": _("What was accepted"),
    "setup": _("Setting up"),
    "fee": _("Cancellation fee"),
}

# marketplace: the history of an order and its parts; "part.move" or "move"
STEPS: dict[str, words.Word] = {
    "propose": _("Deal proposed"),
    "accept": _("Accepted"),
    "pledge": _("Leg accepted"),
    "agree": _("Agreed by both sides"),
    "refuse": _("Declined"),
    "withdraw": _("Withdrawn"),
    "expire": _("Expired"),
    "start": _("Begun"),
    "complete": _("Completed"),
    "close": _("Closed"),
    "cancel": _("Cancelled"),
    "hold": _("Put on hold"),
    "release_agreed": _("Goes on"),
    "release_in_progress": _("Goes on"),
    "release_completed": _("Goes on"),
    "booking.confirm": _("Time confirmed"),
    "booking.decline": _("Time given back"),
    "booking.start": _("Use begun"),
    "booking.finish": _("Use ended"),
    "booking.cancel": _("Time given back"),
    "booking.miss": _("Time not used"),
    "milestone.submit": _("Milestone handed in"),
    "milestone.accept": _("Milestone accepted"),
    "milestone.ask_rework": _("Rework asked for"),
    "milestone.cancel": _("Milestone cancelled"),
    "delivery.ship": _("Shipped"),
    "delivery.accept": _("Delivery accepted"),
    "delivery.return": _("Delivery sent back"),
    "delivery.cancel": _("Delivery cancelled"),
}


@register.filter
def due_label(label: str) -> words.Word:
    """Name one item of what is due."""
    return DUE.get(label, label)


@register.filter
def deal_step(step: object) -> words.Word:
    """Say what one step of an order's history was."""
    part, move = getattr(step, "part", ""), getattr(step, "move", "")
    return STEPS.get(f"{part}.{move}" if part else move, str(move))


@register.filter
def move_label(name: str) -> words.Word:
    """Name a step that can be taken."""
    return words.move_word(name)[0]


@register.inclusion_tag("orders/_stations.html")
def stations(state: str) -> dict[str, object]:
    """Draw the way of an order with the station where it stands; an order that left the way shows how it ended."""
    way = ["proposed", "agreed", "in_progress", "completed", "closed"]
    here = {"pledged": "proposed"}.get(state, state)
    if here not in way:
        return {"stations": [], "state": state}
    at = way.index(here)
    rows = [(words.state_word(name, "order")[0], index < at, index == at) for index, name in enumerate(way)]
    return {"stations": rows, "state": state}
