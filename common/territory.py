"""Rows that lie in a territory: a condition on a column with a division code."""

from collections.abc import Collection

from django.db.models import Q


def within(column: str, prefixes: Collection[str]) -> Q:
    """Return the condition that `column` begins with one of `prefixes`; no prefix means nowhere, "" everywhere."""
    if "" in prefixes:
        return Q()
    condition = Q(pk__in=[])
    for prefix in prefixes:
        condition |= Q(**{f"{column}__startswith": prefix})
    return condition
