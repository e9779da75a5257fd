"""Parties and verifications as the supervision reads them: within a territory, without anything that names anybody."""

from collections.abc import Collection
from typing import Any

from django.db.models import Count, F, Q

from accounts.core.parties import OrganisationKind
from accounts.core.verification_states import VerificationState
from accounts.models import Organisation, VerificationCase
from common.territory import within

Row = dict[str, Any]
DIVISION_OF_CASE = "organisation__division_code"


def parties(ids: Collection[int], prefixes: Collection[str]) -> list[Row]:
    """Return the parties of `ids` that lie in the territory."""
    rows = Organisation.objects.filter(within("division_code", prefixes), pk__in=ids).values(
        "pk", "kind", "size", "division_code", "industry_code", "verification_level", "verified_until", "created_at",
        "is_demo",
    )  # fmt: skip
    return [{**row, "about": [row["pk"]]} for row in rows]


def verifications(ids: Collection[int], prefixes: Collection[str]) -> list[Row]:
    """Return the verifications of `ids` whose party lies in the territory."""
    rows = VerificationCase.objects.filter(within(DIVISION_OF_CASE, prefixes), pk__in=ids).values(
        "pk", "organisation_id", "kind", "licence", "state", "submitted_at", "decided_at", "decided_by_id",
        "risk_percent", "is_sampled", "document_until", "valid_until", division_code=F(DIVISION_OF_CASE),
        is_demo=F("organisation__is_demo"),
    )  # fmt: skip
    return [
        {**row, "is_decided_by_machine": row["decided_at"] is not None and row["decided_by_id"] is None,
         "about": [row["organisation_id"]]}
        for row in rows
    ]  # fmt: skip


def count_parties(prefixes: Collection[str]) -> Row:
    """Return how many parties lie in the territory, and how many of them are verified."""
    return Organisation.objects.filter(within("division_code", prefixes)).aggregate(
        total=Count("pk"),
        verified=Count("pk", filter=Q(verification_level__gt=0)),
        persons=Count("pk", filter=Q(kind=OrganisationKind.PERSON)),
        incomplete=Count("pk", filter=Q(division_code="") | ~Q(kind=OrganisationKind.PERSON) & Q(industry_code="")),
    )


def count_verifications(prefixes: Collection[str]) -> Row:
    """Return how many verifications there are in the territory, waiting, and passed by the machine alone."""
    return VerificationCase.objects.filter(within(DIVISION_OF_CASE, prefixes)).aggregate(
        total=Count("pk"),
        waiting=Count("pk", filter=Q(state=VerificationState.IN_REVIEW)),
        by_machine=Count("pk", filter=Q(decided_at__isnull=False, decided_by__isnull=True)),
        decided_before_submitted=Count("pk", filter=Q(decided_at__lt=F("submitted_at"))),
    )


def divisions_in_use() -> list[str]:
    """Return every division code that some party gives, sorted."""
    return list(Organisation.objects.order_by("division_code").values_list("division_code", flat=True).distinct())
