"""The certificates of a whole outcome, made from the market and the outcome alone."""

from matching.core.build import Part
from matching.core.mixed import MixedProblem
from matching.core.problem import ints
from matching.core.settle import payments
from matching.core.solve import PartOutcome
from matching.core.verify import Certificate, certificate, mixed_certificate


def part_certificate(part: Part, outcome: PartOutcome) -> Certificate:
    """Check one component's outcome against its problem; what needs pay is what lots receive."""
    units = ints(outcome.units)
    paid = payments(part, units, ints(outcome.unit_price_fen))
    if isinstance(part.problem, MixedProblem):
        return mixed_certificate(part.problem, units, lot_fen=ints(outcome.lot_fen), paid_fen=paid, received_fen=paid)
    return certificate(
        part.problem,
        units,
        need_fen=ints(outcome.need_fen),
        lot_fen=ints(outcome.lot_fen),
        paid_fen=paid,
        received_fen=paid,
    )
