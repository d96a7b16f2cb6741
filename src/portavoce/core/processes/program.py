"""What a supervisor is asked to keep running."""

from __future__ import annotations

import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

Say = Callable[[str, str], None]
"""Called with (name of the program, one line without its line end)."""


@dataclass(frozen=True, slots=True)
class Program:
    """A child process. `pause` is the first wait before a restart in seconds, doubled up to 30 while it keeps
    failing; `patience` is what it gets between SIGTERM and SIGKILL. `env` is added to ours, `sockets` are handed down.

    `announces`: it says when it works (`sockets.ready`), within `start` seconds; only such a one can be replaced.
    """

    name: str
    argv: tuple[str, ...]
    env: Mapping[str, str] = field(default_factory=dict)
    sockets: Mapping[str, socket.socket] = field(default_factory=dict)
    pause: float = 1.0
    patience: float = 10.0
    announces: bool = False
    start: float = 120.0


@dataclass(frozen=True, slots=True)
class Service:
    """A server with its own way to start. Both functions block and run in a thread: `healthy` every second,
    `revive` when it said no; it may raise, and is called again after `pause` seconds.
    """

    name: str
    healthy: Callable[[], bool]
    revive: Callable[[], object]
    pause: float = 2.0
