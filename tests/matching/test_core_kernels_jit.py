"""Where compiled code is kept: where the deployment says, and nowhere if nothing can be written."""

import os
import shutil
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


def run(program: str, cwd: Path = ROOT, **environment: str) -> str:
    return subprocess.run(  # noqa: S603
        [sys.executable, "-c", program],
        cwd=cwd,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=True,
    ).stdout


def test_compiled_code_is_kept_where_the_deployment_says(tmp_path):
    assert run(DOUBLE, NUMBA_CACHE_DIR=str(tmp_path)) == "1 5 1\n"

    assert {file.name.split("-")[0] for file in tmp_path.rglob("*.nbi")} == {"heap.push"}


def test_without_a_folder_to_write_the_kernels_work_all_the_same(tmp_path):
    no_folder = tmp_path / "file"
    no_folder.write_text("")

    assert run(DOUBLE, NUMBA_CACHE_DIR=str(no_folder)) == "1 5 1\n"


def test_code_compiled_from_other_sources_is_not_used(tmp_path):
    core = tmp_path / "matching" / "core"
    shutil.copytree(ROOT / "matching" / "core", core, ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "matching" / "__init__.py").write_text("")
    cache = str(tmp_path / "cache")
    first = run(DOUBLE, cwd=tmp_path, NUMBA_CACHE_DIR=cache)
    (core / "values.py").write_text((core / "values.py").read_text() + "# changed\n")

    assert run(DOUBLE, cwd=tmp_path, NUMBA_CACHE_DIR=cache) == first

    assert len(list((tmp_path / "cache").iterdir())) == 2
