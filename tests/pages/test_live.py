"""Live pages hear of changes to their own organisations, names only, and nobody else's."""

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from asgiref.testing import ApplicationCommunicator
from channels.layers import get_channel_layer
from django.contrib.auth.models import AnonymousUser
from django.db import connections

from common import events
from frontend.live import ChangesConsumer
from tests import make

pytestmark = pytest.mark.django_db(transaction=True)


async def _heard(user: Any, group: str) -> Any:
    """Connect as `user`, push one change to `group`, and return what arrives, or None."""
    live = ApplicationCommunicator(ChangesConsumer.as_asgi(), {"type": "websocket", "path": "/live", "user": user})
    await live.send_input({"type": "websocket.connect"})
    if (await live.receive_output(timeout=5))["type"] == "websocket.close":
        return "refused"
    await get_channel_layer().group_send(group, {"type": "changed", "topic": "order.agreed", "order": "some-code"})
    nothing = await live.receive_nothing(timeout=0.3)
    answer = None if nothing else json.loads((await live.receive_output())["text"])
    await live.send_input({"type": "websocket.disconnect", "code": 1000})
    await live.wait()
    return answer


def heard_by(user: Any, group: str) -> Any:
    """Listen in a thread of its own: the browser tests leave a running event loop in the first one."""

    def listen() -> Any:
        try:
            return async_to_sync(_heard)(user, group)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(listen).result()


def test_a_member_hears_topic_and_code_of_their_own_organisation():
    owner = make.user()
    organisation = make.organisation(owner=owner)

    heard = heard_by(owner, f"organisation.{organisation.pk}")

    assert heard == {"topic": "order.agreed", "order": "some-code"}


def test_nobody_hears_of_another_organisation():
    organisation = make.organisation()

    assert heard_by(make.user(), f"organisation.{organisation.pk}") is None


def test_whoever_is_not_logged_in_is_refused():
    assert heard_by(AnonymousUser(), "organisation.1") == "refused"


def test_a_change_made_beside_a_running_loop_is_pushed_without_a_complaint(caplog):
    async def change() -> None:
        events.publish("order.agreed", audience=[1, 2], order="some-code")

    def in_a_loop() -> None:
        try:
            asyncio.run(change())
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as thread:
        thread.submit(in_a_loop).result()

    assert caplog.messages == []
