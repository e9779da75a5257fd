"""From what is known about a pair to what it is worth: each term one function, everything in whole fen."""

import numpy as np

from matching.core.problem import Ints, ints

BASIS_POINTS = 10_000


def worth(limit_fen: Ints, fit_bp: Ints) -> Ints:
    """Return what a unit is worth to the need: its limit at perfect fit, in proportion below.

    Args:
        limit_fen: (n_edges,) most the need would pay per unit.
        fit_bp: (n_edges,) fit in basis points, 0 to 10000.
    """
    return ints(limit_fen * fit_bp // BASIS_POINTS)


def way(limit_fen: Ints, distance_m: Ints, *, scale_m: int, weight_bp: int) -> Ints:
    """Return what the way costs per unit: `weight_bp` of the limit at `scale_m` and beyond, in proportion below.

    Args:
        limit_fen: (n_edges,) most the need would pay per unit.
        distance_m: (n_edges,) metres; 0 for work done at a distance.
        scale_m: metres, positive.
        weight_bp: share of the limit in basis points.
    """
    share_bp = np.minimum(distance_m, scale_m) * weight_bp // scale_m
    return ints(limit_fen * share_bp // BASIS_POINTS)


def surplus(
    limit_fen: Ints, reserve_fen: Ints, fit_bp: Ints, distance_m: Ints, *, scale_m: int, weight_bp: int
) -> Ints:
    """Return (n_edges,) worth less reserve less way, per unit; at or below 0 there is nothing to share."""
    cost = reserve_fen + way(limit_fen, distance_m, scale_m=scale_m, weight_bp=weight_bp)
    return ints(worth(limit_fen, fit_bp) - cost)


def counted_bonus(
    bonus_fen: Ints, limit_fen: Ints, fit_bp: Ints, distance_m: Ints, *, scale_m: int, weight_bp: int
) -> Ints:
    """Return (n_edges,) how much of a bonus counts: no more than what fit and way leave of the limit.

    Args:
        bonus_fen: (n_edges,) what a unit shall count for beyond its worth, not negative.
        limit_fen, fit_bp, distance_m, scale_m, weight_bp: as for `surplus`.

    Notes:
        Surplus and bonus together then stay within limit less reserve, so that a price made of reserve and rent can
        never leave the two limits. What counts does not depend on the reserve, and so tells nothing of it.
    """
    net = worth(limit_fen, fit_bp) - way(limit_fen, distance_m, scale_m=scale_m, weight_bp=weight_bp)
    return ints(np.minimum(bonus_fen, limit_fen - net))


def limit_for(
    surplus_fen: Ints, reserve_fen: Ints, fit_bp: Ints, distance_m: Ints, *, scale_m: int, weight_bp: int
) -> Ints:
    """Return (n_edges,) the limit per unit from which on each pair is worth `surplus_fen`, or -1 where none is.

    Args:
        surplus_fen: (n_edges,) what is aimed at, per unit.
        reserve_fen: (n_edges,) what the provider takes whatever the limit.
        fit_bp, distance_m, scale_m, weight_bp: as for `surplus`.

    Notes:
        Rounding in `surplus` loses less than one fen, so this limit always suffices; where it rounds well, one
        that is lower by a fen over `fit less way` may do.
    """
    share_bp = np.minimum(distance_m, scale_m) * weight_bp // scale_m
    net_bp = fit_bp - share_bp
    limit = -(-(surplus_fen + reserve_fen) * BASIS_POINTS // np.maximum(net_bp, 1))
    return ints(np.where(net_bp > 0, limit, -1))
