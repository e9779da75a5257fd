"""Who may start a round, and who is a side of a proposal."""

from accounts.core.actor import Actor, Role
from matching.core.proposal_states import Party
from matching.models import Proposal


def may_run_rounds(actor: Actor) -> bool:
    return actor.is_operator or actor.is_system


def may_bind(actor: Actor) -> bool:
    """Whether the actor may say yes or no for the organisation they act for."""
    return actor.has(Role.OWNER, Role.MANAGER, Role.MEMBER)


def sides(actor: Actor, proposal: Proposal) -> frozenset[Party]:
    """Return the parties as which `actor` may move the proposal."""
    if actor.is_system:
        return frozenset({Party.SYSTEM})
    side = proposal.side_of(actor.organisation_id) if may_bind(actor) else None
    return frozenset({side}) if side else frozenset()
