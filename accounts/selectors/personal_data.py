"""All that the platform's account side holds about one person, for that person (PIPL art. 45)."""

from typing import Any

from accounts.core.actor import Actor
from accounts.models import ApiToken, Invitation, Membership, Notification, NotificationSetting, User, VerificationCase


def of(viewer: Actor) -> dict[str, Any]:
    """Return the viewer's own data as plain values; secrets and other people's data are left out."""
    user = User.objects.get(pk=viewer.own_user_id)
    cases = VerificationCase.objects.filter(submitted_by=user).order_by("id")
    return {
        "account": {
            name: getattr(user, name)
            for name in ("code", "email", "display_name", "phone", "language", "joined_at", "last_login")
        },
        "staff_roles": list(user.staff_roles.values_list("role", flat=True)),
        "memberships": list(
            Membership.objects.filter(user=user)
            .order_by("id")
            .values("organisation__code", "organisation__name", "role", "joined_at")
        ),
        "invitations_received": list(
            Invitation.objects.filter(email=user.email)
            .order_by("id")
            .values("organisation__name", "role", "created_at", "accepted_at")
        ),
        "verifications": [_verification(case) for case in cases.prefetch_related("documents", "checks", "steps")],
        "notifications": list(
            Notification.objects.filter(user=user)
            .order_by("id")
            .values("kind", "message", "params", "link", "created_at", "read_at", "mailed_at")
        ),
        "mail_choices": dict(NotificationSetting.objects.filter(user=user).values_list("kind", "mail")),
        "keys": list(
            ApiToken.objects.filter(user=user)
            .order_by("id")
            .values("name", "hint", "scopes", "created_at", "expires_at", "last_used_at", "revoked_at")
        ),
    }


def _verification(case: VerificationCase) -> dict[str, Any]:
    return {
        **{
            name: getattr(case, name)
            for name in ("code", "kind", "licence", "name", "number", "state", "submitted_at", "reason", "valid_until")
        },
        "documents": [
            {"sha256": page.sha256, "media_type": page.media_type, "uploaded_at": page.uploaded_at}
            for page in case.documents.all()
        ],
        "checks": [
            {"name": check.name, "outcome": check.outcome, "message": check.message} for check in case.checks.all()
        ],
        "steps": [{"move": step.move, "at": step.at, "reason": step.reason} for step in case.steps.all()],
    }
