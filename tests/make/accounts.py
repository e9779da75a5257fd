"""Parties and people, with fixed boring defaults."""

from datetime import UTC, date, datetime
from itertools import count

from django.contrib.gis.geos import Point

from accounts.core import credit_code as credit_codes
from accounts.core.actor import Actor, Role
from accounts.models import Membership, Organisation, StaffRole, User, VerificationCase
from accounts.selectors import actors

MONDAY_9AM = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)  # 09:00 in Shanghai
PASSWORD = "a-long-enough-password"
XIAMEN = Point(118.089, 24.479, srid=4326)

_numbers = count(1)


def user(email: str | None = None, *, staff: tuple[Role, ...] = (), **fields) -> User:
    """A person with their personal party, not verified."""
    number = next(_numbers)
    fields = {"display_name": f"用户{number}", "joined_at": MONDAY_9AM} | fields
    made = User.objects.create_user(email or f"user{number}@example.test", PASSWORD, **fields)
    person = Organisation.objects.create(kind="person", name=made.display_name, person=made, created_at=MONDAY_9AM)
    Membership.objects.create(user=made, organisation=person, role=Role.OWNER, joined_at=MONDAY_9AM)
    StaffRole.objects.bulk_create(StaffRole(user=made, role=role, granted_at=MONDAY_9AM) for role in staff)
    return made


def credit_code(number: int | None = None) -> str:
    """A well-formed credit code that no register hands out."""
    return credit_codes.complete(f"91350200{next(_numbers) if number is None else number:09d}")


def organisation(
    name: str | None = None, *, owner: User | None = None, verified: bool = True, **fields
) -> Organisation:
    """An enterprise in Xiamen with one owner; verified unless told otherwise."""
    number = next(_numbers)
    defaults = {
        "kind": "enterprise",
        "name": name or f"厦门测试企业{number}",
        "credit_code": credit_code(number),
        "size": "small",
        "division_code": "350203",
        "industry_code": "C3489",
        "place": XIAMEN,
        "created_at": MONDAY_9AM,
    }
    if verified:
        defaults |= {"verification_level": 2, "verified_until": date(2099, 1, 1)}
    made = Organisation.objects.create(**(defaults | fields))
    member(made, owner or user(), role=Role.OWNER)
    if made.verification_level:
        approved_case(made)
    return made


def approved_case(organisation_: Organisation, kind: str = "organisation", licence: str = "") -> VerificationCase:
    """A verification of the organisation that was approved, and holds till 2099."""
    return VerificationCase.objects.create(
        organisation=organisation_,
        kind=kind,
        licence=licence,
        name=organisation_.name,
        number=organisation_.credit_code or "",
        state="approved",
        submitted_at=MONDAY_9AM,
        decided_at=MONDAY_9AM,
        valid_until=date(2099, 1, 1),
    )


def licence(organisation_: Organisation, code: str) -> VerificationCase:
    """A verified licence of the organisation."""
    return approved_case(organisation_, "licence", code)


def member(organisation_: Organisation, user_: User | None = None, *, role: Role = Role.MEMBER) -> User:
    """A user who belongs to the organisation."""
    user_ = user_ or user()
    Membership.objects.create(user=user_, organisation=organisation_, role=role, joined_at=MONDAY_9AM)
    return user_


def actor(organisation_: Organisation | None = None, *, user_: User | None = None) -> Actor:
    """Its first member acting for the organisation, or `user_` acting for it or for themselves."""
    if organisation_ is None:
        return actors.actor_for(user_ or user())
    user_ = user_ or User.objects.filter(memberships__organisation=organisation_).earliest("memberships__id")
    return actors.actor_for(user_, organisation_.code)


def staff(*roles: Role) -> Actor:
    """A new user with these staff roles, acting for nobody but themselves."""
    return actors.actor_for(user(staff=roles))


def operator() -> Actor:
    return staff(Role.OPERATOR)


def reviewer() -> Actor:
    return staff(Role.REVIEWER)


def mediator() -> Actor:
    return staff(Role.MEDIATOR)


def regulator() -> Actor:
    return staff(Role.REGULATOR)
