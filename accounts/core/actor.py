"""Who acts: a user, the party they act for, and what they may be."""

from dataclasses import dataclass, field
from enum import StrEnum


class Role(StrEnum):
    OWNER = "owner"
    MANAGER = "manager"
    MEMBER = "member"
    OPERATOR = "operator"
    REVIEWER = "reviewer"
    MEDIATOR = "mediator"
    REGULATOR = "regulator"
    SYSTEM = "system"


STAFF = frozenset({Role.OPERATOR, Role.REVIEWER, Role.MEDIATOR})


@dataclass(frozen=True)
class Actor:
    """A user acting for one organisation (their personal party included), with the roles that hold there."""

    user_id: int | None = None
    organisation_id: int | None = None
    roles: frozenset[Role] = field(default_factory=frozenset)
    organisation_name: str = field(default="", compare=False)  # for display: who acts is told by the ids alone

    @property
    def is_signed_in(self) -> bool:
        return self.user_id is not None

    @property
    def own_user_id(self) -> int:
        """The user's id, 0 for nobody: a key that no row has."""
        return self.user_id or 0

    @property
    def own_organisation_id(self) -> int:
        """The party's id, 0 for none: a key that no row has."""
        return self.organisation_id or 0

    @property
    def is_staff(self) -> bool:
        return bool(self.roles & STAFF)

    @property
    def is_operator(self) -> bool:
        return Role.OPERATOR in self.roles

    @property
    def is_system(self) -> bool:
        return Role.SYSTEM in self.roles

    def has(self, *roles: Role) -> bool:
        """Tell whether any of `roles` holds."""
        return bool(self.roles.intersection(roles))


SYSTEM = Actor(roles=frozenset({Role.SYSTEM}))
ANONYMOUS = Actor()
