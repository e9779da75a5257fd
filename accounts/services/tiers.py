"""A party's level follows from its approved cases."""

from datetime import datetime

from django.utils import timezone

from accounts.core import levels
from accounts.core.levels import CaseKind
from accounts.core.verification_states import VerificationState
from accounts.models import Organisation, VerificationCase


def refresh(organisation: Organisation, *, at: datetime) -> Organisation:
    """Write the level and its last day that the cases in force on the day of `at` give.

    The level ends with the identity case: licences end by themselves and are asked for one by one.
    """
    locked = Organisation.objects.select_for_update().get(pk=organisation.pk)
    approved = list(
        VerificationCase.objects.filter(
            organisation=locked, state=VerificationState.APPROVED, valid_until__gte=timezone.localdate(at)
        )
    )
    locked.verification_level = levels.level_of(locked.kind, [CaseKind(case.kind) for case in approved])
    identity = [case for case in approved if case.kind == levels.identity_kind(locked.kind)]
    if identity:
        locked.verified_until = max(case.valid_until for case in identity if case.valid_until)
        if locked.is_person:
            locked.name = identity[0].name
    elif locked.verified_until and locked.verified_until >= timezone.localdate(at):
        locked.verified_until = None  # revoked; an end that is past stays, to tell "has run out" from "never was"
    locked.save(update_fields=["verification_level", "verified_until", "name"])
    organisation.verification_level, organisation.verified_until = locked.verification_level, locked.verified_until
    organisation.name = locked.name
    return locked
