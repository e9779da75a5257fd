"""Telling people something: on their page at once, by mail as they chose."""

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.utils import translation

from accounts.core.actor import Actor
from accounts.core.parties import MAILED_UNLESS_TOLD, NoticeKind
from accounts.models import Membership, Notification, NotificationSetting, Organisation, User
from common import events


@transaction.atomic
def notify(
    *,
    organisation_ids: Collection[int] = (),
    user_ids: Collection[int] = (),
    kind: NoticeKind,
    message: str,
    params: Mapping[str, object] | None = None,
    link: str = "",
    at: datetime,
) -> list[Notification]:
    """Tell every active member of the parties and the users named, each once.

    Args:
        message: an English message id with `%(name)s` places, marked with `gettext_noop`; at most 240 places.
        params: values for the places; never more personal than what the reader may see anyway.
        link: the path of the page to look at, starting with "/".
    """
    recipients = _recipients(organisation_ids, user_ids)
    parameters = {key: str(value) for key, value in (params or {}).items()}
    notifications = Notification.objects.bulk_create(
        Notification(
            user_id=user_id,
            organisation_id=organisation_id,
            kind=NoticeKind(kind),
            message=message,
            params=parameters,
            link=link,
            created_at=at,
        )
        for user_id, organisation_id in recipients.items()
    )
    personal = dict(Organisation.objects.filter(person_id__in=recipients).values_list("person_id", "id"))
    wants_mail = _who_wants_mail(recipients, kind)
    for notification in notifications:
        audience = [personal[notification.user_id]] if notification.user_id in personal else []
        events.publish("notification.created", audience=audience, notification=notification.code)
        if notification.user_id in wants_mail:
            events.publish("notification.to_mail", notification=notification.code)
    return notifications


def _recipients(organisation_ids: Collection[int], user_ids: Collection[int]) -> dict[int, int | None]:
    """Return user id -> the party they are told for; None for those named themselves."""
    members = Membership.objects.filter(organisation_id__in=organisation_ids, user__is_active=True)
    found: dict[int, int | None] = dict(members.order_by("-id").values_list("user_id", "organisation_id"))
    return found | dict.fromkeys(User.objects.filter(pk__in=user_ids, is_active=True).values_list("pk", flat=True))


def _who_wants_mail(user_ids: Collection[int], kind: NoticeKind) -> set[int]:
    rows = NotificationSetting.objects.filter(user_id__in=user_ids, kind=kind)
    chosen = dict(rows.values_list("user_id", "mail"))
    return {user_id for user_id in user_ids if chosen.get(user_id, kind in MAILED_UNLESS_TOLD)}


@transaction.atomic
def send(code: UUID | str, *, at: datetime) -> bool:
    """Mail one notification to its reader, in their language; tell whether a mail went out now.

    A second call finds `mailed_at` set and sends nothing.
    """
    notification = Notification.objects.select_for_update(of=("self",)).select_related("user").get(code=code)
    if notification.mailed_at is not None or not notification.user.is_active:
        return False
    with translation.override(notification.user.language):
        sentence = translation.gettext(notification.message) % notification.params
        lines = [sentence, "", f"{settings.SITE_URL}{notification.link}"] if notification.link else [sentence]
        footer = translation.gettext("You can choose which messages reach your mailbox in your settings:")
        lines += ["", "--", f"{footer} {settings.SITE_URL}/me/notifications/settings"]
    send_mail(f"[Yuli] {sentence[:80]}", "\n".join(lines), settings.DEFAULT_FROM_EMAIL, [notification.user.email])
    notification.mailed_at = at
    notification.save(update_fields=["mailed_at"])
    return True


def mark_read(code: UUID | str, *, by: Actor, at: datetime) -> Notification:
    """Mark one of the reader's own notifications as read; the first time counts.

    Raises:
        Notification.DoesNotExist: no such notification of this reader.
    """
    with transaction.atomic():
        notification = Notification.objects.select_for_update().get(code=code, user_id=by.own_user_id)
        if notification.read_at is None:
            notification.read_at = at
            notification.save(update_fields=["read_at"])
    return notification


def mark_all_read(*, by: Actor, at: datetime) -> int:
    """Mark all that the reader has not read; return how many."""
    return Notification.objects.filter(user_id=by.own_user_id, read_at=None).update(read_at=at)


@transaction.atomic
def choose(mail: Mapping[NoticeKind, bool], *, by: Actor) -> None:
    """Keep which kinds reach the reader's mailbox."""
    for kind, wanted in mail.items():
        NotificationSetting.objects.update_or_create(
            user_id=by.own_user_id, kind=NoticeKind(kind), defaults={"mail": wanted}
        )
