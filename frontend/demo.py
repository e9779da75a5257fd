"""The demo's accounts, listed on the log-in page of a demo and nowhere else."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass
class DemoAccounts:
    """Who can log in to the demo; empty outside of one. `config` fills it at the start."""

    accounts: tuple[tuple[str, str], ...] = ()
    password: str = ""

    def show(self, accounts: Sequence[tuple[str, str]], password: str) -> None:
        """List (what the account is, its address), all with one password."""
        self.accounts, self.password = tuple(accounts), password


DEMO_ACCOUNTS = DemoAccounts()
