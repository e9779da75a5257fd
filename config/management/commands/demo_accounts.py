"""`demo_accounts`: the accounts of the demo, one for each role."""

from typing import Any

from django.core.management.base import BaseCommand

from config.demo.accounts import PASSWORD, listed
from config.demo.load import is_loaded


class Command(BaseCommand):
    help = "Print the demo's accounts of each role and their password."

    def handle(self, *args: Any, **options: Any) -> None:
        if not is_loaded():
            self.stdout.write("No demo is loaded.")
            return
        for what, email in listed():
            self.stdout.write(f"  {email:<38} {what}")
        self.stdout.write(f"  password of all: {PASSWORD}")
