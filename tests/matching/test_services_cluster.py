"""A round decided on a cluster is the round decided here, byte for byte."""

import os
import signal
from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from distributed import LocalCluster

from matching.core.market import Market, Parameters
from matching.core.outcome import PartOutcome
from matching.core.solve import Task, decide, solve
from matching.services.cluster import spread
from tests.matching.test_core_round import section

MARKET = Market(
    Parameters(),
    (
        *(section(one_deal_each=True, n=5, seed=seed) for seed in range(4)),
        *(section(n=5, seed=seed) for seed in range(4)),
        section(n=4, setup_fen=900, max_suppliers=2),
    ),
)


@pytest.fixture(scope="module")
def cluster() -> Iterator[LocalCluster]:
    with LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address="127.0.0.1:0") as made:
        yield made


def test_a_cluster_decides_every_byte_as_one_process_does(settings, cluster):
    settings.DASK_ADDRESS = cluster.scheduler_address

    with spread() as across:
        there = solve(MARKET, spread=across)

    assert there.to_bytes() == solve(MARKET).to_bytes()
    assert sum(len(parts) for parts in there.sections) >= len(MARKET.sections)


def test_the_work_is_done_over_there(settings, cluster):
    settings.DASK_ADDRESS = cluster.scheduler_address
    places: set[int] = set()

    def watched(_: object, tasks: Iterable[Task]) -> Iterable[PartOutcome]:
        tasks = list(tasks)
        anything: Any = across  # whatever is asked of a task is asked over there
        places.update(anything(_where, tasks))
        return across(decide, tasks)

    with spread() as across:
        solve(MARKET, spread=watched)

    assert places
    assert os.getpid() not in places


def _where(_: Task) -> int:
    return os.getpid()


def test_a_worker_that_dies_takes_no_component_with_it(settings, cluster):
    settings.DASK_ADDRESS = cluster.scheduler_address
    worker = next(iter(cluster.workers.values()))

    with spread() as across:
        os.kill(worker.pid, signal.SIGKILL)
        there = solve(MARKET, spread=across)

    assert there.to_bytes() == solve(MARKET).to_bytes()


def test_a_cluster_that_does_not_answer_is_an_error_and_no_silent_detour(settings, monkeypatch):
    settings.DASK_ADDRESS = "tcp://127.0.0.1:9"
    monkeypatch.setattr("matching.services.cluster.CONNECT_S", 0.5)

    with pytest.raises(OSError, match=r"127\.0\.0\.1:9"), spread():
        pass


@pytest.mark.parametrize("large", [1, 10**9])
def test_without_an_address_a_large_round_takes_this_machine_s_cores(settings, monkeypatch, large):
    settings.DASK_ADDRESS = ""
    monkeypatch.setattr("matching.services.cluster.LARGE_PAIRS", large)
    monkeypatch.setattr("matching.services.cluster.PACK_PAIRS", 50)
    places: set[int] = set()

    def watched(_: object, tasks: Iterable[Task]) -> Iterable[PartOutcome]:
        tasks = list(tasks)
        anything: Any = here
        places.update(anything(_where, tasks))
        return here(decide, tasks)

    with spread() as here:
        there = solve(MARKET, spread=watched)
        solve(MARKET, spread=watched)

    assert there.to_bytes() == solve(MARKET).to_bytes()
    assert (places == {os.getpid()}) is (large > 1)
    assert len(places) <= len(os.sched_getaffinity(0))  # the same processes both times
