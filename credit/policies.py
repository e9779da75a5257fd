"""Who may read a ledger, object to a fact, and decide on an objection or an alert."""

from accounts.core.actor import Actor, Role


def may_read_ledger(viewer: Actor, organisation_id: int) -> bool:
    """The party itself and who decides on objections; the public reads the standing and its explanation."""
    return decides(viewer) or (viewer.is_signed_in and viewer.organisation_id == organisation_id)


def may_object(viewer: Actor, organisation_id: int) -> bool:
    return viewer.organisation_id == organisation_id and viewer.has(Role.OWNER, Role.MANAGER)


def decides(viewer: Actor) -> bool:
    """Whether objections and alerts wait for this person at all."""
    return viewer.has(Role.OPERATOR, Role.MEDIATOR)


def may_decide(viewer: Actor, organisation_id: int) -> bool:
    """A human of the platform who does not belong to the party that it is about."""
    return decides(viewer) and viewer.organisation_id != organisation_id
