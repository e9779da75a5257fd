"""How a person comes to have an account, and what they may change of it."""

from datetime import datetime

from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts.core.actor import Actor, Role
from accounts.core.parties import OrganisationKind
from accounts.models import Membership, Organisation, User
from common import audit
from common.db import violated_constraint
from common.errors import Refused, gettext_noop


class EmailTaken(Refused):
    """Somebody has an account with this address."""


class PasswordTooWeak(Refused):
    """The password fails the platform's rules."""


def register(
    *,
    email: str,
    password: str,
    display_name: str,
    phone: str = "",
    language: str = "zh-hans",
    is_demo: bool = False,
    at: datetime,
) -> User:
    """Create an account and the party that the person is when acting for themselves.

    Raises:
        EmailTaken, PasswordTooWeak: nothing was created.
    """
    draft = User(email=email.strip().lower(), display_name=display_name.strip())
    try:
        password_validation.validate_password(password, draft)
    except ValidationError as error:
        raise PasswordTooWeak(" ".join(error.messages).replace("%", "%%"), field="password") from error
    try:
        with transaction.atomic():
            user = User.objects.create_user(
                email,
                password,
                display_name=display_name.strip(),
                phone=phone.strip(),
                language=language,
                is_demo=is_demo,
                joined_at=at,
            )
            person = Organisation.objects.create(
                kind=OrganisationKind.PERSON, name=user.display_name, person=user, is_demo=is_demo, created_at=at
            )
            Membership.objects.create(user=user, organisation=person, role=Role.OWNER, joined_at=at)
            audit.record("register", user, by=Actor(user_id=user.pk, organisation_id=person.pk), at=at)
    except IntegrityError as error:
        if violated_constraint(error) != "accounts_user_email_key":
            raise
        raise EmailTaken(
            gettext_noop("There is an account with this address already."),
            fix=gettext_noop("Log in, or have a new password sent to it."),
            field="email",
        ) from error
    return user


@transaction.atomic
def edit_profile(*, display_name: str, phone: str, language: str, by: Actor, at: datetime) -> User:
    """Change what the person tells about themselves; their personal party carries the same name.

    The name of a verified person is part of what was verified: it stays on the party until a new verification.
    """
    user = User.objects.select_for_update().get(pk=by.own_user_id)
    user.display_name, user.phone, user.language = display_name.strip(), phone.strip(), language
    user.save(update_fields=["display_name", "phone", "language"])
    Organisation.objects.filter(person=user, verification_level=0).update(name=user.display_name)
    audit.record("edit_profile", user, by=by, at=at)
    return user
