"""The payment port: what an adapter of a licensed payment service must answer, and the sandbox that runs in its place.

The platform holds nobody's money. An adapter only looks up a payment that the consumer made to the provider elsewhere;
it starts no payment, keeps no account and sees no card. The contract is one question: was `reference` paid, and
how much?
"""

from dataclasses import dataclass
from typing import Protocol

from common.errors import Refused, gettext_noop


class PaymentNotFound(Refused):
    """The payment service knows no such payment, or it is over another amount."""


@dataclass(frozen=True)
class Receipt:
    """What the payment service says of one payment."""

    reference: str
    is_checked: bool  # False: only the parties' word


class PaymentPort(Protocol):
    """An adapter of one payment service."""

    name: str

    def look_up(self, reference: str, *, amount_fen: int) -> Receipt:
        """Return the receipt of the payment `reference` over `amount_fen`.

        Raises:
            PaymentNotFound: unknown, or over another amount.
        """
        ...


class Offline:
    """Paid outside any service we could ask: the consumer's word, until the provider confirms."""

    name = "offline"

    def look_up(self, reference: str, *, amount_fen: int) -> Receipt:
        return Receipt(reference, is_checked=False)


class Sandbox:
    """A made-up payment service for trying things out: knows the payments named SANDBOX-<amount in fen>-<anything>."""

    name = "sandbox"

    def look_up(self, reference: str, *, amount_fen: int) -> Receipt:
        word, _, rest = reference.partition("-")
        amount = rest.partition("-")[0]
        if word != "SANDBOX" or amount != str(amount_fen):
            raise PaymentNotFound(
                gettext_noop("The sandbox payment service knows no such payment over this amount."),
                fix=gettext_noop("This is a sandbox: use the reference SANDBOX-%(fen)s-1."),
                field="reference",
                params={"fen": amount_fen},
            )
        return Receipt(reference, is_checked=True)


PORTS: tuple[PaymentPort, ...] = (Offline(), Sandbox())


def port(name: str) -> PaymentPort:
    """Return the adapter called `name`.

    Raises:
        PaymentNotFound: no such adapter is installed.
    """
    for adapter in PORTS:
        if adapter.name == name:
            return adapter
    raise PaymentNotFound(gettext_noop("There is no such payment channel here."), field="channel")
