"""The certificates of a whole outcome, made from the market and the outcome alone."""

from dataclasses import dataclass

from matching.core.build import Part, parts
from matching.core.market import Market
from matching.core.mixed import MixedProblem
from matching.core.outcome import Outcome, PartOutcome
from matching.core.settle import payments
from matching.core.verify import Certificate, certificate, mixed_certificate


@dataclass(frozen=True, eq=False)
class Decided:
    """One component with what was decided and what a check of it found."""

    part: Part
    outcome: PartOutcome
    certificate: Certificate


def certify(market: Market, outcome: Outcome) -> tuple[tuple[Decided, ...], ...]:
    """Return every section's components with their certificates.

    The components are built again from the market, so nothing that the solver might have altered is trusted.
    """
    return tuple(
        tuple(
            Decided(part, decided, part_certificate(part, decided))
            for part, decided in zip(parts(section, market.parameters), section_outcome, strict=True)
        )
        for section, section_outcome in zip(market.sections, outcome.sections, strict=True)
    )


def part_certificate(part: Part, outcome: PartOutcome) -> Certificate:
    """Check one component's outcome against its problem; what needs pay is what lots receive."""
    units = outcome.units
    paid = payments(part, units, outcome.unit_price_fen)
    if isinstance(part.problem, MixedProblem):
        return mixed_certificate(
            part.problem,
            units,
            lot_fen=outcome.lot_fen,
            group_fen=outcome.group_fen,
            paid_fen=paid,
            received_fen=paid,
        )
    return certificate(
        part.problem,
        units,
        need_fen=outcome.need_fen,
        lot_fen=outcome.lot_fen,
        group_fen=outcome.group_fen,
        paid_fen=paid,
        received_fen=paid,
    )
