"""How the kernels are compiled, and where machine code is kept."""

from collections.abc import Callable
from typing import TypeVar, cast

import numba

Compiled = TypeVar("Compiled", bound=Callable)


def compiled(function: Compiled) -> Compiled:
    """Return `function` compiled when first called, its machine code kept on disk where a folder can be written.

    Notes:
        Numba looks in NUMBA_CACHE_DIR, then beside the source, then in the user's cache folder. In a read-only tree
        without a home none of them can be written: the code is then compiled again in every process.
    """
    try:
        return cast(Compiled, numba.njit(cache=True, nogil=True)(function))
    except RuntimeError:  # Numba found no folder that it may write
        return cast(Compiled, numba.njit(nogil=True)(function))
