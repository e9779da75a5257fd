"""Where a party's proofs of identity stand."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts import policies
from accounts.core.actor import Actor
from accounts.core.levels import CaseKind, needed_to_deal
from accounts.core.mending import Mend
from accounts.core.parties import OrganisationKind
from accounts.core.verification_states import VERIFICATION, VerificationState
from accounts.models import Organisation, VerificationCase, VerificationDocument
from common.errors import Refused, gettext_noop


class PublishingNeedsVerification(Refused):
    """The party's identity, or a licence this needs, is not verified or no longer is."""


class DealingNeedsVerification(Refused):
    """One of the parties to a deal is not verified, or no longer is."""


def require_publishable(organisation_id: int, *, licences: Mapping[str, object] | None = None, at: datetime) -> None:
    """Let pass only a party that may publish, holding every licence of `licences`, on the Shanghai day of `at`.

    Args:
        licences: code -> name as people know it.

    Raises:
        PublishingNeedsVerification: with what is missing and where to mend it.
    """
    organisation = Organisation.objects.get(pk=organisation_id)
    today = timezone.localdate(at)
    if not policies.is_verified(organisation, today):
        never = gettext_noop("%(name)s is not verified yet; drafts are kept, publishing has to wait.")
        raise _own_refusal(PublishingNeedsVerification, organisation, never, today)
    names = dict(licences or {})
    missing = sorted(set(names) - held_licences(organisation_id, at=at))
    if missing:
        raise PublishingNeedsVerification(
            gettext_noop("This needs a verified licence that %(name)s has not shown yet: %(licences)s."),
            fix=gettext_noop("Hand in the licence under Settings, Verification."),
            link=Mend.VERIFICATION,
            params={"name": organisation.name, "licences": ", ".join(str(names[code]) for code in missing)},
        )


def require_verified(organisation_ids: Collection[int], *, by: Actor, at: datetime) -> None:
    """Let a deal pass only between parties whose identity is verified on the Shanghai day of `at`.

    Raises:
        DealingNeedsVerification: which party is not; `by`'s own side is told where to mend it.
    """
    today = timezone.localdate(at)
    parties = Organisation.objects.in_bulk(list(organisation_ids))
    for organisation_id in organisation_ids:
        party = parties[organisation_id]
        if policies.is_verified(party, today):
            continue
        if organisation_id != by.organisation_id:
            raise DealingNeedsVerification(
                gettext_noop("%(name)s is not verified at present, so nothing can be agreed with it."),
                fix=gettext_noop("Choose another partner, or ask it to renew its verification."),
                params={"name": party.name},
            )
        never = gettext_noop("%(name)s is not verified yet, so it cannot order or accept.")
        raise _own_refusal(DealingNeedsVerification, party, never, today)


def unverified(*, at: datetime) -> QuerySet[Organisation, int]:
    """Return the ids of all parties that nothing can be agreed with on the Shanghai day of `at`, for a subquery."""
    reached = Q(pk__in=[])
    for kind in OrganisationKind:
        reached |= Q(kind=kind, verification_level__gte=needed_to_deal(kind))
    verified = reached & Q(verified_until__gte=timezone.localdate(at))
    return Organisation.objects.filter(~verified | Q(verified_until=None)).values_list("pk", flat=True)


def _own_refusal(kind: type[Refused], party: Organisation, never: str, today: date) -> Refused:
    """Return the refusal of a party's own step: its verification has run out, or `never` was there."""
    has_lapsed = party.verified_until is not None and party.verified_until < today
    return kind(
        gettext_noop("The identity verification of %(name)s has run out.") if has_lapsed else never,
        fix=gettext_noop("Hand in the documents under Settings, Verification; most are decided within a working day."),
        link=Mend.VERIFICATION,
        params={"name": party.name},
    )


def held_licences(organisation_id: int, *, at: datetime) -> set[str]:
    """Return the codes of the licences that are verified and in force on the Shanghai day of `at`."""
    cases = VerificationCase.objects.filter(
        organisation_id=organisation_id,
        kind=CaseKind.LICENCE,
        state=VerificationState.APPROVED,
        valid_until__gte=timezone.localdate(at),
    )
    return set(cases.values_list("licence", flat=True))


def _seen_by(viewer: Actor) -> QuerySet[VerificationCase]:
    """Return the cases of the party the viewer acts for; all of them to a reviewer."""
    cases = VerificationCase.objects.select_related("organisation", "submitted_by", "decided_by")
    if policies.may_review(viewer):
        return cases
    return cases.filter(organisation_id=viewer.own_organisation_id)


def of(viewer: Actor) -> QuerySet[VerificationCase]:
    """Return the cases of the party the viewer acts for, newest first."""
    cases = VerificationCase.objects.filter(organisation_id=viewer.own_organisation_id).select_related("organisation")
    return cases.order_by("-submitted_at", "-id")


def get(code: UUID | str, *, viewer: Actor) -> VerificationCase:
    """Return one case with its documents, checks and steps.

    Raises:
        VerificationCase.DoesNotExist: no such case, or not the viewer's to see.
    """
    return _seen_by(viewer).prefetch_related("documents", "checks", "steps__user").get(code=code)


def outcome(code: UUID | str) -> VerificationCase:
    """Return one case with its party, for jobs that act on what was decided; nobody's page shows it.

    Raises:
        VerificationCase.DoesNotExist: no such case.
    """
    return VerificationCase.objects.select_related("organisation").get(code=code)


def document(code: UUID | str, *, viewer: Actor) -> VerificationDocument:
    """Return one stored page, for its owner or a reviewer.

    Raises:
        VerificationDocument.DoesNotExist: no such page, or not the viewer's to see.
    """
    return VerificationDocument.objects.select_related("case").get(code=code, case__in=_seen_by(viewer))


def queue(viewer: Actor) -> QuerySet[VerificationCase]:
    """Return what waits for a reviewer, oldest first: undecided cases, then machine passes drawn for a second look."""
    if not policies.may_review(viewer):
        return VerificationCase.objects.none()
    waits = Q(state=VerificationState.IN_REVIEW)
    sampled = Q(state=VerificationState.APPROVED, is_sampled=True, decided_by=None)
    cases = VerificationCase.objects.filter(waits | sampled).select_related("organisation")
    return cases.order_by("-state", "submitted_at", "id")


def open_moves(case: VerificationCase, viewer: Actor) -> list[str]:
    """Return the moves open to the viewer; a second look is only for what the machine passed and drew."""
    moves = VERIFICATION.open_moves(case.state, policies.parties_in(viewer, case))
    if not (case.is_sampled and case.decided_by_id is None):
        moves = [name for name in moves if name != "confirm"]
    return moves
