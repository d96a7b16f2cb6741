"""Ports for the servers that tests start, below those which the system gives to whoever connects."""

from __future__ import annotations

import os
from itertools import cycle

from portavoce.core.processes.ports import is_free

FIRST, LAST, BLOCK = 10_000, 32_000, 250
_BEGIN = FIRST + os.getpid() * BLOCK % (LAST - FIRST)
_NEXT = cycle(range(_BEGIN, _BEGIN + BLOCK))
"""Sessions that began one after the other have blocks of their own, and none gives a port twice in a row."""


def free_port() -> int:
    """A free port of 127.0.0.1 that nobody else is given for a while."""
    return free_ports(1)


def free_ports(count: int) -> int:
    """The first of `count` free ports in a row."""
    run: list[int] = []
    for port in (next(_NEXT) for _ in range(2 * BLOCK)):
        if not is_free(port):
            run = []
        elif run and port != run[-1] + 1:
            run = [port]
        else:
            run.append(port)
        if len(run) == count:
            return run[0]
    raise RuntimeError(f"no {count} free ports in a row from {_BEGIN}")
