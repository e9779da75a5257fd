"""A match round from beginning to end, and its repetition from what was stored."""

import zlib
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from time import perf_counter
from typing import Protocol, TypeVar
from uuid import UUID

from django.db import transaction

from accounts.core.actor import Actor
from common import audit
from common.db import own_session
from common.errors import Refused, gettext_noop
from matching import policies
from matching.core import standing
from matching.core.check import Decided, certify
from matching.core.market import Market, Parameters, sha256
from matching.core.outcome import Outcome
from matching.core.run_states import RunStep
from matching.core.solve import solve
from matching.models import Round, RoundRecord
from matching.selectors import problems
from matching.selectors.gathered import Gathered
from matching.services import cluster, round_rows, round_rules, round_seeds, round_trials, widening

T = TypeVar("T")

# Any constant of our own: whoever holds it is computing a round.
ROUND_LOCK = 5_917_002


class RoundRunning(Refused):
    """Another round is being computed."""


class RoundNotAllowed(Refused):
    """Only operators start or repeat rounds by hand."""


class Told(Protocol):
    """Hears of each step as it begins, and while solving how many parts are decided, of how many."""

    def __call__(self, step: RunStep, done: int = 0, parts: int = 0) -> None: ...


def silent(step: RunStep, done: int = 0, parts: int = 0) -> None:
    """Nobody is told."""


@dataclass(frozen=True)
class DecidedRound:
    """What was read and what was decided, not yet written.

    Attributes:
        unaided: the same without bonuses, where there are any.
        free: the same without bonuses and quotas, where there are any.
    """

    gathered: Gathered
    outcome: Outcome
    checked: tuple[tuple[Decided, ...], ...]
    times: round_rows.Times
    unaided: "DecidedRound | None" = None
    free: "DecidedRound | None" = None


@dataclass(frozen=True)
class Replay:
    """A repetition of a stored round: `is_same` when every byte of the outcome came out again."""

    is_same: bool
    input_sha256: str
    outcome_sha256: str
    stored_outcome_sha256: str
    seconds: float


def run(
    *,
    by: Actor,
    at: datetime,
    directions: Collection[str] | None = None,
    parameters: Parameters | None = None,
    trigger: str = Round.Trigger.OPERATOR,
) -> Round:
    """Decide the market as it stands at `at` and write what is proposed to whom, and why not to others.

    Args:
        directions: codes to decide; all when None.
        parameters: what an operator may set; the defaults when None. The seed is that drawn for the next round.
        trigger: what started the round, for the record.

    Raises:
        RoundNotAllowed: `by` is neither operator nor system.
        RoundRunning: another round is being computed.
    """
    if not policies.may_run_rounds(by):
        raise RoundNotAllowed(gettext_noop("Match rounds are started by operators and by the clock."))
    with alone():
        seed = round_seeds.of_next(at=at).seed
        found = decide(replace(parameters or Parameters(), seed=seed), directions=directions, at=at)
        with transaction.atomic():
            return write(found, trigger=trigger, by=by, at=at)


def decide(
    parameters: Parameters, *, directions: Collection[str] | None, told: Told = silent, at: datetime
) -> DecidedRound:
    """Return the market as it stands at `at` and what is best in it by its rules; writes nothing.

    Args:
        told: hears of each step as it begins, and of parts decided and to decide.
    """
    told(RunStep.GATHER)
    gathered, gather_ms = _timed(lambda: problems.gather(parameters, directions=directions, at=at))
    plain = decided(gathered, gather_ms=gather_ms, widen=parameters.widen, told=told)
    if not round_rules.has_any(parameters):
        return plain
    free = decided(round_rules.without_any(plain.gathered), told=told) if parameters.quota_by else plain
    if not round_rules.has_bonuses(parameters):
        return replace(plain, free=free)
    with cluster.spread() as spread:
        best = partial(solve, spread=spread, told=partial(told, RunStep.SOLVE))
        granted = round_rules.granted(plain.gathered, best, at=at)
    return replace(decided(granted, gather_ms=gather_ms, told=told), unaided=plain, free=free)


def decided(gathered: Gathered, *, gather_ms: int = 0, widen: int = 0, told: Told = silent) -> DecidedRound:
    """Return what is best in a market; `widen` as in the parameters, `told` as for `decide`."""
    with cluster.spread() as spread:
        best = partial(solve, spread=spread, told=partial(told, RunStep.SOLVE))
        (gathered, outcome), solve_ms = _timed(lambda: widening.decided(gathered, best, at_most=widen))
    told(RunStep.VERIFY)
    checked, verify_ms = _timed(lambda: certify(gathered.market, outcome))
    return DecidedRound(gathered, outcome, checked, round_rows.Times(gather_ms, solve_ms, verify_ms))


def write(found: DecidedRound, *, trigger: str, by: Actor, at: datetime) -> Round:
    """Write what was decided, and reveal its seed; call it inside a transaction.

    Raises:
        SeedSpent: it was not decided with the seed that waits for the next round.
    """
    round_ = round_rows.write(
        found.gathered,
        found.outcome,
        found.checked,
        unaided=found.unaided.checked if found.unaided else None,
        rules=round_trials.compared(found, at=at) if found.free else {},
        times=found.times,
        trigger=trigger,
        by=by,
        at=at,
    )
    round_seeds.spend(round_, at=at)
    return round_


def replay(code: UUID, *, by: Actor, at: datetime) -> Replay:
    """Decide a stored round once more from its stored input and compare every byte of the outcome.

    Raises:
        Round.DoesNotExist: no such round.
        RoundNotAllowed: `by` is not signed in; a repetition costs as much as a round.
    """
    if not (by.is_signed_in or by.is_system):
        raise RoundNotAllowed(gettext_noop("Sign in to repeat a round."))
    record = RoundRecord.objects.select_related("round").filter(round__code=code).first()
    if record is None:
        raise Round.DoesNotExist
    stored = zlib.decompress(record.input)
    again, ms = _timed(lambda: _again(record, Market.from_bytes(stored)).to_bytes())
    found = Replay(
        is_same=again == zlib.decompress(record.outcome) and sha256(stored) == record.round.input_sha256,
        input_sha256=sha256(stored),
        outcome_sha256=sha256(again),
        stored_outcome_sha256=record.round.outcome_sha256,
        seconds=ms / 1000,
    )
    audit.record("round.replayed", record.round, by=by, at=at, is_same=found.is_same)
    return found


def _again(record: RoundRecord, market: Market) -> Outcome:
    """Decide a stored market again; who stood together in the live market goes on to decide among equals."""
    decided = solve(market)
    if record.round.trigger != Round.Trigger.LIVE:
        return decided
    stored = Outcome.from_bytes(zlib.decompress(record.outcome))
    return standing.with_plans(market, decided, [[part.units for part in section] for section in stored.sections])


@contextmanager
def alone() -> Iterator[None]:
    """Hold the lock of rounds over all their transactions.

    Raises:
        RoundRunning: another holds it.
    """
    with own_session() as session:
        [taken] = session.execute("SELECT pg_try_advisory_lock(%s)", [ROUND_LOCK]).fetchone() or [False]
        if not taken:
            raise RoundRunning(
                gettext_noop("Another match round is being computed."), fix=gettext_noop("Try again in a minute.")
            )
        yield


@contextmanager
def in_turn() -> Iterator[None]:
    """Hold the lock of rounds as soon as nobody else does."""
    with own_session() as session:
        session.execute("SELECT pg_advisory_lock(%s)", [ROUND_LOCK])
        yield


def _timed(step: Callable[[], T]) -> tuple[T, int]:
    begin = perf_counter()
    result = step()
    return result, round((perf_counter() - begin) * 1000)
