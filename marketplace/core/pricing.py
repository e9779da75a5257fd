"""What a deal costs, in fen, and whether both sides' limits hold."""

from dataclasses import dataclass

from common.errors import Refused, gettext_noop


class PriceOutsideLimits(Refused):
    """The price is under what the provider takes or over what the consumer pays."""


@dataclass(frozen=True)
class Price:
    """An itemised price; tax included, nothing is added later."""

    quantity: int
    unit_price_fen: int
    setup_fen: int = 0

    def __post_init__(self) -> None:
        if self.quantity <= 0:
            raise Refused(gettext_noop("The quantity must be at least 1."), field="quantity")
        if self.unit_price_fen < 0 or self.setup_fen < 0:
            raise Refused(gettext_noop("A price cannot be negative."), field="unit_price_fen")

    @property
    def goods_fen(self) -> int:
        return self.quantity * self.unit_price_fen

    @property
    def total_fen(self) -> int:
        return self.goods_fen + self.setup_fen


def check_reserve(price: Price, *, reserve_fen: int | None) -> None:
    """Refuse a unit price under the provider's reserve, which is not told.

    Raises:
        PriceOutsideLimits: it is.
    """
    if reserve_fen is not None and price.unit_price_fen < reserve_fen:
        raise PriceOutsideLimits(
            gettext_noop("The provider does not offer at this price."),
            fix=gettext_noop("Offer a higher unit price."),
            field="unit_price_fen",
        )


def check_budget(total_fen: int, *, budget_fen: int | None) -> None:
    """Refuse a total over what the consumer is ready to pay, which is not told.

    Raises:
        PriceOutsideLimits: it is.
    """
    if budget_fen is not None and total_fen > budget_fen:
        raise PriceOutsideLimits(
            gettext_noop("The total is over the budget of the demand."),
            fix=gettext_noop("Lower the price or the quantity, or raise the budget of the demand."),
            field="unit_price_fen",
        )


def share_fen(total_fen: int, parts: int) -> list[int]:
    """Split `total_fen` into `parts` that differ by at most 1 fen and sum up exactly."""
    low, rest = divmod(total_fen, parts)
    return [low + (index < rest) for index in range(parts)]
