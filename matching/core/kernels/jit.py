"""How the kernels are compiled, and where machine code is kept."""

import os
from collections.abc import Callable
from hashlib import blake2b
from pathlib import Path
from typing import TypeVar, cast

import numba

Compiled = TypeVar("Compiled", bound=Callable)

CORE = Path(__file__).resolve().parents[1]


def compiled(function: Compiled) -> Compiled:
    """Return `function` compiled when first called, its machine code kept on disk where a folder can be written.

    Notes:
        Numba looks anew at a function's own file only. What it calls in another file would stay as it was, so machine
        code is kept in a folder named by the content of all files.
    """
    return cast(Compiled, numba.njit(cache=_FOLDER is not None, nogil=True)(function))


def _folder() -> str | None:
    """Return the folder for this state of the sources: in NUMBA_CACHE_DIR, else beside them, else the user's own."""
    digest = blake2b(digest_size=8)
    for source in sorted(CORE.rglob("*.py")):
        digest.update(source.read_bytes())
    told = os.environ.get("NUMBA_CACHE_DIR")
    own = Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache").expanduser() / "yuli"
    for base in [Path(told)] if told else [CORE / "__pycache__", own]:
        folder = base / f"kernels-{digest.hexdigest()}"
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError:
            continue
        if os.access(folder, os.W_OK):
            return str(folder)
    return None


_FOLDER = _folder()
if _FOLDER is not None:
    setattr(numba.config, "CACHE_DIR", _FOLDER)  # noqa: B010  its names are made when it is imported
