"""What was handed in for a milestone, for both sides and those who look after the deal."""

from uuid import UUID

from accounts.core.actor import Actor
from marketplace import policies
from marketplace.models import Milestone


def with_file(code: UUID, *, viewer: Actor) -> Milestone:
    """Return the milestone whose file the viewer may fetch.

    Raises:
        Milestone.DoesNotExist: no such milestone, none of the viewer's business, or nothing was handed in.
    """
    found = Milestone.objects.select_related("order").exclude(file="").get(code=code)
    if not policies.may_see_order(viewer, found.order):
        raise Milestone.DoesNotExist
    return found
