"""What a round's gap is made of and how scarce its offers were, made once from what the round stored."""

import zlib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar
from uuid import UUID

import numpy as np
from django.db import transaction

from marketplace.selectors import named
from marketplace.selectors.named import NamedDemand, NamedListing
from matching.core.build import Part, parts
from matching.core.market import Market, Section
from matching.core.outcome import Outcome, PartOutcome
from matching.core.problem import Ints, ints
from matching.core.scarcity import premiums_bp
from matching.core.terms import terms
from matching.models import Claim, Round, RoundRecord, RoundTerms, ScarcityShare
from matching.models.terms import Side

T = TypeVar("T")


@transaction.atomic
def make(code: UUID) -> RoundTerms:
    """Write the terms of a round, unless they stand already.

    Raises:
        RoundRecord.DoesNotExist: no such round.
    """
    record = RoundRecord.objects.select_for_update().select_related("round").get(round__code=code)
    found = RoundTerms.objects.filter(round=record.round).first()
    if found:
        return found
    market = Market.from_bytes(zlib.decompress(record.input))
    outcome = Outcome.from_bytes(zlib.decompress(record.outcome))
    claims: list[Claim] = []
    shares: list[ScarcityShare] = []
    quotas_fen = 0
    for section, decided in zip(market.sections, outcome.sections, strict=True):
        books = _Books(
            record.round,
            section,
            _by_row(section.needs.code, named.demands(section.needs.code)),
            _by_row(section.lots.code, named.listings(section.lots.code)),
        )
        for part, one in zip(parts(section, market.parameters), decided, strict=True):
            quotas_fen += books.enter(part, one)
        claims += books.claims
        shares += books.shares()
    Claim.objects.bulk_create(claims, batch_size=1_000)
    ScarcityShare.objects.bulk_create(shares, batch_size=1_000)
    lost = [claim for claim in claims if claim.lost_fen]
    rejected = [claim for claim in claims if claim.is_rejected]
    made_whole = [claim for claim in claims if claim.made_whole_fen]
    return RoundTerms.objects.create(
        round=record.round,
        n_claims=len(lost),
        claims_fen=sum(claim.lost_fen for claim in lost),
        quotas_fen=quotas_fen,
        n_rejected=len(rejected),
        rejected_fen=sum(claim.lost_fen for claim in rejected),
        n_made_whole=len(made_whole),
        made_whole_fen=sum(claim.made_whole_fen for claim in made_whole),
    )


def _by_row(codes: Sequence[str], by_code: Mapping[str, T]) -> dict[int, T]:
    """Return what stands behind each row; needs and offers are never deleted."""
    return {row: by_code[str(code)] for row, code in enumerate(codes)}


@dataclass
class _Books:
    """One section's claims and shares as its components are gone through."""

    round: Round
    section: Section
    needs: Mapping[int, NamedDemand]
    lots: Mapping[int, NamedListing]
    claims: list[Claim] = field(default_factory=list)
    premium: dict[int, int] = field(default_factory=dict)

    def enter(self, part: Part, outcome: PartOutcome) -> int:
        """Take in one component; return what its unused quotas come to."""
        if outcome.failure:
            return 0
        found = terms(part, outcome)
        for place in np.flatnonzero(found.need_fen | found.made_whole_fen).tolist():
            need = self.needs[int(part.needs[place])]
            self._claim(
                Side.NEED,
                need,
                lost_fen=int(found.need_fen[place]),
                is_rejected=bool(found.is_rejected[place]),
                made_whole_fen=int(found.made_whole_fen[place]) if part.kind == "mixed" else 0,
            )
        for place in np.flatnonzero(found.lot_fen).tolist():
            self._claim(Side.OFFER, self.lots[int(part.lots[place])], lost_fen=int(found.lot_fen[place]))
        self.premium |= dict(zip(part.lots.tolist(), premiums_bp(part, outcome).tolist(), strict=True))
        return int(found.group_fen.sum())

    def _claim(
        self,
        side: Side,
        about: NamedDemand | NamedListing,
        *,
        lost_fen: int,
        is_rejected: bool = False,
        made_whole_fen: int = 0,
    ) -> None:
        if lost_fen or made_whole_fen:
            self.claims.append(
                Claim(
                    round=self.round,
                    organisation_id=about.owner_id,
                    side=side,
                    direction=self.section.direction,
                    division_code=about.division_code,
                    lost_fen=lost_fen,
                    is_rejected=is_rejected,
                    made_whole_fen=made_whole_fen,
                )
            )

    def shares(self) -> Iterator[ScarcityShare]:
        """Yield what each party had in each cell: as a provider its lots, as a consumer the needs compared with any."""
        cell = [
            (lot.class_code, lot.city_code) for lot in (self.lots[row] for row in range(len(self.section.lots.code)))
        ]
        offered: dict[tuple[str, str, int], list[int]] = defaultdict(lambda: [0, 0, 0])
        for row, (class_code, city_code) in enumerate(cell):
            sums = offered[class_code, city_code, self.lots[row].owner_id]
            premium = self.premium.get(row, 0)
            sums[0], sums[1], sums[2] = sums[0] + 1, sums[1] + (premium > 0), sums[2] + premium
        for (class_code, city_code, owner), (n, n_scarce, premium) in sorted(offered.items()):
            yield self._share(Side.OFFER, class_code, city_code, owner, n, n_scarce=n_scarce, premium_bp=premium)
        compared: dict[tuple[str, str, int], int] = defaultdict(int)
        numbers = {each: number for number, each in enumerate(sorted(set(cell)))}
        of_lot = ints([numbers[each] for each in cell])
        for (class_code, city_code), need in self._compared(of_lot, list(numbers)):
            compared[class_code, city_code, self.needs[need].owner_id] += 1
        for (class_code, city_code, owner), n in sorted(compared.items()):
            yield self._share(Side.NEED, class_code, city_code, owner, n)

    def _compared(self, of_lot: Ints, cells: list[tuple[str, str]]) -> Iterator[tuple[tuple[str, str], int]]:
        """Yield each cell with each need that was compared with a lot of it, once."""
        edges = self.section.edges
        need = ints(self.section.legs.need)[ints(edges.leg)]
        pairs = np.unique(of_lot[ints(edges.lot)] * max(len(self.needs), 1) + need)
        for number, row in zip(*np.divmod(pairs, max(len(self.needs), 1)), strict=True):
            yield cells[int(number)], int(row)

    def _share(self, side: Side, class_code: str, city_code: str, owner: int, n: int, **sums: int) -> ScarcityShare:
        return ScarcityShare(
            round=self.round,
            organisation_id=owner,
            side=side,
            direction=self.section.direction,
            class_code=class_code,
            city_code=city_code,
            n=n,
            **sums,
        )
