"""Who may read, and who may manage an agency's access."""

from accounts.core.actor import Actor, Role


def may_manage_agencies(actor: Actor) -> bool:
    """Registering authorities is the platform's task; an authority does not admit itself."""
    return actor.is_operator or actor.is_system


def may_read_as_officer(actor: Actor) -> bool:
    return actor.is_signed_in and actor.has(Role.REGULATOR)
