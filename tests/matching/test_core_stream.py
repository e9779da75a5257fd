"""A stream of arrivals, changes and departures against the same market decided from nothing by SciPy."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment

from matching.core.following import followed
from matching.core.prices import price_range
from matching.core.stream import Band, Stream
from tests.matching.seeded_markets import problem

EVENTS = ["need arrives", "need changes", "need leaves", "lot arrives", "lot changes", "lot leaves"]
events = st.lists(
    st.tuples(
        st.sampled_from(EVENTS),
        st.integers(0, 5),
        st.dictionaries(st.integers(0, 5), st.integers(1, 9), max_size=5),
        st.integers(1, 3),
    ),
    max_size=25,
)


class Market:
    """What is there, kept beside the stream: edges by (need, lot), and places by lot."""

    def __init__(self):
        self.needs, self.places, self.edges = set(), {}, {}

    def apply(self, stream, event):
        kind, key, worths, places = event
        side, what = kind.split()
        mine, others = (self.needs, self.places) if side == "need" else (self.places, self.needs)
        if (key in mine) == (what == "arrives"):
            return
        edges = {other: worth for other, worth in worths.items() if other in others}
        if what == "arrives":
            more = () if side == "need" else (("places", places),)
            getattr(stream, f"{side}_arrives")(key, edges, **dict(more))
        elif what == "leaves":
            getattr(stream, f"{side}_leaves")(key)
        elif side == "need":
            stream.need_changes(key, edges)
        else:
            stream.lot_changes(key, places=places)
        at = 0 if side == "need" else 1
        if kind != "lot changes":
            self.edges = {pair: worth for pair, worth in self.edges.items() if pair[at] != key}
        if what != "leaves":
            if side == "need":
                self.needs.add(key)
            else:
                self.places[key] = places
            if kind != "lot changes":
                self.edges |= {((key, o) if at == 0 else (o, key)): worth for o, worth in edges.items()}
        elif side == "need":
            self.needs.remove(key)
        else:
            del self.places[key]

    def best_by_scipy(self):
        columns = [lot for lot, places in self.places.items() for _ in range(places)]
        worth = np.array([[self.edges.get((need, lot), 0) for lot in columns] for need in self.needs])
        if not worth.size:
            return 0
        return int(worth[linear_sum_assignment(worth, maximize=True)].sum())

    def ends_of(self, pairs):
        """Return, by need of a plan, both ends of the core from the bare plan, by shortest paths."""
        needs, lots = sorted(self.needs), sorted(self.places)
        edges = sorted(self.edges)
        if not edges:
            return {}
        cold = problem(
            [needs.index(need) for need, _ in edges],
            [lots.index(lot) for _, lot in edges],
            [self.edges[edge] for edge in edges],
            [1] * len(needs),
            [self.places[lot] for lot in lots],
        )
        found = price_range(cold, np.array([int(edge in pairs) for edge in edges]))
        return {
            need: Band(
                int(found.lowest.lot_fen[lots.index(lot)]),
                int(found.highest.lot_fen[lots.index(lot)]),
                self.edges[need, lot],
            )
            for need, lot in pairs
        }


@settings(max_examples=150, deadline=None)
@given(events)
def test_after_any_events_the_plan_is_scipys_optimum_and_its_bands_are_those_of_a_cold_look(sequence):
    stream, market = Stream(), Market()
    for event in sequence:
        market.apply(stream, event)

        pairs = set(stream.pairs())
        assert stream.prove().is_exact
        assert stream.prove().primal_fen == market.best_by_scipy() == sum(market.edges[pair] for pair in pairs)
        assert stream.bands() == market.ends_of(pairs)
        assert {need: stream.band(need) for need, _ in pairs} == stream.bands()
        assert {lot: stream.places(lot) for lot in stream.lots} == market.places
        assert sorted((need, lot) for lot in stream.lots for need in stream.guests(lot)) == sorted(pairs)


@settings(max_examples=50, deadline=None)
@given(events)
def test_a_market_opened_at_once_is_worth_what_it_is_after_its_events(sequence):
    stream, market = Stream(), Market()
    for event in sequence:
        market.apply(stream, event)

    opened = Stream.opened(sorted(market.needs), market.places, market.edges)

    assert opened.prove().is_exact
    assert opened.prove().primal_fen == stream.prove().primal_fen
    assert opened.bands() == market.ends_of(set(opened.pairs()))
    assert (opened.needs, opened.lots) == (stream.needs, stream.lots)


def test_a_rival_raises_what_is_paid_and_an_equal_one_changes_no_partner():
    stream = Stream()
    stream.lot_arrives(7, {}, places=1)
    stream.need_arrives(1, {7: 100})
    assert stream.band(1) == Band(0, 100, 100)

    stream.need_arrives(2, {7: 60})
    assert stream.band(1) == Band(60, 100, 100)

    stream.need_arrives(3, {7: 100})
    assert list(stream.pairs()) == [(1, 7)]
    assert stream.band(1) == Band(100, 100, 100)

    stream.lot_changes(7, places=2)
    assert sorted(stream.pairs()) == [(1, 7), (3, 7)]
    assert stream.band(1) == stream.band(3) == Band(60, 100, 100)


def test_what_is_not_there_is_refused_and_changes_nothing():
    stream = Stream()
    stream.lot_arrives(7, {}, places=1)
    stream.need_arrives(1, {7: 5})

    for refused in (
        lambda: stream.need_arrives(1, {7: 9}),
        lambda: stream.need_arrives(2, {8: 9}),
        lambda: stream.need_changes(1, {8: 9}),
        lambda: stream.lot_arrives(7, {1: 9}),
        lambda: stream.lot_arrives(8, {2: 9}),
        lambda: stream.need_leaves(2),
        lambda: stream.lot_leaves(8),
        lambda: stream.lot_changes(8, places=2),
        lambda: stream.band(2),
    ):
        with pytest.raises(KeyError):
            refused()

    assert list(stream.pairs()) == [(1, 7)]
    assert (set(stream.needs), set(stream.lots)) == ({1}, {7})
    assert stream.prove().primal_fen == 5


@settings(max_examples=50, deadline=None)
@given(events, events)
def test_following_what_differs_reaches_the_optimum_of_what_is_there_now(before, after):
    stream, old, new = Stream(), Market(), Market()
    for event in before:
        old.apply(stream, event)
    for event in after:
        new.apply(_as_stream(new), event)
    edges = {need: {lot: w for (n, lot), w in new.edges.items() if n == need} for need in new.needs}

    stream = followed(stream, edges, new.places)

    assert (set(stream.needs), set(stream.lots)) == (set(new.needs), set(new.places))
    assert {need: stream.edges(need) for need in new.needs} == edges
    assert {lot: stream.places(lot) for lot in stream.lots} == new.places
    assert stream.prove().is_exact
    assert stream.prove().primal_fen == new.best_by_scipy()


@settings(max_examples=120, deadline=None)
@given(events)
def test_who_was_together_is_together_again_in_a_plan_decided_from_nothing(sequence):
    stream, market = Stream(), Market()
    for event in sequence:
        market.apply(stream, event)
    together = dict(stream.pairs())
    opened = _as_stream(market)

    opened.keep_together(together)

    assert dict(opened.pairs()) == together
    assert opened.prove().is_exact
    assert opened.bands() == stream.bands()


@settings(max_examples=120, deadline=None)
@given(events, st.dictionaries(st.integers(0, 6), st.integers(0, 6)))
def test_whatever_is_wished_the_plan_stays_an_optimum(sequence, wishes):
    stream, market = Stream(), Market()
    for event in sequence:
        market.apply(stream, event)
    worth = stream.prove().primal_fen

    stream.keep_together(wishes)

    pairs = set(stream.pairs())
    assert stream.prove().is_exact
    assert stream.prove().primal_fen == worth == sum(market.edges[pair] for pair in pairs)
    assert sorted((need, lot) for lot in stream.lots for need in stream.guests(lot)) == sorted(pairs)


def _as_stream(market):
    return Stream.opened(sorted(market.needs), market.places, market.edges)
