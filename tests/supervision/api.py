"""Calling the supervision API as an agency's client does."""

from rest_framework.test import APIClient

from supervision.services.agencies import IssuedClient
from tests import make

TOKEN = "/supervision/v1/token"


def ask_for_token(issued: IssuedClient, **form):
    """POST the form of RFC 6749 section 4.4.2; a value of None leaves the field out."""
    fields = {
        "grant_type": "client_credentials",
        "client_id": issued.client_id,
        "client_secret": issued.client_secret,
    } | form
    body = "&".join(f"{name}={value}" for name, value in fields.items() if value is not None)
    return APIClient().post(TOKEN, body, content_type="application/x-www-form-urlencoded")


def with_token(token: str) -> APIClient:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
    return client


def signed_in(agency=None, **form) -> APIClient:
    """A client of the agency with a fresh token."""
    return with_token(ask_for_token(make.agency_client(agency), **form).json()["access_token"])
