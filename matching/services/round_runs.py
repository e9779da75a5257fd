"""Rounds that an operator asked for: queued, carried out by a job that tells how far it is, cancelled, given up."""

import logging
from collections.abc import Callable, Collection, Mapping
from dataclasses import fields, replace
from datetime import datetime
from time import monotonic
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from accounts.core.actor import Actor
from accounts.selectors import actors
from common import audit, events
from common.db import try_advisory_lock, violated_constraint, working
from common.errors import Refused, gettext_noop
from common.state_machine import TransitionRefused
from matching.core.market import Parameters
from matching.core.run_states import RUN, SILENT_AFTER, RunParty, RunState, RunStep
from matching.models import Round, RoundRun
from matching.services import round_seeds, round_trials, rounds

logger = logging.getLogger(__name__)

WORK = "matching.round_run"
TELL_EVERY_S = 0.5
STOPPED = gettext_noop("The program that worked on it stopped. Ask for another round.")
BROKEN = gettext_noop("The round could not be computed; the operators' log says why.")


class Cancelled(Exception):
    """Somebody cancelled the run that is being carried out."""


def ask(
    *,
    directions: Collection[str] | None = None,
    parameters: Mapping[str, Any] | None = None,
    is_trial: bool = False,
    by: Actor,
    at: datetime,
) -> RoundRun:
    """Queue a round; a job carries it out.

    Args:
        directions: codes to decide; all when None.
        parameters: those of `Parameters` that differ from what is usual.
        is_trial: only tell what would come of it, with its fairness terms and without; propose nothing.

    Raises:
        SeedNotChosen: the parameters name a seed, and it is no trial.
        RoundNotAllowed: `by` is no operator.
        RoundRunning: one waits already.
        ValueError: there is no such parameter.
    """
    if by.user_id is None or not by.is_operator:
        raise rounds.RoundNotAllowed(gettext_noop("Match rounds are started by operators and by the clock."))
    chosen = dict(parameters or {})
    if unknown := set(chosen) - {field.name for field in fields(Parameters)}:
        raise ValueError(f"There is no parameter {sorted(unknown)}.")
    if "seed" in chosen:
        round_seeds.require_none(is_trial=is_trial)
    try:
        with transaction.atomic():
            run = RoundRun.objects.create(
                asked_at=at,
                by_user_id=by.user_id,
                directions=None if directions is None else sorted(directions),
                parameters=chosen,
                is_trial=is_trial,
            )
            audit.record("round.ask", run, by=by, at=at, trial=is_trial)
            events.publish("round.asked", run=run.code)
    except IntegrityError as error:
        if violated_constraint(error) != "round_run_open_once":
            raise
        raise rounds.RoundRunning(
            gettext_noop("A match round is waiting already."), fix=gettext_noop("Wait until it is done, or cancel it.")
        ) from None
    return run


@transaction.atomic
def cancel(code: UUID, *, by: Actor, at: datetime) -> RoundRun:
    """Give up a round that waits or runs; what it has not written yet is never written.

    Raises:
        RoundRun.DoesNotExist: no such run, or none of `by`'s business.
        TransitionRefused: it has ended.
    """
    if not by.is_operator:
        raise RoundRun.DoesNotExist
    run = RoundRun.objects.select_for_update().get(code=code)
    _end(run, "cancel", RunParty.OPERATOR, at=at)
    audit.record("round.cancel", run, by=by, at=at)
    return run


def carry_out(code: UUID, *, teller: Callable[[RoundRun], rounds.Told] | None = None, at: datetime) -> RoundRun:
    """Carry out a run that waits: the market is read as it stands at `at`.

    Every step is written as it begins, so that pages can show it. May run twice: what no longer waits is left alone.

    Args:
        teller: makes what hears of the steps; left out, what writes them.
    """
    pk = RoundRun.objects.values_list("pk", flat=True).get(code=code)
    with working(WORK, pk):
        run = _begun(code, at=at)
        if run is not None:
            try:
                _decide(run, (teller or Teller)(run), at=at)
            except Cancelled:
                logger.info("A match round was cancelled.")
            except Refused as refusal:
                _failed(code, refusal.message, at=at)
            except Exception:
                _failed(code, BROKEN, at=at)
                raise
    return RoundRun.objects.get(code=code)


def give_up_stopped(*, at: datetime) -> int:
    """Fail the runs whose worker died; return how many."""
    stopped = 0
    silent = RoundRun.objects.filter(state=RunState.RUNNING, begun_at__lte=at - SILENT_AFTER)
    for pk in silent.values_list("pk", flat=True):
        with transaction.atomic():
            run = RoundRun.objects.select_for_update().get(pk=pk)
            if run.state == RunState.RUNNING and try_advisory_lock(WORK, pk):
                run.failure = STOPPED
                _end(run, "fail", RunParty.SYSTEM, at=at)
                stopped += 1
    return stopped


class Teller:
    """Writes how far a run is, not more often than pages ask."""

    def __init__(self, run: RoundRun) -> None:
        self.run, self.told_s = run, -TELL_EVERY_S

    def __call__(self, step: RunStep, done: int = 0, parts: int = 0) -> None:
        """Write the step and its count.

        Raises:
            Cancelled: the run was given up in the meantime.
        """
        is_due = monotonic() - self.told_s >= TELL_EVERY_S or done in {0, parts}
        if not is_due:
            return
        running = RoundRun.objects.filter(pk=self.run.pk, state=RunState.RUNNING)
        if not running.update(step=step, n_decided=done, n_parts=parts):
            raise Cancelled
        self.told_s = monotonic()


def _begun(code: UUID, *, at: datetime) -> RoundRun | None:
    """Return the run if it waited for its turn; one that has run already is nobody's work any more."""
    try:
        with transaction.atomic():
            run = RoundRun.objects.select_for_update().get(code=code)
            run.state = RUN.target(run.state, "begin", {RunParty.SYSTEM})
            run.begun_at = at
            run.save(update_fields=["state", "begun_at"])
    except TransitionRefused:
        return None
    return run


def _decide(run: RoundRun, tell: rounds.Told, *, at: datetime) -> None:
    by = actors.actor_for(run.by_user)
    parameters = replace(Parameters(), **run.parameters)
    with rounds.in_turn():
        if not run.is_trial:
            parameters = replace(parameters, seed=round_seeds.of_next(at=at).seed)
        found = rounds.decide(parameters, directions=run.directions, told=tell, at=at)
        trial = round_trials.compared(found, at=at) if run.is_trial else None
        tell(RunStep.WRITE)
        with transaction.atomic():
            run = RoundRun.objects.select_for_update().get(pk=run.pk)
            if run.state != RunState.RUNNING:
                raise Cancelled
            if trial is None:
                run.round = rounds.write(found, trigger=Round.Trigger.OPERATOR, by=by, at=at)
            run.trial = trial
            _end(run, "finish", RunParty.SYSTEM, at=at)


@transaction.atomic
def _failed(code: UUID, failure: str, *, at: datetime) -> None:
    run = RoundRun.objects.select_for_update().get(code=code)
    if run.state == RunState.RUNNING:
        run.failure = failure
        _end(run, "fail", RunParty.SYSTEM, at=at)


def _end(run: RoundRun, move: str, party: RunParty, *, at: datetime) -> None:
    run.state = RUN.target(run.state, move, {party})
    run.ended_at = at
    run.save(update_fields=["state", "step", "ended_at", "failure", "round", "trial"])
