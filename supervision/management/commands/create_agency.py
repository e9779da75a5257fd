"""Admit a competent authority from the command line, with an officer and a client if wanted."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from accounts.core.actor import SYSTEM
from accounts.selectors import users
from common.errors import Refused
from supervision.core.reader import Scope
from supervision.services import agencies


class Command(BaseCommand):
    help = "Admit a competent authority: who it is, where it may read and what."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name")
        parser.add_argument("--level", required=True, help="nation, province, city or county")
        parser.add_argument("--division", action="append", required=True, help="GB/T 2260, six digits; repeatable")
        parser.add_argument("--basis", required=True, help="the law or document on which it reads")
        parser.add_argument("--scope", action="append", help="repeatable; all scopes when left out")
        parser.add_argument("--officer", action="append", default=[], help="mail address of an account; repeatable")
        parser.add_argument("--client", help="also issue API credentials, under this name")

    def handle(self, *args: Any, **options: Any) -> None:
        at = timezone.now()
        try:
            with transaction.atomic():
                agency = agencies.create(
                    name=options["name"],
                    level=options["level"],
                    division_codes=options["division"],
                    scopes=options["scope"] or list(Scope),
                    legal_basis=options["basis"],
                    by=SYSTEM,
                    at=at,
                )
                for email in options["officer"]:
                    agencies.add_officer(agency, user_id=_user_id(email), by=SYSTEM, at=at)
                issued = options["client"] and agencies.issue_client(agency, label=options["client"], by=SYSTEM, at=at)
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"{agency.name} ({agency.code}) may read {' '.join(agency.scopes)}")
        if issued:
            self.stdout.write(f"client_id     {issued.client_id}\nclient_secret {issued.client_secret}")
            self.stdout.write("The secret is not kept and cannot be shown again.")


def _user_id(email: str) -> int:
    user = users.by_email(email)
    if user is None:
        raise CommandError(f"There is no account with the address {email}; let the officer register first.")
    return user.pk
