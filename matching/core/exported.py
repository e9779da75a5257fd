"""A round as a file that anybody can check without the database, the solver or us."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from matching.core.baselines import simpler_ways
from matching.core.check import Decided, certify
from matching.core.columns import as_bytes
from matching.core.market import Market, sha256
from matching.core.outcome import Outcome, PartOutcome
from matching.core.prices import NotOptimal, price_range
from matching.core.problem import Ints, MatchProblem, ints
from matching.core.settle import unit_prices
from matching.core.verify import UNREADABLE

FORMAT = "yuli-round-1"
PUBLISHED = ("primal_fen", "dual_fen", "gap_fen", "blocking", "unfair", "budget_fen", "is_sound", "is_exact")


@dataclass(frozen=True)
class Exported:
    """A round with all that was published about it.

    Attributes:
        code: of the round.
        input_sha256, outcome_sha256: as published when the round was written.
        market: what was decided on; outcome: what was decided.
        components: the published figures of each component, by direction and position.
    """

    code: str
    input_sha256: str
    outcome_sha256: str
    market: Market
    outcome: Outcome
    components: Sequence[Mapping[str, Any]]

    def to_bytes(self) -> bytes:
        """Return the file: JSON with sorted keys."""
        return as_bytes(
            {
                "format": FORMAT,
                "code": self.code,
                "input_sha256": self.input_sha256,
                "outcome_sha256": self.outcome_sha256,
                "market": self.market.content,
                "outcome": self.outcome.content,
                "components": list(self.components),
            }
        )

    @classmethod
    def from_bytes(cls, stored: bytes) -> "Exported":
        """Return the round that `to_bytes` wrote.

        Raises:
            ValueError: it is of another format, or not whole.
        """
        try:
            content = json.loads(stored)
            if content["format"] != FORMAT:
                raise ValueError(f"A round of format {content['format']} is not readable here.")
            return cls(
                code=content["code"],
                input_sha256=content["input_sha256"],
                outcome_sha256=content["outcome_sha256"],
                market=Market.of(content["market"]),
                outcome=Outcome.of(content["outcome"]),
                components=content["components"],
            )
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"This is no exported round: {error!r}.") from error


def published(direction: str, position: int, one: Decided) -> dict[str, Any]:
    """Return what is published about one component."""
    figures = {name: getattr(one.certificate, name) for name in PUBLISHED}
    simpler = {"greedy_fen": one.outcome.greedy_fen, "first_come_fen": one.outcome.first_come_fen}
    return {"direction": direction, "position": position, **figures, **simpler}


def findings(exported: Exported, *, input_sha256: str = "") -> list[str]:
    """Return everything that is wrong with a round; nothing, where its claims hold.

    Args:
        exported: the file.
        input_sha256: the hash of the input as published elsewhere, as on the round's page; without it a file whose
            input was replaced as a whole proves only itself.

    Notes:
        One pass over the edges proves or refutes each plan (`verify`). Beyond that the ends of the price range are
        computed again from the bare plan (`prices`), what is paid from the rents (`settle`), and the two simpler
        ways. No solver takes part.
    """
    wrong = list(_of_hashes(exported, input_sha256))
    try:
        sections = certify(exported.market, exported.outcome)
    except (ValueError, IndexError, TypeError, OverflowError) as error:
        return [*wrong, f"The input and the outcome do not fit together: {error}"]
    proved = []
    for section, decided in zip(exported.market.sections, sections, strict=True):
        posted = section.needs.posted
        for position, one in enumerate(decided):
            found = (
                [] if one.certificate.faults == UNREADABLE.faults else _of_component(one, ints(posted[one.part.needs]))
            )
            wrong += [f"{section.direction} {position}: {sentence}" for sentence in (*one.certificate.faults, *found)]
            proved.append(published(section.direction, position, one))
    return wrong + list(_of_figures(exported.components, proved))


def _of_hashes(exported: Exported, input_sha256: str) -> Iterator[str]:
    found = sha256(exported.market.to_bytes())
    if found != exported.input_sha256 or input_sha256 not in {"", found}:
        yield f"The input's hash is {found}, not the published {input_sha256 or exported.input_sha256}"
    if (found := sha256(exported.outcome.to_bytes())) != exported.outcome_sha256:
        yield f"The outcome's hash is {found}, not the published {exported.outcome_sha256}"


def _of_component(one: Decided, posted: Ints) -> Iterator[str]:
    part, claimed, problem = one.part, one.outcome, one.part.problem
    if claimed.kind != part.kind:
        yield f"is {part.kind}, not {claimed.kind}"
    if claimed.failure:
        if claimed.units.any() or claimed.unit_price_fen.any():
            yield "was not decided, and yet deals are made"
        return
    if (claimed.greedy_fen, claimed.first_come_fen) != simpler_ways(problem, posted):
        yield "the simpler ways reach other sums"
    if not np.array_equal(claimed.unit_price_fen, unit_prices(part, claimed.units, claimed.lot_fen)):
        yield "a price does not follow from the rents"
    if isinstance(problem, MatchProblem):
        yield from _of_range(problem, claimed)


def _of_range(problem: MatchProblem, claimed: PartOutcome) -> Iterator[str]:
    """Compare the claimed range with that which follows from the plan alone."""
    try:
        prices = price_range(problem, claimed.units)
    except NotOptimal as error:
        yield f"no prices support the plan: {error}"
        return
    middle = prices.middle
    for name, proved in (
        ("lot_low_fen", prices.lowest.lot_fen),
        ("lot_high_fen", prices.highest.lot_fen),
        ("lot_fen", middle.lot_fen),
        ("need_fen", middle.need_fen),
        ("group_fen", middle.group_fen),
    ):
        if not np.array_equal(getattr(claimed, name), proved):
            yield f"{name} is not what the plan supports"


def _of_figures(claimed: Sequence[Mapping[str, Any]], proved: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    if len(claimed) != len(proved):
        yield f"{len(claimed)} components are published, the market has {len(proved)}"
        return
    for said, found in zip(claimed, proved, strict=True):
        for name, value in found.items():
            if said.get(name) != value:
                yield f"{found['direction']} {found['position']}: {name} is {value}, not the published {said.get(name)}"
