"""The journey of a deal through the services, in whatever direction is registered, to its very end."""

from datetime import timedelta

import pytest

from marketplace.directions import DIRECTIONS
from marketplace.models import Settlement
from marketplace.selectors import orders as order_reads
from marketplace.services import order_deadlines
from tests import make

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("direction", DIRECTIONS, ids=lambda d: d.code)
def test_a_deal_goes_from_request_to_its_close_with_every_step_on_record(direction):
    order = make.order(make.offer(direction.code), state="completed")

    order_deadlines.sweep(at=order.completed_at + timedelta(days=14))

    deal = order_reads.deal(order.code, viewer=make.actor(order.consumer))
    assert deal.order.state == "closed"
    assert [step.target_state for step in deal.steps if not step.part] == [
        "proposed",
        "agreed",
        "in_progress",
        "completed",
        "closed",
    ]
    paying = deal.legs or [deal.order]
    assert sum(Settlement.objects.get(order=each).amount_fen for each in paying) == order.total_fen
    for each in paying:
        assert each.agreements.get().acceptances.count() == 2


@pytest.mark.parametrize("direction", DIRECTIONS, ids=lambda d: d.code)
def test_an_unanswered_request_gives_back_whatever_it_held(direction):
    listing = make.offer(direction.code, capacity_per_week=2)
    order = make.order(listing)

    order_deadlines.sweep(at=make.MONDAY_9AM + timedelta(days=4))

    order.refresh_from_db()
    assert order.state == "expired"
    assert make.order(listing).state == "proposed"
