"""Which further figures of a table must be withheld, so that no withheld one can be worked out from the rest."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

# (division code, direction code); the direction "" is the sum over all.
Key = tuple[str, str]
Bounds = dict[Key, tuple[int, int]]

# Entries of the projection are of order one and LSQR runs to 1e-12: anything this small is zero.
_ZERO = 1e-6
_UNBOUNDED = 10**15
_SWEEPS = 100  # a few suffice in practice; stopping early only credits the attacker with less


@dataclass(frozen=True)
class Line:
    """One sum that everybody knows to hold: the total is the sum of its parts."""

    total: Key
    parts: tuple[Key, ...]

    @property
    def members(self) -> tuple[Key, ...]:
        return (self.total, *self.parts)


def withhold(values: Mapping[Key, int], lines: Sequence[Line], sensitive: Collection[Key], *, base: int) -> set[Key]:
    """Return all cells to withhold: `sensitive` and those that would give one of these away.

    Two attacks are closed, each by withholding the smallest figure it needs: unknowns that the lines determine, alone
    (total minus the rest) or together; and unknowns that the rounding intervals of what is shown squeeze to one value.

    Args:
        values: every cell of the table, not negative.
        lines: the sums that bind the cells.
        sensitive: cells that must not be shown on their own account.
        base: published figures are rounded to a multiple of this.

    Notes:
        Ends, since every turn withholds a cell more. The first test projects a fixed vector onto the null space of the
        lines over the unknowns: where the projection vanishes, the cell is determined (with probability one over the
        vector). It needs one sparse least squares problem a turn, so it serves tables of 100,000 cells.

    Source:
        A. Hundepool et al., Statistical Disclosure Control, Wiley 2012, section 4.4 (secondary suppression).
    """
    hidden = set(sensitive)
    lines_of: dict[Key, list[Line]] = {}
    for line in lines:
        for key in line.members:
            lines_of.setdefault(key, []).append(line)
    while True:
        exposed = _determined(lines, hidden) or _squeezed(values, lines, hidden, base)
        if not exposed:
            return hidden
        hidden |= _covers(exposed, values, lines_of, hidden)


def rounded(value: int, base: int) -> int:
    """Return the multiple of `base` nearest to `value`, halves upward."""
    return (2 * value + base) // (2 * base) * base


def _determined(lines: Sequence[Line], hidden: set[Key]) -> set[Key]:
    unknowns = sorted(hidden)
    if not unknowns:
        return set()
    column = {key: number for number, key in enumerate(unknowns)}
    entries = [
        (row, column[key], -1.0 if key == line.total else 1.0)
        for row, line in enumerate(lines)
        for key in line.members
        if key in column
    ]
    rows, columns, signs = zip(*entries, strict=True) if entries else ((), (), ())
    # Half a second to import, which only who makes such tables should pay.
    from scipy.sparse import csr_array
    from scipy.sparse.linalg import lsqr

    matrix = csr_array((signs, (rows, columns)), shape=(len(lines), len(unknowns)))
    # Fixed seed: the same table always gives the same answer.
    probe = np.random.default_rng(586).uniform(1.0, 2.0, len(unknowns))
    onto_rows = lsqr(matrix.T, probe, atol=1e-12, btol=1e-12, iter_lim=20 * len(unknowns) + 100)[0]
    left = probe - matrix.T @ onto_rows
    return {key for key, entry in zip(unknowns, left, strict=True) if abs(entry) < _ZERO}


def _squeezed(values: Mapping[Key, int], lines: Sequence[Line], hidden: set[Key], base: int) -> set[Key]:
    bounds = attackers_bounds({k: rounded(v, base) for k, v in values.items() if k not in hidden}, lines, base=base)
    return {key for key, (low, high) in bounds.items() if key in hidden and high - low < 1}


def attackers_bounds(published: Mapping[Key, int], lines: Sequence[Line], *, base: int) -> Bounds:
    """Return the least and greatest value of every cell that rounded figures and the sums leave possible.

    Notes:
        Interval propagation: sound, and as tight as the lines taken one at a time allow.
    """
    below, above = base // 2, (base - 1) // 2
    bounds: Bounds = {key: (0, _UNBOUNDED) for line in lines for key in line.members}
    for key, figure in published.items():
        bounds[key] = (max(0, figure - below), figure + above)
    for _sweep in range(_SWEEPS):
        before = dict(bounds)
        for line in lines:
            _tighten(line, bounds)
        if bounds == before:
            break
    return bounds


def _tighten(line: Line, bounds: Bounds) -> None:
    """Narrow the bounds of one line's members by each other."""
    low = sum(bounds[key][0] for key in line.parts)
    high = sum(bounds[key][1] for key in line.parts)
    _narrow(bounds, line.total, low, high)
    total_low, total_high = bounds[line.total]
    for key in line.parts:
        own_low, own_high = bounds[key]
        _narrow(bounds, key, total_low - (high - own_high), total_high - (low - own_low))


def _narrow(bounds: Bounds, key: Key, low: int, high: int) -> None:
    bounds[key] = (max(bounds[key][0], low), min(bounds[key][1], high))


def _covers(
    exposed: set[Key], values: Mapping[Key, int], lines_of: Mapping[Key, list[Line]], hidden: set[Key]
) -> set[Key]:
    """Return published cells to withhold: for each exposed one the smallest that shares a line with it."""
    chosen: set[Key] = set()
    for key in sorted(exposed):
        neighbours = {member for line in lines_of.get(key, ()) for member in line.members} - hidden
        # A choice made for an earlier cell may protect this one as well; the next turn looks again.
        if neighbours and not neighbours & chosen:
            chosen.add(min(neighbours, key=lambda k: (values[k], k)))
    # An exposed cell with nothing published beside it is held by figures further off: withhold the smallest of all.
    return chosen or {min((k for k in values if k not in hidden), key=lambda k: (values[k], k))}
