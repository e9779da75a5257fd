"""Seeds of rounds: their hash stands before the round, nobody chooses them, and each is used once."""

import hashlib
import threading
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from matching.core.market import Parameters
from matching.models import Round, RoundRun, RoundSeed
from matching.services import round_runs, round_seeds, rounds
from tests import make

pytestmark = pytest.mark.django_db

AT = make.MONDAY_9AM


def waiting() -> RoundSeed:
    return round_seeds.of_next(at=AT)


def test_a_seed_waits_from_the_beginning_and_the_next_round_reveals_it():
    before = waiting()
    published = before.sha256

    found = make.run_round(at=AT)

    revealed = RoundSeed.objects.get(round=found)
    assert found.parameters["seed"] == revealed.seed == before.seed
    assert hashlib.sha256(found.parameters["seed"].encode()).hexdigest() == published
    assert revealed.published_at == before.published_at


def test_the_seed_after_it_is_drawn_with_the_round_that_uses_one():
    first = make.run_round(at=AT)
    published = RoundSeed.objects.get(round=None).sha256

    second = make.run_round(at=AT + timedelta(hours=1))

    assert second.drawn.published_at == first.at
    assert second.drawn.sha256 == published
    assert len({seed.seed for seed in RoundSeed.objects.all()}) == 3
    assert all(len(seed.seed) == 64 for seed in RoundSeed.objects.all())


@pytest.mark.parametrize("given", [{"seed": "mine"}, {"seed": "yuli"}])
def test_nobody_chooses_the_seed_of_a_round_that_proposes(given):
    with pytest.raises(round_seeds.SeedNotChosen):
        round_runs.ask(parameters=given, by=make.operator(), at=AT)

    assert not RoundRun.objects.exists()
    assert make.run_round(parameters=Parameters(**given)).parameters["seed"] not in {"mine", "yuli"}


def test_a_trial_may_choose_one_and_neither_uses_nor_tells_the_one_that_waits():
    make.fitting_wish()
    make.fitting_offer()
    before = waiting().seed

    chosen = round_runs.ask(parameters={"seed": "mine"}, is_trial=True, by=make.operator(), at=AT)
    done = round_runs.carry_out(chosen.code, at=AT)
    usual = round_runs.carry_out(round_runs.ask(is_trial=True, by=make.operator(), at=AT).code, at=AT)

    assert (done.state, usual.state) == ("done", "done")
    assert waiting().seed == before
    assert before not in f"{done.parameters}{done.trial}{usual.parameters}{usual.trial}"


def test_a_round_that_an_operator_asked_for_takes_the_one_that_waits():
    before = waiting()

    done = round_runs.carry_out(round_runs.ask(by=make.operator(), at=AT).code, at=AT)

    assert done.round.parameters["seed"] == before.seed
    assert "seed" not in done.parameters


def test_a_round_that_was_decided_with_a_spent_seed_is_not_written():
    found = rounds.decide(Parameters(seed=round_seeds.of_next(at=AT).seed), directions=None, at=AT)
    make.run_round(at=AT)

    with pytest.raises(round_seeds.SeedSpent), transaction.atomic():
        rounds.write(found, trigger="operator", by=make.operator(), at=AT)

    assert Round.objects.count() == 1


def test_what_fails_while_it_is_written_reveals_nothing():
    before = waiting().seed
    found = rounds.decide(Parameters(seed=before), directions=None, at=AT)

    with transaction.atomic():
        rounds.write(found, trigger="operator", by=make.operator(), at=AT)
        transaction.set_rollback(True)

    assert waiting().seed == before


def test_the_next_round_has_one_seed():
    assert waiting() == RoundSeed.objects.get(round=None)
    with pytest.raises(IntegrityError, match="round_seed_next_once"):
        RoundSeed.objects.create(seed="another", published_at=AT)


@pytest.mark.django_db(transaction=True)
def test_many_who_draw_at_once_where_none_waits_get_the_same():
    RoundSeed.objects.all().delete()
    gate, found = threading.Barrier(6), []

    def draw():
        gate.wait(30)
        found.append(round_seeds.of_next(at=AT).seed)
        connection.close()

    threads = [threading.Thread(target=draw) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert found == [waiting().seed] * 6


@pytest.mark.django_db(transaction=True)
def test_of_two_rounds_decided_with_one_seed_one_is_written():
    RoundSeed.objects.all().delete()
    found = rounds.decide(Parameters(seed=round_seeds.of_next(at=AT).seed), directions=None, at=AT)
    operator, gate, ends = make.operator(), threading.Barrier(2), []

    def write():
        gate.wait(30)
        try:
            with transaction.atomic():
                rounds.write(found, trigger="operator", by=operator, at=AT)
            ends.append("written")
        except round_seeds.SeedSpent:
            ends.append("spent")
        connection.close()

    threads = [threading.Thread(target=write) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert sorted(ends) == ["spent", "written"]
    assert Round.objects.count() == 1
