"""Letters to people who may have no account yet."""

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Invitation


def invitation(letter: Invitation, secret: str) -> None:
    """Send the letter once the row is there; the secret travels in the mail and nowhere else."""
    subject = _("[Yuli] %(organisation)s invites you") % {"organisation": letter.organisation.name}
    body = _(
        "%(person)s invites you to act for %(organisation)s on Yuli.\n\n"
        "Open this address and log in or register: %(address)s\n\n"
        "The invitation holds for seven days. If you did not expect it, simply leave it."
    ) % {
        "person": letter.invited_by.display_name,
        "organisation": letter.organisation.name,
        "address": f"{settings.SITE_URL}/invitations/{secret}",
    }
    transaction.on_commit(
        lambda: send_mail(subject, body, settings.DEFAULT_FROM_EMAIL, [letter.email], fail_silently=True)
    )
