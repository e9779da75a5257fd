"""Published assignment problems with known optima (OR-Library, J. E. Beasley)."""

import re
from pathlib import Path

import numpy as np
import pytest

from matching.core.exact import SOLVERS
from matching.core.problem import MatchProblem

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "instances" / "assignment"

pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason=f"the published instances are not at {FOLDER}")


def published_optimum(name: str) -> int:
    text = (FOLDER / "assignopt.txt").read_text()
    return int(re.search(rf"{name}\s+(\d+)", text).group(1))


@pytest.mark.parametrize("solver", SOLVERS)
@pytest.mark.parametrize("name", ["assign100", "assign200", "assign400", "assign800"])
def test_the_published_optimum_is_reached_and_proved(name, solver):
    n, *costs = map(int, (FOLDER / f"{name}.txt").read_text().split())
    cost = np.array(costs).reshape(n, n)
    need, lot = np.divmod(np.arange(n * n), n)
    # large enough that nobody stays alone: then the greatest surplus is the least cost
    surplus = 10_000 - cost.ravel()
    problem = MatchProblem(
        need=need,
        lot=lot,
        surplus_fen=surplus,
        floor_fen=np.zeros(n * n, dtype=int),
        ceiling_fen=surplus,
        quantity=np.ones(n, dtype=int),
        capacity=np.ones(n, dtype=int),
        need_key=np.arange(n),
        lot_key=np.arange(n),
    )

    _, decision = SOLVERS[solver](problem)

    assert int((cost.ravel() * decision.units).sum()) == published_optimum(name)
    assert int(decision.units.sum()) == n
    middle = decision.prices.middle
    assert int(middle.need_fen.sum() + middle.lot_fen.sum()) == int((problem.surplus_fen * decision.units).sum())
