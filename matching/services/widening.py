"""A market decided among the nearest pairs first, and among further ones where the prices say that they count."""

from collections.abc import Callable
from dataclasses import replace

from matching.core.market import Market
from matching.core.outcome import Outcome
from matching.selectors import beyond
from matching.selectors.gathered import Gathered


def decided(gathered: Gathered, best: Callable[[Market], Outcome], *, at_most: int) -> tuple[Gathered, Outcome]:
    """Return a market with the pairs that came in, and what is best in it.

    Args:
        gathered: the market among the nearest pairs.
        best: decides a market.
        at_most: how often pairs are let in; nobody looks beyond where it is 0.

    Notes:
        Only the directions into which pairs came are decided again. When no pair beyond could gain, the plan of the
        exact components is optimal among all pairs that pass the filters.
    """
    outcome = best(gathered.market)
    if not at_most:
        return gathered, outcome
    around = [beyond.Beyond(section) for section in gathered.sections]
    looked = [row for row, each in enumerate(around) if not each.is_too_wide]
    entered = left = 0
    for turn in range(at_most + 1):
        found = {row: around[row].gaining(gathered.sections[row], outcome.sections[row]) for row in looked}
        found = {row: pairs for row, pairs in found.items() if pairs.wish.size}
        left = sum(pairs.wish.size for pairs in found.values())
        if not left or turn == at_most:
            break
        entered += left
        sections, made = list(gathered.sections), list(outcome.sections)
        for row, pairs in found.items():
            sections[row].source.add(pairs)
            sections[row] = sections[row].source.section()
        market = replace(gathered.market, sections=tuple(section.rows for section in sections))
        again = best(replace(market, sections=tuple(sections[row].rows for row in found)))
        for row, parts in zip(found, again.sections, strict=True):
            made[row] = parts
        gathered, outcome = replace(gathered, market=market, sections=tuple(sections)), Outcome(tuple(made))
    return replace(gathered, entered=entered, left=left if len(looked) == len(around) else None), outcome
