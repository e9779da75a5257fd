"""Insert the made-up facts of the demo, many at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from common.db import copy_in
from credit.core.kinds import EventKind, Source
from credit.models import CreditEvent
from credit.selectors import rules

BASIS = "演示 / demo"


@dataclass(frozen=True)
class DemoFact:
    """One fact about one party, as `ledger.record` takes it."""

    organisation_id: int
    kind: EventKind
    source: Source
    source_code: str
    occurred_at: datetime
    value: float | None = None
    amount_fen: int | None = None
    counterparty_id: int | None = None


@transaction.atomic
def insert_facts(facts: Sequence[DemoFact], *, at: datetime) -> None:
    """Insert facts that were not reported before; `standing.recompute_all` makes standings of them."""
    version = rules.in_force(at)
    copy_in(
        [
            CreditEvent(
                organisation_id=fact.organisation_id,
                kind=fact.kind,
                source=fact.source,
                source_code=fact.source_code,
                basis=BASIS,
                value=fact.value,
                weight=1.0 if fact.amount_fen is None else version.order_weight(fact.amount_fen),
                counterparty_id=fact.counterparty_id,
                occurred_at=fact.occurred_at,
                recorded_at=at,
            )
            for fact in facts
        ]
    )
