"""The checker: accepts every solver's honest result and rejects each planted fault."""

import ast
from pathlib import Path

import pytest

from matching.core import verify
from matching.core.mixed import MixedProblem
from matching.core.problem import MatchProblem, ints
from matching.core.verify import certificate, mixed_certificate

MARKET = MatchProblem(
    need=[0, 0, 1, 1],
    lot=[0, 1, 0, 1],
    surplus_fen=[10, 6, 9, 2],
    floor_fen=[100, 50, 100, 50],
    ceiling_fen=[120, 60, 120, 60],
    quantity=[2, 2],
    capacity=[2, 3],
    need_key=[0, 1],
    lot_key=[0, 1],
)
# lot 0 is better used by need 1, which loses 7 a unit elsewhere, than by need 0, which loses 4
HONEST = {"units": [0, 2, 2, 0], "need_fen": [6, 5], "lot_fen": [4, 0]}
PAID = [0, 100, 208, 0]


def check(**changed):
    claim = {**HONEST, "paid_fen": PAID, **changed}
    claim.setdefault("received_fen", claim["paid_fen"])
    units = ints(claim.pop("units"))
    return certificate(MARKET, units, **{name: ints(values) for name, values in claim.items()})


def test_an_honest_result_is_exact():
    found = check()

    assert found.is_exact
    assert (found.primal_fen, found.dual_fen, found.gap_fen) == (30, 30, 0)
    assert (found.blocking, found.unfair, found.budget_fen, found.faults) == (0, 0, 0, ())


@pytest.mark.parametrize(
    ("changed", "broken"),
    [
        ({"units": [0, 2, 3, 0]}, lambda c: c.faults),  # more than lot 0 has, more than need 1 wants
        ({"units": [1, 2, 0, 0]}, lambda c: c.faults),  # more than need 0 wants
        ({"units": [0, 2, 2, -1]}, lambda c: c.faults),
        ({"units": [0, 2, 1, 0]}, lambda c: c.gap_fen == 9),  # surplus left on the table
        ({"units": [2, 0, 0, 2]}, lambda c: c.gap_fen == 6),  # feasible, worse
        ({"need_fen": [6, 4]}, lambda c: c.blocking == 1),  # a pair would rather leave
        ({"lot_fen": [3, 0]}, lambda c: c.blocking == 2),
        ({"need_fen": [7, 5]}, lambda c: c.gap_fen == 2),  # promises more than there is
        ({"need_fen": [6, -1], "lot_fen": [10, 0]}, lambda c: c.unfair == 1),
        ({"need_fen": [10, 9], "lot_fen": [0, -4]}, lambda c: c.unfair >= 1),
        ({"paid_fen": [0, 99, 208, 0]}, lambda c: c.unfair == 1),  # below the lot's floor
        ({"paid_fen": [0, 100, 241, 0]}, lambda c: c.unfair == 1),  # above the need's limit
        ({"paid_fen": PAID, "received_fen": [0, 100, 207, 0]}, lambda c: c.budget_fen == 1),  # a hidden fee
        ({"paid_fen": [5, 100, 208, 0]}, lambda c: c.unfair == 1),  # paying for nothing
        ({"units": [0, 2]}, lambda c: c.faults == ("shapes",)),
    ],
)
def test_each_planted_fault_is_rejected(changed, broken):
    found = check(**changed)

    assert broken(found)
    assert not found.is_exact


SPLIT = MixedProblem(
    need_of_leg=[0],
    leg_quantity=[10],
    leg=[0, 0, 0],
    lot=[0, 1, 2],
    surplus_fen=[9, 8, 7],
    min_units=[4, 4, 4],
    max_units=[9, 9, 5],
    setup_fen=[5, 5, 5],
    floor_fen=[20, 20, 20],
    limit_fen=[400],
    max_suppliers=[2],
    whole=[1],
    capacity=[6, 6, 7],
    need_key=[0],
    lot_key=[0, 1, 2],
)


def check_split(units=(6, 4, 0), lot_fen=(0, 0, 0), paid=(125, 85, 0), received=None):
    return mixed_certificate(
        SPLIT,
        ints(units),
        lot_fen=ints(lot_fen),
        paid_fen=ints(paid),
        received_fen=ints(paid if received is None else received),
    )


def test_an_honest_split_is_sound_and_says_its_gap():
    found = check_split()

    assert found.is_sound
    assert found.primal_fen == 6 * 9 + 4 * 8 - 10
    assert found.gap_fen == found.dual_fen - found.primal_fen >= 0


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"units": (4, 0, 6)}, "a deal beyond what the period holds"),
        ({"units": (6, 3, 0)}, "a deal below the minimum lot"),
        ({"units": (6, 0, 0)}, "part of an all-or-nothing need"),
        ({"units": (7, 4, 0)}, "a lot gives more than it has"),
        ({"units": (6, 5, 0)}, "a leg gets more than it wants"),
        ({"units": (4, 4, 4)}, "too many suppliers"),
        ({"units": (6, 4, -1)}, "negative units"),
    ],
)
def test_each_broken_rule_of_a_split_is_named(changed, fault):
    found = check_split(**changed)

    assert fault in found.faults
    assert not found.is_sound


@pytest.mark.parametrize(
    "changed",
    [
        {"paid": (124, 85, 0)},  # setup not covered
        {"paid": (300, 101, 0)},  # above the limit
        {"received": (125, 84, 0)},
        {"lot_fen": (-1, 0, 0)},
    ],
)
def test_unfair_payments_of_a_split_are_rejected(changed):
    assert not check_split(**changed).is_sound


def test_the_bound_holds_at_any_prices():
    for lot_fen in ((0, 0, 0), (3, 0, 0), (9, 9, 9), (1, 2, 30)):
        assert check_split(lot_fen=lot_fen).gap_fen >= 0


def test_the_checker_imports_no_solver():
    source = Path(verify.__file__).read_text()

    imported = [
        name
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in ([node.module or ""] if isinstance(node, ast.ImportFrom) else [a.name for a in node.names])
    ]

    assert set(imported) == {"dataclasses", "numpy", "matching.core.mixed", "matching.core.problem"}
