"""Where the components of a round are decided: in this process, or on the Dask cluster that the settings name."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from django.conf import settings

from matching.core.outcome import PartOutcome
from matching.core.solve import Spread, Task

CONNECT_S = 20
# A worker that dies takes its component with it to another one, this often.
RETRIES = 2


@contextmanager
def spread() -> Iterator[Spread]:
    """Yield what goes through the components of a round; same results in the same order wherever they are decided.

    Raises:
        OSError: the cluster does not answer.
    """
    if not settings.DASK_ADDRESS:
        yield map
        return
    from distributed import Client  # only where there is a cluster

    made = Client(settings.DASK_ADDRESS, timeout=CONNECT_S, set_as_default=False)  # type: ignore[no-untyped-call]
    with made as client:

        def across(decide: Callable[[Task], PartOutcome], tasks: Iterable[Task]) -> Iterator[PartOutcome]:
            futures = client.map(decide, list(tasks), pure=False, retries=RETRIES)
            try:
                yield from (future.result() for future in futures)
            finally:
                client.cancel(futures)  # those that nobody waits for any more

        yield across
