"""What a macro made of some values is kept: most rows of a list are the same for every reader and at every moment."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import lru_cache
from typing import Any


def once(macro: Callable[..., str], *values: Any) -> str:
    """What a macro without context makes of these values, rendered once; of values that have no hash, each time."""
    try:
        return _remembered(macro, *values)
    except TypeError:
        return macro(*values)


@lru_cache(maxsize=4_096, typed=True)
def _remembered(macro: Callable[..., str], *values: Hashable) -> str:
    return macro(*values)
