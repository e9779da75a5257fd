"""Events: something with a public code changed; jobs and open pages get to know."""

import asyncio
from collections.abc import Callable, Collection, Mapping
from concurrent.futures import ThreadPoolExecutor

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.db import transaction

# Queues one job with the event's identifiers, inside the running transaction.
Job = Callable[[Mapping[str, str]], None]

# How many groups are told at once: each takes a connection to Redis for a moment.
AT_ONCE = 50

_subscriptions: dict[str, tuple[Job, ...]] = {}


def connect(subscriptions: Mapping[str, tuple[Job, ...]]) -> None:
    """Install the map from topic to the functions that queue its jobs."""
    _subscriptions.clear()
    _subscriptions.update(subscriptions)


def publish(topic: str, *, audience: Collection[int] = (), **ids: object) -> None:
    """Tell that `topic` happened: jobs are queued with the write, pages hear after commit.

    Args:
        topic: `thing.what`, as in "order.agreed".
        audience: ids of the organisations whose open pages should re-fetch.
        ids: public codes of what changed; names only, never data.
    """
    names = {key: str(value) for key, value in ids.items()}
    for queue in _subscriptions.get(topic, ()):
        queue(names)
    if audience:
        groups = [f"organisation.{organisation_id}" for organisation_id in sorted(set(audience))]
        transaction.on_commit(lambda: _push(groups, {"type": "changed", "topic": topic, **names}), robust=True)


def _push(groups: list[str], message: dict[str, str]) -> None:
    if not _runs_a_loop():
        async_to_sync(_send)(groups, message)
        return
    # A thread that runs an event loop may not wait for another one; a thread beside it may.
    with ThreadPoolExecutor(max_workers=1) as beside:
        beside.submit(async_to_sync(_send), groups, message).result()


async def _send(groups: list[str], message: dict[str, str]) -> None:
    layer = get_channel_layer()
    for first in range(0, len(groups), AT_ONCE):
        await asyncio.gather(*(layer.group_send(group, message) for group in groups[first : first + AT_ONCE]))


def _runs_a_loop() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True
