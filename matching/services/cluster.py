"""Where the components of a round are decided: here, on this machine's cores, or on the cluster that the settings name.

Wherever that is, the same results come back in the same order.
"""

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from functools import cache, partial
from typing import Any

from django.conf import settings

from matching.core.outcome import PartOutcome
from matching.core.solve import Spread, Task

CONNECT_S = 20
# A worker that dies takes its components with it to another one, this often.
RETRIES = 2
# From so many pairs on, processes of this machine's own pay; starting them takes seconds.
LARGE_PAIRS = 2_000_000
# Components travel together up to so many pairs: each message costs about a millisecond.
PACK_PAIRS = 20_000

Decide = Callable[[Task], PartOutcome]


@contextmanager
def spread() -> Iterator[Spread]:
    """Yield what goes through the components of a round.

    Raises:
        OSError: the cluster does not answer.
    """
    with ExitStack() as stack:
        if settings.DASK_ADDRESS:
            yield partial(_across, _client(stack, settings.DASK_ADDRESS))
        else:
            # A round is decided several times over when pairs come in or a bonus is sought: started once, if at all.
            yield partial(_here, cache(partial(_local, stack)))


def _here(local: Callable[[], Any], decide: Decide, tasks: Iterable[Task]) -> Iterable[PartOutcome]:
    """Decide in this process, or on a cluster of this machine's cores where the round is large."""
    tasks = list(tasks)
    if _cores() < 2 or len(tasks) < 2 or sum(task.part.problem.n_edges for task in tasks) < LARGE_PAIRS:
        return map(decide, tasks)
    return _across(local(), decide, tasks)


def _local(stack: ExitStack) -> Any:
    from distributed import LocalCluster  # half a second to import

    made = LocalCluster(n_workers=_cores(), threads_per_worker=1, processes=True, dashboard_address="127.0.0.1:0")  # type: ignore[no-untyped-call]
    return _client(stack, stack.enter_context(made))


def _cores() -> int:
    return len(os.sched_getaffinity(0))


def _client(stack: ExitStack, address: object) -> Any:
    from distributed import Client

    return stack.enter_context(Client(address, timeout=CONNECT_S, set_as_default=False))  # type: ignore[no-untyped-call]


def _across(client: Any, decide: Decide, tasks: Iterable[Task]) -> Iterator[PartOutcome]:
    packs = list(_packs(tasks))
    futures = client.map(partial(_decided, decide), packs, pure=False, retries=RETRIES)
    try:
        for future in futures:
            yield from future.result()
    finally:
        client.cancel(futures)  # those that nobody waits for any more


def _packs(tasks: Iterable[Task]) -> Iterator[list[Task]]:
    """Yield the tasks in order, small ones together."""
    pack: list[Task] = []
    pairs = 0
    for task in tasks:
        if pack and pairs + task.part.problem.n_edges > PACK_PAIRS:
            yield pack
            pack, pairs = [], 0
        pack.append(task)
        pairs += task.part.problem.n_edges
    if pack:
        yield pack


def _decided(decide: Decide, pack: list[Task]) -> list[PartOutcome]:
    return [decide(task) for task in pack]
