"""A stored round as a file that anybody can check."""

import zlib
from uuid import UUID

from matching.core.exported import PUBLISHED, Exported
from matching.core.market import Market
from matching.core.outcome import Outcome
from matching.models import Component, RoundRecord


def exported(code: UUID) -> Exported:
    """Return a round with its input, its outcome and all that was published about its components.

    Raises:
        RoundRecord.DoesNotExist: no such round.
    """
    record = RoundRecord.objects.select_related("round").get(round__code=code)
    names = ("direction", "position", *PUBLISHED, "greedy_fen", "first_come_fen")
    market = Market.from_bytes(zlib.decompress(record.input))
    place = {section.direction: number for number, section in enumerate(market.sections)}
    rows = Component.objects.filter(round=record.round).values(*names)
    return Exported(
        code=str(code),
        input_sha256=record.round.input_sha256,
        outcome_sha256=record.round.outcome_sha256,
        market=market,
        outcome=Outcome.from_bytes(zlib.decompress(record.outcome)),
        components=sorted(rows, key=lambda row: (place[row["direction"]], row["position"])),
    )
