"""What people are told, and what of it reaches their mailbox."""

import pytest
from django.core import mail
from procrastinate.contrib.django.models import ProcrastinateJob

from accounts.core.parties import MAILED_UNLESS_TOLD, NoticeKind
from accounts.models import Notification, NotificationSetting
from accounts.selectors import notifications as reads
from accounts.services import notifications
from tests import make

pytestmark = pytest.mark.django_db
AT = make.MONDAY_9AM


def tell(*users, kind=NoticeKind.DEAL, **fields):
    return notifications.notify(user_ids=[user.pk for user in users], kind=kind, message="x", at=AT, **fields)


def queued() -> list[str]:
    """Return the codes of the notices that a job is to mail."""
    jobs = ProcrastinateJob.objects.filter(task_name="accounts.jobs.mail_notification")
    return sorted(job.args["code"] for job in jobs)


def test_without_a_choice_the_kind_decides_what_is_mailed():
    user = make.user()

    assert reads.mail_choices(make.actor(user_=user)) == {kind: kind in MAILED_UNLESS_TOLD for kind in NoticeKind}
    (deal,) = tell(user)
    tell(user, kind=NoticeKind.MATCH)

    assert queued() == [str(deal.code)]


def test_a_choice_holds_for_its_kind_and_its_user_alone():
    user, other = make.user(), make.user()
    by = make.actor(user_=user)

    notifications.choose({NoticeKind.DEAL: False, NoticeKind.MATCH: True}, by=by)

    first, second = tell(user, other)
    (match,) = tell(user, kind=NoticeKind.MATCH)
    (account,) = tell(user, kind=NoticeKind.ACCOUNT)
    assert reads.mail_choices(by)[NoticeKind.DEAL] is False
    assert reads.mail_choices(make.actor(user_=other))[NoticeKind.DEAL] is True
    to_other = next(notice for notice in (first, second) if notice.user_id == other.pk)
    assert queued() == sorted(str(notice.code) for notice in (to_other, match, account))
    assert Notification.objects.count() == 4


def test_choosing_again_replaces_the_choice():
    by = make.actor()

    notifications.choose({NoticeKind.DEAL: False}, by=by)
    notifications.choose({NoticeKind.DEAL: True}, by=by)

    assert NotificationSetting.objects.get(user_id=by.user_id).mail is True


def test_a_notice_is_mailed_once_in_the_readers_language():
    user = make.user(language="en")
    (notice,) = tell(user, link="/orders")

    assert (notifications.send(notice.code, at=AT), notifications.send(notice.code, at=AT)) == (True, False)

    (letter,) = mail.outbox
    assert (letter.to, letter.subject) == ([user.email], "[Yuli] x")
    assert "http://testserver/orders" in letter.body
    assert "You can choose which messages reach your mailbox" in letter.body
    notice.refresh_from_db()
    assert notice.mailed_at == AT


def test_who_is_no_longer_active_is_told_and_mailed_nothing():
    user = make.user()
    (notice,) = tell(user)
    user.is_active = False
    user.save()

    assert notifications.send(notice.code, at=AT) is False
    assert tell(user) == []
    assert mail.outbox == []


def test_every_member_is_told_once_and_reads_only_their_own():
    party = make.organisation()
    member = make.member(party)
    owner = make.actor(party)

    made = notifications.notify(
        organisation_ids=[party.pk], user_ids=[member.pk], kind=NoticeKind.DEAL, message="x", at=AT
    )

    assert {notice.user_id for notice in made} == {owner.user_id, member.pk}
    assert len(made) == 2
    mine = reads.of(owner).get()
    with pytest.raises(Notification.DoesNotExist):
        notifications.mark_read(mine.code, by=make.actor(user_=member), at=AT)
    assert (reads.unread_count(owner), notifications.mark_all_read(by=owner, at=AT)) == (1, 1)
    assert (reads.unread_count(owner), reads.unread_count(make.actor(user_=member))) == (0, 1)
