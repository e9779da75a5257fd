"""Rounds that an operator asks for: queued, told of, cancelled, given up."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from common.db import working
from common.state_machine import TransitionRefused
from matching.core.market import Parameters
from matching.models import Proposal, Round, RoundRun
from matching.services import round_runs, rounds
from tests import make

pytestmark = pytest.mark.django_db

AT = make.MONDAY_9AM


def market():
    for code in ("instruments", "skills"):
        make.fitting_wish(code)
        make.fitting_offer(code)


def asked(**fields):
    return round_runs.ask(by=make.operator(), at=AT, **fields)


def test_a_round_that_was_asked_for_is_queued_carried_out_and_remembered():
    market()
    operator = make.operator()

    run = round_runs.ask(by=operator, at=AT, directions=["skills"], parameters={"nearest": 7})
    job = ProcrastinateJob.objects.get(task_name="matching.jobs.carry_out_round")
    done = round_runs.carry_out(run.code, at=AT)

    assert (run.state, job.args) == ("waiting", {"code": str(run.code)})
    assert (done.state, done.step, done.n_decided, done.failure) == ("done", "write", 0, "")
    assert done.round == Round.objects.get()
    assert (done.round.directions, done.round.parameters["nearest"]) == (["skills"], 7)
    assert (done.round.by_user_id, done.round.trigger) == (operator.user_id, "operator")


def test_each_step_is_told_with_its_count_as_it_begins():
    market()
    told = []

    rounds.decide(Parameters(), directions=None, told=lambda *step: told.append(step), at=AT)

    assert told == [("gather",), ("solve", 0, 2), ("solve", 1, 2), ("solve", 2, 2), ("verify",)]


def test_a_run_is_carried_out_once():
    market()
    run = asked()
    round_runs.carry_out(run.code, at=AT)

    again = round_runs.carry_out(run.code, at=AT)

    assert again.state == "done"
    assert Round.objects.count() == 1


def test_nobody_but_operators_asks_or_cancels():
    run = asked()

    for actor in (make.actor(make.organisation()), make.reviewer(), make.regulator()):
        with pytest.raises(rounds.RoundNotAllowed):
            round_runs.ask(by=actor, at=AT)
        with pytest.raises(RoundRun.DoesNotExist):
            round_runs.cancel(run.code, by=actor, at=AT)

    assert [each.state for each in RoundRun.objects.all()] == ["waiting"]


def test_one_round_waits_at_a_time():
    asked()

    with pytest.raises(rounds.RoundRunning, match="waiting already"):
        asked()

    assert RoundRun.objects.count() == ProcrastinateJob.objects.filter(queue_name="rounds").count() == 1


def test_an_unknown_parameter_is_refused():
    with pytest.raises(ValueError, match="no parameter \\['speed'\\]"):
        asked(parameters={"speed": 9})

    assert not RoundRun.objects.exists()


def test_a_cancelled_run_is_never_carried_out():
    market()
    run = asked()

    round_runs.cancel(run.code, by=make.operator(), at=AT)
    left = round_runs.carry_out(run.code, at=AT)

    assert (left.state, left.ended_at) == ("cancelled", AT)
    assert not Round.objects.exists()
    with pytest.raises(TransitionRefused):
        round_runs.cancel(run.code, by=make.operator(), at=AT)


@pytest.mark.django_db(transaction=True)
def test_cancelling_a_round_that_runs_leaves_nothing_of_it():
    market()
    run, operator, began = asked(), make.operator(), threading.Event()
    reached = threading.Event()

    def cancel():
        began.wait(30)
        round_runs.cancel(run.code, by=operator, at=AT)
        reached.set()
        connection.close()

    class Held:
        """Holds the solving until somebody has cancelled."""

        def __init__(self, of_run):
            self.tell = round_runs.Teller(of_run)

        def __call__(self, step, done=0, parts=0):
            if step == "solve":
                began.set()
                assert reached.wait(30)
            self.tell(step, done, parts)

    thread = threading.Thread(target=cancel)
    thread.start()
    left = round_runs.carry_out(run.code, at=AT, teller=Held)
    thread.join()

    assert (left.state, left.step) == ("cancelled", "gather")
    assert not Round.objects.exists()
    assert not Proposal.objects.exists()


def test_a_round_that_cannot_be_computed_says_so_and_lets_the_next_one_in():
    market()
    run = asked(parameters={"nearest": -1})

    with pytest.raises(ValueError, match="At least one offer"):
        round_runs.carry_out(run.code, at=AT)

    run.refresh_from_db()
    assert (run.state, run.failure) == ("failed", round_runs.BROKEN)
    assert round_runs.carry_out(asked().code, at=AT).state == "done"


@pytest.mark.django_db(transaction=True)
def test_a_run_whose_worker_died_is_given_up_and_one_that_is_worked_on_is_not():
    run = asked()
    RoundRun.objects.update(state="running", begun_at=AT)
    working_on, done = threading.Event(), threading.Event()

    def work():
        with working(round_runs.WORK, run.pk):
            working_on.set()
            done.wait(30)
        connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    assert working_on.wait(30)
    later = AT + timedelta(minutes=2)
    assert round_runs.give_up_stopped(at=later) == 0
    done.set()
    thread.join()

    assert round_runs.give_up_stopped(at=later - timedelta(seconds=1)) == 0
    assert round_runs.give_up_stopped(at=later) == 1
    run.refresh_from_db()
    assert (run.state, run.failure, run.ended_at) == ("failed", round_runs.STOPPED, later)


def test_a_trial_tells_what_a_bound_on_shares_costs_and_proposes_nothing():
    cheap, dear = make.organisation(), make.organisation()
    for _ in range(3):
        make.fitting_offer(owner=cheap, reserve_price_fen=1_000)
        make.fitting_wish(quantity=1)
    make.fitting_offer(owner=dear, reserve_price_fen=3_000)

    run = asked(is_trial=True, parameters={"quota_by": "provider", "quota_share_bp": 6_667})
    done = round_runs.carry_out(run.code, at=AT)

    assert (done.state, done.round) == ("done", None)
    assert (done.trial["free"]["deals"], done.trial["free"]["hhi"]) == (3, 10_000)
    assert (done.trial["chosen"]["deals"], done.trial["chosen"]["hhi"]) == (3, 5_556)
    assert done.trial["free"]["gain_fen"] - done.trial["chosen"]["gain_fen"] == 2_000
    assert not Round.objects.exists()
    assert not Proposal.objects.exists()


def test_a_trial_without_a_bound_costs_nothing():
    market()

    done = round_runs.carry_out(asked(is_trial=True).code, at=AT)

    assert done.trial["chosen"] == done.trial["free"]
    assert done.trial["chosen"]["served"] == 2
