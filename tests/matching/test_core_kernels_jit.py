"""Where compiled code is kept: where the deployment says, and nowhere if nothing can be written."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

DOUBLE = """
from matching.core.kernels.heap import push
import numpy as np
keys, nodes = np.zeros(2, np.int64), np.zeros(2, np.int32)
print(push(keys, nodes, 0, 5, 1), keys[0], nodes[0])
"""

# Numba asks each of these for a folder; without any it refuses to keep code.
NOWHERE = """
import numba.core.caching
numba.core.caching.FunctionCache._impl_class._locator_classes = []
"""


def run(program: str, **environment: str) -> str:
    return subprocess.run(  # noqa: S603
        [sys.executable, "-c", program],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=True,
    ).stdout


def test_compiled_code_is_kept_where_the_deployment_says(tmp_path):
    assert run(DOUBLE, NUMBA_CACHE_DIR=str(tmp_path)) == "1 5 1\n"

    assert {file.name.split("-")[0] for file in tmp_path.rglob("*.nbi")} == {"heap.push"}


def test_without_a_folder_to_write_the_kernels_work_all_the_same(tmp_path):
    assert run(NOWHERE + DOUBLE, NUMBA_CACHE_DIR=str(tmp_path)) == "1 5 1\n"

    assert list(tmp_path.rglob("*.nbi")) == []
