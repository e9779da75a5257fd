"""Live pages: push that something changed; the page re-fetches it through the same permissions."""

from typing import Any

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncJsonWebsocketConsumer
from django.urls import path


class ChangesConsumer(AsyncJsonWebsocketConsumer):
    """Tells a signed-in user which things of their organisations changed: topic and public codes, never data."""

    groups_joined: tuple[str, ...] = ()

    async def connect(self) -> None:
        user = self.scope.get("user")
        if user is None or not user.is_authenticated:
            await self.close(code=4401)
            return
        ids = await database_sync_to_async(_organisation_ids)(user.pk)
        self.groups_joined = tuple(f"organisation.{organisation_id}" for organisation_id in ids)
        for group in self.groups_joined:
            await self.channel_layer.group_add(group, self.channel_name)
        await self.accept()

    async def disconnect(self, code: int) -> None:
        for group in self.groups_joined:
            await self.channel_layer.group_discard(group, self.channel_name)

    async def receive_json(self, content: Any, **kwargs: Any) -> None:
        """Nothing that a page sends is acted on."""

    async def changed(self, event: dict[str, str]) -> None:
        await self.send_json({key: value for key, value in event.items() if key != "type"})


def _organisation_ids(user_id: int) -> list[int]:
    from accounts.selectors import organisations

    return organisations.ids_of_user(user_id)


routes = [path("live", ChangesConsumer.as_asgi())]
