"""Calling the public API as one party, or as one user."""

from django.test import Client

from accounts.core.actor import Role
from accounts.models import User
from tests import make


class Api:
    """Calls the API for one party, or as one user."""

    def __init__(self, organisation=None, *, user=None) -> None:
        self.client = Client(headers={"Accept-Language": "en"})
        self.client.force_login(
            user or User.objects.filter(memberships__organisation=organisation).earliest("memberships__id")
        )
        if organisation is not None:
            session = self.client.session
            session["acting_for"] = str(organisation.code)
            session.save()

    def get(self, path: str):
        return self.client.get(f"/api/v1/{path}")

    def post(self, path: str, body=None, **headers):
        return self.client.post(f"/api/v1/{path}", body or {}, content_type="application/json", headers=headers)

    def put(self, path: str, body):
        return self.client.put(f"/api/v1/{path}", body, content_type="application/json")

    def delete(self, path: str):
        return self.client.delete(f"/api/v1/{path}")

    def send(self, path: str, form):
        """POST a form with files."""
        return self.client.post(f"/api/v1/{path}", form)


def staff(*roles: Role) -> Api:
    return Api(user=make.user(staff=roles))
