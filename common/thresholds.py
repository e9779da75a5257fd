"""When a figure about many tells too much about the few behind it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Method:
    """The thresholds of level D3 of de-identification; stored beside every answer made with them."""

    min_persons: int = 10
    min_organisations: int = 3
    max_share_percent: int = 70
    base: int = 5

    def withholds(self, *, persons: int, organisations: int, largest: int, total: int) -> bool:
        """Tell whether a figure must not be shown on its own account.

        Args:
            persons: how many stand behind it.
            organisations: how many organisations it is made of.
            largest: what the largest of these adds to `total`.
        """
        if persons < self.min_persons or organisations < self.min_organisations:
            return True
        return largest * 100 > self.max_share_percent * total
