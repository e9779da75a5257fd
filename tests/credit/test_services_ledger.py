"""The ledger takes facts once, never changes them, and standings follow from it alone."""

import json
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from accounts.core.actor import Role
from accounts.models import VerificationCase
from credit.core.kinds import EventKind, Grade, ObjectionState, Source
from credit.models import CreditEvent, Objection, Standing, StandingPoint
from credit.selectors import ledger as facts
from credit.selectors import rings as ring_reads
from credit.selectors import standing as standings
from credit.services import ledger, rings, standing, verifications
from marketplace import jobs as marketplace_jobs
from tests import make

pytestmark = pytest.mark.django_db
AT = make.MONDAY_9AM


@pytest.mark.clause("XM-4.2.2i")
@pytest.mark.parametrize("statement", ["UPDATE credit_creditevent SET value = 1", "DELETE FROM credit_creditevent"])
def test_the_database_refuses_to_change_or_remove_a_fact(statement):
    event = make.credit_event()

    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)

    assert CreditEvent.objects.get().code == event.code


def test_a_fact_reported_twice_stands_once():
    party = make.organisation()
    first = make.credit_event(party, source_code="order-1")

    second = make.credit_event(party, source_code="order-1", at=AT + timedelta(days=1))

    assert second == first
    assert CreditEvent.objects.count() == 1
    assert Standing.objects.get().order_count == 1


def test_the_same_order_is_a_fact_about_each_side():
    make.credit_event(source_code="order-1")
    make.credit_event(source_code="order-1")

    assert CreditEvent.objects.count() == 2


def test_recording_computes_the_standing_and_adds_to_its_history():
    party = make.organisation()

    make.credit_event(
        party, kind=EventKind.COMPLAINT_UPHELD, source=Source.COMPLAINT, source_code="c", basis="rules 2026-1"
    )

    row = Standing.objects.get(organisation=party)
    assert (row.points, row.grade, row.rules) == (48.0, Grade.D, "2026-1")
    assert [point.grade for point in standings.history(party.pk)] == [Grade.D]


def test_recomputing_from_the_ledger_gives_the_same_bytes():
    party, other = make.organisation(), make.organisation()
    for n in range(7):
        make.credit_event(party, source_code=f"o{n}", at=AT + timedelta(days=n))
        make.credit_event(
            party,
            kind=EventKind.RATING_RECEIVED,
            source=Source.RATING,
            source_code=f"r{n}",
            value=(n % 5) / 4,
            amount_fen=10 ** (n + 2),
            counterparty_id=other.pk,
            at=AT + timedelta(days=n, hours=1),
        )
    at = AT + timedelta(days=60)
    standing.recompute(party.pk, at=at)
    before = _bytes()
    Standing.objects.all().delete()
    StandingPoint.objects.all().delete()

    standing.recompute(party.pk, at=at)

    assert _bytes() == before


def test_recomputing_all_in_batches_gives_what_recomputing_each_gives(monkeypatch):
    parties = [make.organisation() for _ in range(3)]
    for n, party in enumerate(parties):
        make.credit_event(party, source_code=f"o{n}", at=AT)
    at = AT + timedelta(days=200)
    for party in parties:
        standing.recompute(party.pk, at=at)
    before, n_points = _bytes(), StandingPoint.objects.count()
    Standing.objects.update(mean=0, low=0)
    monkeypatch.setattr(standing, "BATCH", 2)

    count = standing.recompute_all(at=at)

    assert count == 3
    assert _bytes() == before
    assert StandingPoint.objects.count() == n_points + 3


def _bytes() -> str:
    return json.dumps(list(Standing.objects.order_by("organisation").values("organisation", *_FIELDS)), default=str)


_FIELDS = ("mean", "low", "rating_count", "order_count", "points", "grade", "explanation", "rules", "computed_at")


def test_parties_without_facts_have_the_prior_in_one_query(django_assert_num_queries):
    known, unknown = make.organisation(), make.organisation()
    make.credit_event(known)

    with django_assert_num_queries(1):
        found = standings.of([known.pk, unknown.pk])

    assert found[known.pk].order_count == 1
    assert (found[unknown.pk].grade, found[unknown.pk].mean, found[unknown.pk].stars) == (Grade.NEW, 0.8, 4.2)


def test_an_objection_is_heard_by_a_person_and_upheld_takes_the_effect_away():
    party = make.organisation()
    event = make.credit_event(party, kind=EventKind.COMPLAINT_UPHELD, source=Source.COMPLAINT)
    objection = ledger.contest(event.code, reason="第三方原因", by=make.actor(party), at=AT)

    ledger.decide(objection.code, upheld=True, answer="核实无误", by=make.operator(), at=AT)

    objection.refresh_from_db()
    assert objection.state == ObjectionState.UPHELD
    assert Standing.objects.get(organisation=party).points == 60.0
    assert CreditEvent.objects.filter(pk=event.pk).exists()


def test_a_rejected_objection_changes_nothing_and_is_not_decided_twice():
    party = make.organisation()
    event = make.credit_event(party, kind=EventKind.COMPLAINT_UPHELD, source=Source.COMPLAINT)
    objection = ledger.contest(event.code, reason="不服", by=make.actor(party), at=AT)
    ledger.decide(objection.code, upheld=False, answer="证据充分", by=make.operator(), at=AT)

    with pytest.raises(ledger.ObjectionRefused):
        ledger.decide(objection.code, upheld=True, answer="改判", by=make.operator(), at=AT)

    assert Standing.objects.get(organisation=party).points == 48.0


def test_strangers_and_plain_members_cannot_object():
    party = make.organisation()
    event = make.credit_event(party)
    member = make.member(party, role=Role.MEMBER)

    for actor in (make.actor(make.organisation()), make.actor(party, user_=member)):
        with pytest.raises(CreditEvent.DoesNotExist):
            ledger.contest(event.code, reason="x", by=actor, at=AT)

    assert not Objection.objects.exists()


def test_a_fact_is_objected_to_once():
    party = make.organisation()
    event = make.credit_event(party)
    ledger.contest(event.code, reason="x", by=make.actor(party), at=AT)

    with pytest.raises(ledger.ObjectionRefused):
        ledger.contest(event.code, reason="y", by=make.actor(party), at=AT)


def test_the_party_does_not_decide_on_its_own_objection():
    party = make.organisation()
    event = make.credit_event(party)
    objection = ledger.contest(event.code, reason="x", by=make.actor(party), at=AT)

    with pytest.raises(Objection.DoesNotExist):
        ledger.decide(objection.code, upheld=True, answer="x", by=make.actor(party), at=AT)

    objection.refresh_from_db()
    assert objection.state == ObjectionState.OPEN


def test_only_the_party_and_who_decides_read_a_ledger():
    party = make.organisation()
    make.credit_event(party)

    assert facts.visible_to(make.actor(party), party.pk).count() == 1
    assert facts.visible_to(make.mediator(), party.pk).count() == 1
    with pytest.raises(CreditEvent.DoesNotExist):
        facts.visible_to(make.reviewer(), party.pk)
    with pytest.raises(CreditEvent.DoesNotExist):
        facts.visible_to(make.actor(make.organisation()), party.pk)


def test_a_ring_is_damped_until_a_person_lifts_the_alert():
    rated = [make.organisation() for _ in range(8)]
    ring = [make.organisation() for _ in range(4)]
    honest = [make.organisation() for _ in range(120)]  # each praises three of the others
    for step in (1, 7, 19):
        _praise(*[(rater, honest[(n + step) % 120]) for n, rater in enumerate(honest)])
    _praise(*[(rater, party) for rater in ring for party in rated])
    for party in rated:
        standing.recompute(party.pk, at=AT)
    free = Standing.objects.get(organisation=rated[0]).mean

    (alert,) = rings.search(at=AT)

    assert {member.organisation_id for member in alert.members.all()} == {rater.pk for rater in ring}
    damped = Standing.objects.get(organisation=rated[0]).mean
    assert damped < free
    assert rings.search(at=AT) == []

    rings.decide(
        alert.code, confirmed=False, reason="同一集团的正常采购", by=make.operator(), at=AT + timedelta(days=1)
    )

    assert ring_reads.damped_raters() == frozenset()
    assert Standing.objects.get(organisation=rated[0]).mean > damped


def _praise(*pairs) -> None:
    CreditEvent.objects.bulk_create(
        CreditEvent(
            organisation=rated,
            counterparty=rater,
            kind=EventKind.RATING_RECEIVED,
            source=Source.RATING,
            source_code=f"{rater.pk}-{rated.pk}",
            value=1.0,
            occurred_at=AT,
            recorded_at=AT,
        )
        for rater, rated in pairs
    )


@pytest.mark.clause("586-6a")
def test_an_approved_verification_counts_until_its_last_day_and_its_end_takes_it_away():
    party = make.organisation()
    at = AT + timedelta(hours=1)
    case = _case(party, "approved", valid_until=(AT + timedelta(days=90)).date())
    verifications.record(case.code, at=at)
    verifications.record(case.code, at=at)
    assert Standing.objects.get(organisation=party).points == 68.0

    case.state = "revoked"
    case.save()
    verifications.record(case.code, at=at)

    assert Standing.objects.get(organisation=party).points == 54.0
    assert CreditEvent.objects.count() == 2


def _case(party, state: str, **fields):
    return VerificationCase.objects.create(
        organisation=party,
        kind="organisation",
        name=party.name,
        number="x",
        number_digest="x",
        state=state,
        submitted_by=make.user(),
        submitted_at=AT,
        **fields,
    )


def _rated(party, value: float = 0.0):
    fields = {"value": value, "counterparty_id": make.organisation().pk}
    return make.credit_event(party, kind=EventKind.RATING_RECEIVED, source=Source.RATING, **fields)


def _standing_jobs() -> list[str]:
    jobs = ProcrastinateJob.objects.filter(task_name="marketplace.jobs.copy_standing")
    return [job.args["code"] for job in jobs.order_by("id")]


def test_each_fact_that_changes_the_score_queues_one_job_with_it():
    party = make.organisation()
    assert _standing_jobs() == []

    _rated(party)
    assert _standing_jobs() == [str(party.code)]
    fact = make.credit_event(party)  # an order says nothing of quality: the score stays
    assert _standing_jobs() == [str(party.code)]
    _rated(party, 1.0)
    assert _standing_jobs() == [str(party.code)] * 2
    assert CreditEvent.objects.filter(organisation=party).count() == 3
    assert fact.organisation == party


def test_a_fact_that_is_rolled_back_queues_nothing():
    party = make.organisation()

    with transaction.atomic():
        _rated(party)
        transaction.set_rollback(True)

    assert _standing_jobs() == []
    assert not CreditEvent.objects.exists()


def test_an_upheld_objection_queues_the_new_score():
    party = make.organisation()
    fact = _rated(party)
    objection = ledger.contest(fact.code, reason="x", by=make.actor(party), at=AT)

    ledger.decide(objection.code, upheld=True, answer="x", by=make.operator(), at=AT)

    assert _standing_jobs() == [str(party.code)] * 2


def test_a_changed_score_reaches_what_search_orders_by():
    listing = make.offer()
    before = listing.standing
    make.credit_event(
        listing.owner,
        kind=EventKind.RATING_RECEIVED,
        source=Source.RATING,
        value=0.0,
        counterparty_id=make.organisation().pk,
    )

    marketplace_jobs.copy_standing(str(listing.owner.code))

    listing.refresh_from_db()
    assert listing.standing == round(1000 * standings.of([listing.owner_id])[listing.owner_id].low)
    assert listing.standing != before
