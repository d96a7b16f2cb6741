"""Listening sockets that outlive the processes behind them, by systemd's protocol (LISTEN_FDS, READY=1).

Who keeps the socket open keeps its queue: while one process goes and another comes nobody is refused, and two at once
share the work. `portavoce run` hands its own down; under systemd the socket units do.
"""

from __future__ import annotations

import os
import socket
from contextlib import suppress

BACKLOG = 4096
FIRST = 3
READY = b"READY=1"


def listening(host: str, port: int) -> socket.socket:
    """Taken now; who connects waits until a process accepts."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    made = socket.create_server((host, port), family=family, backlog=BACKLOG)
    made.setblocking(False)
    return made


def inherited(name: str) -> socket.socket | None:
    """The socket of this name that was handed down to this very process, once; None when there is none."""
    if os.environ.get("LISTEN_PID") != str(os.getpid()):
        return None
    names = os.environ.get("LISTEN_FDNAMES", "").split(":")
    if name not in names:
        return None
    taken = socket.socket(fileno=FIRST + names.index(name))
    taken.setblocking(False)
    return taken


def ready() -> None:
    """Tells whoever started this process that it works; nobody may be listening."""
    if path := os.environ.get("NOTIFY_SOCKET"):
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as out, suppress(OSError):
            out.sendto(READY, path)
