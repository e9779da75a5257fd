"""Organisations, their members, staff, keys: what is refused, and what stays true in a race."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection

from accounts.core.actor import ANONYMOUS, SYSTEM, Role
from accounts.core.tokens import Scope
from accounts.models import ApiToken, Invitation, Membership, Organisation
from accounts.selectors import actors
from accounts.services import organisations, registration, staff, tokens
from tests import make

pytestmark = pytest.mark.django_db


def created(by, **changes):
    fields = {"kind": "enterprise", "name": "新企业", "credit_code": make.credit_code(9)} | changes
    return organisations.create(**fields, by=by, at=make.MONDAY_9AM)


def test_a_person_acts_for_themselves_until_they_choose_otherwise():
    user = registration.register(email="A@b.test", password="three plain words", display_name="甲", at=make.MONDAY_9AM)

    actor = actors.actor_for(user)

    assert actor.roles == {Role.OWNER}
    assert Organisation.objects.get(pk=actor.organisation_id).person == user


def test_an_organisation_one_does_not_belong_to_is_never_acted_for():
    user, organisation = make.user(), make.organisation()

    actor = actors.actor_for(user, organisation.code)

    assert actor.organisation_id != organisation.pk


def test_a_closed_account_is_nobody():
    user = make.user(is_active=False)

    assert actors.actor_for(user) == ANONYMOUS


def test_nobody_creates_an_organisation_without_logging_in():
    with pytest.raises(organisations.NotAllowed):
        created(ANONYMOUS)

    assert not Organisation.objects.filter(kind="enterprise").exists()


def test_an_unverified_claim_on_a_code_locks_nobody_out():
    first = created(make.actor())

    second = created(make.actor())

    assert first.credit_code == second.credit_code


def test_a_proved_code_cannot_be_claimed_again():
    make.organisation(credit_code=make.credit_code(9))

    with pytest.raises(organisations.CreditCodeTaken):
        created(make.actor())

    assert Organisation.objects.filter(kind="enterprise").count() == 1


@pytest.mark.parametrize(("field", "code"), [("division_code", "999999"), ("industry_code", "Z9999")])
def test_codes_that_no_standard_lists_are_refused_at_their_field(field, code):
    with pytest.raises(organisations.UnknownCode) as refusal:
        created(make.actor(), **{field: code})

    assert refusal.value.field == field


def test_a_manager_edits_a_member_does_not():
    organisation = make.organisation()
    manager = make.actor(organisation, user_=make.member(organisation, role=Role.MANAGER))
    member = make.actor(organisation, user_=make.member(organisation))

    organisations.edit(organisation.code, {"introduction": "好"}, by=manager, at=make.MONDAY_9AM)
    with pytest.raises(organisations.NotAllowed):
        organisations.edit(organisation.code, {"introduction": "坏"}, by=member, at=make.MONDAY_9AM)

    organisation.refresh_from_db()
    assert organisation.introduction == "好"


def test_a_stranger_does_not_even_learn_that_the_organisation_is_there():
    organisation = make.organisation()

    with pytest.raises(Organisation.DoesNotExist):
        organisations.edit(organisation.code, {"name": "x"}, by=make.actor(), at=make.MONDAY_9AM)


def test_an_invitation_ends_after_a_week():
    organisation = make.organisation()
    by = make.actor(organisation)
    _, secret = organisations.invite(organisation.code, email="x@y.test", role=Role.MEMBER, by=by, at=make.MONDAY_9AM)

    with pytest.raises(organisations.InvitationInvalid):
        organisations.accept(secret, by=make.actor(), at=make.MONDAY_9AM + timedelta(days=7))

    assert organisation.memberships.count() == 1


def test_a_newer_invitation_replaces_the_older():
    organisation = make.organisation()
    by = make.actor(organisation)
    invite = {"email": "x@y.test", "role": Role.MEMBER, "by": by, "at": make.MONDAY_9AM}
    _, old = organisations.invite(organisation.code, **invite)

    _, new = organisations.invite(organisation.code, **invite)

    with pytest.raises(organisations.InvitationInvalid):
        organisations.accept(old, by=make.actor(), at=make.MONDAY_9AM)
    assert organisations.accept(new, by=make.actor(), at=make.MONDAY_9AM).role == Role.MEMBER
    assert Invitation.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_of_two_owners_who_leave_at_once_one_stays():
    organisation = make.organisation()
    make.member(organisation, role=Role.OWNER)
    places = list(Membership.objects.filter(organisation=organisation))
    leavers = [(place.code, make.actor(organisation, user_=place.user)) for place in places]
    gate, results = Barrier(2), []

    def leave(code, by):
        try:
            gate.wait()
            organisations.remove(code, by=by, at=make.MONDAY_9AM)
            results.append("left")
        except organisations.LastOwner:
            results.append("stayed")
        finally:
            connection.close()

    threads = [Thread(target=leave, args=pair) for pair in leavers]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]

    assert sorted(results) == ["left", "stayed"]
    assert organisation.memberships.filter(role=Role.OWNER).count() == 1


def test_staff_roles_are_the_operators_to_give():
    user = make.user()

    with pytest.raises(staff.GrantRefused):
        staff.grant(user.pk, Role.REVIEWER, by=make.reviewer(), at=make.MONDAY_9AM)
    assert not user.staff_roles.exists()

    staff.grant(user.pk, Role.REVIEWER, by=make.operator(), at=make.MONDAY_9AM)
    staff.grant(user.pk, Role.REVIEWER, by=SYSTEM, at=make.MONDAY_9AM)
    assert user.staff_roles.count() == 1


def test_a_key_ends_with_its_day_its_withdrawal_or_its_owner():
    by = make.actor()
    days = timedelta(days=30)
    _, ended = tokens.create(name="a", scopes=[Scope.READ], lasts=days, by=by, at=make.MONDAY_9AM)
    withdrawn, secret = tokens.create(name="b", scopes=[Scope.READ], by=by, at=make.MONDAY_9AM)
    assert tokens.redeem(ended, at=make.MONDAY_9AM + days - timedelta(seconds=1)) is not None
    assert tokens.redeem(ended, at=make.MONDAY_9AM + days) is None

    tokens.revoke(withdrawn.code, by=by, at=make.MONDAY_9AM)

    assert tokens.redeem(secret, at=make.MONDAY_9AM) is None
    assert tokens.redeem("", at=make.MONDAY_9AM) is None


def test_twenty_keys_are_enough():
    by = make.actor()
    for number in range(20):
        tokens.create(name=str(number), scopes=[Scope.READ], by=by, at=make.MONDAY_9AM)

    with pytest.raises(tokens.TooManyTokens):
        tokens.create(name="21", scopes=[Scope.READ], by=by, at=make.MONDAY_9AM)

    assert ApiToken.objects.count() == 20
